"""Advice for the side that a disagreement is raised with.

It is worked out from the same stages and limits as the raiser's, so that both are told the same
dates. While an answer is owed, they respond; then they are ready for the next stage, or record.
Nobody on this side is told to wait for, chase or escalate against the other agency.
"""

import msgspec

from bot.core.handbook.handbook import Handbook
from bot.core.policy.model import TOGETHER, Moment, Owed, Party, Stage, Strength
from bot.core.rules.cautions import WHOLE_DOCUMENT, received_warnings
from bot.core.rules.deadlines import Deadline, in_full, show_ago, show_day
from bot.core.rules.duties import cited_items, contacts_at, stands_on, with_duties
from bot.core.rules.facts import Facts
from bot.core.rules.headline import Scene, agree_when, owed, record_headline
from bot.core.rules.narrowing import NarrowedPolicy
from bot.core.rules.results import Advice, Headline, Item, Next, StageRef
from bot.core.rules.stages import Position, deadlines_if_raised, next_move
from bot.core.rules.summary import stage_name
from bot.core.vocabulary import Action, Level, Outcome, Route


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """What the receiving side does now.

    `at` is the stage it is about; `ahead` the stage that the other side can go to next.
    `late_whatever`: the limit has passed whatever the priority.
    """

    action: Action
    at: Stage
    ahead: Stage | None = None
    due: tuple[Deadline, ...] = ()
    late_whatever: bool = False


def received(facts: Facts, policy: NarrowedPolicy, where: Position, handbook: Handbook) -> Advice:
    """Return what somebody does with whom a disagreement has been raised."""
    turn = _turn(policy, where, handbook)
    phrases = handbook.phrases
    at = turn.ahead or turn.at
    moment = Moment.raised if turn.action is Action.respond or _with_others(turn) else None
    advice = with_duties(
        Advice(
            route=Route.staged,
            exit=None,
            stage=StageRef(
                where.stage.number, where.stage.label, where.stage.title, where.stage.level
            ),
            next=Next(turn.action, None, _summary(turn, policy, handbook)),
            deadlines=turn.due,
            contacts=contacts_at(at, facts, policy),
            warnings=cited_items(received_warnings(facts, policy, where, turn.at, handbook)),
        ),
        [(turn.at, {moment or Moment.unresolved})],
        facts,
        policy,
        handbook,
        where.done,
    )
    scene = Scene(
        advice=advice,
        facts=facts,
        policy=policy,
        at=at,
        today=where.anchors.decision,
        phrases=phrases,
    )
    told = msgspec.structs.replace(advice, headline=_headline(turn, scene))
    return _with_answering(told, turn, policy, handbook) if turn.action is Action.respond else told


def _turn(policy: NarrowedPolicy, where: Position, handbook: Handbook) -> Turn:
    """Read the raiser's move from the other side."""
    move = next_move(policy, where, handbook.phrases)
    owed = where.outcome in {None, Outcome.awaiting, Outcome.no_response}
    if not owed and move.action is not Action.wait:
        if move.to is None:
            return Turn(action=Action.record, at=move.stage)
        due = deadlines_if_raised(policy, move.to, where.anchors, handbook.phrases)
        return Turn(action=Action.wait, at=move.at, ahead=move.to, due=limits_on_receiver(due))
    at = move.at if owed else move.stage
    if at.ends:
        return Turn(action=Action.record, at=at)
    action = Action.wait if at.level is Level.partnership else Action.respond
    return Turn(
        action=action,
        at=at,
        due=limits_on_receiver((*move.passed, *move.running)),
        late_whatever=move.late_whatever,
    )


def limits_on_receiver(due: tuple[Deadline, ...] | list[Deadline]) -> tuple[Deadline, ...]:
    """Return the limits that are not the raiser's alone, each once."""
    return tuple(
        dict.fromkeys(
            deadline for deadline in due if deadline.who is not Party.raiser or deadline.shared
        )
    )


def _with_others(turn: Turn) -> bool:
    """Say whether the partnership has it now, so that neither side owes an answer."""
    return turn.action is Action.wait and turn.ahead is None


def _summary(turn: Turn, policy: NarrowedPolicy, handbook: Handbook) -> str:
    say, stage = handbook.phrases.say, stage_name(turn.at)
    if turn.action is Action.record:
        remaining = " ".join(statement.what for statement in policy.remaining)
        return say("advice_record_last", remaining=remaining).strip()
    if turn.ahead:
        return say("received_ahead", stage=stage, next=stage_name(turn.ahead))
    if turn.action is Action.wait:
        return say("received_partnership", stage=stage)
    if not turn.due and turn.late_whatever:
        return say("received_late_whatever", stage=stage)
    if not turn.due and turn.at.number in policy.undecided:
        return say("received_undecided", stage=stage)
    if not turn.due:
        none = "received_not_read" if turn.at.not_read else "received_no_limit"
        return say("received_unknown_date" if _limits(turn.at) else none, stage=stage)
    first = _first(turn.due)
    if first.overdue:
        return say(
            "received_late_shared" if first.shared else "received_late",
            stage=stage,
            due=show_day(first.due),
            ago=show_ago(first, handbook.phrases),
            owed=owed(first, handbook.phrases),
            time=say(f"time_{first.strength.value}"),
        )
    guide = "_guide" if first.strength is Strength.guide else ""
    what = owed(first, handbook.phrases, article=True)
    return say(f"received_respond{guide}", stage=stage, due=show_day(first.due), owed=what)


def _first(due: tuple[Deadline, ...]) -> Deadline:
    """Return the limit that their answer goes by: the first still running, else the last passed."""
    running = [deadline for deadline in due if not deadline.overdue]
    return min(running or due, key=lambda deadline: deadline.due)


def _limits(stage: Stage) -> bool:
    return any(
        limit.has_end and (limit.who is not Party.raiser or limit.shared)
        for limit in stage.to_answer
    )


def _headline(turn: Turn, scene: Scene) -> Headline:
    if turn.action is Action.record:
        return record_headline(scene)
    if turn.ahead:
        ready = stands_on(turn.ahead, scene.facts.me.level)
        return scene.say("ready" if ready else "pass_up", scene.ours(turn.ahead))
    if turn.action is Action.wait:
        return scene.say("put_your_side", scene.them())
    return _answer(turn, scene)


def _answer(turn: Turn, scene: Scene) -> Headline:
    """Say who answers, how and by when: the person, whoever they manage, or their manager."""
    first = _first(turn.due) if turn.due else None
    limit = first if first and not first.overdue else None
    level = scene.facts.me.level
    rung = scene.policy.stage_for(level).number if level else turn.at.number
    together = first is not None and first.owed in TOGETHER
    gaps = {"owed": owed(first, scene.phrases)} if first and together else {}
    if rung < turn.at.number:
        name = "brief_together" if together else "brief"
        return scene.say(name, scene.ours(turn.at), limit, **gaps)
    if rung > turn.at.number:
        name = "see_to_it_together" if together else "see_to_it"
        return scene.say(name, scene.phrases.say("headline_in_your_team"), limit, **gaps)
    if scene.of(Party.partnership):
        return scene.say("put_your_side", scene.them())
    if first is None and turn.late_whatever:
        owed_now = scene.phrases.say("owed_answer")
        return scene.say("answer_late_whatever", scene.agency, None, owed=owed_now)
    if first is None and not _limits(turn.at):
        name = "talk_it_through" if turn.at.level is Level.practitioner else "agree_when"
        return agree_when(scene, name)
    if first and first.shared:
        return scene.say("settle_received", scene.them(), limit)
    if first is None:
        return scene.say("answer", scene.agency, None, owed=scene.phrases.say("owed_answer"))
    written = "_written" if first.written else ""
    apart = first.owed in {*TOGETHER, Owed.acknowledgement}
    name = first.owed.value if apart else f"answer{written}"
    gaps = {"owed": owed(first, scene.phrases)}
    if first.overdue:
        return scene.say(f"{name}_late", scene.agency, None, due=in_full(first.due), **gaps)
    return scene.say(name, scene.agency, limit, **gaps)


def _with_answering(
    advice: Advice, turn: Turn, policy: NarrowedPolicy, handbook: Handbook
) -> Advice:
    """Add what a good answer holds, and that the policy gives them no limit where it gives none."""
    guidance = handbook.safety_guidance
    good = tuple(Item(part.what, guidance.cite(part.source)) for part in guidance.answering)
    silent: tuple[Item, ...] = ()
    unread = bool(turn.at.not_read)
    if not _limits(turn.at) and not unread and turn.at.number not in policy.undecided:
        told = handbook.phrases.say(
            "received_not_stated", policy=policy.short_name, stage=turn.at.label
        )
        silent = (Item(told, policy.cite(WHOLE_DOCUMENT)),)
    return msgspec.structs.replace(
        advice,
        guidance=(*good, *advice.guidance),
        not_stated=(*silent, *advice.not_stated),
    )
