"""What the advice says and lists, route by route."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given

from bot.core.cards.advice import advice_card
from bot.core.cards.card import card_text
from bot.core.policy.model import Applies, Form, Moment, Policy
from bot.core.rules.advice import advise
from bot.core.rules.cautions import handed_over
from bot.core.rules.duties import cited_items
from bot.core.rules.facts import Facts, Step
from bot.core.rules.narrowing import applies, narrowed
from bot.core.rules.results import Advice
from bot.core.rules.working_days import is_working_day
from bot.core.vocabulary import Action, Agency, ChildStatus, Exit, Outcome, Risk, Route
from tests.support.core import (
    IDS,
    TODAY,
    advice_for,
    advice_on,
    advised,
    facts_waiting,
    handbook,
    policies,
    shapes,
    step,
    told,
)

Steps = tuple[tuple[str, str, str], ...]


def what(items: Any) -> list[str]:
    """Return what a list of the advice says."""
    return [item.what for item in items]


def dues(advice: Advice) -> list[tuple[str, str, bool]]:
    """Return who, when and whether it is overdue, deadline by deadline."""
    return [
        (str(deadline.who.value), deadline.due.isoformat(), deadline.overdue)
        for deadline in advice.deadlines
    ]


# Deadlines: running, starting with what comes next, and the passed one that is the reason for it.


@pytest.mark.parametrize(
    ("partnership", "steps", "expected"),
    [
        ("kent", (("line_manager", "17", "awaiting"),), [("receiver", "2026-11-24", False)]),
        (
            "kent",
            (("line_manager", "16", "awaiting"),),
            [
                ("receiver", "2026-11-23", True),
                ("raiser", "2026-11-24", False),
                ("receiver", "2026-12-01", False),
            ],
        ),
        (
            "kent",
            (("line_manager", "16", "unresolved"),),
            [("raiser", "2026-11-24", False), ("receiver", "2026-12-01", False)],
        ),
        (
            "pan_dorset",
            (("practitioner", "16", "unresolved"),),
            [("raiser", "2026-11-25", False), ("raiser", "2026-11-30", False)],
        ),
        # Working day 10 counts on from Stage 2, also before Stage 3 has begun.
        (
            "pan_dorset",
            (("practitioner", "16", "unresolved"), ("line_manager", "18", "unresolved")),
            [("raiser", "2026-12-02", False)],
        ),
        (
            "pan_dorset",
            (("line_manager", "09", "unresolved"), ("senior_manager", "20", "awaiting")),
            [("raiser", "2026-11-23", True)],
        ),
        # Bedfordshire's 24 hours are those of acting on the concern: a talk that failed inside
        # them does not end them.
        (
            "pan_bedfordshire",
            (("practitioner", "24", "unresolved"),),
            [("raiser", "2026-11-25", False)],
        ),
        ("pan_bedfordshire", (("practitioner", "22", "unresolved"),), []),
        (
            "pan_bedfordshire",
            (("practitioner", "22", "awaiting"),),
            [],
        ),
        ("trust_guidance", (("director", "23", "resolved"),), [("raiser", "2026-11-24", False)]),
        ("trust_guidance", (("director", "23", "unresolved"),), [("raiser", "2026-11-24", False)]),
        ("trust_guidance", (("line_manager", "23", "unresolved"),), []),
    ],
)
def test_deadlines_are_those_running_starting_or_passed(
    partnership: str, steps: Steps, expected: list[tuple[str, str, bool]]
) -> None:
    """Each with who is bound, and the passed one marked overdue."""
    assert dues(advice_for(partnership, *steps)) == expected


@pytest.mark.parametrize(
    ("partnership", "steps", "expected"),
    [
        # An answer is waited for; then it is overdue, and the next stage has a limit of its own.
        ("kent", (("line_manager", "17", "awaiting"),), {"Stage 1": "Due Tue 24 Nov 2026"}),
        (
            "kent",
            (("line_manager", "16", "awaiting"),),
            {
                "Stage 1": "Was due Mon 23 Nov 2026",
                "Stage 2": "Due Tue 24 Nov 2026, if raised today",
            },
        ),
        # The limit that already runs is that of the stage they are at.
        ("pan_bedfordshire", (), {"Stage 1": "Due Wed 25 Nov 2026"}),
        # No limit, no date.
        ("trust_guidance", (("line_manager", "23", "unresolved"),), {}),
    ],
)
def test_the_picture_of_the_stages_says_by_when(
    partnership: str, steps: Steps, expected: dict[str, str]
) -> None:
    """The present and the next stage carry their first date; a passed date is named as passed."""
    policy = policies()[partnership]
    card = advice_card(advice_for(partnership, *steps), policy, handbook().phrases)
    assert {stage.label: stage.by for stage in card.stages if stage.by} == expected


def test_bedfordshires_24_hours_count_from_the_concern() -> None:
    """From `concern_on` where it is given, though talking began later."""
    advice = advice_for(
        "pan_bedfordshire", ("practitioner", "24", "awaiting"), concern_on="2026-11-23"
    )
    assert dues(advice) == [("raiser", "2026-11-24", False)]
    assert advice.next.action == "wait"


def test_bedfordshires_passed_24_hours_are_made_up_for_today() -> None:
    """The talk came too late, and failed: the advice names the passed time and says to go on."""
    talked = ("practitioner", "19", "unresolved")
    advice = advice_for("pan_bedfordshire", talked, concern_on="2026-11-16")
    (late,) = [text for text in what(advice.warnings) if "go on today" in text]
    assert "Tue 17 Nov 2026" in late


@pytest.mark.parametrize("outcome", ["awaiting", "unresolved"])
def test_who_talked_within_bedfordshires_24_hours_has_missed_nothing(outcome: str) -> None:
    """They acted in time. It goes on because it is not settled, and for no other reason."""
    advice = advice_for("pan_bedfordshire", ("practitioner", "16", outcome))
    assert (advice.next.action, advice.next.to_stage) == (Action.escalate, 2)
    assert dues(advice) == []
    assert "has not settled it" in advice.next.summary
    assert not any("passed" in text for text in what(advice.warnings))


def test_a_concern_is_never_later_than_the_first_step() -> None:
    """A slip in `concern_on` does not stretch a limit."""
    advice = advice_for(
        "pan_bedfordshire", ("practitioner", "23", "awaiting"), concern_on="2026-11-24"
    )
    assert dues(advice) == [("raiser", "2026-11-24", False)]


# What the summary says.


@pytest.mark.parametrize(
    ("partnership", "steps", "said"),
    [
        ("kent", (("line_manager", "20", "awaiting"),), "They still have time to answer"),
        (
            "pan_bedfordshire",
            (("practitioner", "24", "awaiting"),),
            "You have acted in time",
        ),
        ("pan_dorset", (("line_manager", "23", "awaiting"),), "The policy's guide time runs until"),
        ("pan_dorset", (("senior_manager", "23", "awaiting"),), "This is the last stage"),
        ("pan_bedfordshire", (("partnership", "23", "awaiting"),), "This is the last stage"),
        ("trust_guidance", (("line_manager", "23", "awaiting"),), "sets no time limit"),
        ("pan_dorset", (("line_manager", "02", "awaiting"),), "It is a guide, not a rule"),
        ("pan_dorset", (("senior_manager", "02", "awaiting"),), "It is a guide, not a rule"),
        (
            "pan_bedfordshire",
            (("partnership", "02", "awaiting"),),
            "the last stage, passed on Sat 7",
        ),
        (
            "city_and_hackney",
            (("partnership", "23", "no_response"),),
            "stays open until there is one",
        ),
        ("trust_guidance", (("director", "23", "unresolved"),), "look in your local partnership"),
    ],
)
def test_the_summary_says_whose_time_it_is_and_until_when(
    partnership: str, steps: Steps, said: str
) -> None:
    """A limit on the raiser is not called the receiver's, and a guide time is called a guide."""
    assert said in advice_for(partnership, *steps).next.summary


@pytest.mark.parametrize(
    ("today", "ago"),
    [
        ("2026-11-24", "passed on Mon 23 Nov 2026, 1 working day ago"),
        ("2026-11-26", "passed on Mon 23 Nov 2026, 3 working days ago"),
        ("2026-11-30", "passed on Mon 23 Nov 2026, 5 working days ago"),
    ],
)
def test_a_passed_limit_says_how_many_working_days_ago(today: str, ago: str) -> None:
    """Weekends do not count, and the card says it as the summary does."""
    advice = advice_for("kent", ("line_manager", "16", "awaiting"), today=today)
    assert ago in advice.next.summary
    card = advice_card(advice, policies()["kent"], handbook().phrases)
    assert ago.replace("passed", "Passed") in card_text(card, handbook().phrases)


def test_bank_holidays_do_not_count_since_a_limit_passed() -> None:
    """Passed on Christmas Eve: on the Tuesday after, one working day has gone by."""
    raised = step("line_manager", "2026-12-17", "awaiting")
    advice = advice_on(told("kent", steps=[raised], today="2026-12-29"))
    assert "passed on Thu 24 Dec 2026, 1 working day ago" in advice.next.summary
    weekend = advice_on(told("kent", steps=[raised], today="2026-12-27"))
    assert "and no working day has gone by since" in weekend.next.summary


@given(facts_waiting())
def test_overdue_counts_the_working_days_since(data: dict[str, Any]) -> None:
    """Every passed limit of every policy counts them; a running limit counts none."""
    today = date.fromisoformat(data["today"])
    nation = policies()[data["partnership"]].nation
    for deadline in advice_on(data).deadlines:
        since = [deadline.due + timedelta(days=n + 1) for n in range((today - deadline.due).days)]
        counted = sum(is_working_day(day, nation) for day in since)
        assert deadline.overdue_by == (counted if deadline.overdue else None)


def test_at_the_last_stage_nobody_is_told_to_move_on() -> None:
    """There is nowhere to move on to."""
    for partnership, level in (("pan_dorset", "senior_manager"), ("trust_guidance", "director")):
        assert "move on" not in advice_for(partnership, (level, "23", "awaiting")).next.summary


@pytest.mark.parametrize("partnership", ["pan_bedfordshire", "city_and_hackney"])
def test_a_talk_that_should_have_happened_is_for_today(partnership: str) -> None:
    """Nothing done yet and the time has passed: talk today, and the limit is shown as overdue."""
    advice = advice_for(partnership, concern_on="2026-11-02")
    assert advice.next.action == "discuss"
    assert "today" in advice.next.summary
    assert "passed on" in advice.next.summary
    assert ("guide" in advice.next.summary) is (partnership == "city_and_hackney")
    assert [deadline.overdue for deadline in advice.deadlines] == [True]


def test_a_stage_that_is_a_name_keeps_its_capital() -> None:
    """Not "independent Child Safeguarding Commissioner", but "team manager"."""
    up = advice_for("city_and_hackney", ("senior_manager", "23", "unresolved")).next.summary
    assert "Stage Four (Independent Child Safeguarding Commissioner)" in up
    up = advice_for("kent", ("practitioner", "23", "unresolved")).next.summary
    assert "Stage 1 (team manager)" in up


# Contacts, notifications, records, forms.


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


# Warnings.


def test_what_to_do_if_it_becomes_immediate_is_said_as_an_if() -> None:
    """Hackney's rule for immediate harm is not an instruction while the risk is only a concern."""
    told = what(advice_for("city_and_hackney").warnings)
    (rule,) = [text for text in told if "Designated Safeguarding Lead" in text]
    assert rule.startswith("If the risk to the child becomes immediate: ")


def test_both_sides_being_the_same_kind_of_agency_is_pointed_out() -> None:
    """It may be one organisation, which has its own procedure."""
    same = advice_for("kent", their_agency="health")
    assert any("same kind of agency" in text for text in what(same.warnings))
    assert not any("same kind of agency" in text for text in what(advice_for("kent").warnings))


def test_without_an_area_the_areas_are_named() -> None:
    """Bedfordshire's three, and everybody's notifications; with one, only its own."""
    talked = ("practitioner", "23", "unresolved")
    advice = advice_for("pan_bedfordshire", talked)
    (told,) = [text for text in what(advice.warnings) if "Say which member" in text]
    for area in policies()["pan_bedfordshire"].areas:
        assert area.name in told
    assert len(advice.notify) == 3
    assert len(advice_for("pan_bedfordshire", talked, area="luton").notify) == 1


def test_the_trusts_guidance_says_that_the_local_policy_comes_first() -> None:
    """On the stages, when settled, and on the way to another procedure."""
    for advice in (
        advice_for("trust_guidance"),
        advice_for("trust_guidance", ("line_manager", "23", "resolved")),
        advice_for("trust_guidance", exit="complaint"),
    ):
        assert any("comes first" in text for text in what(advice.warnings))


# Exits.


@pytest.mark.parametrize("partnership", IDS)
@pytest.mark.parametrize(
    "name", [str(word) for word in Exit if word is not Exit.conference_dissent]
)
def test_an_exit_says_where_to_go_and_who_says_so(partnership: str, name: str) -> None:
    """The policy's own word where it has one; else the guide's, named as that."""
    policy = policies()[partnership]
    advice = advice_for(partnership, ("line_manager", "23", "unresolved"), exit=name)
    own = [procedure for procedure in policy.other_procedures if procedure.exit == name]
    told, *where_to_go = advice.guidance
    general = handbook().safety_guidance.exit(Exit(name))
    assert [item.what for item in where_to_go] == [
        *([general.what] if own else []),
        *(step.what for step in general.then),
    ]
    assert {item.source.document for item in where_to_go} <= {handbook().safety_guidance.document}
    assert advice.exit == name
    assert advice.next.action == "signpost"
    assert told.what in advice.next.summary
    if own:
        assert told.source == policy.cite(own[0].source)
        assert advice.not_stated == ()
    else:
        assert told.source.document == handbook().safety_guidance.document
        (silent,) = advice.not_stated
        assert silent.what.startswith(f"{policy.short_name} does not say where this goes")
    # They still stand where they stood.
    assert advice.stage is not None
    assert advice.stage.number == policy.stage_for(policy.stages[1].level).number


def test_a_policy_that_shuts_out_conference_dissent_sends_it_elsewhere() -> None:
    """Other partnerships exclude it: then it is an exit, in that policy's own words."""
    kent = policies()["kent"]
    procedure = msgspec.structs.replace(
        kent.other_procedures[0], exit=Exit.conference_dissent, what="Ask the chair.", source="9"
    )
    policy = msgspec.structs.replace(kent, other_procedures=(procedure,))
    advice = advice_for("kent", exit="conference_dissent", policy=policy)
    assert advice.route is Route.exit
    assert "Ask the chair." in advice.next.summary
    assert advice.guidance[0].source == policy.cite("9")


# While things are still unknown, as in a conversation.


@pytest.mark.parametrize("risk", [Risk.immediate_danger, Risk.immediate_harm, Risk.unsure])
def test_danger_is_answered_before_the_partnership_is_known(risk: Risk) -> None:
    """Without a policy the standing guidance alone says what to do today."""
    advice = advise(Facts(risk=risk), None, TODAY, handbook())
    assert advice.stage is None
    assert {deadline.due for deadline in advice.deadlines} == {TODAY}
    assert {deadline.source.document for deadline in advice.deadlines} == {
        handbook().safety_guidance.document
    }


def test_an_exit_is_answered_before_the_partnership_is_known() -> None:
    """From the standing guidance; stages need a policy."""
    advice = advise(Facts(risk=Risk.concern, exit=Exit.complaint), None, TODAY, handbook())
    assert advice.route is Route.exit
    assert advice.not_stated == ()
    with pytest.raises(ValueError, match="needs a policy"):
        advise(Facts(risk=Risk.concern), None, TODAY, handbook())


def test_a_kind_of_disagreement_not_yet_told_is_not_said_to_be_missing() -> None:
    """Nothing is said about the policy's list until there is a kind to look for."""
    facts = Facts(partnership="pan_dorset", risk=Risk.concern)
    assert advised(facts, policies()["pan_dorset"]).grounds == ()


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (Applies(), True),
        (Applies(my_agency=(Agency.health,)), True),
        (Applies(my_agency=(Agency.police,)), False),
        (Applies(not_my_agency=(Agency.health,)), False),
        (Applies(not_my_agency=(Agency.police,)), True),
        (Applies(their_agency=(Agency.police,)), True),
        (Applies(their_agency=(Agency.health,)), False),
        (Applies(not_their_agency=(Agency.police,)), False),
        (Applies(child_status=(ChildStatus.looked_after,)), True),
        (Applies(child_status=(ChildStatus.early_help, ChildStatus.looked_after)), True),
        (Applies(child_status=(ChildStatus.early_help,)), False),
        (Applies(area=("luton",)), True),
        (Applies(area=("bedford_borough",)), False),
        (Applies(my_agency=(Agency.health,), child_status=(ChildStatus.early_help,)), False),
    ],
)
def test_a_condition_holds_when_all_that_it_names_hold(
    condition: Applies,
    holds: bool,  # noqa: FBT001 - a table.
) -> None:
    """A health worker, the police, a looked-after child in Luton."""
    facts = Facts(
        my_agency=Agency.health,
        their_agency=Agency.police,
        child_status=(ChildStatus.looked_after,),
        area="luton",
    )
    assert applies(condition, facts) is holds


@pytest.mark.parametrize("policy", policies().values(), ids=lambda policy: policy.id)
def test_what_the_policy_does_not_state_is_said(policy: Policy) -> None:
    """Its general silences are in every answer by stages, with the policy as their source."""
    told = {(silence.what, silence.source) for silence in advice_for(policy.id).not_stated}
    assert {(silence.what, policy.cite(silence.source)) for silence in policy.not_stated} <= told


def test_the_design_s_example_is_due_on_30_november() -> None:
    """Kent, Stage 1 raised on Monday 23 November."""
    advice = advice_for(
        "kent", ("practitioner", "16", "unresolved"), ("line_manager", "23", "awaiting")
    )
    assert [deadline.due for deadline in advice.deadlines] == [date(2026, 11, 30)]


@pytest.mark.parametrize(
    ("review", "passed"),
    [(date(2026, 11, 23), True), (date(2026, 11, 24), False), (date(2026, 11, 25), False)],
)
def test_a_review_has_passed_only_after_its_day(review: date, passed: bool) -> None:  # noqa: FBT001 - a table
    """On the review day itself the policy does not yet count as out of date."""
    kent = policies()["kent"]
    document = msgspec.structs.replace(kent.document, next_review=review)
    facts = Facts(partnership="kent", risk=Risk.concern)
    due = advised(facts, msgspec.structs.replace(kent, document=document)).warnings
    never = msgspec.structs.replace(kent.document, next_review=None)
    plain = advised(facts, msgspec.structs.replace(kent, document=never)).warnings
    assert len(due) - len(plain) == passed


@pytest.mark.parametrize(
    ("begins", "waits"),
    [(date(2026, 11, 25), True), (date(2026, 11, 24), False), (date(2026, 11, 23), False)],
)
def test_a_version_is_in_force_on_its_first_day(begins: date, waits: bool) -> None:  # noqa: FBT001 - a table
    """Only before that day does the advice say that it is not yet in force."""
    kent = policies()["kent"]
    document = msgspec.structs.replace(kent.document, effective_from=begins)
    held = msgspec.structs.replace(kent, document=document, replaces=None)
    told = advised(Facts(partnership="kent", risk=Risk.concern), held).warnings
    assert len([item for item in told if "takes effect on" in item.what]) == waits


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


def test_an_area_with_a_policy_of_its_own_is_told_whose_is_used() -> None:
    """In the region's words and from its section; nobody else is told."""
    given = {"partnership": "isles", "area": "far_isle"}
    (told,) = cited_items(handed_over(given, "far_isle", shapes()))
    assert told.what == "Far Isle has a policy of its own."
    assert (told.source.document, told.source.section) == ("Isles Escalation Policy", "1.2")
    for other in ({**given, "area": "north_isle"}, {**given, "area": None}, ["isles"], {}):
        assert list(handed_over(other, "isles", shapes())) == []


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
