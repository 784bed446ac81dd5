"""Questions on the way: every topic over every policy, each line with its source, silence said."""

import re
from itertools import product

import msgspec
import pytest

from bot.core.conversation.state import NOTHING, State, facts_of
from bot.core.enquiry.answer import SAME_EVERYWHERE, answer_enquiry
from bot.core.enquiry.scope import waits_for_area
from bot.core.handbook.topics import ABOUT_THE_GUIDE, Enquiry, Topic, Which
from bot.core.policy.model import Source
from bot.core.vocabulary import Agency, Exit, Risk
from tests.support.answers import (
    READY,
    STANDING,
    STATES,
    ask,
    details_of,
    items,
    lines,
    said,
    under,
)
from tests.support.core import IDS, TODAY, advised, handbook, policies
from tests.support.each import each


@pytest.mark.long
@pytest.mark.parametrize("policy_id", [*IDS, None])
@each("topic", Topic)
def test_every_line_of_every_answer_has_a_source(topic: Topic, policy_id: str | None) -> None:
    """Whatever is asked of whatever policy: something is said, and nothing without its source."""
    named = (policy_id,) if policy_id else ()
    for state, details in product(STATES, details_of(topic)):
        card = ask(topic, state, partnerships=named, **details)
        assert card.kind == "answer"
        assert card.title
        assert card.sections
        for section in card.sections:
            assert section.heading
            assert section.items
        for item in items(card):
            assert item.text.strip()
            assert item.source is not None
            assert item.source.document
            assert item.source.section
            assert not re.search(r"[{}]|None|\.\.", item.text), item.text


@pytest.mark.long
@pytest.mark.parametrize("policy_id", IDS)
@each("topic", [topic for topic in Topic if topic not in ABOUT_THE_GUIDE])
def test_a_named_policy_answers_alone(topic: Topic, policy_id: str) -> None:
    """Every source is that policy's own document or the guide's standing guidance."""
    own = policies()[policy_id].document.title
    other = "kent" if policy_id != "kent" else "pan_dorset"
    chosen = State(partnership=other)
    for details in details_of(topic):
        card = ask(topic, chosen, partnerships=(policy_id,), **details)
        assert {item.source.document for item in items(card) if item.source} <= {own, STANDING}
        assert policies()[policy_id].short_name in card.title


BEFORE_THE_AREA = [
    topic for topic in Topic if topic not in {*ABOUT_THE_GUIDE, Topic.about, Topic.which_policy}
]


@pytest.mark.parametrize("topic", BEFORE_THE_AREA)
def test_before_the_area_no_policy_is_shown(topic: Topic) -> None:
    """Five policies side by side are no answer: where the child lives comes first."""
    card = ask(topic)
    documents = {item.source.document for item in items(card) if item.source}
    assert documents == {STANDING}
    urgent = topic in {Topic.urgent, Topic.out_of_hours}
    depends = ["depends on where the child lives" in item.text for item in items(card)]
    assert any(depends) is not urgent
    # The law is the same everywhere, and is not kept waiting for the area.
    assert depends[0] is not (urgent or topic in SAME_EVERYWHERE)


@pytest.mark.long
@pytest.mark.parametrize("policy_id", [*IDS, None])
@each("topic", Topic)
def test_an_answer_opens_at_most_100_words_and_the_answer_first(
    topic: Topic, policy_id: str | None
) -> None:
    """The first line stands open, the rest as far as it fits, and nothing is lost by folding."""
    named = (policy_id,) if policy_id else ()
    for state, details in product((State(), READY), details_of(topic)):
        card = ask(topic, state, partnerships=named, **details)
        opened = [section for section in card.sections if not section.folded]
        assert opened[0] is card.sections[0]
        shown = [section.heading for section in opened] + [
            item.text for section in opened for item in section.items
        ]
        count = sum(len(text.split()) for text in (card.title, card.footer or "", *shown))
        assert count <= 100 or len(opened) == len(opened[0].items) == 1, shown
        folded = [section.folded for section in card.sections]
        assert folded == sorted(folded)


def test_the_chosen_policy_is_asked_before_all() -> None:
    """Once a partnership is chosen its policy answers, and no other."""
    card = ask(Topic.forms, State(partnership="kent"))
    assert "Kent" in card.title
    assert {item.source for item in items(card) if item.source} == {
        Source(
            "Kent Escalation and Professional Challenge",
            "Stage 3 – Escalation to Assistant Director, Headteacher or equivalent; Appendix One",
        ),
        Source(
            "Kent Escalation and Professional Challenge",
            "Stage 4 – Involving the Kent Safeguarding Children Multi-agency Partnership; "
            "Appendix One",
        ),
    }


def test_one_stage_says_what_who_how_long_and_what_is_not_stated() -> None:
    """Kent's Stage 3, whole."""
    card = ask(Topic.stage, partnerships=("kent",), stage=3)
    assert card.title == "Stage 3: Assistant director, headteacher or equivalent (Kent)"
    assert list(dict.fromkeys(map(under, card.sections))) == [
        *("What happens", "What has to come first", "Who", "How long", "Form", "Tell"),
        "Not stated",
    ]
    assert "Police: Detective Superintendent Head of Safeguarding" in lines(card, "Who")
    (limit,) = lines(card, "How long")
    assert limit.startswith("They are to respond to the Stage 3 escalation within 5 working days")
    assert limit.endswith("The policy requires it.")


def test_a_stage_that_the_policy_lacks_is_said_not_to_exist() -> None:
    """Dorset ends at Stage 3; Hackney, named beside it, answers about its fourth."""
    card = ask(Topic.stage, stage=4, partnerships=("pan_dorset", "city_and_hackney"))
    assert lines(card, "Not stated") == ["Pan-Dorset has no Stage 4. Its last stage is Stage 3."]
    assert "Stage Four: Independent Child Safeguarding Commissioner (City & Hackney)" in [
        section.heading for section in card.sections
    ]


def test_the_last_stage_is_each_policys_own() -> None:
    """Asked by place and not by number, Dorset's Stage 3 appears beside Kent's Stage 4."""
    card = ask(Topic.stage, which=Which.last, partnerships=("pan_dorset", "kent"))
    assert "Stage 3: Senior manager to senior manager (Pan-Dorset)" in [
        section.heading for section in card.sections
    ]


def test_an_agency_narrows_who_acts() -> None:
    """At Kent's Stage 2 the police have their own role, health the role for all other agencies."""
    police = ask(Topic.contacts, partnerships=("kent",), stage=2, agency=Agency.police)
    assert lines(police, "Who") == [
        "Police: Detective Inspector, or another designated professional"
    ]
    health = ask(Topic.contacts, partnerships=("kent",), stage=2, agency=Agency.health)
    assert lines(health, "Who") == [
        "Any other agency: The equivalent of a Service Manager, or another designated professional"
    ]


def test_a_limit_says_who_is_bound_how_strictly_and_every_reading() -> None:
    """A guide is called one, and both ways to read Dorset's "working day 10" are shown."""
    (limit, *_) = items(ask(Topic.limits, partnerships=("pan_dorset",), stage=3))
    assert "It can be read in 2 ways, and the earliest date is used." in limit.text
    assert limit.text.endswith("It is a guide, not a rule.")
    assert limit.detail is not None
    assert limit.detail.startswith("Counted from the start of Stage 2")


def test_limits_are_those_nearby_once_the_stage_is_known() -> None:
    """The present and the next stage; all of them where every stage is asked for."""
    state = State(partnership="kent", reached="line_manager", step_outcome="awaiting")
    headings = [section.heading for section in ask(Topic.limits, state).sections]
    assert [heading for heading in headings if not heading.endswith("(the rest)")] == [
        "Stage 1: Team manager",
        "Stage 2: Designated safeguarding lead or service manager",
    ]
    every = ask(Topic.limits, state, which=Which.every)
    shown = {section.heading.removesuffix(" (the rest)") for section in every.sections}
    assert len(shown) == len(policies()["kent"].stages)
    first = ask(Topic.limits, msgspec.structs.replace(state, reached=NOTHING))
    assert "Stage 1" not in said(first).replace("Stage 1. It asks", "")


def test_the_dates_counted_for_them_come_with_the_limits() -> None:
    """With enough for advice, what to do and the due day appear above the limit."""
    advice = advised(facts_of(READY, policies()), policies()["kent"])
    card = answer_enquiry(Enquiry(topic=Topic.limits), READY, policies(), handbook(), advice)
    assert [section.heading for section in card.sections[:2]] == ["Now", "Your dates"]
    assert advice.headline is not None
    assert card.sections[0].items[0].text == advice.headline.do
    assert "By Fri 27 Nov 2026" in card.sections[1].items[0].text


@pytest.mark.parametrize("topic", Topic)
def test_danger_comes_before_any_answer(topic: Topic) -> None:
    """While a child may be in danger, what to do now is the first section of every answer."""
    now = ask(topic, State(risk=Risk.immediate_danger))
    assert lines(now, now.sections[0].heading)[0] == "Call 999 now."
    today = ask(topic, State(risk=Risk.unsure, partnership="kent"))
    assert lines(today, today.sections[0].heading)[0].startswith("Act today")
    heard = ask(topic, State(red_flag="a knife", danger_now=True))
    assert lines(heard, heard.sections[0].heading)[0] == "Call 999 now."
    assert "Act today" not in " ".join(lines(ask(topic, State(risk=Risk.concern)))[:1])


def test_general_guidance_is_named_as_that() -> None:
    """Every line that is not a policy's is under a heading that says so."""
    own = {
        "Before anything else",
        "Not stated",
        "Who would know",
        "This guide's general guidance, not the policy's",
        "What it means, in this guide's own words",
    }
    for topic in Topic:
        for details in details_of(topic):
            card = ask(topic, State(partnership="kent"), **details)
            for section in card.sections:
                documents = {item.source.document for item in section.items if item.source}
                if STANDING in documents:
                    assert under(section) in own, (topic, section.heading)


def test_what_a_policy_leaves_unsaid_is_said_in_its_own_words() -> None:
    """Where the file itself says that something is not stated, that is what is said."""
    assert lines(ask(Topic.skip, partnerships=("trust_guidance",)), "Not stated") == [
        "The trust's guidance does not say whether a stage may be skipped."
    ]
    assert "The text gives no date of its own" in said(
        ask(Topic.document, State(partnership="kent"))
    )
    silent = ask(Topic.learning, partnerships=("city_and_hackney",))
    (line,) = lines(silent, "Not stated")
    assert line.startswith("City & Hackney: not stated.")


def test_the_dates_of_a_document_are_shown() -> None:
    """Dated, in force, reviewed, due for review: as far as the policy gives them."""
    assert "The text is dated December 2021 (update)." in said(
        ask(Topic.document, partnerships=("city_and_hackney",))
    )
    kent = policies()["kent"]
    document = msgspec.structs.replace(
        kent.document, effective_from=TODAY, reviewed=TODAY, next_review=TODAY
    )
    dated = {"kent": msgspec.structs.replace(kent, document=document)}
    told = said(answer_enquiry(Enquiry(topic=Topic.document), State(), dated, handbook()))
    for sentence in ("In force from", "Last reviewed on", "Next review due on"):
        assert f"{sentence} 24 November 2026." in told


def test_what_holds_in_every_area_is_said_once() -> None:
    """Bedfordshire's three partnerships share a line; a named area has its own."""
    three = lines(ask(Topic.contacts, partnerships=("pan_bedfordshire",), stage=4), "Who")
    assert len(three) == 2
    assert all("(the same for Central Bedfordshire" in line for line in three)
    luton = ask(Topic.contacts, partnerships=("pan_bedfordshire",), stage=4, area="luton")
    partnership, partners = lines(luton, "Who")
    assert partnership == "At the partnership: Luton Safeguarding Children Partnership"
    assert partners.startswith("At the partnership: The Partners of Luton")


def test_what_is_known_narrows_and_what_is_not_says_its_condition() -> None:
    """For a school the chair of governors; for nobody in particular both, with when each holds."""
    school = State(partnership="pan_bedfordshire", my_agency="education")
    known = " ".join(lines(ask(Topic.notify, school, stage=2)))
    assert "Chair of Governors" in known
    assert "Your agency's senior managers" not in known
    anybody = " ".join(lines(ask(Topic.notify, partnerships=("pan_bedfordshire",), stage=2)))
    assert "if your agency is: School, college or other education" in anybody
    assert "unless your agency is: School, college or other education" in anybody


def test_a_place_that_nobody_covers_is_answered_by_what_gives_way() -> None:
    """For Devon: none held, where to look, and the guidance under the local policy."""
    card = ask(Topic.limits, State(partnership="kent"), outside_place="devon")
    assert "I don't hold a policy for Devon." in card.sections[0].items[0].text
    assert "Trust guidance" in card.title
    everything = ask(Topic.which_policy, State(partnership="kent"), outside_place="devon")
    assert {policy.short_name for policy in policies().values()} <= {
        section.heading for section in everything.sections
    }


def test_another_procedure_is_the_policys_own_or_named_as_the_guides() -> None:
    """Hackney sends wrongdoing to whistleblowing itself; for Kent the guide's guidance says so."""
    hackney = ask(
        Topic.other_procedure, partnerships=("city_and_hackney",), exit=Exit.whistleblowing
    )
    assert hackney.title == "Whistleblowing (City & Hackney)"
    assert [section.heading for section in hackney.sections] == ["What the policy says"]
    kent = ask(Topic.other_procedure, partnerships=("kent",), exit=Exit.whistleblowing)
    assert lines(kent, "Not stated")[0].startswith("Kent does not say where this goes.")
    assert "NSPCC" in said(kent)


def test_a_question_about_immediate_risk_says_999_and_asks_whether_it_is_now() -> None:
    """In doubt the answer asks, and names who to ring."""
    card = ask(Topic.urgent, partnerships=("trust_guidance",))
    own = lines(card, "This guide's general guidance, not the policy's")
    assert own[0] == "Is it happening now? If it is, call 999."
    assert any("(999)" in line for line in own)
    assert any("duty team" in line for line in own)


def test_confidentiality_is_answered_for_the_guide_and_not_from_a_policy() -> None:
    """Confidentiality is answered for the guide, whatever policy is chosen."""
    card = ask(Topic.confidentiality, State(partnership="kent"))
    assert {item.source.document for item in items(card) if item.source} == {STANDING}
    assert "30 days" in said(card)


@pytest.mark.parametrize("words", ["looked after children", "information sharing"])
def test_what_several_policies_speak_of_waits_for_the_area(words: str) -> None:
    """Only a name that one of them uses says by itself which is meant."""
    assert waits_for_area(Enquiry(topic=Topic.about, words=words), State(), policies())
    named = Enquiry(topic=Topic.about, words="independent child safeguarding commissioner")
    assert not waits_for_area(named, State(), policies())
