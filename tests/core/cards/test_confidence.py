"""What helps somebody who hesitates: over every policy, level, reply and worry."""

import re
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from bot.core.cards.card import Card, card_text
from bot.core.cards.confidence import confidence_card, reply_card
from bot.core.conversation.rehearsal import REPLIES
from bot.core.letters.confidence import (
    BACKING,
    GENERAL,
    Scene,
    answer_to_reply,
    closing_name,
    filled_opening,
    opening_name,
    replies_to_practise,
)
from bot.core.rules.advice import advise
from bot.core.rules.facts import Facts, Person, Step
from bot.core.rules.narrowing import narrowed
from bot.core.vocabulary import (
    Agency,
    Disagreement,
    Exit,
    Level,
    Outcome,
    Risk,
    Side,
    Worry,
)
from bot.letters.files import FOLDER, LetterError, confidence, letters, read_confidence
from bot.paths import ROOT
from tests.support.core import IDS, handbook, policies

TODAY = date(2026, 11, 20)
RAISED = date(2026, 11, 19)
WORDS = confidence()
REPLY_NAMES = list(WORDS.replies)
URGENT = [Risk.immediate_danger, Risk.immediate_harm, Risk.unsure]
STANDING = handbook().safety_guidance.document
GAP_SHOWN = re.compile(r"\[([^\]]+)\]")
EVERY_REPLY = pytest.mark.parametrize("name", REPLY_NAMES)
EVERY_POLICY = pytest.mark.parametrize("partnership", IDS)

NOT_SAID = re.compile(
    r"\b(?:safe|simply|obviously|clearly|surely|of course|utili[sz]e|whilst|in order to|ensure|"
    r"prior to|regarding|wrong of|your fault|their fault|lazy|careless|don't care|incompetent|"
    r"must not|well done|correct|mark|score|poor|excellent)\b",
    re.IGNORECASE,
)
"""Words of blame, of marking and of officialese, and any promise that a child is safe."""


def scene(partnership: str | None, level: Level | None = None, **changes: Any) -> Scene:
    """Return the scene of a school against social care, where a stage was raised yesterday."""
    outcome = changes.pop("outcome", Outcome.unresolved)
    told: dict[str, Any] = {
        "partnership": partnership,
        "risk": Risk.concern,
        "disagreement": Disagreement.threshold,
        "my_agency": Agency.education,
        "their_agency": Agency.childrens_social_care,
        "steps": (Step(level, RAISED, outcome),) if level else (),
        **changes,
    }
    facts = Facts(**told)
    policy = narrowed(policies()[partnership], facts) if partnership else None
    known = policy is not None or facts.risk in URGENT
    return Scene(facts, policy, advise(facts, policy, TODAY, handbook()) if known else None, TODAY)


def scenes() -> list[Scene]:
    """Return a scene for every policy, level and outcome, and for nothing done yet."""
    reached = [*product(Level, Outcome), (None, Outcome.awaiting)]
    return [scene(name, level, outcome=outcome) for name in IDS for level, outcome in reached]


def items(card: Card, heading: str) -> list[tuple[str, str, str]]:
    """Return the text, document and section of every line under a heading."""
    title = handbook().phrases.say(f"card_heading_{heading}")
    return [
        (item.text, item.source.document, item.source.section)
        for section in card.sections
        if section.heading == title
        for item in section.items
        if item.source
    ]


@EVERY_REPLY
def test_an_answer_has_no_gap_that_is_not_filled_or_named(name: str) -> None:
    """For every policy, level and outcome, each label in square brackets is a listed gap."""
    for scene in scenes():
        spoken = answer_to_reply(WORDS.replies[name], scene, WORDS, letters())
        assert len(spoken.lines) == 2
        said = " ".join(spoken.lines)
        assert "{{" not in said
        assert set(GAP_SHOWN.findall(said)) == set(spoken.gaps)
        assert "what you saw or were told, and when" in spoken.gaps


@EVERY_REPLY
def test_an_answer_names_the_next_stage_or_what_follows_the_last(name: str) -> None:
    """It is the stage after the one in question, by the policy's own name and label."""
    for scene in scenes():
        assert scene.policy is not None
        assert scene.advice is not None
        assert scene.advice.stage is not None
        said = " ".join(answer_to_reply(WORDS.replies[name], scene, WORDS, letters()).lines)
        at = scene.advice.next.to_stage
        stage = scene.policy.stage(scene.advice.stage.number if at is None else at)
        after = scene.policy.following(stage)
        if after is None:
            assert "recorded" in said
            assert "next step" not in said
        else:
            assert f"the next step is {after.label} (" in said
            assert scene.policy.name in said


def test_an_answer_asks_for_the_date_that_is_owed() -> None:
    """The policy's limit gives the date; without a limit the practitioner chooses."""
    kent = answer_to_reply(
        WORDS.replies["threshold"], scene("kent", Level.practitioner), WORDS, letters()
    )
    assert "in writing by Fri 27 Nov 2026?" in kent.lines[1]
    trust = answer_to_reply(
        WORDS.replies["threshold"], scene("trust_guidance", Level.practitioner), WORDS, letters()
    )
    assert "by [a date that protects the child]?" in trust.lines[1]


@EVERY_REPLY
def test_before_anything_is_known_every_gap_is_named(name: str) -> None:
    """Somebody who asks at once gets a sentence to use, with the policy and stage left open."""
    spoken = answer_to_reply(WORDS.replies[name], scene(None), WORDS, letters())
    assert {"the stage after this one", "the name of the escalation policy"} <= set(spoken.gaps)
    facts = Facts(partnership="kent")
    policy_known = Scene(facts, narrowed(policies()["kent"], facts), None, TODAY)
    assert (
        "Kent Escalation"
        in answer_to_reply(WORDS.replies[name], policy_known, WORDS, letters()).lines[1]
    )


@EVERY_REPLY
@pytest.mark.parametrize("risk", URGENT)
def test_an_urgent_answer_names_no_stage_and_no_other_day(name: str, risk: Risk) -> None:
    """Danger outranks the stages in a call's script too."""
    for partnership in (*IDS, None):
        situation = scene(partnership, Level.line_manager if partnership else None, risk=risk)
        assert closing_name(situation) == opening_name(situation) == "urgent"
        said = " ".join(answer_to_reply(WORDS.replies[name], situation, WORDS, letters()).lines)
        assert "by the end of today" in said
        assert "999" in said
        assert "next step" not in said
        assert "2026" not in said


@EVERY_REPLY
def test_an_answer_goes_back_to_the_child_and_asks_for_reason_and_date(name: str) -> None:
    """The first sentence holds the child and the reason, the second the date."""
    first, then = WORDS.replies[name].say
    assert "child" in first
    assert "{{what_you_saw}}" in first
    assert "reason" in first
    assert "?" in first
    assert "{{reply_by}}" in then
    assert then.endswith("?")


def test_nine_replies_that_practitioners_name_and_a_plain_no_are_there() -> None:
    """Nine that practitioners name, and a plain no."""
    assert {
        "no_capacity", "threshold", "overreacting", "early_help", "closed", "consent", "evidence",
        "trust", "assessment", "refused",
    } <= set(REPLY_NAMES)  # fmt: skip


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


def test_what_may_lie_behind_a_reply_is_only_a_possibility() -> None:
    """The guide knows nobody's reasons."""
    for reply in WORDS.replies.values():
        assert re.search(r"\b(?:may|can)\b", reply.behind), reply.behind


@EVERY_POLICY
def test_every_opening_names_the_stage_above_the_first_rung(partnership: str) -> None:
    """One for each level; above the practitioners' it says under which stage of which policy."""
    policy = policies()[partnership]
    for scene in scenes():
        if scene.policy is not policy:
            continue
        name = opening_name(scene)
        assert name == str(scene.level)
        spoken = filled_opening(name, scene, WORDS, letters())
        said = " ".join(spoken.lines)
        assert set(GAP_SHOWN.findall(said)) == set(spoken.gaps)
        if scene.level is not Level.practitioner:
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


@EVERY_POLICY
@pytest.mark.parametrize("worry", [None, *WORDS.worries])
def test_every_line_of_the_answer_to_a_worry_has_a_source(
    partnership: str, worry: str | None
) -> None:
    """A policy's line names its paragraph, a line of the guide's own its standing guidance."""
    policy = policies()[partnership]
    for level in (None, *Level):
        card = confidence_card(worry, scene(partnership, level), WORDS, letters(), handbook())
        for section in card.sections:
            for item in section.items:
                assert item.source, item.text
                assert item.source.document in {STANDING, policy.document.title}
                assert item.source.section.strip()
        # A fear is answered about it; whether to raise it at all, by the policy.
        first = items(card, "confidence")[0]
        said = WORDS.worries[worry or GENERAL].say
        whether = worry in {None, GENERAL, "scope"}
        assert first[1 if whether else 0] == (policy.document.title if whether else said)
        assert card_text(card, handbook().phrases)


@EVERY_POLICY
def test_the_policy_itself_gives_permission(partnership: str) -> None:
    """All that it says in support, and its principles on challenge, each with its paragraph."""
    policy = policies()[partnership]
    card = confidence_card(None, scene(partnership), WORDS, letters(), handbook())
    said = items(card, "permission")
    own = [*policy.support, *(statement for statement in policy.principles if statement.challenge)]
    assert said == [(procedure.what, policy.document.title, procedure.source) for procedure in own]


def test_without_a_policy_the_permission_is_general_and_says_so() -> None:
    """It is cited as the guide's own."""
    said = items(confidence_card("junior", scene(None), WORDS, letters(), handbook()), "permission")
    assert said
    assert {document for _, document, _ in said} == {STANDING}


@pytest.mark.parametrize(
    ("partnership", "level", "agency", "backer"),
    [
        ("kent", Level.practitioner, Agency.education, "Lead Designated Safeguarding Lead"),
        ("kent", Level.practitioner, Agency.police, "Detective Sergeant"),
        ("kent", None, Agency.health, "Senior health visitor, manager, nurse or GP"),
        ("city_and_hackney", None, Agency.health, "Stage Two (line manager): Your own supervisor"),
        ("pan_bedfordshire", Level.line_manager, Agency.education, "Chair of Governors alongside"),
        ("pan_dorset", Level.practitioner, Agency.police, "Line manager or safeguarding lead"),
        ("trust_guidance", Level.senior_manager, Agency.education, "CEO, who makes the referral"),
    ],
)
def test_support_comes_from_the_policys_own_role_on_their_side(
    partnership: str, level: Level | None, agency: Agency, backer: str
) -> None:
    """At this stage and the next, for their own agency, never somebody of the other agency."""
    card = confidence_card(
        None, scene(partnership, level, my_agency=agency), WORDS, letters(), handbook()
    )
    backing = items(card, "backing")
    assert any(backer in text for text, _, _ in backing), backing
    assert any("safeguarding lead" in text for text, document, _ in backing if document == STANDING)
    theirs = [text for text, _, _ in backing if "you disagree with" in text]
    assert theirs == []


@EVERY_POLICY
def test_a_manager_who_will_not_take_it_up_is_answered_with_what_is_not_stated(
    partnership: str,
) -> None:
    """What the policy says and does not say comes first, then who would know."""
    policy = policies()[partnership]
    card = confidence_card(Worry.own_manager, scene(partnership), WORDS, letters(), handbook())
    said = items(card, "own_manager")
    assert "does not say" in said[0][0]
    assert said[0][1] == policy.document.title
    assert any("They would know" in text for text, document, _ in said if document == STANDING)
    spoken = [text for text, _, _ in items(card, "opening")]
    assert any("Have you ten minutes?" in text for text in spoken)
    other = confidence_card("junior", scene(partnership), WORDS, letters(), handbook())
    assert items(other, "own_manager") == []


@pytest.mark.parametrize("level", [one for one in Level if one.rank])
@pytest.mark.parametrize("partnership", [*IDS, None])
def test_no_lead_or_manager_is_told_to_tell_themselves(
    partnership: str | None, level: Level
) -> None:
    """They are sent to whoever stands above the one who said no."""
    told = scene(partnership)
    told = msgspec.structs.replace(
        told, facts=msgspec.structs.replace(told.facts, me=Person(Side.raiser, level))
    )
    card = confidence_card(Worry.own_manager, told, WORDS, letters(), handbook())
    general = [
        item.text
        for section in card.sections
        for item in section.items
        if item.source and item.source.document == STANDING
    ]
    assert any("chair of governors" in text for text in general)
    assert not [text for text in general if "your safeguarding lead" in text]
    assert not [text for text in general if "our designated" in text]


@pytest.mark.parametrize("worry", Worry)
@pytest.mark.parametrize("partnership", [*IDS, None])
def test_nobody_on_ones_own_side_has_to_agree_to_a_referral(
    partnership: str | None, worry: str
) -> None:
    """That stands open and first, under every policy; no other procedure is named instead."""
    card = confidence_card(worry, scene(partnership), WORDS, letters(), handbook())
    first = " ".join(item.text for item in card.sections[0].items)
    assert "refer a child" in first
    assert "next manager up" in first
    assert card.title == handbook().phrases.say(f"card_title_{worry}")
    assert "another procedure" not in card_text(card, handbook().phrases).lower()


@pytest.mark.parametrize("risk", URGENT)
@pytest.mark.parametrize("partnership", [*IDS, None])
def test_danger_comes_before_any_encouragement(partnership: str | None, risk: Risk) -> None:
    """What to do now is the first line of both cards, and nobody needs permission for it."""
    situation = scene(partnership, risk=risk)
    assert situation.advice is not None
    for card in (
        confidence_card("junior", situation, WORDS, letters(), handbook()),
        reply_card(WORDS.replies["threshold"], situation, WORDS, letters(), handbook()),
    ):
        first, second = card.sections[0].items[:2]
        assert first.text == situation.advice.next.summary
        assert "You do not need permission" in second.text
        assert (risk is Risk.immediate_danger) is first.text.startswith("Call 999 now.")
        assert "2026" not in card_text(card, handbook().phrases)
        assert "Stage" not in card_text(card, handbook().phrases).split("Sources:")[0].replace(
            "Stages", ""
        )


def test_what_the_policy_lists_backs_an_answer_only_where_it_lists_it() -> None:
    """Bedfordshire lists capacity; Kent lists nothing; nothing is made up for either."""
    listed = {
        partnership: [
            text
            for text, _, _ in items(
                reply_card(
                    WORDS.replies["no_capacity"], scene(partnership), WORDS, letters(), handbook()
                ),
                "listed",
            )
        ]
        for partnership in IDS
    }
    assert listed["kent"] == []
    assert listed["pan_bedfordshire"] == ["Resources and capacity"]
    assert "Resources or capacity that are lacking" in listed["pan_dorset"]
    evidence = reply_card(
        WORDS.replies["evidence"], scene("pan_dorset"), WORDS, letters(), handbook()
    )
    assert items(evidence, "listed") == []


@EVERY_POLICY
def test_every_line_of_the_answer_to_a_reply_has_a_source(partnership: str) -> None:
    """What to say first, then what may lie behind it."""
    for name, level in product(REPLY_NAMES, Level):
        card = reply_card(
            WORDS.replies[name], scene(partnership, level), WORDS, letters(), handbook()
        )
        headings = [section.heading for section in card.sections]
        assert headings[:2] == ["What you can say back", "What may lie behind it"]
        assert all(item.source for section in card.sections for item in section.items)
        assert WORDS.replies[name].heard in card.title
        assert card.footer
        assert "Fill these in outside this chat" in items(card, "say_back")[-1][0]


def test_another_procedure_changes_nothing_in_the_cards_shape() -> None:
    """If another procedure fits, the answer to a worry still says who supports them."""
    situation = scene("kent", exit=Exit.allegation)
    card = confidence_card("trouble", situation, WORDS, letters(), handbook())
    assert items(card, "backing")


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
