"""What somebody is to do next, as far as the policy says it without the whole advice.

Whoever was escalated to is told what they owe; whoever escalates, with whom the stage is.
"""

from bot.core.cards.card import CardItem
from bot.core.enquiry.question import PolicyAnswer, PolicyQuestion
from bot.core.policy.model import Moment, Party, Stage
from bot.core.rules.duties import stands_on
from bot.core.rules.triage import steps_by_date
from bot.core.vocabulary import Outcome, Side


def next_step(asked: PolicyQuestion) -> list[PolicyAnswer]:
    """Return what the stage in question asks of the person."""
    if asked.lines.known.me.side is Side.receiver:
        due = [owed(asked, stage) for stage in asked.stages]
        return [*due, if_left(asked, asked.stages[-1]), _good_answer(asked)]
    stage, *_ = asked.stages
    text = asked.say("stage_line", title=f"{stage.label}: {stage.title}", what=stage.what)
    limits = (*stage.to_begin, *stage.to_answer)
    own = [limit for limit in limits if limit.who is Party.raiser or limit.shared]
    others = [limit for limit in limits if limit not in own]
    what = asked.answer("what", [asked.lines.cited(text, stage.source)])
    rest = (
        asked.answer("owed", map(asked.lines.limit, own)),
        asked.answer("who", asked.lines.roles(stage)),
        asked.answer("limits", map(asked.lines.limit, others)),
    )
    # On their own rung what they owe comes first.
    return [*rest, what] if stands_on(stage, asked.lines.known.me.level) else [what, *rest]


def owed(asked: PolicyQuestion, stage: Stage) -> PolicyAnswer:
    """Return the limits for an answer at a stage, or that there are none."""
    own = [limit for limit in stage.to_answer if limit.who is not Party.raiser or limit.shared]
    items = [asked.lines.limit(limit) for limit in own]
    if not items:
        name = "limit_not_read" if stage.not_read else "no_limit_to_answer"
        none = asked.say(name, policy=asked.policy.short_name, stage=stage.label)
        items = [asked.lines.cited(none, stage.source)]
    return asked.answer("owed", items, stage)


def if_left(asked: PolicyQuestion, stage: Stage) -> PolicyAnswer:
    """Return what comes of it if it is not answered or not settled: the next stage, or the end."""
    ahead = [one for one in asked.policy.stages if one.number > stage.number]
    if not ahead:
        return asked.answer("if_left", asked.lines.statements(asked.policy.remaining))
    received = asked.lines.known.me.side is Side.receiver
    name = "if_left" if received else "if_left_to_you"
    text = asked.say(name, next=f"{ahead[0].label} ({ahead[0].title})")
    return asked.answer("if_left", [asked.lines.cited(text, ahead[0].source)])


def once_settled(asked: PolicyQuestion) -> list[PolicyAnswer]:
    """Return whom to tell now that it is settled, or nothing where it is not, or nobody is named.

    Whoever is told while it is not settled, or by the next stage, is none of them.
    """
    steps = steps_by_date(asked.lines.known.steps)
    named = asked.enquiry.stage or asked.enquiry.level or asked.enquiry.which
    if named or not steps or steps[-1].outcome is not Outcome.resolved:
        return []
    stage = asked.policy.stage_for(steps[-1].level, steps[-1].stage)
    due = [notice for notice in stage.notify if Moment.resolved in notice.when]
    items = asked.lines.notifications(due)
    return [asked.answer("notify", items, stage)] if items else []


def _good_answer(asked: PolicyQuestion) -> PolicyAnswer:
    guidance = asked.handbook.safety_guidance
    said = guidance.answering
    return asked.answer(
        "good_answer", (CardItem(one.what, None, guidance.cite(one.source)) for one in said)
    )
