"""What helps somebody who hesitates: over every policy, level and worry."""

import msgspec
import pytest

from bot.core.cards.card import card_text
from bot.core.cards.confidence import confidence_card, reply_card
from bot.core.letters.confidence import GENERAL
from bot.core.rules.facts import Person
from bot.core.vocabulary import Agency, Exit, Level, Risk, Side, Worry
from bot.letters.files import confidence, letters
from tests.support.confidence import URGENT, items, scene
from tests.support.core import IDS, handbook, policies

WORDS = confidence()
STANDING = handbook().safety_guidance.document
EVERY_POLICY = pytest.mark.parametrize("partnership", IDS)


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


def test_another_procedure_changes_nothing_in_the_cards_shape() -> None:
    """If another procedure fits, the answer to a worry still says who supports them."""
    situation = scene("kent", exit=Exit.allegation)
    card = confidence_card("trouble", situation, WORDS, letters(), handbook())
    assert items(card, "backing")
