"""What to do next, in a sentence or two. The sentences are in `data/responses/advice.yml`."""

from bot.core.handbook.wording import Phrases
from bot.core.policy.model import TOGETHER, Party, Stage, Strength
from bot.core.rules.deadlines import Deadline, owed_by_both, show_ago, show_day
from bot.core.rules.narrowing import NarrowedPolicy
from bot.core.rules.stages import Position, StageMove
from bot.core.vocabulary import Action, Outcome


def stage_name(stage: Stage) -> str:
    """Return a stage's name for use in a sentence: "Stage 1 (team manager)".

    A proper name such as "Head of Safeguarding" keeps its capital.
    """
    title = stage.title
    if not any(word[0].isupper() for word in title.split()[1:]):
        title = f"{title[0].lower()}{title[1:]}"
    return f"{stage.label} ({title})"


def summary(move: StageMove, where: Position, policy: NarrowedPolicy, phrases: Phrases) -> str:
    """Return a sentence about the move and the reason for it.

    Guidance that gives way says so before anything else.
    """
    told = _move(move, where, policy, phrases)
    return phrases.say("advice_fallback", summary=told) if policy.fallback else told


def _move(move: StageMove, where: Position, policy: NarrowedPolicy, phrases: Phrases) -> str:
    if move.action is Action.discuss:
        return _discussing(move, phrases)
    if move.action is Action.wait:
        return _waiting(move, where, policy, phrases)
    if move.to is None:
        return _recording(policy, phrases)
    to = stage_name(move.to)
    if move.missing:
        return phrases.say("advice_escalate_missing", next=to)
    told = _going_on(move, where, to, phrases)
    first = next((condition.first for condition in move.to.conditions if condition.first), None)
    return phrases.say("advice_escalate_first", summary=told, first=first) if first else told


def _going_on(move: StageMove, where: Position, to: str, phrases: Phrases) -> str:
    """Return where to go and why."""
    stage = stage_name(move.at)
    if move.passed:
        limit = _first(move.passed)
        reason = "spent" if limit.over_stages else "overdue"
        name = f"advice_escalate_{reason}{_guide(limit)}"
        return phrases.say(name, next=to, stage=stage, **_passed(limit, phrases))
    if move.late_whatever:
        return phrases.say("advice_escalate_late_whatever", next=to, stage=stage)
    if move.unknown_date:
        return phrases.say("advice_escalate_unknown_date", next=to, stage=stage)
    if where.outcome is Outcome.no_response:
        return phrases.say("advice_escalate_no_response", next=to, stage=stage)
    return phrases.say("advice_escalate", next=to, stage=stage)


def _discussing(move: StageMove, phrases: Phrases) -> str:
    stage = stage_name(move.stage)
    if not move.passed:
        return phrases.say("advice_discuss", stage=stage)
    first = _first(move.passed)
    name = f"advice_discuss_overdue{_guide(first)}"
    return phrases.say(name, stage=stage, **_passed(first, phrases))


def _waiting(move: StageMove, where: Position, policy: NarrowedPolicy, phrases: Phrases) -> str:
    stage = stage_name(move.stage)
    last = policy.following(where.stage) is None
    then = phrases.say("advice_then_last" if last else "advice_then_on")
    late = move.passed or move.unknown_date or move.late_whatever
    if move.stage.number in policy.undecided and not late and move.until is None:
        return phrases.say("advice_wait_undecided", stage=stage, then=then)
    if late or (move.until is None and where.outcome is Outcome.no_response):
        return _chasing(move, phrases)
    if move.until is None and move.spent:
        first = _first(move.spent)
        name = f"advice_wait_spent{_guide(first)}"
        return phrases.say(name, stage=stage, then=then, **_passed(first, phrases))
    if move.until is None:
        name = "advice_wait_not_read" if move.stage.not_read else "advice_wait_no_limit"
        return phrases.say(name, stage=stage, then=then)
    first = move.until
    due = show_day(first.due)
    following = policy.following(move.stage)
    if move.acted and following:
        return phrases.say("advice_wait_acted", stage=stage, next=stage_name(following))
    if move.stage.number < where.stage.number and not where.reopened_from:
        return phrases.say("advice_wait_earlier", stage=stage, due=due)
    own = "_own" if first.who is Party.raiser else ""
    if first.owed in TOGETHER and not own:
        own = "_together" if owed_by_both(first, move.running) or first.shared else "_invited"
    return phrases.say(f"advice_wait{_guide(first) or own}", stage=stage, due=due, then=then)


def _chasing(move: StageMove, phrases: Phrases) -> str:
    """Return what to do while the last stage is open and no time is left to wait for."""
    stage = stage_name(move.stage)
    if not move.passed:
        name = "advice_chase_late_whatever" if move.late_whatever else "advice_chase"
        return phrases.say(name, stage=stage)
    first = _first(move.passed)
    return phrases.say(
        f"advice_chase_overdue{_guide(first)}", stage=stage, **_passed(first, phrases)
    )


def _recording(policy: NarrowedPolicy, phrases: Phrases) -> str:
    remaining = " ".join(statement.what for statement in policy.remaining)
    return phrases.say("advice_record_last", remaining=remaining).strip()


def _passed(deadline: Deadline, phrases: Phrases) -> dict[str, str]:
    """Return the day on which a limit passed and how long ago that was."""
    return {"due": show_day(deadline.due), "ago": show_ago(deadline, phrases)}


def _first(due: tuple[Deadline, ...]) -> Deadline:
    return min(due, key=lambda deadline: deadline.due)


def _guide(deadline: Deadline) -> str:
    return "_guide" if deadline.strength is Strength.guide else ""
