"""What is said of a saved case: the card with its code, and the welcome when it comes back.

The core never has the code. In its place stands a fixed sentence, which the channel replaces in
the answer that is shown and nowhere else.
"""

from datetime import date, timedelta

import msgspec

from bot.core.cards.card import CardItem, CardSection
from bot.core.conversation.answers import Note
from bot.core.conversation.questions.table import OWNERS
from bot.core.conversation.recap import fact_lines
from bot.core.conversation.returning import SETTLED, follow_up_kind
from bot.core.conversation.saving import Saved
from bot.core.conversation.state import Policies, State
from bot.core.handbook.wording import Phrases
from bot.core.rules.deadlines import show_day
from bot.core.rules.narrowing import NarrowedPolicy
from bot.core.rules.summary import stage_name
from bot.core.text import parse_day
from bot.core.vocabulary import Action

REMEMBERED = [spec.fills for spec in OWNERS if spec.recognised_by]
"""The answers by which somebody with several cases knows which one it is."""
TOLD = ("what", "without", "until", "who", "end")
"""What is said of every case, in order; each is a response `utter_case_…`."""


class CaseCard(msgspec.Struct, frozen=True, kw_only=True):
    """A saved case. `code` stands apart, so that it can be drawn large and copied."""

    title: str
    code: str
    sections: tuple[CardSection, ...]
    kind: str = "case"


def case_card(today: date, days: float, phrases: Phrases, *, again: bool) -> CaseCard:
    """Lay out what a code is. `again`: the case was saved before, under a code given then."""
    until = show_day(today + timedelta(days=int(days)))
    first = phrases.say("case_again" if again else "case_once")
    told = (phrases.say(f"case_{name}", until=until, days=int(days)) for name in TOLD)
    return CaseCard(
        title=phrases.say("case_title"),
        code=phrases.say("case_code_shown"),
        sections=(
            CardSection("", (CardItem(first),)),
            CardSection(phrases.say("case_heading"), tuple(map(CardItem, told))),
        ),
    )


def case_text(card: CaseCard, phrases: Phrases) -> str:
    """Return the same as plain lines."""
    lines = [f"**{card.title}**", phrases.say("case_code", code=card.code)]
    for section in card.sections:
        lines += [f"**{section.heading}**"] if section.heading else []
        lines += [f"- {item.text}" for item in section.items]
    return "\n".join(lines)


def welcome_back(
    before: State, back: State, saved: Saved, policies: Policies, phrases: Phrases
) -> Note:
    """Return what is said first when a case comes back: when, where they stood, what was next."""
    on = parse_day(saved.on)
    names = [name for name in REMEMBERED if getattr(back, name) is not None]
    lines = [f"- {line}" for line in fact_lines(back, names, policies, phrases)]
    lines.append(_next_then(back, saved, back.policy(policies), phrases))
    if before.partnership is not None:
        lines.append(phrases.say("back_replaced"))
    return Note("welcome_back", {"on": show_day(on) if on else "", "lines": "\n".join(lines)})


def _next_then(back: State, saved: Saved, policy: NarrowedPolicy | None, phrases: Phrases) -> str:
    if saved.action is Action.signpost:
        return phrases.say("back_signpost")
    if policy is None or back.follow_up is None:
        return phrases.say("back_open")
    here = back.stage({policy.id: policy}) or policy.stages[0]
    there = here if saved.to_stage is None else policy.stage(saved.to_stage)
    name = SETTLED if follow_up_kind(back) == SETTLED else str(saved.action)
    return phrases.say(f"back_{name}", stage=stage_name(there))
