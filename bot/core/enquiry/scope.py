"""The scope of an enquiry: which policies, which stages, and which facts are known."""

import re
from collections.abc import Mapping

import msgspec

from bot.core.conversation.case_listener import CONFLICT, HEAD, LEAD
from bot.core.conversation.state import NOTHING, State, facts_of
from bot.core.enquiry.names import policies_naming
from bot.core.enquiry.search import named_in, words_of
from bot.core.handbook.handbook import Handbook
from bot.core.handbook.topics import ABOUT_THE_GUIDE, IN_WRITING, Enquiry, Topic, Which
from bot.core.policy.model import Policy, Stage
from bot.core.rules.facts import Facts
from bot.core.rules.results import Advice
from bot.core.vocabulary import Exit, Outcome, Route, Side

AT_ANY_PLACE = {Topic.urgent, Topic.out_of_hours}
"""Topics that cannot wait for the area: the guide's own guidance answers."""
LEFT_UNANSWERED = {Topic.answering, Topic.refusal}
"""Topics that are of their own answer for whoever owes one."""
OF_WHOEVER_IS_TOLD = {Topic.next, Topic.notify}
"""Topics that are of their own part for whoever was only told of an escalation."""
WHOM = {Topic.notify, Topic.contacts, Topic.manager_wont, Topic.next, Topic.unknown}
"""Topics of whoever asks whom to tell, without saying about what, whom else, or what now."""
OF_HEAD = re.compile(r"\b(?:head\b(?! of)|head\s?(?:teacher|master|mistress)|ht\b|principal)")
"""The title of somebody above whom are only the governors or the proprietor."""
NEARBY = {Topic.limits, Topic.counted, Topic.contacts, Topic.notify, Topic.remaining}
"""Topics to answer for the present and the next stage, if these are known."""


class EnquiryContext(msgspec.Struct, frozen=True):
    """An enquiry, the conversation's state, and the sources of an answer.

    `advice` is the advice so far, or None while too little is known for any.
    """

    enquiry: Enquiry
    state: State
    policies: Mapping[str, Policy]
    handbook: Handbook
    advice: Advice | None

    @property
    def chosen(self) -> Policy | None:
        """The policy chosen in the conversation, not narrowed."""
        return self.state.whole_policy(self.policies)

    @property
    def staged(self) -> Advice | None:
        """The advice, if it goes by the stages."""
        return self.advice if self.advice and self.advice.route is Route.staged else None


def policies_asked(enquiry: Enquiry, state: State, held: Mapping[str, Policy]) -> list[Policy]:
    """Return the policies named in the enquiry, else the chosen one, else none: area first.

    Only a name is looked for in all of them, since it may say which is meant: a body or a form that
    one of them alone names, not a subject such as "looked after children". For a place that none
    covers, return the guidance that gives way to the local policy; for one outside England, none.
    """
    if enquiry.topic in ABOUT_THE_GUIDE or enquiry.outside_nation:
        return []
    named = [held[name] for name in enquiry.partnerships if name in held]
    if not named and enquiry.topic is Topic.about:
        named = policies_naming(enquiry.words or "", held.values())
    if named or enquiry.topic is Topic.which_policy:
        return named or list(held.values())
    if enquiry.outside_place:
        return [policy for policy in held.values() if policy.fallback] or list(held.values())
    chosen = state.whole_policy(held)
    if chosen:
        return [chosen]
    if len(held) == 1:
        return list(held.values())
    return _naming(enquiry, held) if enquiry.topic is Topic.about else []


def _naming(enquiry: Enquiry, held: Mapping[str, Policy]) -> list[Policy]:
    """Return the one policy that names whoever or whatever is asked about, else none."""
    wanted = set(words_of(enquiry.words or ""))
    users = [policy for policy in held.values() if wanted and wanted <= named_in(policy)]
    return users if len(users) == 1 else []


def as_it_is_meant(enquiry: Enquiry, state: State) -> Enquiry:
    """Return the enquiry as the conversation makes it.

    "What if it's the head" asks whom to tell only where there is a worry about somebody, told
    before or in the question; else it asks what to do without them. Whoever was only told of an
    escalation asks of their own part in it. After such a worry "who do I
    tell?" asks of it, and not of the stages. "What if I don't answer" is of what they owe, where
    somebody has raised it with them and waits.
    """
    if enquiry.topic in OF_WHOEVER_IS_TOLD and state.told_as and enquiry.stage is None:
        return Enquiry(topic=Topic.told, words=state.told_as)
    if enquiry.topic in LEFT_UNANSWERED and enquiry.words != IN_WRITING and _owes(state):
        return Enquiry(topic=Topic.next)
    named = Exit.allegation in {enquiry.exit, state.exit}
    if enquiry.topic is Topic.allegation and enquiry.words and not named:
        return Enquiry(topic=Topic.manager_wont)
    if enquiry.topic in WHOM and _is_of_the_worry(enquiry, state):
        return of_the_worry(state)
    return enquiry


def passed_over(who: str | None) -> str:
    """Return whom to tell instead of somebody, by their title, who is away or will not hear it."""
    return HEAD if OF_HEAD.search(who or "") else LEAD


def of_the_worry(state: State, about: str | None = None) -> Enquiry:
    """Return the question whom to tell of the allegation that was told. `about`: who it is."""
    known = HEAD if state.head_accused else CONFLICT if state.conflict else None
    return Enquiry(topic=Topic.allegation, words=about or known, exit=Exit.allegation)


def _is_of_the_worry(enquiry: Enquiry, state: State) -> bool:
    """Say whether a question names no stage or place, after a worry about somebody was told."""
    named = enquiry.partnerships or enquiry.level or enquiry.which or enquiry.stage is not None
    return state.alleged and not named


def _owes(state: State) -> bool:
    return state.on_side is Side.receiver and state.risk is not None and not state.urgent


def waits_for_area(enquiry: Enquiry, state: State, held: Mapping[str, Policy]) -> bool:
    """Say whether each policy answers this in its own way, and the area is not known yet."""
    apart = enquiry.topic in ABOUT_THE_GUIDE | AT_ANY_PLACE
    return not (apart or enquiry.outside_nation) and not policies_asked(enquiry, state, held)


def stages_asked(context: EnquiryContext, policy: Policy) -> tuple[Stage, ...]:
    """Return the policy's stages that the enquiry is about, if it has any of them."""
    asked = context.enquiry
    if asked.stage is not None:
        return tuple(stage for stage in policy.stages if stage.number == asked.stage)
    if asked.level is not None:
        return (policy.stage_for(asked.level),)
    if asked.which is Which.first:
        return policy.stages[:1]
    if asked.which is Which.last:
        return policy.stages[-1:]
    if asked.topic is Topic.limits and (theirs := _stages_of_post(asked.words or "", policy)):
        return theirs
    near = _near(context) if policy is context.chosen else ()
    if asked.topic is Topic.next:
        return _to_act_on(context, policy, near)
    if near and asked.which is Which.present:
        return near[:1]
    if near and asked.which is Which.next:
        return near[-1:]
    if near and asked.topic is Topic.limits and context.state.on_side is Side.receiver:
        # What they owe is owed at this stage, whatever the next one asks.
        return near[:1]
    nearby = asked.topic in NEARBY or asked.words == IN_WRITING
    nearby = nearby and asked.which is None and not asked.partnerships
    return near if near and nearby else policy.stages


def _stages_of_post(words: str, policy: Policy) -> tuple[Stage, ...]:
    """Return the stages at which the policy names a post or body of its own by these words."""
    wanted = set(words_of(words))
    return tuple(
        stage
        for stage in policy.stages
        if wanted and any(wanted <= set(words_of(role.role)) for role in stage.roles)
    )


def _to_act_on(
    context: EnquiryContext, policy: Policy, near: tuple[Stage, ...]
) -> tuple[Stage, ...]:
    """Return the stage at which somebody is to act; for a receiver any, while none is told."""
    received = context.state.on_side is Side.receiver
    if near:
        ended = context.state.step_outcome in {Outcome.unresolved, Outcome.no_response}
        return near[-1:] if not received and (context.staged or ended) else near[:1]
    return policy.stages if received else policy.stages[:1]


def _near(context: EnquiryContext) -> tuple[Stage, ...]:
    """Return the present and the next stage, as far as they are known."""
    policy = context.chosen
    if policy is None:
        return ()
    advice = context.staged
    if advice and advice.stage:
        here, ahead = advice.stage.number, advice.next.to_stage
        numbers = [here] if ahead is None else [here, ahead]
        return tuple(policy.stage(number) for number in dict.fromkeys(numbers))
    me = known_facts(context, policy).me
    if context.state.reached is None and me.level is not None:
        # Nothing is told yet but the post: the stage is that of their own rung.
        return (policy.stage_for(me.level),)
    if context.state.reached == NOTHING:
        return policy.stages[:1]
    tried = context.state.tried
    top = policy.stage_for(tried) if tried else None
    after = policy.following(top) if top else None
    return tuple(stage for stage in (top, after) if stage)


def known_facts(context: EnquiryContext, policy: Policy) -> Facts:
    """Return the facts that narrow an answer. An area counts only in its own policy."""
    own = context.state.area if policy is context.chosen else None
    area = context.enquiry.area or own
    facts = facts_of(context.state, context.policies)
    named = area if area in {area.id for area in policy.areas} else None
    return msgspec.structs.replace(facts, area=named)
