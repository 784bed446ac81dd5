"""What typed text changes: danger first, nothing lost, bad input answered."""

from datetime import date
from typing import Any

import msgspec
import pytest

from bot.core.conversation.answers import TurnResult, choose
from bot.core.conversation.interpret import apply_message
from bot.core.conversation.listener import TypedMessage
from bot.core.conversation.questions.spec import Menu, Question
from bot.core.conversation.questions.table import next_question, options
from bot.core.conversation.recap import recap
from bot.core.conversation.state import UNKNOWN, State, facts_of
from bot.core.rules.advice import advise
from bot.core.vocabulary import URGENT_RISKS, Disagreement, Exit, Risk, Route
from tests.support.core import IDS, handbook, policies, stage_told

TODAY = date(2026, 11, 20)
ACCOUNT = "we have sent a third referral and they say that it does not meet the threshold again"
AT_STAGE_1 = State(
    risk=Risk.concern,
    partnership="kent",
    trigger_check="no",
    disagreement="threshold",
    my_agency="education",
    their_agency="childrens_social_care",
    reached="line_manager",
)


def told(
    state: State,
    asked: Question | None,
    intent: str = "agency_response",
    text: str = "a few words",
    **reading: Any,
) -> TurnResult:
    """Apply a message with this reading."""
    return apply_message(state, asked, TypedMessage(intent, reading, text), policies(), TODAY)


def said(heard: TurnResult, asked: Question | None) -> dict[str, dict[str, str]]:
    """Return the names of the responses."""
    notes = recap(heard, asked, policies(), handbook().phrases)
    return {note.name: note.gaps for note in notes}


def test_danger_in_an_answer_is_kept_apart_from_the_answers() -> None:
    """The red flag comes first; the date in the same message is taken too."""
    heard = told(
        AT_STAGE_1,
        Question.step_on,
        "danger",
        urgent=True,
        urgent_because="a weapon",
        flags=[{"family": "weapons", "heard": "knife", "when": "now"}],
        dates=["2026-11-19"],
        child_status=["looked_after"],
    )
    assert heard.state.red_flag == "a weapon"
    assert heard.state.danger_now
    assert heard.state.step_on == "2026-11-19"
    assert heard.state.child_status == ("looked_after",)
    assert heard.state.risk is Risk.concern
    assert next_question(heard.state, policies()) is Question.calls_made
    assert said(heard, Question.step_on) == {}


@pytest.mark.parametrize("told_risk", ["concern", "no_harm"])
def test_text_never_lowers_a_stated_risk(told_risk: str) -> None:
    """A calmer remark later does not undo a stated risk."""
    state = State(risk=Risk.immediate_harm, calls_made="made")
    assert told(state, Question.partnership, facts={"risk": told_risk}).state.risk is (
        Risk.immediate_harm
    )


def test_text_raises_a_stated_risk() -> None:
    """A graver statement later on does."""
    heard = told(AT_STAGE_1, Question.step_on, facts={"risk": "immediate_harm"})
    assert heard.state.risk is Risk.immediate_harm
    assert next_question(heard.state, policies()) is Question.calls_made


def test_a_future_date_is_refused_with_what_would_be_right() -> None:
    """The question stays open and the reason is said."""
    heard = told(AT_STAGE_1, Question.step_on, dates=["2026-12-04"])
    assert heard.state == AT_STAGE_1
    assert said(heard, Question.step_on) == {"note_future_date": {"day": "Friday 4 December 2026"}}


def test_a_day_that_does_not_exist_is_refused_with_why() -> None:
    """The note names 31 February."""
    bad = [{"heard": "31 February", "why": "February has 28 days"}]
    heard = told(AT_STAGE_1, Question.step_on, bad_dates=bad)
    assert heard.state.step_on is None
    assert said(heard, Question.step_on)["note_bad_date"]["why"] == "February has 28 days"


def test_a_vague_date_is_answered_by_asking_for_a_day() -> None:
    """A vague day such as "about two weeks ago" is not taken."""
    spans = [{"heard": "about two weeks ago", "earliest": "2026-11-04", "latest": "2026-11-08"}]
    heard = told(AT_STAGE_1, Question.step_on, date_ranges=spans)
    assert "note_settle_on_a_day" in said(heard, Question.step_on)


def test_an_earlier_stage_after_the_later_one_is_refused() -> None:
    """A step before the one below it is asked again."""
    state = State(
        risk=Risk.no_harm,
        partnership="pan_dorset",
        disagreement="threshold",
        my_agency="health",
        their_agency="police",
        reached="senior_manager",
        step_on="2026-11-12",
        step_outcome="awaiting",
    )
    heard = told(state, Question.earlier_on, dates=["2026-11-16"])
    assert "note_before_the_one_below" in said(heard, Question.earlier_on)
    assert next_question(heard.state, policies()) is Question.earlier_on


def test_a_second_miss_in_a_row_names_a_person_and_the_reason() -> None:
    """The second misunderstanding names a person and the reason; an answer ends the row."""
    first = told(AT_STAGE_1, Question.step_on)
    assert list(said(first, Question.step_on)) == ["not_understood"]
    second = told(first.state, Question.step_on)
    again = said(second, Question.step_on)
    assert list(again) == ["not_understood_again", "help_step_on"]
    assert "KSCMP@kent.gov.uk" in again["not_understood_again"]["who"]
    third = told(second.state, Question.step_on, dates=["2026-11-16"])
    assert third.state.misses == 0


@pytest.mark.parametrize("policy", [None, *IDS])
@pytest.mark.parametrize("risk", sorted(URGENT_RISKS))
@pytest.mark.parametrize(
    ("intent", "text"),
    [
        ("deny", "no"),
        ("deny", "not yet"),
        ("inform", "no i can't get through"),
        ("inform", "n"),
        ("inform", "yes but nobody answers"),
        ("dont_know", "not sure"),
        ("inform", "hang on"),
    ],
)
def test_calls_that_were_not_made_never_lower_the_risk(
    policy: str | None, risk: Risk, intent: str, text: str
) -> None:
    """In every policy: only having called, or that it isn't happening now, ends the question."""
    stated = State(risk=risk, partnership=policy)
    for state in (stated, State(risk=Risk.concern, red_flag="a knife", danger_now=True)):
        heard = told(state, Question.calls_made, intent, text)
        assert heard.state.risk is state.risk
        assert heard.state.red_flag == state.red_flag
        assert heard.state.calls_made is None
        assert next_question(heard.state, policies()) is Question.calls_made
        if intent in {"deny", "dont_know"}:
            assert {"note_calls_not_made", "note_calls_unknown"} & set(
                said(heard, Question.calls_made)
            )


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("no its about the other agency", "no"),
        ("No, it's the health visitor who won't act", "no"),
        ("nope", "no"),
        ("it is about the other agency's decision", "no"),
        ("yes that fits better", "yes"),
        ("yeah", "yes"),
        ("no one has rung me back", None),
        ("no reply yet", None),
    ],
)
def test_a_yes_or_no_at_the_start_of_a_message_is_an_answer(text: str, answer: str | None) -> None:
    """A yes or no counts with its reason behind it; "no one" and "no reply" are neither."""
    state = State(risk=Risk.concern, partnership="kent", trigger_check="no", exit=Exit.allegation)
    assert told(state, Question.exit_check, "inform", text).state.exit_check == answer


def test_another_procedure_can_be_refused_after_its_advice_too() -> None:
    """The advice has a button for it; the button's words typed do the same."""
    state = msgspec.structs.replace(AT_STAGE_1, exit=Exit.complaint, exit_check="yes")
    refused = told(state, None, "inform", "no it is about the other agency")
    assert refused.state.exit_check == "no"
    assert told(state, None, "inform", "no it is about the mum").state.exit_check == "yes"


def test_anger_at_the_guide_fills_nothing_and_a_red_flag_in_it_comes_first() -> None:
    """Nothing is filled or lost by "you asked me that already"; a red flag in it comes first."""
    angry = told(AT_STAGE_1, Question.reached, "frustrated", levels=["practitioner"])
    assert angry.state == AT_STAGE_1
    assert not angry.missed
    assert not told(AT_STAGE_1, Question.reached, "greet", "hi").missed
    flagged = told(AT_STAGE_1, Question.reached, "frustrated", urgent=True, urgent_because="knife")
    assert next_question(flagged.state, policies()) is Question.calls_made


def test_a_bare_yes_or_no_to_the_risk_question_is_read_as_the_graver_meaning() -> None:
    """A "yes" means immediate harm, a "no" still a concern."""
    assert told(State(), Question.risk, "affirm").state.risk is Risk.immediate_harm
    assert told(State(), Question.risk, "deny", "no").state.risk is Risk.concern


@pytest.mark.parametrize("question", [Question.step_on, Question.step_outcome])
def test_i_dont_know_is_accepted_as_an_answer(question: Question) -> None:
    """After "I don't know" the next question follows."""
    heard = told(AT_STAGE_1, question, "dont_know")
    assert getattr(heard.state, str(question)) == UNKNOWN
    assert told(State(), Question.risk, "dont_know").state.risk is Risk.unsure


def test_a_whole_account_fills_many_answers_and_is_shown_back() -> None:
    """What was understood is listed so that it can be corrected."""
    heard = told(
        State(),
        Question.risk,
        "threshold",
        text=ACCOUNT,
        partnership="kent",
        disagreement=[{"name": "threshold", "confidence": 0.9}],
        facts={
            "risk": "concern",
            "my_agency": "education",
            "their_agency": "childrens_social_care",
            "steps": [{"level": "practitioner", "on": "2026-11-16", "outcome": "unresolved"}],
        },
    )
    lines = said(heard, Question.risk)["understood"]["lines"]
    assert "Where: Kent" in lines
    assert "When: Mon 16 Nov 2026" in lines
    assert next_question(heard.state, policies()) is Question.trigger_check


def test_an_unsure_kind_of_disagreement_is_offered_with_the_second_best() -> None:
    """Below the mark it is asked about, the two likeliest first."""
    ranking = [
        {"name": "threshold", "confidence": 0.4},
        {"name": "communication", "confidence": 0.3},
    ]
    heard = told(AT_STAGE_1, None, text=ACCOUNT, disagreement=ranking)
    assert heard.state.disagreement == "threshold"
    fresh = State(risk=Risk.no_harm, partnership="kent")
    guessed = told(fresh, Question.disagreement, text=ACCOUNT, disagreement=ranking)
    assert guessed.state.guesses == ("threshold", "communication")
    assert guessed.state.disagreement is None


def test_a_correction_replaces_what_was_given_and_keeps_the_rest() -> None:
    """Only with the words of a correction does a later message change an earlier answer."""
    facts = {"their_agency": "police"}
    assert told(AT_STAGE_1, Question.step_on, facts=facts).state.their_agency == (
        "childrens_social_care"
    )
    corrected = told(AT_STAGE_1, Question.step_on, "change_answer", facts=facts)
    assert corrected.state.their_agency == "police"
    assert corrected.state.reached == "line_manager"
    assert "note_changed" in said(corrected, Question.step_on)


def test_a_correction_that_is_not_understood_shows_the_answers_and_loses_none() -> None:
    """The review is opened instead."""
    heard = told(AT_STAGE_1, Question.step_on, "change_answer")
    assert next_question(heard.state, policies()) is Question.review
    assert heard.state.their_agency == AT_STAGE_1.their_agency


def test_a_place_outside_is_named_and_the_fallback_used() -> None:
    """The guide never picks the nearest place instead."""
    state = State(risk=Risk.no_harm)
    heard = told(state, Question.partnership, outside_place="leeds")
    assert heard.state.partnership == "trust_guidance"
    assert said(heard, Question.partnership)["note_outside"]["place"] == "Leeds"


def test_an_agency_that_answers_one_side_does_not_fill_the_other() -> None:
    """A school named as one's own is not also the agency one disagrees with."""
    state = State(risk=Risk.no_harm, partnership="kent", disagreement="threshold")
    facts = {"their_agency": "education"}
    heard = told(state, Question.my_agency, agencies=["education"], facts=facts)
    assert heard.state.my_agency == "education"
    assert heard.state.their_agency is None
    both = {"my_agency": "education", "their_agency": "police"}
    heard = told(state, Question.my_agency, agencies=["education", "police"], facts=both)
    assert heard.state.their_agency == "police"


@pytest.mark.parametrize("text", ["stage 2", "we are at Stage Two", "level two i think"])
def test_a_stage_named_by_its_number_is_understood(text: str) -> None:
    """The policy's own number counts: Stage 2 is the service manager in Kent."""
    state = State(
        risk=Risk.no_harm,
        partnership="kent",
        disagreement="threshold",
        my_agency="health",
        their_agency="police",
    )
    assert told(state, Question.reached, text=text).state.reached == "senior_manager"
    hackney = State(risk=Risk.no_harm, partnership="city_and_hackney")
    assert told(hackney, Question.reached, text=text).state.reached == "line_manager"


def test_what_happened_after_the_advice_moves_the_case_on() -> None:
    """A step at a higher stage becomes the present stage; the stage before keeps its day."""
    state = msgspec.structs.replace(AT_STAGE_1, step_on="2026-11-10", step_outcome="unresolved")
    step = {"level": "senior_manager", "on": "2026-11-18", "outcome": "no_response"}
    moved = told(state, None, "inform", facts={"steps": [step]}).state
    assert (moved.reached, moved.step_on) == ("senior_manager", "2026-11-18")
    assert moved.earlier == {"line_manager": "2026-11-10"}
    lower = {"level": "practitioner", "on": "2026-11-18", "outcome": "unresolved"}
    again = told(state, None, "inform", facts={"steps": [lower]})
    assert msgspec.structs.replace(again.state, misses=0, missed=False) == state
    assert again.missed


def test_a_kind_told_while_another_question_is_open_is_kept_for_later() -> None:
    """The guide offers it first when its question comes; a short answer adds no kind."""
    state = State(risk=Risk.concern, partnership="kent")
    ranking = [
        {"name": "information_sharing", "confidence": 0.5},
        {"name": "threshold", "confidence": 0.1},
    ]
    heard = told(
        state, Question.trigger_check, "information_sharing", ACCOUNT, disagreement=ranking
    )
    assert heard.state.guesses == ("information_sharing", "threshold")
    other = told(heard.state, Question.disagreement, "inform", disagreement=ranking[::-1])
    assert other.state.guesses == heard.state.guesses
    assert other.missed


def test_guesses_that_are_missed_twice_give_way_to_the_whole_list() -> None:
    """Nothing loops: the second time every kind is offered."""
    state = State(risk=Risk.no_harm, partnership="kent", guesses=("threshold", "communication"))
    once = told(state, Question.disagreement, "inform").state
    assert once.guesses
    twice = told(once, Question.disagreement, "inform").state
    menu = Menu(twice, policies(), TODAY, handbook().phrases)
    assert set(map(str, Disagreement)) < {
        option.value for option in options(Question.disagreement, menu)
    }


def test_starting_again_by_a_typed_yes_says_nothing_of_what_was_understood() -> None:
    """There is nothing left to show back."""
    heard = told(
        msgspec.structs.replace(AT_STAGE_1, start_again="open"), Question.start_again, "affirm"
    )
    assert heard.state == State()
    assert said(heard, Question.start_again) == {}


def test_another_procedure_that_was_refused_is_not_asked_about_again() -> None:
    """A different one is."""
    state = State(risk=Risk.no_harm, partnership="kent", exit=Exit.complaint, exit_check="no")
    assert told(state, Question.disagreement, exit="complaint").state.exit_check == "no"
    other = told(state, Question.disagreement, exit="whistleblowing").state
    assert (other.exit, other.exit_check) == (Exit.whistleblowing, None)
    assert next_question(other, policies()) is Question.exit_check


KNIFE = "mum just rang, he is in the house and he has got a knife"


def flagged(state: State, when: str, **reading: Any) -> TurnResult:
    """Apply a message that names a weapon while no question is open."""
    flags = [{"family": "weapons", "heard": "knife", "when": when}]
    return told(
        state, None, "danger", KNIFE, urgent=True, urgent_because="a weapon", flags=flags, **reading
    )


@pytest.mark.parametrize("stated", [Risk.immediate_harm, Risk.unsure])
def test_danger_now_makes_a_same_day_risk_an_emergency(stated: Risk) -> None:
    """Calls made for a same-day risk do not prevent 999 when it is happening now."""
    state = msgspec.structs.replace(AT_STAGE_1, risk=stated, calls_made="made")
    heard = flagged(state, "now").state
    assert next_question(heard, policies()) is Question.calls_made
    acted_on = heard.with_heard_risk()
    facts = facts_of(acted_on, policies())
    advice = advise(facts, acted_on.policy(policies()), TODAY, handbook())
    assert advice.route is Route.emergency
    assert choose(heard, "calls_made", "made", policies()).state.risk is Risk.immediate_danger


@pytest.mark.parametrize("stated", [Risk.immediate_harm, Risk.unsure])
def test_danger_that_is_not_said_to_be_now_leaves_a_same_day_risk(stated: Risk) -> None:
    """The stated risk is as grave as the red flag's, and stays as stated."""
    state = msgspec.structs.replace(AT_STAGE_1, risk=stated, calls_made="made")
    heard = flagged(state, "unknown").state
    assert next_question(heard, policies()) is Question.calls_made
    assert heard.with_heard_risk().risk is stated


@pytest.mark.parametrize("read", ["immediate_danger", "immediate_harm", "unsure"])
def test_danger_in_a_text_does_not_change_the_stated_risk_unasked(read: str) -> None:
    """It is asked about first, and only the risk once more after "it is not happening now"."""
    heard = flagged(AT_STAGE_1, "now", facts={"risk": read}).state
    assert heard.risk is Risk.concern
    calmed = choose(heard, "calls_made", "not_now", policies()).state
    assert calmed == msgspec.structs.replace(AT_STAGE_1, risk=None)
    assert choose(calmed, "risk", "concern", policies()).state == AT_STAGE_1


@pytest.mark.parametrize("calls", [None, "made"])
def test_a_risk_taken_back_has_the_policys_own_danger_asked_again(calls: str | None) -> None:
    """Kent: "it is only a concern" asks the risk again, and then the injury question too."""
    kent = State(risk=Risk.concern, partnership="kent")
    raised = choose(kent, "trigger_check", "yes", policies()).state
    assert raised.risk is Risk.immediate_harm
    raised = msgspec.structs.replace(raised, calls_made=calls)
    asked = next_question(raised, policies())
    back = told(
        raised,
        asked,
        "risk",
        "sorry, it is only a concern",
        corrects=True,
        facts={"risk": "concern"},
    )
    assert next_question(back.state, policies()) is Question.risk
    again = choose(back.state, "risk", "concern", policies()).state
    assert next_question(again, policies()) is Question.trigger_check


@pytest.mark.parametrize(("confidence", "taken"), [(0.74, False), (0.75, True)])
def test_a_kind_is_taken_as_told_only_when_it_is_sure(confidence: float, taken: bool) -> None:  # noqa: FBT001 - a table
    """Below three quarters it is offered as a guess."""
    ranking = [
        {"name": "threshold", "confidence": confidence},
        {"name": "plan_progress", "confidence": 0.2},
    ]
    heard = told(
        State(risk=Risk.concern), Question.disagreement, text=ACCOUNT, disagreement=ranking
    )
    assert heard.state.disagreement == ("threshold" if taken else None)
    assert heard.state.guesses == (() if taken else ("threshold", "plan_progress"))


@pytest.mark.parametrize(
    ("text", "taken"), [("they closed it", False), ("they closed it early", True)]
)
def test_three_words_answer_the_question_and_four_may_be_an_account(text: str, taken: bool) -> None:  # noqa: FBT001 - a table
    """Three words answer the open question; four may tell what the disagreement is about."""
    ranking = [{"name": "agency_response", "confidence": 0.9}]
    heard = told(State(risk=Risk.concern), Question.partnership, text=text, disagreement=ranking)
    assert heard.state.disagreement == ("agency_response" if taken else None)


@pytest.mark.parametrize(
    "text", ["you asked me that already, it is Kent", "i already said kent", "hello, kent here"]
)
def test_a_remark_may_tell_where(text: str) -> None:
    """Anger or a greeting fills nothing by itself, but a place beside it is taken."""
    heard = told(
        State(risk=Risk.concern), Question.partnership, "frustrated", text, partnership="kent"
    )
    assert heard.state.partnership == "kent"
    alone = told(State(risk=Risk.concern), Question.partnership, "frustrated", "you asked me that")
    assert alone.state.partnership is None


@pytest.mark.parametrize(
    ("text", "moves"), [("luton and dunstable", True), ("the luton and dunstable", False)]
)
def test_only_a_place_by_itself_changes_the_partnership(text: str, moves: bool) -> None:  # noqa: FBT001 - a table
    """Three words that name a place correct it; in four it may be the name of a hospital."""
    heard = told(AT_STAGE_1, Question.step_on, "place", text, partnership="pan_bedfordshire")
    assert heard.state.partnership == ("pan_bedfordshire" if moves else "kent")


def test_a_place_outside_is_told_with_the_authority_whose_children_live_there() -> None:
    """Norwich's children come under Norfolk; a city that is its own authority is named once."""
    heard = told(
        State(), Question.partnership, outside_place="norwich", outside_authority="Norfolk"
    )
    assert heard.state.partnership == "trust_guidance"
    (note,) = heard.notes
    assert (note.name, note.gaps["place"], note.gaps["authority"]) == (
        "note_outside_of",
        "Norwich",
        "Norfolk",
    )
    shared = told(
        State(),
        Question.partnership,
        outside_place="oakham",
        outside_authority="Rutland",
        outside_partnership="Leicestershire and Rutland Safeguarding Children Partnership",
    )
    (note,) = shared.notes
    assert note.name == "note_outside_partnership"
    assert note.gaps["partnership"].startswith("Leicestershire and Rutland")
    same = told(State(), Question.partnership, outside_place="leeds", outside_authority="Leeds")
    assert [note.name for note in same.notes] == ["note_outside"]


def test_a_place_of_which_there_are_two_is_asked_about() -> None:
    """Nothing is chosen, and the authorities it could be in are named, unless there are many."""
    among = ("Kent", "Surrey")
    heard = told(State(), Question.partnership, unclear_place="ashford", place_among=among)
    assert heard.state.partnership is None
    (note,) = heard.notes
    assert (note.name, note.gaps["among"]) == ("note_unclear_place", "Kent or Surrey")
    many = tuple("ABCDEFGH")
    heard = told(State(), Question.partnership, unclear_place="london", place_among=many)
    assert [note.name for note in heard.notes] == ["note_unclear_many"]


@pytest.mark.parametrize(
    "nation", ["Guernsey", "Isle of Man", "Jersey", "Northern Ireland", "Scotland", "Wales"]
)
def test_a_place_outside_england_is_given_no_english_steps(nation: str) -> None:
    """What is there instead is said in words of its own, and the question stays open."""
    heard = told(
        State(), Question.partnership, outside_place="there", outside_nation=nation,
        outside_authority=nation,
    )  # fmt: skip
    assert heard.state.partnership is None
    (note,) = heard.notes
    words = handbook().phrases.say(note.name)
    assert "This guide is for England" in words
    assert nation.rsplit(maxsplit=1)[-1] in words


def test_the_policy_that_a_place_was_taken_for_is_said() -> None:
    """In one short line, so that a wrong one is noticed; not where no policy is held."""
    heard = told(State(risk=Risk.concern), Question.partnership, partnership="kent")
    assert said(heard, Question.partnership)["note_policy_taken"]["policy"] == "Kent"
    elsewhere = told(State(risk=Risk.concern), Question.partnership, outside_place="leeds")
    assert "note_policy_taken" not in said(elsewhere, Question.partnership)


@pytest.mark.parametrize(
    ("on", "step"),
    [
        ("2026-11-20", ("line_manager", "2026-11-20", "awaiting")),
        ("2026-11-18", ("line_manager", "2026-11-18", None)),
        (None, ("line_manager", None, None)),
    ],
)
def test_a_stage_that_was_raised_is_a_step_without_an_outcome(
    on: str | None, step: tuple[str, str | None, str | None]
) -> None:
    """Only of one raised today is it known that its answer is awaited."""
    free = msgspec.structs.replace(AT_STAGE_1, reached=None)
    heard = told(free, Question.reached, raised=[stage_told(1, on)]).state
    assert (heard.reached, heard.step_on, heard.step_outcome) == step


def test_a_stage_named_by_its_number_is_on_that_rung_whoever_spoke() -> None:
    """A head who raises Stage 1 with a manager is at Kent's Stage 1."""
    free = msgspec.structs.replace(AT_STAGE_1, reached=None)
    steps = [{"level": "senior_manager", "on": "2026-11-18", "outcome": "unresolved"}]
    raised = [stage_told(1, "2026-11-18")]
    heard = told(free, None, raised=raised, facts={"steps": steps}).state
    assert (heard.reached, heard.step_outcome) == ("line_manager", None)


@pytest.mark.parametrize("partnership", IDS)
def test_a_stage_told_before_its_policy_is_kept(partnership: str) -> None:
    """Which rung it is on is known with the place, however that is answered."""
    for stage in policies()[partnership].stages[1:]:
        raised = [stage_told(stage.number, "2026-11-18", "no_response")]
        steps = [{"level": "practitioner", "on": "2026-11-18", "outcome": "unresolved"}]
        before = told(State(risk=Risk.concern), None, raised=raised, facts={"steps": steps}).state
        assert before.reached is None
        for after in (
            told(before, Question.partnership, partnership=partnership).state,
            choose(before, "partnership", partnership, policies()).state,
        ):
            at = (after.stage(policies()), after.step_on, after.step_outcome)
            assert at == (stage, "2026-11-18", "no_response")


def test_the_day_of_an_answer_is_not_the_day_of_its_stage() -> None:
    """Only the day on which it was raised is asked for."""
    free = msgspec.structs.replace(AT_STAGE_1, reached=None)
    raised = [stage_told(1, None, "unresolved", "2026-11-19")]
    heard = told(free, None, raised=raised).state
    assert (heard.step_on, heard.answered) == (None, {"line_manager": "2026-11-19"})


def test_the_name_of_an_agency_alone_is_not_taken_for_ones_own() -> None:
    """Unless it was asked for."""
    free = State(risk=Risk.concern, partnership="kent")
    reading = {"facts": {"my_agency": "childrens_social_care"}, "is_name_alone": True}
    named = ["childrens_social_care"]
    for asked, mine in ((Question.disagreement, None), (Question.my_agency, named[0])):
        heard = told(free, asked, "inform", "social care", agencies=named, **reading)
        assert heard.state.my_agency == mine


def test_a_stated_job_overrules_what_was_made_of_an_earlier_message() -> None:
    """Nothing is plainer than "I'm a health visitor"."""
    facts = {"my_agency": "health"}
    heard = told(
        AT_STAGE_1, Question.reached, "inform", "im a hv", introduces=True, level="practitioner",
        agencies=["health"], facts=facts,
    )  # fmt: skip
    assert heard.state.my_agency == "health"


def test_in_an_emergency_only_a_stated_job_changes_ones_own_agency() -> None:
    """That the police are here tells who has come, and makes nobody the police."""
    urgent = msgspec.structs.replace(AT_STAGE_1, risk=Risk.immediate_danger)
    facts = {"my_agency": "police"}
    news = told(urgent, None, "inform", "police here now", agencies=["police"], facts=facts)
    assert news.state.my_agency == AT_STAGE_1.my_agency
    said = told(
        urgent, None, "inform", "I'm a police officer", introduces=True, level="practitioner",
        agencies=["police"], facts=facts,
    )  # fmt: skip
    assert said.state.my_agency == "police"


@pytest.mark.parametrize("partnership", IDS)
@pytest.mark.parametrize("side", ["raiser", "receiver"])
def test_a_bare_reply_writes_nothing_where_no_question_is_open(partnership: str, side: str) -> None:
    """While somebody waits, a "yes" or an "ok" settles nothing and is no silence of theirs."""
    waiting = msgspec.structs.replace(
        AT_STAGE_1,
        partnership=partnership,
        side=side,
        step_on="2026-11-18",
        step_outcome="awaiting",
    )
    for intent in ("affirm", "deny", "inform"):
        for outcome in ("resolved", "no_response"):
            replies = {"came_of_it": (outcome, 0.99), "how_far": ("wrong", 0.99)}
            heard = told(
                waiting, None, intent, "ok", is_bare_reply=True, outcomes=[outcome], replies=replies
            )
            assert heard.state == waiting
            assert not heard.missed


@pytest.mark.parametrize("text", ["got it", "that's right", "understood", "I see", "ok, will do"])
def test_having_read_it_is_no_call(text: str) -> None:
    """Whoever says that they have read what to do has not said that they did it."""
    urgent = msgspec.structs.replace(AT_STAGE_1, risk=Risk.immediate_harm)
    after = told(urgent, Question.calls_made, "affirm", text, is_bare_reply=True).state
    assert after.calls_made is None
    assert after.calls == urgent.calls


def test_a_question_to_the_guide_denies_nothing() -> None:
    """Somebody who asks "are you a real person?" does not object, though it sounds like it."""
    replies = {"how_far": ("wrong", 0.99)}
    for asked in (None, Question.risk, Question.partnership, Question.their_agency):
        state = State() if asked is Question.risk else AT_STAGE_1
        heard = told(state, asked, "enquiry", "", enquiry={"topic": "guide"}, replies=replies)
        assert heard.state.review is None
        assert "note_what_is_wrong" not in said(heard, asked)


@pytest.mark.parametrize(
    ("own", "alone", "reached"),
    [
        (None, True, "practitioner"),
        ("practitioner", True, "practitioner"),
        ("line_manager", True, "line_manager"),
        ("practitioner", False, "line_manager"),
    ],
)
def test_who_rang_a_manager_themselves_has_had_no_manager_ring(
    own: str | None,
    alone: bool,  # noqa: FBT001
    reached: str,
) -> None:
    """No rung is passed over that their own manager still has to climb."""
    before = msgspec.structs.replace(AT_STAGE_1, reached=None, level=own)
    talk = {"level": "line_manager", "on": "2026-11-18", "outcome": "unresolved"}
    heard = told(
        before,
        Question.reached,
        "inform",
        facts={"steps": [talk]},
        own_talks=["line_manager"] if alone else [],
    ).state
    assert (heard.reached, heard.step_on) == (reached, "2026-11-18")
    assert heard.step_outcome == "unresolved"


def test_nothing_is_settled_by_what_would_only_be_a_reply() -> None:
    """With no question open, a settlement is told by some clause and not by the sound of it."""
    waiting = msgspec.structs.replace(AT_STAGE_1, step_on="2026-11-18", step_outcome="awaiting")
    replies = {"came_of_it": ("resolved", 0.69)}
    for outcomes in ([], ["awaiting"]):
        heard = told(waiting, None, "inform", "a few words", outcomes=outcomes, replies=replies)
        assert heard.state.step_outcome == "awaiting"
    heard = told(waiting, None, "inform", "a few words", outcomes=["resolved"], replies=replies)
    assert heard.state.step_outcome == "resolved"


@pytest.mark.parametrize("asked", [Question.step_outcome, Question.step_on, None])
def test_a_stages_title_is_that_stage_whatever_is_asked(asked: Question | None) -> None:
    """Its posts are not the person's own agency, and the same stage again changes nothing."""
    kent = policies()["kent"]
    state = State(
        risk=Risk.concern, partnership="kent", trigger_check="no", side="receiver",
        my_agency="childrens_social_care", their_agency="education",
        reached="senior_manager", step_on="2026-11-20",
    )  # fmt: skip
    reading = {"agencies": ["education"], "facts": {"my_agency": "education"}}
    for stage in kent.stages:
        title = f"{stage.label}: {stage.title}".lower()
        heard = told(state, asked, "inform", title, **reading)
        assert heard.state.reached == kent.rung(stage)
        assert heard.state.my_agency == state.my_agency
        assert (heard.state == state) == (kent.rung(stage) == state.reached)


def test_silence_that_is_told_early_is_kept_for_the_stage() -> None:
    """It is no talk, and answers no other question."""
    state = State(risk=Risk.concern, partnership="kent", trigger_check="no")
    heard = told(
        state,
        Question.disagreement,
        "inform",
        "they havent come back to me",
        outcomes=["no_response"],
    )
    assert heard.state == msgspec.structs.replace(state, step_outcome="no_response")
    for grave in (Risk.immediate_danger, Risk.immediate_harm, Risk.unsure):
        today = msgspec.structs.replace(state, risk=grave)
        news = told(
            today, Question.calls_made, "inform", "they havent come back", outcomes=["no_response"]
        )
        assert news.state.step_outcome is None


@pytest.mark.parametrize(
    ("intent", "reading", "mine"),
    [
        ("inform", {}, "housing"),
        ("inform", {"outcomes": ["no_response"]}, None),
        ("threshold", {}, None),
    ],
)
def test_a_lone_agency_answers_which_is_ones_own(
    intent: str, reading: dict[str, Any], mine: str | None
) -> None:
    """Where ones own is asked for, nobody else is meant, unless something of them is told."""
    state = State(risk=Risk.concern, partnership="kent", trigger_check="no", disagreement="unknown")
    said_so = {"agencies": ["housing"], "facts": {"their_agency": "housing"}, **reading}
    text = "tenancy support at a housing association"
    heard = told(state, Question.my_agency, intent, text, **said_so)
    assert heard.state.my_agency == mine


def test_whoever_asks_what_they_told_sees_it() -> None:
    """It opens the answers, and answers no question."""
    asked = (Question.reached, "change_answer", "what have i told you")
    heard = told(State(risk=Risk.concern, partnership="kent"), *asked, request="answers")
    assert (heard.state.review, heard.state.reached) == ("open", None)
    nothing = told(State(), Question.risk, "change_answer", asked[2], request="answers")
    assert [note.name for note in nothing.notes] == ["note_nothing_told"]
