"""Whom to ask, whom to tell, what to send and what to write down, stage by stage."""

from datetime import date

import msgspec
import pytest

from bot.core.policy.model import Form, Moment, Policy
from bot.core.rules.advice import advise
from bot.core.rules.facts import Facts, Step
from bot.core.rules.narrowing import narrowed
from bot.core.vocabulary import Action, Agency, Outcome, Risk, Route
from tests.support.core import (
    IDS,
    TODAY,
    advice_for,
    advised,
    dues,
    handbook,
    policies,
    shapes,
    what,
)


def test_contacts_hold_ours_theirs_and_the_partnerships() -> None:
    """Kent Stage 1 between health and the police: each agency's own role."""
    advice = advice_for(
        "kent", ("practitioner", "23", "unresolved"), my_agency="health", their_agency="police"
    )
    assert [(contact.role, contact.party.value, contact.agency) for contact in advice.contacts] == [
        ("Senior health visitor, manager, nurse or GP", "raiser", Agency.health),
        ("Detective Sergeant in the Police Public Protection Unit", "receiver", Agency.police),
    ]


def test_when_the_last_stages_answer_is_late_there_is_somebody_to_ask() -> None:
    """The advice to ask for the answer today comes with whom to ask."""
    advice = advice_for("pan_bedfordshire", ("partnership", "02", "awaiting"), area="luton")
    assert "Ask for the answer today" in advice.next.summary
    partnership, partners = [contact.role for contact in advice.contacts]
    assert partnership == "Luton Safeguarding Children Partnership"
    assert partners.startswith("The Partners of Luton Safeguarding Children Partnership")


def test_what_two_stages_ask_for_in_the_same_words_is_said_once() -> None:
    """Dorset's professionals' meeting belongs to the stage left and to the one begun."""
    advice = advice_for("pan_dorset", ("practitioner", "23", "unresolved"))
    said = [text for text in what(advice.guidance) if "professionals' meeting" in text]
    assert len(said) == 1


def test_leaving_a_stage_and_beginning_the_next_both_ask_for_their_duties() -> None:
    """Bedfordshire: Stage 2 unresolved tells the senior managers, and Stage 3 begins."""
    advice = advice_for(
        "pan_bedfordshire",
        ("line_manager", "23", "unresolved"),
        area="luton",
        my_agency="education",
    )
    assert [notification.who for notification in advice.notify] == [
        "Luton Safeguarding Children Partnership",  # still to be told, since Stage 1 was left out
        "The Chair of Governors",
        "The Head",
    ]
    assert "Partner Representative of Luton Safeguarding Children Partnership" in [
        contact.role for contact in advice.contacts
    ]


def test_settled_below_the_stage_it_had_reached_names_where_it_was_settled() -> None:
    """The managers were waiting when the practitioners settled it between them."""
    advice = advice_for(
        "pan_dorset", ("line_manager", "18", "awaiting"), ("practitioner", "23", "resolved")
    )
    assert advice.route is Route.resolved
    assert advice.stage is not None
    assert advice.stage.number == 2
    assert "settled at Stage 1" in advice.next.summary
    # The escalation had reached Stage 2, so its recording template is due at the end.
    assert [form.id for form in advice.forms] == ["dorset_recording"]
    assert dues(advice) == [("raiser", "2026-11-24", False)]


def _two_forms_of_one_id() -> Policy:
    """Garth with one form at Stage 1, when that fails, and another of that id at Stage 2."""
    garth = shapes()["garth"]
    first, second, *others = garth.stages
    form = Form(
        id="one", name="A form", what="Fill it in.", send_to="first", source="1",
        when=(Moment.unresolved, Moment.resolved),
    )  # fmt: skip
    later = msgspec.structs.replace(form, send_to="second", when=(Moment.raised, Moment.resolved))
    return msgspec.structs.replace(
        garth,
        stages=(
            msgspec.structs.replace(first, forms=(form,)),
            msgspec.structs.replace(second, forms=(later,)),
            *others,
        ),
    )


def test_of_two_forms_with_one_id_the_later_stages_is_asked_for() -> None:
    """On the way up, and once it is settled lower down, only the second stage's is sent."""
    policy = _two_forms_of_one_id()
    first, second = policy.stages[:2]
    facts = Facts(partnership="garth", risk=Risk.concern, my_agency=Agency.health)
    failed = Step(first.level, date(2026, 11, 16), Outcome.unresolved)
    going_up = advised(msgspec.structs.replace(facts, steps=(failed,)), policy)
    assert going_up.next.to_stage == second.number
    assert [form.send_to for form in going_up.forms] == ["second"]
    reached = Step(second.level, date(2026, 11, 17), Outcome.unresolved)
    settled = Step(first.level, date(2026, 11, 18), Outcome.resolved)
    below = advised(msgspec.structs.replace(facts, steps=(failed, reached, settled)), policy)
    assert below.next.action is Action.record
    assert [form.send_to for form in below.forms] == ["second"]


@pytest.mark.parametrize("partnership", IDS)
def test_what_has_gone_out_is_not_asked_for_again(partnership: str) -> None:
    """While an answer is awaited, a form or a notice is due today only if it was not sent."""
    for stage in policies()[partnership].stages:
        waiting = Step(stage.level, TODAY, Outcome.awaiting)
        facts = Facts(partnership=partnership, risk=Risk.concern, steps=(waiting,))
        found = advise(facts, narrowed(policies()[partnership], facts), TODAY, handbook())
        for asked in (*what(found.forms), *what(found.notify)):
            asked_again = not asked.endswith("If not, do it today.")
            assert asked_again is (found.next.action is not Action.wait), stage.label


@pytest.mark.parametrize("partnership", IDS)
@pytest.mark.parametrize("outcome", ["awaiting", "unresolved", "no_response", "resolved"])
def test_what_had_to_be_told_is_named_at_every_later_stage(partnership: str, outcome: str) -> None:
    """Whether or not its own stage was told of, until a later stage has told the same body."""
    policy = policies()[partnership]
    plan = ["child_protection_plan", "looked_after"]
    for stage in policy.stages:
        for note in (note for note in stage.notify if note.until_done):
            area = next(iter(note.applies.area), None)
            for later in (one for one in policy.stages if one.number > stage.number):
                raised = {who.who for who in later.notify if Moment.raised in who.when}
                before = [(str(stage.level), "16", "unresolved")]
                for steps in ([], before):
                    told = [*steps, (str(later.level), "20", outcome)]
                    advice = advice_for(partnership, *told, child_status=plan, area=area)
                    named = [one for one in advice.notify if one.who == note.who]
                    assert named or note.who in raised, (stage.label, later.label, told)
                    assert len(named) <= 1
                    assert all("If not, do it today" in one.what for one in named if one.carried)
