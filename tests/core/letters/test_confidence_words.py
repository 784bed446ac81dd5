"""The words for somebody who hesitates: how they sound, what is practised, and a wrong file."""

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from bot.core.conversation.rehearsal import REPLIES
from bot.core.letters.confidence import BACKING, filled_opening, opening_name, replies_to_practise
from bot.core.vocabulary import Disagreement, Level
from bot.letters.files import FOLDER, LetterError, confidence, letters, read_confidence
from bot.paths import ROOT
from tests.support.confidence import NOT_SAID, scene, scenes
from tests.support.core import IDS, handbook, policies

WORDS = confidence()
REPLY_NAMES = list(WORDS.replies)
GAP_SHOWN = re.compile(r"\[([^\]]+)\]")


def test_the_wording_is_plain_kind_and_judges_nobody() -> None:
    """No blame, no marking, no officialese, short sentences, no typographic tricks."""
    plain = yaml.safe_load((ROOT / "data/responses/confidence.yml").read_text("utf-8"))["responses"]
    told = [said["text"] for variants in plain.values() for said in variants]
    told += [worry.say for worry in WORDS.worries.values()]
    told += [line for opening in WORDS.openings.values() for line in opening.say]
    told += [text for reply in WORDS.replies.values() for text in (reply.behind, *reply.say)]
    told += WORDS.closings.values()
    own = handbook().safety_guidance.confidence
    told += [
        statement.what
        for statement in (own.danger, *own.permission, *own.backing, *own.own_manager)
    ]
    for text in told:
        calm = text.replace("There are no marks.", "")
        assert not NOT_SAID.search(calm), text
        assert not re.search("[–—…“”‘’]", text), text
        for sentence in re.split(r"(?<=[.?!])\s", text):
            assert len(sentence.split()) <= 32, sentence


@pytest.mark.long
@pytest.mark.parametrize("partnership", IDS)
def test_every_opening_names_the_stage_above_the_first_rung(partnership: str) -> None:
    """One for each level; above the practitioners' it says under which stage of which policy."""
    policy = policies()[partnership]
    for found in scenes():
        if found.policy is not policy:
            continue
        name = opening_name(found)
        assert name == str(found.level)
        spoken = filled_opening(name, found, WORDS, letters())
        said = " ".join(spoken.lines)
        assert set(GAP_SHOWN.findall(said)) == set(spoken.gaps)
        if found.level is not Level.practitioner:
            assert policy.name in said


@pytest.mark.parametrize("kind", list(Disagreement))
@pytest.mark.parametrize("level", list(Level))
def test_five_different_replies_are_practised_the_fitting_first(
    kind: Disagreement, level: Level
) -> None:
    """The same five each time, all different, the most common for this kind first."""
    situation = scene("kent", level, disagreement=kind)
    chosen = replies_to_practise(situation, WORDS, REPLIES)
    assert chosen == replies_to_practise(situation, WORDS, REPLIES)
    assert len({reply.heard for reply in chosen}) == REPLIES
    fits = [kind in reply.kinds for reply in chosen]
    assert fits[0]
    assert fits == sorted(fits, reverse=True)


def test_what_is_practised_depends_on_the_disagreement_and_the_stage() -> None:
    """No reply is never practised, and neither fact is without effect."""
    seen = {
        (kind, level): replies_to_practise(scene("kent", level, disagreement=kind), WORDS, REPLIES)
        for kind in Disagreement
        for level in Level
    }
    assert {reply.title for five in seen.values() for reply in five} == {
        reply.title for reply in WORDS.replies.values()
    }
    of_threshold = {seen[Disagreement.threshold, level] for level in Level}
    assert len(of_threshold) > 1
    assert len({seen[kind, Level.practitioner] for kind in Disagreement}) > 5


def broken(tmp_path: Path, **changes: Any) -> Path:
    """Write the file into a folder with parts of it replaced; None takes a part away."""
    data = msgspec.to_builtins(WORDS)
    for path, value in changes.items():
        *steps, last = path.split("__")
        part = data
        for step in steps:
            part = part[step]
        if value is None:
            del part[last]
        else:
            part[last] = value
    (tmp_path / "confidence.yml").write_text(yaml.safe_dump(data), "utf-8")
    (tmp_path / "gaps.yml").write_text((FOLDER / "gaps.yml").read_text("utf-8"), "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"worries__junior__say": "Dear {{theirname}}"}, r"junior.say: text: unknown gap"),
        ({"worries__general": None}, "worries: no general"),
        ({"openings__director": None}, "openings: no director"),
        ({f"openings__{BACKING}": None}, "openings: no backing"),
        ({"closings__last": None}, "closings: no last"),
        ({"replies__trust__behind": " "}, "replies.trust.behind: empty text"),
        ({"replies__trust__kinds": ["gossip"]}, "gossip"),
        ({"replies__trust__say": ["one only"]}, r"replies.*say"),
        ({"replies__trust__source": None}, "source"),
        ({"reply_now": "today"}, "reply_now"),
        (dict.fromkeys(f"replies__{name}" for name in REPLY_NAMES[4:]), "needs 5, got 4"),
    ],
)
def test_a_wrong_file_is_refused_and_its_wrong_part_named(
    tmp_path: Path, changes: dict[str, Any], told: str
) -> None:
    """The error names the wrong part, and nothing is loaded."""
    with pytest.raises(LetterError, match=told):
        read_confidence(broken(tmp_path, **changes))


def test_two_mistakes_are_reported_at_once(tmp_path: Path) -> None:
    """Whoever corrects the file sees every mistake in the first run."""
    changes = {"closings__next": "{{rung}}", "openings__urgent": None}
    with pytest.raises(LetterError) as caught:
        read_confidence(broken(tmp_path, **changes))
    assert len(str(caught.value).splitlines()) == 2
