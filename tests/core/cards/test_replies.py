"""What to say back to a reply: over every policy, level, outcome and reply."""

import re
from itertools import product

import pytest

from bot.core.cards.confidence import reply_card
from bot.core.letters.confidence import Scene, answer_to_reply, closing_name, opening_name
from bot.core.rules.facts import Facts
from bot.core.rules.narrowing import narrowed
from bot.core.vocabulary import Level, Risk
from bot.letters.files import confidence, letters
from tests.support.confidence import TODAY, URGENT, items, scene, scenes
from tests.support.core import IDS, handbook, policies

WORDS = confidence()
REPLY_NAMES = list(WORDS.replies)
GAP_SHOWN = re.compile(r"\[([^\]]+)\]")
EVERY_POLICY = pytest.mark.parametrize("partnership", IDS)
EVERY_REPLY = pytest.mark.parametrize("name", REPLY_NAMES)


@EVERY_REPLY
def test_an_answer_has_no_gap_that_is_not_filled_or_named(name: str) -> None:
    """For every policy, level and outcome, each label in square brackets is a listed gap."""
    for found in scenes():
        spoken = answer_to_reply(WORDS.replies[name], found, WORDS, letters())
        assert len(spoken.lines) == 2
        said = " ".join(spoken.lines)
        assert "{{" not in said
        assert set(GAP_SHOWN.findall(said)) == set(spoken.gaps)
        assert "what you saw or were told, and when" in spoken.gaps


@pytest.mark.long
@EVERY_REPLY
def test_an_answer_names_the_next_stage_or_what_follows_the_last(name: str) -> None:
    """It is the stage after the one in question, by the policy's own name and label."""
    for found in scenes():
        assert found.policy is not None
        assert found.advice is not None
        assert found.advice.stage is not None
        said = " ".join(answer_to_reply(WORDS.replies[name], found, WORDS, letters()).lines)
        at = found.advice.next.to_stage
        stage = found.policy.stage(found.advice.stage.number if at is None else at)
        after = found.policy.following(stage)
        if after is None:
            assert "recorded" in said
            assert "next step" not in said
        else:
            assert f"the next step is {after.label} (" in said
            assert found.policy.name in said


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


def test_what_may_lie_behind_a_reply_is_only_a_possibility() -> None:
    """The guide knows nobody's reasons."""
    for reply in WORDS.replies.values():
        assert re.search(r"\b(?:may|can)\b", reply.behind), reply.behind


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
