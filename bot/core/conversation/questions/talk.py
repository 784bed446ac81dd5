"""The questions about the conversation, from "have you made those calls?" to what was learned."""

from msgspec.structs import replace

from bot.core.conversation import calls
from bot.core.conversation.closing import NOT_SETTLED, stages_to_settle_at, take_settled
from bot.core.conversation.figures import Decision, Helped, Learned
from bot.core.conversation.questions.spec import (
    NO,
    YES,
    Menu,
    Option,
    Question,
    QuestionSpec,
    fixed_options,
    in_guidance,
    member_of,
    one_of,
)
from bot.core.conversation.rehearsal import after_move, offered_moves
from bot.core.conversation.returning import (
    NOT_DONE,
    OUTCOMES,
    ProgressReport,
    apply_report,
    follow_up_kind,
)
from bot.core.conversation.several import BEGIN, GO, STAY, case_line
from bot.core.conversation.state import OPEN, SKIPPED, UNKNOWN, Policies, State
from bot.core.conversation.whom import ToldCall
from bot.core.vocabulary import URGENT_RISKS, CallOutcome, CallTo, Risk

FOR_A_MOMENT = "of a question that is open for a moment"


def _take_calls(state: State, value: str, _: Policies) -> State | None:
    outcome, _dot, rest = value.partition(".")
    whose, _dot, number = rest.rpartition(".")
    to = member_of(CallTo, whose or state.turning_to)
    if outcome in set(map(str, calls.OUTCOMES)) and to and number == str(len(state.calls)):
        return calls.with_calls(state, [ToldCall(to, CallOutcome(outcome))])
    state = replace(state, unplaced=None)
    if value == "made":
        # Having made the calls confirms the red flag: the risk rises to it.
        risk = state.with_heard_risk().risk
        # It was real: the rest of a rehearsal must not delay what to do now.
        told = replace(state, calls_made=value, risk=risk, red_flag=None, danger_now=False)
        return calls.made_all(replace(told, rehearsal=None))
    if value == "now":
        if state.red_flag is not None:
            return replace(state, danger_now=True, calls_made=None)
        return replace(state, risk=Risk.immediate_danger, calls_made=None)
    if value == "not_now":
        # Something new was heard since a risk was stated, so it is asked again and never lowered
        # here. What was heard in a practice says nothing of it.
        calm = state.risk not in URGENT_RISKS
        return replace(
            state,
            calls_made=None,
            risk=state.risk if calm and state.rehearsing else None,
            trigger_check=state.trigger_check if calm else None,
            red_flag=None,
            danger_now=False,
            harms=(),
        )
    return None


def _calls_options(menu: Menu) -> list[Option]:
    """Return what can have come of turning to whoever stands first, or whose call it was.

    The value holds the number of the call, so that an older button is known as that.
    """
    made, not_now = menu.titled("calls_made", "made", "not_now")
    number = len(menu.state.calls)
    if menu.state.turning_to is None:
        return [made, not_now]
    outcome = menu.state.unplaced
    if outcome is not None:
        say = menu.phrases.say
        return [
            *(Option(f"{outcome}.{to}.{number}", say(f"option_calls_made_{to}")) for to in CallTo),
            not_now,
        ]
    outcomes = [
        Option(f"{outcome}.{number}", menu.phrases.say(f"option_calls_made_{outcome}"))
        for outcome in calls.OUTCOMES
    ]
    # Their order never changes: a number that is typed stands for the same on every card.
    return [made, *outcomes, not_now]


def _other_cases_options(menu: Menu) -> list[Option]:
    state, say = menu.state, menu.phrases.say
    go = [
        Option(
            f"{GO}{number}",
            say("option_go_on_with", case=case_line(other, menu.policies, menu.phrases)),
        )
        for number, other in enumerate(state.others)
    ]
    return [*go, *menu.titled("other_cases", BEGIN, STAY)]


def _take_start_again(state: State, value: str, _: Policies) -> State | None:
    if value != "yes":
        return replace(state, start_again=None)
    # The same account told again is the same escalation in the figures.
    known = state.case or state.figure
    accounts = state.accounts | ({state.account: known} if known else {})
    return State(accounts=accounts, practice=state.practice, others=state.others)


def _is_saved(state: State) -> bool:
    """Say whether the deletion takes a saved case with it."""
    return bool(state.case or any(other.case for other in state.others))


def _take_delete(state: State, value: str, _: Policies) -> State | None:
    if value not in {"yes", "no"}:
        return None
    return replace(state, delete_case="yes" if value == "yes" else None)


def _settled_options(menu: Menu) -> list[Option]:
    stages = stages_to_settle_at(menu.state, menu.policies)
    say = menu.phrases.say
    return [
        *(
            Option(
                menu.policy.rung(stage),
                say("option_settled_at", stage=f"{stage.label}: {stage.title}"),
            )
            for stage in stages
        ),
        *menu.titled("settled", NOT_SETTLED),
    ]


def _take_review(state: State, _: str, __: Policies) -> State | None:
    return replace(state, review=None)


def _follow_up_needed(state: State, _: Policies) -> bool:
    # What to do today comes first; the stages wait.
    return state.follow_up is not None and not state.urgent


def _follow_up_options(menu: Menu) -> list[Option]:
    kind = follow_up_kind(menu.state)
    return menu.titled(f"follow_up_{kind}", *map(str, OUTCOMES[kind]))


def _take_follow_up(state: State, value: str, policies: Policies) -> State | None:
    known = {*map(str, OUTCOMES[follow_up_kind(state)]), UNKNOWN}
    if state.follow_up is None or value not in known:
        return None
    return apply_report(state, ProgressReport(value), policies)


def _take_rehearsal(state: State, value: str, _: Policies) -> State | None:
    return after_move(state, value)


SPECS = (
    QuestionSpec(
        name=Question.calls_made,
        needed=lambda state, _: state.urgent and state.calls_made is None,
        aside=True,
        response=lambda menu: f"ask_calls_{'whose' if menu.state.unplaced else 'made'}",
        options=_calls_options,
        unknown=False,
        source=in_guidance(lambda guidance: guidance.same_day.source),
        values=one_of("made"),
        take=_take_calls,
        short={"called_for_help": "made", YES: "made", "not_happening_now": "not_now"},
        begins=True,
    ),
    QuestionSpec(
        name=Question.calls,
        needed=None,
        aside=True,
        options=lambda _: [],
        unknown=False,
        not_kept="of one day",
        forgets=("calls_made",),
        shown=True,
        quiet=True,
        title=calls.call_title,
    ),
    QuestionSpec(
        name=Question.start_again,
        needed=lambda state, _: state.start_again == OPEN,
        aside=True,
        options=fixed_options("start_again", "yes", "no"),
        unknown=False,
        take=_take_start_again,
        short={YES: "yes", NO: "no"},
        not_kept=FOR_A_MOMENT,
    ),
    QuestionSpec(
        name=Question.delete_case,
        needed=lambda state, _: state.delete_case is not None,
        aside=True,
        response=lambda menu: f"ask_delete_{'case' if _is_saved(menu.state) else 'conversation'}",
        options=fixed_options("delete_case", "yes", "no"),
        unknown=False,
        take=_take_delete,
        short={YES: "yes", NO: "no"},
        not_kept=FOR_A_MOMENT,
    ),
    QuestionSpec(
        name=Question.other_cases,
        needed=lambda state, _: state.other_cases == OPEN,
        aside=True,
        response=lambda menu: "ask_other_cases" if menu.state.others else "ask_other_case",
        options=_other_cases_options,
        unknown=False,
        short={YES: BEGIN, NO: STAY},
        not_kept=FOR_A_MOMENT,
    ),
    QuestionSpec(
        name=Question.settled,
        needed=lambda state, _: state.settled == OPEN,
        aside=True,
        options=_settled_options,
        unknown=False,
        take=take_settled,
        not_kept=FOR_A_MOMENT,
    ),
    QuestionSpec(
        name=Question.review,
        needed=lambda state, _: state.review == OPEN,
        aside=True,
        options=fixed_options("review", "done"),
        unknown=False,
        take=_take_review,
        not_kept=FOR_A_MOMENT,
    ),
    QuestionSpec(
        name=Question.follow_up,
        needed=_follow_up_needed,
        aside=True,
        options=_follow_up_options,
        unknown=False,
        take=_take_follow_up,
        short={NO: NOT_DONE},
        not_kept="is kept beside the answers",
    ),
    QuestionSpec(
        name=Question.rehearsal,
        needed=lambda state, _: state.rehearsal is not None,
        aside=True,
        options=lambda menu: menu.titled("rehearsal", *map(str, offered_moves(menu.state))),
        unknown=False,
        take=_take_rehearsal,
        not_kept="of a practice, which ends with the conversation",
    ),
    QuestionSpec(
        name=Question.decision,
        needed=None,
        aside=True,
        options=fixed_options("decision", *map(str, Decision), SKIPPED),
        unknown=False,
        values=one_of(Decision, SKIPPED),
    ),
    QuestionSpec(
        name=Question.helped,
        needed=None,
        aside=True,
        options=fixed_options("helped", *map(str, Helped), SKIPPED),
        unknown=False,
        values=one_of(Helped, SKIPPED),
    ),
    QuestionSpec(
        name=Question.learned,
        needed=None,
        aside=True,
        options=fixed_options("learned", *map(str, Learned), SKIPPED),
        unknown=False,
        values=one_of(Learned, SKIPPED),
    ),
)
