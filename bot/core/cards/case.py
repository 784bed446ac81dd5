"""A saved case: the card with its code, and the welcome when it comes back.

The core never has the code, only a fixed sentence in its place. The channel puts the code into the
answer on screen and nowhere else.
"""

from datetime import date, timedelta

import msgspec
from msgspec.structs import replace

from bot.core.cards.card import Card, CardItem, CardSection
from bot.core.conversation.recap import SHOWN, UNTOLD, fact_lines
from bot.core.conversation.returning import SETTLED, follow_up_kind
from bot.core.conversation.saving import Saved
from bot.core.conversation.slots import from_slots
from bot.core.conversation.state import Policies, State
from bot.core.handbook.wording import Phrases
from bot.core.rules.deadlines import show_day
from bot.core.rules.narrowing import NarrowedPolicy
from bot.core.rules.summary import stage_name
from bot.core.text import parse_day
from bot.core.vocabulary import Action

TOLD = ("what", "without", "until", "who", "end")
"""The lines about every case, in order; each is a response `utter_case_…`."""


class CaseCard(msgspec.Struct, frozen=True, kw_only=True):
    """A saved case. `code` is separate, so that a channel can draw it large to be copied."""

    title: str
    code: str
    sections: tuple[CardSection, ...]
    kind: str = "case"


def case_card(today: date, days: float, phrases: Phrases, *, again: bool) -> CaseCard:
    """Explain a case code. `again`: the case was saved before and already has a code."""
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
    """Return a case card as plain lines."""
    lines = [f"**{card.title}**", phrases.say("case_code", code=card.code)]
    for section in card.sections:
        lines += [f"**{section.heading}**"] if section.heading else []
        lines += [f"- {item.text}" for item in section.items]
    return "\n".join(lines)


def welcome_back(
    before: State, back: State, saved: Saved, policies: Policies, phrases: Phrases
) -> Card:
    """Return the welcome when a case comes back: where it stood, and what was told, folded.

    What somebody else has changed meanwhile stands open.
    """
    on = parse_day(saved.on)
    then = from_slots(saved.answers)
    told = replace(back, risk=then.risk)
    names = [name for name in SHOWN if getattr(told, name) not in UNTOLD]
    opened = [_next_then(back, saved, back.policy(policies), phrases)]
    if before.case == back.case:
        opened += _changed_meanwhile(before, back, policies, phrases)
    elif before.partnership is not None:
        opened.append(phrases.say("back_replaced"))
    opened.append(phrases.say("back_danger"))
    day = show_day(on) if on else ""
    sections = (
        CardSection("", tuple(map(CardItem, opened))),
        CardSection(
            phrases.say("back_heading"),
            tuple(map(CardItem, fact_lines(told, names, policies, phrases))),
            folded=True,
        ),
    )
    return Card(
        kind="review",
        title=phrases.say("back_title", on=day),
        route="",
        sections=tuple(section for section in sections if section.items),
    )


def _changed_meanwhile(
    before: State, back: State, policies: Policies, phrases: Phrases
) -> list[str]:
    """Return what differs in a case that this conversation had open already, side by side."""
    names = [name for name in SHOWN if getattr(before, name) != getattr(back, name)]
    theirs = list(fact_lines(back, names, policies, phrases))
    mine = list(fact_lines(before, names, policies, phrases))
    if not theirs and not mine:
        return []
    return [
        phrases.say("back_changed", what="; ".join(theirs)),
        phrases.say("back_you_said", what="; ".join(mine)),
        phrases.say("back_which_is_right"),
    ]


def _next_then(back: State, saved: Saved, policy: NarrowedPolicy | None, phrases: Phrases) -> str:
    if saved.action is Action.signpost:
        return phrases.say("back_signpost")
    if policy is None or back.follow_up is None:
        return phrases.say("back_open")
    here = back.stage({policy.id: policy}) or policy.stages[0]
    there = here if saved.to_stage is None else policy.stage(saved.to_stage)
    name = SETTLED if follow_up_kind(back) == SETTLED else str(saved.action)
    return phrases.say(f"back_{name}", stage=stage_name(there))
