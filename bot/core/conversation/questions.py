"""The next question, computed from the answers at every turn, and the options it offers.

The table below is the order. The first question that is still needed is asked next; when none is,
there is enough for advice. Danger is first and a test pins it there.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import msgspec

from bot.core.conversation.closing import NOT_SETTLED, can_be_settled_at
from bot.core.conversation.figures import Helped, Learned
from bot.core.conversation.rehearsal import on_offer
from bot.core.conversation.returning import OUTCOMES, follow_up_kind
from bot.core.conversation.state import (
    CHECKED_BY_POLICY,
    FOLLOWED,
    IN_DOUBT,
    LEFT_OUT,
    NOTHING,
    OPEN,
    SKIPPED,
    UNKNOWN,
    State,
)
from bot.core.handbook.safety_guidance import SafetyGuidance
from bot.core.handbook.wording import Phrases
from bot.core.policy.model import Anchor, Policy, Stage
from bot.core.rules.narrowing import NarrowedPolicy
from bot.core.rules.stages import required_before
from bot.core.rules.triage import explained
from bot.core.vocabulary import Agency, Disagreement, Outcome, Risk, Word

Policies = Mapping[str, Policy]
GAP = "gap"
MOST_LISTED = 12
"""With more partnerships than this none is listed: the place is typed."""
COUNTED_FROM_EARLIER = {Anchor.earlier_stage_start, Anchor.escalation_start}
"""Added to a level: the highest stage tried, but one that matters before it was left out."""


class Question(Word):
    """A question, its slot and its response `utter_ask_<name>` share one name."""

    calls_made = "calls_made"
    start_again = "start_again"
    delete_case = "delete_case"
    settled = "settled"
    review = "review"
    follow_up = "follow_up"
    risk = "risk"
    rehearsal = "rehearsal"
    exit_check = "exit_check"
    partnership = "partnership"
    area = "area"
    trigger_check = "trigger_check"
    disagreement = "disagreement"
    my_agency = "my_agency"
    their_agency = "their_agency"
    child_status = "child_status"
    reached = "reached"
    earlier_followed = "earlier_followed"
    earlier_on = "earlier_on"
    step_on = "step_on"
    step_outcome = "step_outcome"
    concern_on = "concern_on"
    helped = "helped"
    learned = "learned"


class Option(msgspec.Struct, frozen=True):
    """An answer on offer: its value and the title that is shown."""

    value: str
    title: str


def next_question(state: State, policies: Policies, reopened: str | None = None) -> Question | None:
    """Return the question to ask now, or None when there is enough for advice.

    `reopened` is the answer that somebody has just asked to give anew. It is asked before the
    other answers, and after danger and whatever else stands above them.
    """
    first = _first_needed(state, policies)
    if reopened is None or first is None or first not in ANSWERS:
        return first
    asked_again = (one for one, needed in TABLE if one == reopened and needed(state, policies))
    return next(asked_again, first)


def _first_needed(state: State, policies: Policies) -> Question | None:
    for question, needed in TABLE:
        if needed(state, policies):
            return question
        if question in ENDS and ENDS[question](state):
            return None
    return None


def _calls_made(state: State, _: Policies) -> bool:
    return state.urgent and state.calls_made is None


def _start_again(state: State, _: Policies) -> bool:
    return state.start_again == OPEN


def _review(state: State, _: Policies) -> bool:
    return state.review == OPEN


def _delete_case(state: State, _: Policies) -> bool:
    return state.delete_case is not None


def _settled(state: State, _: Policies) -> bool:
    return state.settled == OPEN


def _not_by_the_form(_: State, __: Policies) -> bool:
    # Offered after the advice, and left at that: nobody has to answer.
    return False


def _follow_up(state: State, _: Policies) -> bool:
    # What is to be done today comes first, and the stages wait.
    return state.follow_up is not None and not state.urgent


def _risk(state: State, _: Policies) -> bool:
    return state.risk is None


def _rehearsal(state: State, _: Policies) -> bool:
    return state.rehearsal is not None


def _exit_check(state: State, _: Policies) -> bool:
    asks = state.exit is not None and state.exit not in CHECKED_BY_POLICY
    return asks and state.exit_check is None


def _partnership(state: State, _: Policies) -> bool:
    return state.partnership is None


def _area(state: State, policies: Policies) -> bool:
    policy = state.policy(policies)
    return bool(policy and policy.areas) and state.area is None


def _trigger_check(state: State, policies: Policies) -> bool:
    policy = state.policy(policies)
    asks = policy is not None and bool(policy.triggers) and state.risk is Risk.concern
    return asks and state.trigger_check is None


def _disagreement(state: State, _: Policies) -> bool:
    return state.disagreement is None


def _my_agency(state: State, _: Policies) -> bool:
    return state.my_agency is None


def _their_agency(state: State, _: Policies) -> bool:
    return state.their_agency is None


def _child_status(state: State, policies: Policies) -> bool:
    policy = state.whole_policy(policies)
    return state.child_status is None and policy is not None and bool(policy.child_statuses())


def _reached(state: State, _: Policies) -> bool:
    return state.reached is None


def _earlier_followed(state: State, policies: Policies) -> bool:
    return bool(unconfirmed(state, policies))


def _earlier_on(state: State, policies: Policies) -> bool:
    return undated(state, policies) is not None


def _step_on(state: State, policies: Policies) -> bool:
    if state.tried is None or state.step_on is not None:
        return False
    if state.step_outcome == Outcome.resolved:
        # Nothing is counted from the day of a stage that has settled it.
        return False
    # Where they are sent back to a stage that was left out, or where the limit is counted from an
    # earlier stage, the day of this one changes nothing.
    sent_back = any(
        state.earlier.get(one.level) == LEFT_OUT for one in must_precede(state, policies)
    )
    before = counted_from(state, policies)
    return not sent_back and (before is None or state.earlier.get(before.level) == LEFT_OUT)


def _step_outcome(state: State, _: Policies) -> bool:
    return state.tried is not None and state.step_outcome is None


def _concern_on(state: State, policies: Policies) -> bool:
    policy = state.policy(policies)
    if policy is None or state.reached != NOTHING or state.concern_on is not None:
        return False
    limits = policy.stages[0].to_answer
    return any(one.counted_from is Anchor.concern for limit in limits for one in limit.readings)


Needed = Callable[[State, Policies], bool]
TABLE: tuple[tuple[Question, Needed], ...] = (
    (Question.calls_made, _calls_made),
    (Question.start_again, _start_again),
    (Question.delete_case, _delete_case),
    (Question.settled, _settled),
    (Question.review, _review),
    (Question.follow_up, _follow_up),
    (Question.risk, _risk),
    (Question.rehearsal, _rehearsal),
    (Question.exit_check, _exit_check),
    (Question.partnership, _partnership),
    (Question.area, _area),
    (Question.trigger_check, _trigger_check),
    (Question.disagreement, _disagreement),
    (Question.my_agency, _my_agency),
    (Question.their_agency, _their_agency),
    (Question.child_status, _child_status),
    (Question.reached, _reached),
    (Question.earlier_followed, _earlier_followed),
    (Question.earlier_on, _earlier_on),
    (Question.step_on, _step_on),
    (Question.step_outcome, _step_outcome),
    (Question.concern_on, _concern_on),
    (Question.helped, _not_by_the_form),
    (Question.learned, _not_by_the_form),
)
ANSWERS = [question for question, _ in TABLE][
    [one for one, _ in TABLE].index(Question.partnership) :
]
"""The questions about the disagreement itself, below danger and what is about the talk."""

ENDS: dict[Question, Callable[[State], bool]] = {
    Question.exit_check: lambda state: state.exit_check == "yes" and not state.urgent,
    Question.partnership: lambda state: state.urgent,
}
"""Questions after which some answers need no more: another procedure, or danger."""


def must_precede(state: State, policies: Policies) -> list[Stage]:
    """Return the stages below the highest that the policy wants first, for it or the next one."""
    policy, top = state.policy(policies), state.stage(policies)
    if policy is None or top is None:
        return []
    ahead = policy.following(top) or top
    return [stage for stage, _ in required_before(policy, ahead) if stage.number < top.number]


def unconfirmed(state: State, policies: Policies) -> list[Stage]:
    """Return the stages that must have come first and of which nothing was said."""
    return [
        one
        for one in must_precede(state, policies)
        if state.earlier.get(one.level) in {None, IN_DOUBT}
    ]


def counted_from(state: State, policies: Policies) -> Stage | None:
    """Return the earlier stage that a limit of the highest stage is counted from, if any."""
    policy, top = state.policy(policies), state.stage(policies)
    if policy is None or top is None:
        return None
    for limit in top.to_answer:
        for reading in limit.readings:
            if reading.stage is None or reading.stage >= top.number:
                continue
            if reading.counted_from in COUNTED_FROM_EARLIER:
                return policy.stage(reading.stage)
    return None


def undated(state: State, policies: Policies) -> Stage | None:
    """Return the earlier stage whose date a limit is counted from and was not yet asked."""
    stage = counted_from(state, policies)
    return stage if stage and state.earlier.get(stage.level) in {None, FOLLOWED} else None


def expected_before(state: State, policies: Policies) -> list[Stage]:
    """Return the stages below the highest that matter: wanted first, or counted from."""
    stage = counted_from(state, policies)
    wanted = must_precede(state, policies)
    return wanted if stage is None or stage in wanted else [*wanted, stage]


class Menu(msgspec.Struct, frozen=True):
    """What the options of a question are made from."""

    state: State
    policies: Policies
    today: date
    phrases: Phrases

    def titled(self, of: str, *values: str) -> list[Option]:
        """Return options whose titles are the responses `utter_option_<of>_<value>`."""
        return [Option(value, self.phrases.say(f"option_{of}_{value}")) for value in values]

    @property
    def policy(self) -> NarrowedPolicy:
        """The policy in question; the questions that need it come after it is known."""
        policy = self.state.policy(self.policies)
        if policy is None:
            msg = "these options need a partnership"
            raise ValueError(msg)
        return policy


def options(question: Question, menu: Menu) -> list[Option]:
    """Return the answers on offer. Titles come from the response files and the policy."""
    found = OPTIONS[question](menu)
    return found if question in WITHOUT_UNKNOWN else [*found, *menu.titled("any", UNKNOWN)]


def _partnership_options(menu: Menu) -> list[Option]:
    own = [Option(one.id, one.short_name) for one in menu.policies.values() if not one.fallback]
    shown = [] if _too_many(menu.policies) else own
    return [*shown, *menu.titled("partnership", "elsewhere")]


def _too_many(policies: Policies) -> bool:
    """Say whether there are more partnerships than people would look through."""
    return sum(not one.fallback for one in policies.values()) > MOST_LISTED


def _disagreement_options(menu: Menu) -> list[Option]:
    if menu.state.guesses:
        return menu.titled("disagreement", *menu.state.guesses, "another")
    return menu.titled("disagreement", *map(str, Disagreement))


def _agency_options(menu: Menu) -> list[Option]:
    return menu.titled("agency", *map(str, Agency))


def _status_options(menu: Menu) -> list[Option]:
    policy = menu.state.whole_policy(menu.policies)
    named = [str(status) for status in policy.child_statuses()] if policy else []
    several = menu.titled("child_status", "all") if len(named) > 1 else []
    return [
        *menu.titled("child_status", *named),
        *(Option(".".join(named), option.title) for option in several),
        *menu.titled("child_status", "none"),
    ]


def _follow_up_options(menu: Menu) -> list[Option]:
    kind = follow_up_kind(menu.state)
    return menu.titled(f"follow_up_{kind}", *map(str, OUTCOMES[kind]))


def _settled_options(menu: Menu) -> list[Option]:
    stages = can_be_settled_at(menu.state, menu.policies)
    say = menu.phrases.say
    return [
        *(
            Option(str(one.level), say("option_settled_at", stage=f"{one.label}: {one.title}"))
            for one in stages
        ),
        *menu.titled("settled", NOT_SETTLED),
    ]


def _reached_options(menu: Menu) -> list[Option]:
    """Offer every rung, and it again without a rung that matters before it."""
    found = menu.titled("reached", NOTHING)
    for stage in menu.policy.stages:
        found.append(Option(str(stage.level), f"{stage.label}: {stage.title}"))
        before = expected_before(
            msgspec.structs.replace(menu.state, reached=str(stage.level)), menu.policies
        )
        if before:
            name = "reached_gap" if len(before) == 1 else "reached_gaps"
            title = menu.phrases.say(f"option_{name}", stage=stage.label, missing=before[0].label)
            found.append(Option(f"{stage.level}.{GAP}", title))
    return found


def _day_options(menu: Menu) -> list[Option]:
    yesterday = menu.today - timedelta(days=1)
    return [
        Option(menu.today.isoformat(), menu.phrases.say("option_day_today")),
        Option(yesterday.isoformat(), menu.phrases.say("option_day_yesterday")),
    ]


def _earlier_on_options(menu: Menu) -> list[Option]:
    stage = undated(menu.state, menu.policies)
    followed = stage is not None and menu.state.earlier.get(stage.level) == FOLLOWED
    left_out = [] if followed else menu.titled("earlier_on", LEFT_OUT)
    return [*_day_options(menu), *left_out]


def _earlier_followed_options(menu: Menu) -> list[Option]:
    """Offer that all were followed, each that may have been left out, and none of them."""
    say = menu.phrases.say
    stages = unconfirmed(menu.state, menu.policies)
    doubted = IN_DOUBT in menu.state.earlier.values()
    found = [] if doubted else [Option("all", say("option_earlier_followed_all"))]
    for stage in stages:
        title = say("option_earlier_followed_left_out", stage=stage.label)
        found.append(Option(str(stage.level), title))
    if len(stages) > 1:
        everyone = ".".join(str(stage.level) for stage in stages)
        found.append(Option(everyone, say("option_earlier_followed_none")))
    return found


OPTIONS: Mapping[Question, Callable[[Menu], list[Option]]] = {
    Question.calls_made: lambda menu: menu.titled("calls_made", "made", "not_now"),
    Question.start_again: lambda menu: menu.titled("start_again", "yes", "no"),
    Question.delete_case: lambda menu: menu.titled("delete_case", "yes", "no"),
    Question.settled: _settled_options,
    Question.review: lambda menu: menu.titled("review", "done"),
    Question.follow_up: _follow_up_options,
    Question.risk: lambda menu: menu.titled("risk", *map(str, Risk)),
    Question.rehearsal: lambda menu: menu.titled("rehearsal", *map(str, on_offer(menu.state))),
    Question.exit_check: lambda menu: menu.titled("exit_check", "yes", "no"),
    Question.partnership: _partnership_options,
    Question.area: lambda menu: [Option(area.id, area.name) for area in menu.policy.areas],
    Question.trigger_check: lambda menu: menu.titled("trigger_check", "yes", "no"),
    Question.disagreement: _disagreement_options,
    Question.my_agency: _agency_options,
    Question.their_agency: _agency_options,
    Question.child_status: _status_options,
    Question.reached: _reached_options,
    Question.step_on: _day_options,
    Question.step_outcome: lambda menu: menu.titled("step_outcome", *map(str, Outcome)),
    Question.earlier_followed: _earlier_followed_options,
    Question.earlier_on: _earlier_on_options,
    Question.concern_on: _day_options,
    Question.helped: lambda menu: menu.titled("helped", *map(str, Helped), SKIPPED),
    Question.learned: lambda menu: menu.titled("learned", *map(str, Learned), SKIPPED),
}
WITHOUT_UNKNOWN = {
    Question.helped,
    Question.learned,
    Question.settled,
    Question.calls_made,
    Question.start_again,
    Question.delete_case,
    Question.review,
    Question.follow_up,
    Question.risk,
    Question.rehearsal,
}
"""Questions whose own options already hold the doubt, or that have a yes and a no."""


def question_response(question: Question, menu: Menu) -> str:
    """Return the name of the response that asks a question, without "utter_"."""
    if question is Question.disagreement and menu.state.guesses:
        return "ask_disagreement_guess"
    if question is Question.partnership and _too_many(menu.policies):
        return "ask_partnership_typed"
    if question is Question.earlier_followed and IN_DOUBT in menu.state.earlier.values():
        return "ask_earlier_left_out"
    return f"ask_{question}"


def question_gaps(
    question: Question, menu: Menu, safety_guidance: SafetyGuidance
) -> dict[str, str]:
    """Return what fills the gaps of a question's response."""
    if question is Question.trigger_check:
        return {"what": " ".join(trigger.question for trigger in menu.policy.triggers)}
    if question is Question.step_on:
        top = menu.state.stage(menu.policies)
        return {"stage": f"{top.label} ({top.title})" if top else ""}
    if question is Question.earlier_on:
        stage = undated(menu.state, menu.policies)
        return {"stage": f"{stage.label} ({stage.title})" if stage else ""}
    if question is Question.earlier_followed:
        rules = [stage.must_follow for stage in menu.policy.stages if stage.must_follow]
        return {"what": rules[0].what}
    if question is Question.exit_check and menu.state.exit:
        said = explained(menu.state.exit, menu.state.policy(menu.policies), safety_guidance)
        sources = dict.fromkeys(f"{one.document}, {one.section}" for _, one in said)
        return {"what": " ".join(what for what, _ in said), "source": "; ".join(sources)}
    return {}
