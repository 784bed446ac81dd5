"""Cards for somebody who hesitates: permission to challenge, support, and what to say back."""

from collections.abc import Iterable, Mapping

from bot.core.cards.card import Card, CardItem, CardSection, fold
from bot.core.cards.lines import sign_off
from bot.core.handbook.handbook import Handbook
from bot.core.handbook.safety_guidance import Advised
from bot.core.handbook.wording import Phrases
from bot.core.letters.confidence import (
    BACKING,
    GENERAL,
    Confidence,
    Reply,
    Scene,
    Spoken,
    answer_to_reply,
    filled_opening,
    opening_name,
    stage_in_question,
    what_works,
)
from bot.core.letters.text import Letters
from bot.core.policy.model import Party, Policy, Source, Stage, Statement
from bot.core.rules.duties import contacts_at
from bot.core.rules.narrowing import NarrowedPolicy
from bot.core.rules.results import Contact, Scope
from bot.core.rules.scope import scope
from bot.core.rules.summary import stage_name
from bot.core.vocabulary import ABOUT_RAISING, LEFT, Level, Worry

WHETHER = {None, GENERAL, *ABOUT_RAISING} - {LEFT}
"""Worries that name no fear: somebody wonders whether this is for them to raise."""
SPOKEN = {"opening", "say_back"}
"""Sections that hold words to say, with gaps to fill in."""


def confidence_card(
    worry: str | None,
    scene: Scene,
    words: Confidence,
    letters: Letters,
    handbook: Handbook,
    *,
    doubts: bool = False,
) -> Card:
    """Answer a worry: what to know first, what the policy says, who helps, how to begin.

    To whoever `doubts` themselves ("am I overreacting?") the direct answer is no.
    """
    said = words.worries.get(worry or GENERAL, words.worries[GENERAL])
    source = handbook.safety_guidance.cite(said.source)
    own_side = Worry(worry) if worry in set(Worry) and not scene.urgent else None
    fits = scope(scene.facts, scene.policy, handbook)
    # Who names a fear is answered about it; who wonders whether to, by the policy.
    whether = worry in WHETHER and not scene.urgent
    decides = whether and (scene.policy is not None or fits.in_scope is False)
    first = [
        *_danger_first(scene, handbook),
        *(
            _in_scope(fits, scene.policy, handbook)
            if decides
            else [CardItem(said.to(scene.facts.me.level), None, source)]
        ),
    ]
    names = (BACKING,) if own_side else _openings(scene)
    beginning, gaps = _beginning(names, scene, words, letters, handbook)
    named = LEFT if worry == LEFT and not scene.urgent else own_side
    title = (
        handbook.phrases.say(f"card_title_{named}")
        if named
        else _title(fits if whether else None, scene.policy, handbook.phrases, doubts=doubts)
    )
    return _card(
        title,
        {
            "confidence": first,
            "own_manager": _own_side(own_side, scene, handbook) if own_side else [],
            "permission": [] if own_side else _permission(scene, handbook),
            "backing": _backing(scene, handbook),
            "opening": beginning,
        },
        gaps,
        scene,
        handbook.phrases,
    )


def _title(fits: Scope | None, policy: Policy | None, phrases: Phrases, *, doubts: bool) -> str:
    """Return the direct answer: whether this is what the policy is for."""
    if fits is None or fits.in_scope is None or policy is None:
        return phrases.say("card_title_confidence")
    if not fits.in_scope:
        return phrases.say("card_title_out_of_scope", policy=policy.short_name)
    opening = phrases.say(f"opening_{'no' if doubts else 'yes'}")
    return phrases.say("card_title_in_scope", opening=opening, policy=policy.short_name)


def _in_scope(fits: Scope, policy: Policy | None, handbook: Handbook) -> list[CardItem]:
    """Return the first reason, and that a challenge starts with a talk and may end with it."""
    reasons = [CardItem(reason.text, None, reason.source) for reason in fits.because[:1]]
    if policy is None or fits.in_scope is False:
        return reasons
    start = policy.stages[0]
    told = handbook.phrases.say("card_starts_with", stage=stage_name(start))
    return [*reasons, CardItem(told, None, policy.cite(start.source))]


def reply_card(
    reply: Reply, scene: Scene, words: Confidence, letters: Letters, handbook: Handbook
) -> Card:
    """Answer a reply: what to say, what may lie behind it, and what the policy lists."""
    source = handbook.safety_guidance.cite(reply.source)
    back = answer_to_reply(reply, scene, words, letters)
    works = handbook.phrases.say(what_works(scene))
    return _card(
        handbook.phrases.say("card_title_reply", heard=reply.heard),
        {
            "confidence": _danger_first(scene, handbook),
            "say_back": [*_lines(back.lines, source), CardItem(works, None, source)],
            "behind": [CardItem(reply.behind, None, source)],
            "listed": _listed(reply, scene),
        },
        back.gaps,
        scene,
        handbook.phrases,
    )


def _card(
    title: str,
    sections: Mapping[str, list[CardItem]],
    gaps: Iterable[str],
    scene: Scene,
    phrases: Phrases,
) -> Card:
    """Lay out an answer: what comes first stands open, the rest under its headings."""
    told = {name: items for name, items in sections.items() if items}
    for name in SPOKEN & told.keys() if gaps else ():
        named = phrases.say("draft_gaps", gaps="; ".join(gaps))
        told[name] = [*told[name], CardItem(named, None, told[name][-1].source)]
    first, *others = (
        CardSection(phrases.say(f"card_heading_{name}"), tuple(items))
        for name, items in told.items()
    )
    return Card(
        kind="advice",
        title=title,
        route="",
        sections=(first, *map(fold, others)),
        footer=sign_off(scene.policy, phrases) if scene.policy else None,
    )


def _danger_first(scene: Scene, handbook: Handbook) -> list[CardItem]:
    """Return what to do now, before any encouragement."""
    if scene.advice is None or not scene.urgent:
        return []
    safety_guidance = handbook.safety_guidance
    danger = safety_guidance.confidence.danger
    rule = scene.advice.deadlines[0].source
    now = CardItem(scene.advice.next.summary, None, rule)
    return [now, CardItem(danger.what, None, safety_guidance.cite(danger.source))]


def _permission(scene: Scene, handbook: Handbook) -> list[CardItem]:
    """Return the policy's own words; the guide's where it has none, or none is chosen yet."""
    policy = scene.policy
    challenge = [part for part in (policy.principles if policy else ()) if part.challenge]
    if policy is None or not (policy.support or challenge):
        return _general(handbook.safety_guidance.confidence.permission, handbook)
    return _stated((*policy.support, *challenge), policy)


def _backing(scene: Scene, handbook: Handbook) -> list[CardItem]:
    """Return the raiser's own contacts at this stage and the next, and general help."""
    general = _advised(handbook.safety_guidance.confidence.backing, scene, handbook)
    if scene.policy is None or scene.urgent:
        return general
    named = [
        CardItem(
            handbook.phrases.say("card_backer", stage=stage_name(stage), role=item.role),
            None,
            item.source,
        )
        for stage in _stages_ahead(scene, scene.policy)
        for item in _ours(stage, scene, scene.policy)
    ]
    return [*named, *general]


def _stages_ahead(scene: Scene, policy: NarrowedPolicy) -> list[Stage]:
    stage = stage_in_question(scene.advice, policy) or policy.stages[0]
    after = policy.following(stage)
    return [stage, after] if after else [stage]


def _ours(stage: Stage, scene: Scene, policy: NarrowedPolicy) -> list[Contact]:
    contacts = contacts_at(stage, scene.facts, policy)
    return [contact for contact in contacts if contact.party is Party.raiser]


def _own_side(worry: Worry, scene: Scene, handbook: Handbook) -> list[CardItem]:
    """Return what the policy says of one's own manager, and what holds anywhere."""
    own, policy = handbook.safety_guidance.confidence, scene.policy
    if worry is Worry.nobody_there:
        return _advised(own.nobody_there, scene, handbook)
    stated = _stated(policy.own_manager, policy) if policy else []
    return [*stated, *_advised(own.own_manager, scene, handbook)]


def _openings(scene: Scene) -> tuple[str, ...]:
    """Return the fitting openings: above the first stage somebody else may have to ring."""
    asks = scene.level is not Level.practitioner and not scene.urgent
    return (BACKING, opening_name(scene)) if asks else (opening_name(scene),)


def _beginning(
    names: Iterable[str], scene: Scene, words: Confidence, letters: Letters, handbook: Handbook
) -> tuple[list[CardItem], tuple[str, ...]]:
    """Return the openings and their open gaps."""
    items: list[CardItem] = []
    gaps: dict[str, None] = {}
    for name in names:
        said: Spoken = filled_opening(name, scene, words, letters)
        source = handbook.safety_guidance.cite(words.openings[name].source)
        whom = "backing" if name == BACKING else "them"
        lead = handbook.phrases.say(f"card_opening_{whom}")
        items += [CardItem(lead, None, source), *_lines(said.lines, source)]
        gaps |= dict.fromkeys(said.gaps)
    return items, tuple(gaps)


def _listed(reply: Reply, scene: Scene) -> list[CardItem]:
    """Return the policy's own reasons to escalate that this reply matches."""
    policy = scene.policy
    if policy is None or scene.urgent:
        return []
    own = [area for area in policy.own_areas if reply.about in area.all_kinds]
    return [CardItem(area.what, None, policy.cite(area.source)) for area in own]


def _lines(lines: Iterable[str], source: Source) -> list[CardItem]:
    return [CardItem(line, None, source) for line in lines]


def _stated(statements: Iterable[Statement], policy: Policy) -> list[CardItem]:
    return [
        CardItem(statement.what, None, policy.cite(statement.source)) for statement in statements
    ]


def _advised(statements: Iterable[Advised], scene: Scene, handbook: Handbook) -> list[CardItem]:
    """Return what to do, as it is said to somebody on the person's rung."""
    return [
        CardItem(one.to(scene.facts.me.level), None, handbook.safety_guidance.cite(one.source))
        for one in statements
    ]


def _general(statements: Iterable[Statement], handbook: Handbook) -> list[CardItem]:
    return [
        CardItem(statement.what, None, handbook.safety_guidance.cite(statement.source))
        for statement in statements
    ]
