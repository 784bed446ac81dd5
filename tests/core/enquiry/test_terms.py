"""Terms, posts and bodies: found in the policies, defined by the guide, or said to be unknown."""

import msgspec
import pytest

from bot.core.conversation.state import State
from bot.core.enquiry.answer import answer_enquiry
from bot.core.enquiry.lines import Lines
from bot.core.enquiry.search import Closeness, find_lines, policy_words
from bot.core.handbook.topics import Enquiry, Topic
from bot.core.policy.model import Source
from bot.core.rules.facts import Facts
from tests.support.answers import STANDING, ask, items, lines, said
from tests.support.core import IDS, handbook, policies


def test_named_people_are_found_in_the_statements() -> None:
    """Bodies and posts are found by name and by initials, and nobody by the name of another."""
    full = ask(Topic.about, words="independent child safeguarding commissioner")
    assert full.title == "About: ICSC (City & Hackney)"
    assert "chscp@hackney.gov.uk" in said(full)
    assert "chscp@hackney.gov.uk" in said(ask(Topic.about, words="icsc"))
    there = State(partnership="city_and_hackney")
    wrong = ask(Topic.about, there, words="police commissioner")
    assert [section.heading for section in wrong.sections] == ["Not stated", "Who would know"]


@pytest.mark.parametrize(
    ("words", "policy_id", "meaning"),
    [
        ("chscp", "city_and_hackney", "CHSCP stands for City & Hackney Safeguarding Children"),
        ("kscmp", "kent", "KSCMP stands for Kent Safeguarding Children Multi-agency Partnership."),
        ("pdscp", "pan_dorset", "PDSCP stands for Pan-Dorset Safeguarding Children Partnership."),
        (
            "icsc",
            "city_and_hackney",
            "ICSC stands for Independent Child Safeguarding Commissioner.",
        ),
        ("veru", "pan_bedfordshire", "VERU stands for Violence and Exploitation Reduction Unit."),
        ("luton scp", "pan_bedfordshire", "Luton Safeguarding Children Partnership is a local"),
    ],
)
@pytest.mark.parametrize("chosen", [None, "kent", "pan_dorset"])
def test_a_policys_own_name_is_given_its_meaning_from_that_policy(
    words: str, policy_id: str, meaning: str, chosen: str | None
) -> None:
    """A name that only one policy has says by itself which policy is meant."""
    card = ask(Topic.about, State(partnership=chosen), words=words)
    assert items(card)[0].text.startswith(meaning)
    assert policies()[policy_id].short_name in card.title


@pytest.mark.parametrize(
    "words",
    [
        "child protection navigator practitioner",
        "kinship care plan",
        "edge of care team",
        "child in need panel",
        "front door conversation",
        "post adoption assessment",
        "fostering panel",
    ],
)
def test_a_term_that_nobody_here_holds_is_not_answered_by_the_nearest_passage(words: str) -> None:
    """A false meaning under a policy's name is worse than none."""
    for policy_id in IDS:
        card = ask(Topic.about, State(partnership=policy_id), words=words)
        assert [section.heading for section in card.sections][:1] != ["What the policy says"]
        assert "Not stated" in [section.heading for section in card.sections]


@pytest.mark.long
@pytest.mark.parametrize("policy_id", IDS)
def test_no_word_that_a_policy_uses_makes_it_answer_for_an_unknown_term(policy_id: str) -> None:
    """However the unknown term ends: a "kumquat review" is nobody's review."""
    lines = Lines(policies()[policy_id], handbook().phrases, Facts())
    answered = [
        word
        for word in sorted(policy_words(policies()[policy_id]))[::5]
        if any(find_lines((f"kumquat {word}",), lines, closeness) for closeness in Closeness)
    ]
    assert answered == []


def test_the_lead_child_protection_practitioner_is_not_the_practitioner_you_disagree_with() -> None:
    """A term the guide holds is given its meaning, and no policy's role of another name."""
    card = ask(Topic.about, State(partnership="kent"), words="lead child protection practitioner")
    assert "you disagree with" not in said(card)
    assert "experienced social worker" in said(card)


def test_a_body_that_nobody_listed_is_found_too() -> None:
    """A new partnership's panel is found from its own statements alone."""
    kent = policies()["kent"]
    stage = msgspec.structs.replace(kent.stages[4], what="The Wisdom Forum hears both sides.")
    changed = msgspec.structs.replace(kent, stages=(*kent.stages[:4], stage))
    card = answer_enquiry(
        Enquiry(topic=Topic.about, words="wisdom forum"), State(), {"kent": changed}, handbook()
    )
    assert lines(card, "What the policy says") == ["Stage 4: The Wisdom Forum hears both sides."]


def test_an_unknown_body_is_not_stated_and_who_would_know_is_named() -> None:
    """An unknown body: the policy's silence, one's own lead, the partnership's contact."""
    card = ask(Topic.about, State(partnership="kent"), words="flying squad")
    assert [section.heading for section in card.sections] == ["Not stated", "Who would know"]
    assert "KSCMP@kent.gov.uk" in said(card)
    assert "designated safeguarding lead" in said(card)


def test_a_term_is_the_guides_own_after_what_the_policy_says() -> None:
    """Hackney's own duty to tell the reviewing officer comes before what an IRO is."""
    card = ask(Topic.about, State(partnership="city_and_hackney"), words="IRO")
    assert [section.heading for section in card.sections] == [
        "What the policy says",
        "What it means, in this guide's own words",
    ]
    (meaning,) = card.sections[1].items
    assert meaning.source == Source(STANDING, "Terms: independent reviewing officer")


@pytest.mark.parametrize("words", ["section 47", "working together 2023", "duty to share"])
def test_what_the_law_means_does_not_wait_for_the_area(words: str) -> None:
    """It is the same in every area; only a post or a body may be another one in each."""
    assert "depends on where the child lives" not in said(ask(Topic.about, words=words))
    assert "depends on where the child lives" in said(ask(Topic.about, words="lado"))


def test_an_and_inside_the_name_of_an_act_parts_no_two_terms() -> None:
    """The Act is one term, and what was not established about it is said."""
    card = ask(Topic.about, words="children's wellbeing and schools act")
    assert "29 April 2026" in said(card)
    assert "not established" in said(card)


def test_the_duty_to_report_stands_beside_what_to_do_today() -> None:
    """Who asks whether there is a legal duty reads it without unfolding anything."""
    card = ask(Topic.reporting, words="duty to report")
    (first, *_) = [section for section in card.sections if not section.folded]
    assert "legal duty to report child sexual abuse" in first.items[1].text


def test_how_long_a_post_has_is_answered_for_its_own_stage() -> None:
    """The Commissioner's time is Stage Four's; a pronoun is nobody's post and narrows nothing."""
    there = State(partnership="city_and_hackney")
    card = ask(Topic.limits, there, words="commissioner")
    assert "try to settle it by discussion" not in said(card)
    assert said(ask(Topic.limits, there, words="they")) == said(ask(Topic.limits, there))


def test_two_terms_are_told_apart() -> None:
    """Asked for a difference, both are defined."""
    card = ask(Topic.about, words="s17 and section 47")
    assert len(lines(card, "What it means, in this guide's own words")) == 2
    assert card.title == "About: section 17 and section 47"


@pytest.mark.parametrize(
    ("topic", "policy_id", "first"),
    [
        (Topic.permission, "city_and_hackney", "recognises that being junior"),
        (Topic.permission, "pan_dorset", "permission to challenge"),
        (Topic.manager_wont, "pan_bedfordshire", "you have a responsibility to challenge"),
        (Topic.refusal, "kent", "5 working days"),
        (Topic.relationship, "trust_guidance", "open, honest and respectful"),
        (Topic.skip, "kent", "until Stages 1 and 2 have been followed"),
    ],
)
def test_the_policys_own_statement_comes_before_general_guidance(
    topic: Topic, policy_id: str, first: str
) -> None:
    """What a policy says itself is above what the guide says in general."""
    card = ask(topic, partnerships=(policy_id,))
    headings = [section.heading for section in card.sections]
    assert any(first in line for line in lines(card, headings[0]))
    assert "This guide's general guidance, not the policy's" in headings[1:]
