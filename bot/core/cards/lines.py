"""Lines that several cards share: duties, deadlines, a policy's stages and who approved it."""

from collections.abc import Iterable, Sequence

from bot.core.cards.card import Card, CardItem, CardSection
from bot.core.handbook.wording import Phrases
from bot.core.policy.model import Party, Policy, Status, Strength
from bot.core.rules.deadlines import Deadline, show_ago, show_day
from bot.core.rules.duties import seen_from
from bot.core.rules.limit_words import rule_text
from bot.core.rules.results import Item
from bot.core.vocabulary import Route, Side


def item_lines(items: Sequence[Item]) -> list[CardItem]:
    """Return a line for each item, without items that a longer item repeats."""
    return [
        CardItem(item.what, None, item.source)
        for item in items
        if not any(
            other.what != item.what
            and other.what.startswith(item.what)
            and other.source == item.source
            for other in items
        )
    ]


def due_items(
    deadlines: Iterable[Deadline], phrases: Phrases, side: Side, *, urgent: bool
) -> list[CardItem]:
    """Return deadlines as lines."""
    return [due_item(deadline, phrases, side, urgent=urgent) for deadline in deadlines]


def due_item(
    deadline: Deadline, phrases: Phrases, side: Side = Side.raiser, *, urgent: bool
) -> CardItem:
    """Return a deadline as a line: who does what, by when and by which rule."""
    guide = deadline.strength is Strength.guide and not deadline.overdue
    name = "card_overdue" if deadline.overdue else "card_due_guide" if guide else "card_due"
    if urgent:
        name = "card_due_urgent"
    what = deadline.what.rstrip(".")
    text = phrases.say(
        name,
        who=phrases.say(f"card_bound_{seen_from(side, deadline.who).value}"),
        what=what if urgent or deadline.overdue else f"{what[0].lower()}{what[1:]}",
        due=show_day(deadline.due),
        rule=deadline.rule,
        ago=show_ago(deadline, phrases),
    )
    if deadline.if_raised_today and deadline.who is not Party.raiser:
        raised = "they_raise" if side is Side.receiver else "raised"
        text = phrases.say(f"card_if_{raised}_today", text=text)
    return CardItem(text, deadline.working, deadline.source)


UNSIGNED = {
    Status.draft: "unsigned",
    Status.fact_checked: "fact_checked",
    Status.signed: "unsigned",  # Only if `signed` is missing, and such a file is refused.
}


def sign_off(policy: Policy, phrases: Phrases) -> str:
    """Return the approval of a policy's file in words, and who decides."""
    signed = policy.signed
    if policy.status is Status.signed and signed:
        return phrases.say("card_signed", role=signed.role, day=show_day(signed.day))
    return phrases.say(f"card_{UNSIGNED[policy.status]}")


def stages_card(policy: Policy, phrases: Phrases) -> Card:
    """Return every stage of a policy with what happens there."""
    stages = tuple(
        CardSection(
            f"{stage.label}: {stage.title}",
            (
                CardItem(stage.what, None, policy.cite(stage.source)),
                *(
                    CardItem(
                        f"{limit.what} ({rule_text(limit, phrases)})",
                        None,
                        policy.cite(limit.source),
                    )
                    for limit in (*stage.to_begin, *stage.to_answer)
                ),
            ),
        )
        for stage in policy.stages
    )
    return Card(
        kind="advice",
        title=phrases.say("card_stages_title", policy=policy.short_name),
        route=str(Route.staged),
        sections=stages,
        footer=sign_off(policy, phrases),
    )
