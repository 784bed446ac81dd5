"""What a policy says of somebody: of whoever is told or receives a form, or of a name."""

from collections.abc import Mapping

from bot.core.cards.card import CardItem
from bot.core.enquiry.names import OwnName, own_name
from bot.core.enquiry.question import PolicyAnswer, PolicyQuestion
from bot.core.enquiry.search import Closeness, find_lines
from bot.core.handbook.wording import Phrases
from bot.core.policy.model import Party, Policy
from bot.core.vocabulary import Exit, Level

PHRASE = Closeness.phrase
TOLD: Mapping[str, tuple[str, ...]] = {
    "conference_chair": ("child protection chair", "conference chair", "chair of the conference"),
    "reviewing_officer": ("reviewing officer",),
    "chair_of_governors": ("chair of governors",),
    "partner_representative": ("partner representative",),
    "partnership": (),
}
"""Those who are told of an escalation or receive a form, and the names that policies have for them.

What the partnership itself does is a stage, a limit or a form, under no name.
"""


CHAIR_CONFERENCES = {"conference_chair", "reviewing_officer"}


def told(asked: PolicyQuestion) -> list[PolicyAnswer]:
    """Find what the policy asks of somebody who is told, or receives a form."""
    names = TOLD.get(asked.enquiry.words or "", ())
    if names:
        dissent = _on_dissent(asked) if asked.enquiry.words in CHAIR_CONFERENCES else []
        part = _part_of(names, asked)
        return [asked.answer("policy", [*part, *find_lines(names, asked.lines, PHRASE), *dissent])]
    lines, policy = asked.lines, asked.policy
    acts = [stage for stage in policy.stages if stage.level is Level.partnership]
    bound = [
        limit
        for stage in policy.stages
        for limit in (*stage.to_begin, *stage.to_answer, *stage.to_close)
        if limit.who is Party.partnership
    ]
    said = [
        *map(lines.limit, bound),
        *(lines.cited(stage.what, stage.source) for stage in acts),
        *lines.statements(policy.learning),
    ]
    return [asked.answer("policy", said)]


def _part_of(names: tuple[str, ...], asked: PolicyQuestion) -> list[CardItem]:
    """Return what a policy has somebody do at a stage: "arrange a meeting to settle it"."""
    found = {
        asked.say("part", stage=stage.label, asked_to=role.asked_to): role.source
        for stage in asked.policy.stages
        for role in stage.roles
        if role.asked_to and any(name in role.role.lower() for name in names)
    }
    return [asked.lines.cited(text, source) for text, source in found.items()]


def _on_dissent(asked: PolicyQuestion) -> list[CardItem]:
    """Return what the policy says of disagreement at a conference, to those who chair them."""
    ways = (way for way in asked.policy.other_procedures if way.exit is Exit.conference_dissent)
    return [asked.lines.cited(way.what, way.source) for way in ways]


def named(asked: PolicyQuestion) -> list[PolicyAnswer]:
    """Find a person, body or thing; the guide's terms give its other names."""
    words = asked.enquiry.words or ""
    terms = asked.handbook.answers.terms_named(words)
    if terms and not asked.enquiry.partnerships and not all(term.role for term in terms):
        return []
    own = own_name(asked.policy, words)
    names = own.names if own else (words, *(name for term in terms for name in term.names))
    found = find_lines(names, asked.lines, asked.closeness)
    return [asked.answer("policy", [*(_meaning(own, asked) if own else ()), *found])]


def _meaning(own: OwnName, asked: PolicyQuestion) -> list[CardItem]:
    """Return what a name of the policy's own stands for; of its partnership the contact too."""
    said = asked.say("stands_for", short=own.short, full=own.full) if own.short else ""
    if not own.partnership:
        return [asked.lines.cited(said, own.source)]
    is_one = asked.say("is_partnership", partnership=own.names[0], policy=asked.policy.name)
    said = " ".join(filter(None, (said, is_one)))
    contact = partnership_contact(asked.policy, asked.handbook.phrases)
    return [asked.lines.cited(said, own.source), *contact]


def partnership_contact(policy: Policy, phrases: Phrases) -> list[CardItem]:
    """Return the partnership's contact, if the policy gives any."""
    if not (policy.contact and policy.contact_source):
        return []
    text = phrases.say("answer_contact", partnership=policy.partnership, contact=policy.contact)
    return [CardItem(text, None, policy.cite(policy.contact_source))]
