"""What a policy says on each topic: headings with lines, each line with its source.

An empty answer means that nothing was found; `bot/core/enquiry/answer.py` then says so.
"""

import re
from collections.abc import Callable, Mapping

import msgspec

from bot.core.cards.card import CardItem
from bot.core.enquiry.document import (
    about,
    consent,
    document,
    kinds,
    learning,
    manager_wont,
    members,
    other_procedure,
    permission,
    principles,
    relationship,
)
from bot.core.enquiry.next_step import if_left, next_step, once_settled, owed
from bot.core.enquiry.question import PolicyAnswer, PolicyQuestion
from bot.core.enquiry.search import find_lines
from bot.core.enquiry.somebody import PHRASE, named, partnership_contact, told
from bot.core.handbook.topics import ABOUT_THE_GUIDE, APPROVES, DECIDES, IN_WRITING, Topic
from bot.core.policy.model import Party, Stage
from bot.core.vocabulary import Side


def policy_answers(asked: PolicyQuestion) -> list[PolicyAnswer]:
    """Return the policy's answers on the topic, without empty ones."""
    return [part for part in TOPICS[asked.enquiry.topic](asked) if part.items]


TIMES = r"time limit|number of days|how soon|by when"
POSTS = r"\bposts?\b|not (?:say|name) who the|not name the|which Executive|how its stages fit"
FORMS = r"\bforms?\b"
UNTOLD = r"names nobody|who tells|ask you to tell|for telling|not say who refers"
ADDRESSES = r"\baddress|telephone"
WRITTEN = r"in writing|\bwritten\b"
UNANSWERED = r"in writing|\banswer\b|to settle it|[Dd]ecision\."


def _stage(asked: PolicyQuestion) -> list[PolicyAnswer]:
    brief = asked.brief or len(asked.stages) > 1
    return [part for stage in asked.stages for part in _one_stage(asked, stage, brief=brief)]


def _one_stage(asked: PolicyQuestion, stage: Stage, *, brief: bool) -> list[PolicyAnswer]:
    lines = asked.lines
    what = asked.answer("what", [lines.cited(stage.what, stage.source)], stage)
    if brief:
        return [what, asked.answer("limits", _times(asked, stage), stage)]
    rule = stage.must_follow
    before = [lines.cited(rule.what, rule.source)] if rule else []
    before += lines.statements([stage.may_skip] if stage.may_skip else [])
    before += lines.statements(stage.conditions)
    return [
        what,
        asked.answer("before", before, stage),
        asked.answer("who", lines.roles(stage, asked.enquiry.agency), stage),
        asked.answer("limits", _limits_of(stage, asked), stage),
        asked.answer("forms", lines.forms(stage.forms), stage),
        asked.answer("notify", lines.notifications(stage.notify), stage),
        asked.answer("how", lines.duties(stage.guidance), stage),
        asked.answer("not_stated", lines.duties(stage.not_stated), stage),
    ]


def _stages(asked: PolicyQuestion) -> list[PolicyAnswer]:
    lines = asked.lines
    return [
        asked.answer(
            "what",
            [
                lines.cited(
                    asked.say("stage_line", title=stage.title, what=stage.what), stage.source
                )
            ],
            stage,
        )
        for stage in asked.policy.stages
    ]


def _limits_of(stage: Stage, asked: PolicyQuestion) -> list[CardItem]:
    return [*_running(stage, asked), *_closing(stage, asked)]


def _running(stage: Stage, asked: PolicyQuestion) -> list[CardItem]:
    return [asked.lines.limit(limit) for limit in (*stage.to_begin, *stage.to_answer)]


def _closing(stage: Stage, asked: PolicyQuestion) -> list[CardItem]:
    return [] if asked.brief else [asked.lines.limit(limit) for limit in stage.to_close]


def _limits(asked: PolicyQuestion) -> list[PolicyAnswer]:
    """Return the limits of each stage; of whoever has to answer, only those that they owe by."""
    if asked.lines.known.me.side is Side.receiver:
        return [owed(asked, stage) for stage in asked.stages]
    return [asked.answer("limits", _times(asked, stage), stage) for stage in asked.stages]


def _times(asked: PolicyQuestion, stage: Stage) -> list[CardItem]:
    """Return the limits of a stage, and what the policy does not state about them.

    What is to be done once it is settled comes last: it is no time for an answer.
    """
    lines = asked.lines
    silent = [silence for silence in stage.not_stated if re.search(TIMES, silence.what)]
    found = [*_running(stage, asked), *lines.statements(silent)]
    if not found:
        name = "limit_not_read" if stage.not_read else "no_limit"
        silence = asked.say(name, policy=asked.policy.short_name, stage=stage.label)
        found = [lines.cited(silence, stage.source)]
    return [*found, *_closing(stage, asked)]


def _counted(asked: PolicyQuestion) -> list[PolicyAnswer]:
    """Return what each limit is counted from; of whole policies only the stages that have one."""
    found = []
    for stage in asked.stages:
        limits = (*stage.to_begin, *stage.to_answer, *stage.to_close)
        lines = [asked.lines.day_zero(limit) for limit in limits if limit.amount is not None]
        found.append(asked.answer("counted", lines, stage))
    if any(part.items for part in found):
        return found
    return [asked.answer("limits", _times(asked, stage), stage) for stage in asked.stages]


def _contacts(asked: PolicyQuestion) -> list[PolicyAnswer]:
    if asked.enquiry.words == DECIDES:
        return [part for stage in asked.stages for part in _decides(asked, stage)]
    lines, agency = asked.lines, asked.enquiry.agency
    found = [asked.answer("who", lines.roles(stage, agency), stage) for stage in asked.stages]
    if asked.enquiry.words == APPROVES:
        # Whom the policy has agree before it goes there, then those who meet at the stage.
        held = [(lines.statements(stage.conditions), stage) for stage in asked.stages]
        return [*(asked.answer("before", *one) for one in held), *found]
    return [*found, asked.answer("not_stated", asked.silences(POSTS))]


def _decides(asked: PolicyQuestion, stage: Stage) -> list[PolicyAnswer]:
    """Return who settles it at a stage, or that nothing is held on this, and what comes first."""
    lines = asked.lines
    held = lines.statements(stage.decides)
    if not held:
        silence = asked.say("no_decider", policy=asked.policy.short_name, stage=stage.label)
        held = [lines.cited(silence, stage.source)]
    first = lines.statements(stage.conditions)
    return [asked.answer("decides", held, stage), asked.answer("before", first, stage)]


def _forms(asked: PolicyQuestion) -> list[PolicyAnswer]:
    found = [asked.answer("forms", asked.lines.forms(stage.forms), stage) for stage in asked.stages]
    return [*found, asked.answer("not_stated", asked.silences(FORMS, ()))]


def _send(asked: PolicyQuestion) -> list[PolicyAnswer]:
    lines = asked.lines
    found: dict[tuple[str, ...], PolicyAnswer] = {}
    for stage in reversed(asked.stages):
        # One form may end two stages, and goes to one place.
        sent = lines.destinations(stage.forms)
        found[tuple(item.text for item in sent)] = asked.answer("send", sent, stage)
    return [
        *reversed(found.values()),
        asked.answer("contact", partnership_contact(asked.policy, asked.handbook.phrases)),
        asked.answer("not_stated", asked.silences(ADDRESSES)),
    ]


def _partnership(asked: PolicyQuestion) -> list[PolicyAnswer]:
    posts = [
        item
        for stage in asked.policy.stages
        for item in asked.lines.roles(
            msgspec.structs.replace(
                stage,
                roles=tuple(role for role in stage.roles if role.party == (Party.partnership,)),
            )
        )
    ]
    silent = asked.silences(ADDRESSES, asked.policy.stages)
    return [
        asked.answer("contact", partnership_contact(asked.policy, asked.handbook.phrases)),
        asked.answer("who", posts),
        asked.answer("not_stated", silent),
    ]


def _notify(asked: PolicyQuestion) -> list[PolicyAnswer]:
    lines = asked.lines
    found = once_settled(asked) or [
        asked.answer("notify", lines.notifications(stage.notify), stage) for stage in asked.stages
    ]
    urgent = [item for rule in asked.policy.urgent for item in lines.notifications(rule.notify)]
    silent = asked.silences(UNTOLD)
    return [
        *found,
        asked.answer("urgent", urgent),
        asked.answer("not_stated", silent),
    ]


def _records(asked: PolicyQuestion) -> list[PolicyAnswer]:
    lines, policy = asked.lines, asked.policy
    everywhere = lines.duties([*policy.every_stage, *policy.when_resolved])
    seen = set(everywhere)
    found = [asked.answer("records", everywhere)]
    for stage in asked.stages:
        items = [item for item in lines.duties(stage.records) if item not in seen]
        items += [item for item in lines.forms(stage.forms) if "record" in item.text.lower()]
        seen |= set(items)
        found.append(asked.answer("records", items, stage))
    return found


def _skip(asked: PolicyQuestion) -> list[PolicyAnswer]:
    lines = asked.lines
    rules: list[CardItem] = []
    for stage in asked.policy.stages:
        if stage.must_follow:
            rules.append(lines.cited(stage.must_follow.what, stage.must_follow.source))
        rules += lines.statements([stage.may_skip] if stage.may_skip else [])
        rules += lines.statements(stage.conditions)
    rules += lines.statements(about(asked.policy.principles, r"lowest|all the stages"))
    return [
        asked.answer("before", rules),
        asked.answer("not_stated", asked.silences(r"\bskip|left out", asked.policy.stages)),
    ]


def _urgent(asked: PolicyQuestion) -> list[PolicyAnswer]:
    lines, policy = asked.lines, asked.policy
    rules = [
        lines.cited(asked.say("urgent_rule", what=rule.what, rule=rule.rule), rule.source)
        for rule in policy.urgent
    ]
    rules += lines.statements(policy.triggers)
    return [
        asked.answer("urgent", rules),
        asked.answer("not_stated", asked.silences(r"immediate")),
    ]


def _out_of_hours(asked: PolicyQuestion) -> list[PolicyAnswer]:
    found = find_lines(
        ("out of hours", "outside working hours", "weekend", "night"), asked.lines, PHRASE
    )
    return [asked.answer("not_stated", found)]


def _remaining(asked: PolicyQuestion) -> list[PolicyAnswer]:
    """Return what comes after the last stage, and first what comes after the present one."""
    end = asked.answer("remaining", asked.lines.statements(asked.policy.remaining))
    here, *_ = asked.stages or asked.policy.stages
    ahead = [] if here is asked.policy.stages[-1] else [if_left(asked, here)]
    return [*ahead, end] if asked.stages != asked.policy.stages else [end]


def _in_writing(asked: PolicyQuestion) -> list[PolicyAnswer]:
    """Return what a policy wants in writing at a stage, or says nothing of."""
    lines = asked.lines
    found = []
    for stage in asked.stages:
        due = [one for one in (*stage.to_begin, *stage.to_answer) if re.search(WRITTEN, one.what)]
        noted = [one for one in (*stage.records, *stage.guidance) if re.search(WRITTEN, one.what)]
        items = [*map(lines.limit, due), *lines.forms(stage.forms), *lines.duties(noted)]
        found.append(asked.answer("writing", items, stage))
    everywhere = [one for one in asked.policy.every_stage if re.search(WRITTEN, one.what)]
    silent = asked.silences(WRITTEN)
    return [
        *found,
        asked.answer("records", lines.duties(everywhere)),
        asked.answer("not_stated", silent),
    ]


def _refusal(asked: PolicyQuestion) -> list[PolicyAnswer]:
    if asked.enquiry.words == IN_WRITING:
        return _in_writing(asked)
    lines = asked.lines
    found = []
    for stage in asked.stages:
        bound = [limit for limit in stage.to_answer if limit.who is not Party.raiser]
        found.append(asked.answer("limits", map(lines.limit, bound), stage))
    silent = asked.silences(UNANSWERED)
    return [*found, asked.answer("not_stated", silent)]


def _nothing(_: PolicyQuestion) -> list[PolicyAnswer]:
    return []


TOPICS: Mapping[Topic, Callable[[PolicyQuestion], list[PolicyAnswer]]] = {
    Topic.next: next_step,
    Topic.stage: _stage,
    Topic.stages: _stages,
    Topic.limits: _limits,
    Topic.counted: _counted,
    Topic.contacts: _contacts,
    Topic.forms: _forms,
    Topic.send: _send,
    Topic.notify: _notify,
    Topic.records: _records,
    Topic.skip: _skip,
    Topic.urgent: _urgent,
    Topic.out_of_hours: _out_of_hours,
    Topic.remaining: _remaining,
    Topic.permission: permission,
    Topic.principles: principles,
    Topic.relationship: relationship,
    Topic.manager_wont: manager_wont,
    Topic.refusal: _refusal,
    Topic.consent: consent,
    Topic.document: document,
    Topic.partnership: _partnership,
    Topic.other_procedure: other_procedure,
    Topic.kinds: kinds,
    Topic.members: members,
    Topic.which_policy: members,
    Topic.learning: learning,
    Topic.told: told,
    Topic.about: named,
    **dict.fromkeys(ABOUT_THE_GUIDE, _nothing),
}
