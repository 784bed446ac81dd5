"""The values for the gaps of a letter: facts, policy and advice in words."""

from collections.abc import Iterable
from datetime import date

from bot.core.letters.calls import calls_told
from bot.core.letters.case import WAITING, LetterCase, StagedCase, stage_owing_answer
from bot.core.letters.text import Letters
from bot.core.policy.model import TOGETHER, Limit, Owed, Party, Stage, Strength
from bot.core.rules.deadlines import Deadline, in_full
from bot.core.rules.facts import Facts, Step
from bot.core.rules.narrowing import NarrowedPolicy
from bot.core.rules.triage import is_told, steps_by_date
from bot.core.rules.working_days import working_days_between
from bot.core.vocabulary import (
    Action,
    Agency,
    Level,
    Outcome,
    Risk,
    Worry,
)

UNKNOWN = "unknown"
"""The key of the terms for an unknown kind of disagreement."""
MOST_IN_FULL = 2
"""With more steps than that, a short message tells only the latest with its day. So many of which
nothing was told stand in one line there."""


def letter_values(
    case: LetterCase, here: StagedCase | None, letters: Letters, *, longer: bool
) -> dict[str, str]:
    """Return the values that the facts give; all other gaps stay open.

    A `longer` message tells every step with its day.
    """
    values: dict[str, str | None] = {
        **_terms(case.facts, letters),
        "today": in_full(case.today),
        "their_agency": agency_name(case.facts.their_agency, letters),
        "urgent_to": agency_name(_asked_today(case.facts), letters),
        "unsure": letters.words["unsure"] if case.facts.risk is Risk.unsure else None,
        "heard": "yes" if case.heard else None,
        **calls_told(case.facts, letters),
    }
    if here:
        values |= _where(here, letters)
        values |= _done(here, letters, longer=longer)
        values |= _owed(here, letters) if _is_owed(here) else _coming(here, letters)
        values |= _to_start(here, letters)
        values |= _what_is_owed(here, letters)
        values |= _papers(here)
        values |= _own_no(here.facts, letters)
    return {name: value for name, value in values.items() if value}


def _asked_today(facts: Facts) -> Agency:
    """Return whom to ask to act today: social care, unless it is they who ask."""
    own = facts.my_agency is Agency.childrens_social_care
    return Agency.police if own else Agency.childrens_social_care


def agency_name(agency: Agency | None, letters: Letters) -> str:
    """Return an agency's name for use in a sentence."""
    return letters.words[f"agency_{agency or Agency.other}"]


def _terms(facts: Facts, letters: Letters) -> dict[str, str | None]:
    """Return the words for the disagreement. Of one that nobody named, only the open question.

    What they ask for nobody has said: it stays a gap, and what to write stands beside the draft.
    """
    if facts.disagreement is None:
        return {"question": letters.terms[UNKNOWN].question}
    terms = letters.terms[facts.disagreement]
    return {
        "concern": terms.concern,
        "question": terms.question,
        "by_decision": "yes" if terms.by_decision else None,
        "no_decision": None if terms.by_decision else "yes",
    }


def _is_talk(stage: Stage) -> bool:
    """Say whether a stage is the informal talk before a policy's numbered stages."""
    return stage.number == 0


def _label(stage: Stage, letters: Letters) -> str:
    return letters.words["talk"] if _is_talk(stage) else stage.label


def _where(here: StagedCase, letters: Letters) -> dict[str, str | None]:
    at, policy, advice = here.at, here.policy, here.advice
    after = policy.following(at)
    reached = advice.stage.number if advice.stage else at.number
    ahead = advice.next.to_stage
    back = ahead is not None and ahead <= reached and not _is_owed(here)
    our_policy = letters.say(
        "fallback_policy" if policy.fallback else "local_policy", policy=policy.name
    )
    named = _label(at, letters)
    return {
        "policy": policy.name,
        "our_policy": our_policy,
        "fallback": policy.fallback.what if policy.fallback else None,
        "stage": named,
        "stage_label": letters.words["talk_label"] if _is_talk(at) else at.label,
        "under": letters.say(
            "under_talk" if _is_talk(at) else "under_stage", stage=named, our_policy=our_policy
        ),
        "next_stage": _label(after, letters) if after and not back else None,
        "went_back": named if back else None,
        "with_partnership": named if at.level is Level.partnership else None,
        "by_talk": named if at.level is Level.practitioner else None,
        "talking": named if advice.next.action is Action.discuss else None,
        "waiting": named if advice.next.action is Action.wait else None,
        "ended": named if advice.next.action is Action.record else None,
        **_on_our_side(here, named, after, letters),
    }


def _on_our_side(
    here: StagedCase, named: str, after: Stage | None, letters: Letters
) -> dict[str, str | None]:
    """Return what somebody's own manager is told comes next: an answer, a stage, or neither."""
    action = here.advice.next.action
    waits = action is Action.wait
    return {
        "answer_owed": named if action is Action.respond else None,
        "may_come": _label(after, letters) if waits and after else None,
        "with_them": named if waits and not after else None,
    }


def _done(here: StagedCase, letters: Letters, *, longer: bool) -> dict[str, str | None]:
    steps = tuple(steps_by_date(here.facts.steps))
    raised = here.where.anchors.started.get(here.at.number)
    shortened = () if longer else _told_shortly(steps)
    shown = steps[len(shortened) :]
    untold = [step for step in shown if not is_told(step, steps)]
    together = [] if longer or len(untold) < MOST_IN_FULL else untold
    lines = [
        _step(
            step,
            here.policy,
            letters,
            told=is_told(step, here.facts.steps),
            latest=step is steps[-1],
        )
        for step in shown
        if step not in together
    ]
    if together:
        lines.insert(0, letters.say("step_untold", stage=_labels(together, here, letters)))
    if shortened:
        lines.insert(0, letters.say("steps_before", what=_labels(shortened, here, letters)))
    return {
        "history": "\n".join(lines),
        "last_step": _last_step(steps[-1], here.policy, letters) if steps else None,
        "was_raised": _label(here.at, letters) if steps else None,
        "raised_on": in_full(raised) if raised else None,
    }


def _labels(steps: Iterable[Step], here: StagedCase, letters: Letters) -> str:
    """Return the stages of some steps in a row, each once."""
    stages = [here.policy.stage_for(step.level, step.stage) for step in steps]
    return ", ".join(dict.fromkeys(_label(stage, letters) for stage in stages))


def _told_shortly(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return the steps that a short message only names: those before the latest, if several.

    All of them are told as not settled, or none is named so.
    """
    before = steps[:-1] if len(steps) > MOST_IN_FULL else ()
    told = all(is_told(step, steps) and step.outcome is Outcome.unresolved for step in before)
    return before if told else ()


def _step(step: Step, policy: NarrowedPolicy, letters: Letters, *, told: bool, latest: bool) -> str:
    """Return the line of a step. One below the last without a day is only supposed: it is a gap.

    What the latest answer was is a gap too: the guide keeps its day and not its words.
    """
    at = policy.stage_for(step.level, step.stage)
    if not told:
        return letters.say("step_untold", stage=_label(at, letters))
    how = "talked" if step.level is Level.practitioner else "raised"
    what = letters.say(f"{how}_{step.outcome}", stage=_label(at, letters))
    if at.ends and step.outcome is not Outcome.resolved:
        # The policy ends with a record here, so nobody was to answer or to settle it.
        what = letters.say("raised_ended", stage=_label(at, letters))
    elif step.answered_on and latest:
        answered = f"{step.answered_on.day} {step.answered_on:%B %Y}"
        what = f"{what} {letters.say('answered', day=answered)}"
    if step.on is None:
        return letters.say("step_undated", what=what)
    return letters.say("step", what=what, day=f"{step.on.day} {step.on:%B %Y}")


def _last_step(step: Step, policy: NarrowedPolicy, letters: Letters) -> str:
    at = policy.stage_for(step.level, step.stage)
    how = "talked" if step.level is Level.practitioner else "raised"
    came = "waiting" if step.outcome in WAITING else "open"
    return letters.say(
        "last_raised_ended" if at.ends else f"last_{how}_{came}", stage=_label(at, letters)
    )


def _is_owed(here: StagedCase) -> bool:
    return here.at is stage_owing_answer(here.where, here.policy, here.advice)


def limits_at(here: StagedCase) -> list[Deadline]:
    """Return the deadlines for an answer at the letter's stage, the earliest first."""
    named = {limit.what for limit in here.at.to_answer}
    found = [
        deadline
        for deadline in here.advice.deadlines
        if deadline.what in named and _concerns_them(deadline)
    ]
    if here.advice.next.to_stage is not None:
        starting = not _is_owed(here)
        over_stages = _caps(here)
        found = [
            deadline
            for deadline in found
            if deadline.if_raised_today is starting or deadline.what in over_stages
        ]
    return sorted(found, key=lambda deadline: deadline.due)


def _concerns_them(limit: Limit | Deadline) -> bool:
    """Say whether a limit is the other side's business: not what the raiser alone has to do."""
    return limit.who is not Party.raiser or limit.shared or limit.owed in TOGETHER


def _coming(here: StagedCase, letters: Letters) -> dict[str, str | None]:
    """Return the policy's dates for the answer that the letter is about to ask for."""
    return _dates(here, limits_at(here), letters)


def _what_is_owed(here: StagedCase, letters: Letters) -> dict[str, str | None]:
    """Return what the other side owes at the stage, and what both may do together."""
    limits = limits_at(here)
    asked = _asked_for(limits, _caps(here))
    timed = asked or next(iter(limits), None)
    sent = asked if asked and not _together(asked) else None
    what = _noun(sent, letters)
    kind = asked.owed if asked and asked.owed in TOGETHER else Owed.answer
    of_partnership = "partnership_answer" if sent and sent.who is Party.partnership else None
    return {
        "answer": letters.say("your_answer", what=what),
        "their_answer": letters.say(of_partnership or "their_answer", what=what),
        "our_answer": letters.say(of_partnership or "our_answer", what=what),
        "in_writing": "yes" if any(limit.written for limit in limits) else None,
        "settle": letters.words[f"settle_{kind.value}"],
        "time": letters.words[f"time_{_strength(timed) if timed else 'must'}"],
    }


def _asked_for(limits: list[Deadline], caps: set[str]) -> Deadline | None:
    """Return the limit that a letter asks by: theirs before ours, a stage's own before a cap.

    A mere acknowledgement is asked for only where nothing else is owed.
    """
    running = [limit for limit in limits if not limit.overdue]
    own = [limit for limit in running if limit.what not in caps] or running
    weighty = [limit for limit in own if limit.owed is not Owed.acknowledgement] or own
    theirs = [limit for limit in weighty if limit.who is not Party.raiser]
    return next(iter(theirs or weighty), None)


def _together(limit: Deadline) -> bool:
    """Whether both sides do it, so that nobody sends the other an answer."""
    return limit.who is Party.raiser or limit.owed in TOGETHER


def _caps(here: StagedCase) -> set[str]:
    return {cap.what for cap in here.policy.caps}


def _noun(limit: Deadline | None, letters: Letters) -> str:
    kind = limit.owed if limit else Owed.answer
    word = letters.words[f"owed_{kind.value}"]
    return letters.say("owed_written", what=word) if limit and limit.written else word


def _owed(here: StagedCase, letters: Letters) -> dict[str, str | None]:
    """Return the date an answer is owed by, or the date since which it is overdue."""
    limits = limits_at(here)
    passed = [deadline for deadline in limits if deadline.overdue]
    if not passed:
        return _dates(here, limits, letters)
    first = passed[0]
    name = "unsettled" if first.who is Party.raiser else "owed"
    said = letters.say(
        f"{name}_{_strength(first)}",
        day=in_full(first.due),
        what=_noun(first, letters),
        late=_late(working_days_between(first.due, here.today, here.policy.nation), letters),
    )
    return {"overdue": said, "due_on": in_full(first.due) if _was_due(first, here) else None}


def _was_due(limit: Deadline, here: StagedCase) -> bool:
    """Say whether an answer was due by then: a guide, a shared time or a cap makes nobody late."""
    own = limit.what not in _caps(here) and limit.who is not Party.raiser
    return own and not limit.shared and limit.strength is Strength.must


def _late(days: int, letters: Letters) -> str:
    if not days:
        return ""
    return letters.say("late_one" if days == 1 else "late_many", number=str(days))


def _dates(here: StagedCase, limits: list[Deadline], letters: Letters) -> dict[str, str | None]:
    asked = _asked_for(limits, _caps(here))
    if asked:
        return _dated("settle" if _together(asked) else "reply", asked, here, letters)
    if limits:
        return {"late_on": in_full(limits[0].due)}
    if here.at.number in here.policy.undecided:
        listed = " or ".join(priority.name for priority in here.policy.priorities)
        return {"no_date": letters.say("no_track", what=listed)}
    ends = any(limit.has_end and _concerns_them(limit) for limit in here.at.to_answer)
    none = "not_read" if here.at.not_read else "no_limit"
    return {"no_date": letters.words["no_day" if ends else none]}


def _dated(
    name: str, deadline: Deadline, here: StagedCase, letters: Letters
) -> dict[str, str | None]:
    counted = any(deadline.what == limit.what and limit.amount for limit in here.at.to_answer)
    how = _strength(deadline) if counted else "now"
    return {
        f"{name}_by": in_full(deadline.due),
        f"{name}_why": letters.say(f"limit_{how}", rule=deadline.rule),
    }


def _strength(deadline: Deadline) -> str:
    return "guide" if deadline.strength is Strength.guide else "must"


def _to_start(here: StagedCase, letters: Letters) -> dict[str, str | None]:
    """Return the limits for beginning the stage, for whoever has to take it up."""
    if here.advice.next.action is not Action.escalate or _is_owed(here):
        return {}
    answers = {limit.what for limit in here.at.to_answer}
    others = [deadline for deadline in here.advice.deadlines if deadline.what not in answers]
    ours = [
        deadline for deadline in others if deadline.who is Party.raiser and not deadline.overdue
    ]
    passed = [deadline.due for deadline in here.advice.deadlines if deadline.overdue]
    return {
        "passed_on": in_full(min(passed)) if passed else None,
        "start_by": _start(min(ours, key=lambda one: one.due), here.today, letters)
        if ours
        else None,
    }


def _start(deadline: Deadline, today: date, letters: Letters) -> str:
    day = letters.say("start_by", day=in_full(deadline.due))
    if deadline.due <= today:
        day = letters.words["start_today"]
    return letters.say(f"start_{_strength(deadline)}", day=day, rule=deadline.rule)


def _own_no(facts: Facts, letters: Letters) -> dict[str, str | None]:
    """Return that one's own side said no: only for one's own side, and never to the others."""
    told = facts.own_side
    if told is None or told.worry is not Worry.own_manager:
        return {}
    if told.on is None:
        return {"own_no": letters.words["own_no_undated"]}
    return {"own_no": letters.say("own_no", day=in_full(told.on))}


def _papers(here: StagedCase) -> dict[str, str | None]:
    at_partnership = here.at.level is Level.partnership
    return {
        "set_message": "yes" if any(form.message for form in here.at.forms) else None,
        "conditions": " ".join(statement.what for statement in here.at.conditions)
        if at_partnership
        else None,
    }
