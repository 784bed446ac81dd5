"""What a policy says of itself and of how people behave: its document, areas and principles."""

import re
from collections.abc import Iterable
from datetime import date

from bot.core.cards.card import CardItem
from bot.core.enquiry.question import PolicyAnswer, PolicyQuestion
from bot.core.enquiry.search import find_lines
from bot.core.enquiry.somebody import PHRASE
from bot.core.policy.model import Statement
from bot.core.rules.cautions import WHOLE_DOCUMENT, older_edition
from bot.core.rules.scope import silent_on_kinds

CHALLENGE = r"challenge|escalat|assertive|speak openly"
RESPECT = r"respect|open|honest|defensive|curious"


def permission(asked: PolicyQuestion) -> list[PolicyAnswer]:
    """Answer: who is backed to challenge."""
    lines, policy = asked.lines, asked.policy
    said = [*policy.support, *about(policy.principles, CHALLENGE)]
    return [asked.answer("policy", lines.statements(said))]


def principles(asked: PolicyQuestion) -> list[PolicyAnswer]:
    """Answer: its principles."""
    return [asked.answer("policy", asked.lines.statements(asked.policy.principles))]


def relationship(asked: PolicyQuestion) -> list[PolicyAnswer]:
    """Answer: how people treat each other."""
    policy = asked.policy
    said = [*about(policy.principles, RESPECT), *about(policy.support, RESPECT)]
    return [asked.answer("policy", asked.lines.statements(said))]


def manager_wont(asked: PolicyQuestion) -> list[PolicyAnswer]:
    """Answer: what to do where one's own manager will not take it up."""
    policy = asked.policy
    challenge = [part for part in policy.principles if part.challenge]
    return [asked.answer("policy", asked.lines.statements([*policy.own_manager, *challenge]))]


def consent(asked: PolicyQuestion) -> list[PolicyAnswer]:
    """Answer: consent and parents."""
    found = find_lines(("consent", "parent", "family agree"), asked.lines, PHRASE)
    return [asked.answer("policy", found)]


def document(asked: PolicyQuestion) -> list[PolicyAnswer]:
    """Answer: the text it was written from, and its dates."""
    document = asked.policy.document
    dates = {
        "dated": document.dated,
        "effective_from": _shown(document.effective_from),
        "reviewed": _shown(document.reviewed),
        "next_review": _shown(document.next_review),
    }
    given = [asked.say(name, date=told) for name, told in dates.items() if told]
    texts = [asked.say("written_from", title=document.title), *given]
    return [
        asked.answer("document", [asked.lines.cited(text, WHOLE_DOCUMENT) for text in texts]),
        asked.answer("not_stated", asked.silences(r"\bdate\b", ())),
    ]


def _shown(day: date | None) -> str | None:
    return f"{day.day} {day:%B %Y}" if day else None


def other_procedure(asked: PolicyQuestion) -> list[PolicyAnswer]:
    """Answer: which other procedures it names."""
    wanted = asked.enquiry.exit
    own = [
        procedure for procedure in asked.policy.other_procedures if wanted in {None, procedure.exit}
    ]
    return [
        asked.answer(
            "policy", [asked.lines.cited(procedure.what, procedure.source) for procedure in own]
        )
    ]


def kinds(asked: PolicyQuestion) -> list[PolicyAnswer]:
    """Answer: the kinds of disagreement it lists."""
    policy = asked.policy
    items = []
    for area in policy.own_areas:
        items.append(asked.lines.cited(area.what, area.source))
        note = older_edition(area, policy, asked.handbook)
        if note:
            items.append(CardItem(note.what, None, asked.handbook.sources.cite(note.source)))
    if not items:
        text = silent_on_kinds(policy, asked.handbook)
        return [asked.answer("not_stated", [asked.lines.cited(text, WHOLE_DOCUMENT)])]
    more = about(policy.principles, r"list of disagreements|[Oo]thers can")
    return [asked.answer("kinds", [*items, *asked.lines.statements(more)])]


def members(asked: PolicyQuestion) -> list[PolicyAnswer]:
    """Answer: whose policy it is, and for which areas."""
    policy = asked.policy
    text = asked.say("policy_of", policy=policy.name, partnership=policy.partnership)
    areas = [asked.lines.cited(area.name, area.source) for area in policy.member_areas()]
    areas += asked.lines.statements(area.excluded for area in policy.areas if area.excluded)
    return [asked.answer("members", [asked.lines.cited(text, WHOLE_DOCUMENT), *areas])]


def learning(asked: PolicyQuestion) -> list[PolicyAnswer]:
    """Answer: what is learned from escalations."""
    return [asked.answer("learning", asked.lines.statements(asked.policy.learning))]


def about(statements: Iterable[Statement], pattern: str) -> list[Statement]:
    """Return the statements in which a pattern is found."""
    return [statement for statement in statements if re.search(pattern, statement.what)]
