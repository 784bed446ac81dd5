"""Parts of a policy as lines of an answer, each with its source and its condition."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import TypeVar

from msgspec.structs import replace

from bot.core.cards.card import CardItem
from bot.core.handbook.wording import Phrases
from bot.core.policy.model import (
    ALWAYS,
    Applies,
    Condition,
    Duty,
    Form,
    Limit,
    Moment,
    Notification,
    Party,
    Policy,
    Role,
    Stage,
    Statement,
)
from bot.core.rules.duties import seen_from
from bot.core.rules.facts import Facts
from bot.core.rules.limit_words import (
    agencies_text,
    anchor_text,
    conditions_text,
    rule_text,
)
from bot.core.vocabulary import Agency

Narrowed = TypeVar("Narrowed", Duty, Role, Notification, Form)


class Lines:
    """Makes the lines of a policy, given the facts known so far.

    An unknown fact does not narrow the answer: a conditional line then states its condition.
    """

    def __init__(self, policy: Policy, phrases: Phrases, known: Facts) -> None:
        self.policy = policy
        self.phrases = phrases
        self.known = known

    def cited(self, text: str, section: str) -> CardItem:
        """Return a text that cites a section of the policy."""
        return CardItem(text, None, self.policy.cite(section))

    def statement(self, statement: Statement) -> CardItem:
        """Return a statement, followed by its condition if it has any."""
        condition = statement.applies if isinstance(statement, Condition) else ALWAYS
        return self.cited(self._conditional(condition, statement.what), statement.source)

    def statements(self, statements: Iterable[Statement]) -> list[CardItem]:
        """Return statements as lines."""
        return [self.statement(statement) for statement in statements]

    def roles(self, stage: Stage, agency: Agency | None = None) -> list[CardItem]:
        """Return the roles at a stage, or the roles for an agency."""
        roles = [role for role in stage.roles if self._may_apply(role.applies, agency)]
        named = {agency for role in roles for agency in role.agencies}
        if agency is not None:
            wanted = {agency} if agency in named else set()
            roles = [role for role in roles if set(role.agencies) & wanted or not role.agencies]
            if wanted:
                roles = [role for role in roles if role.agencies or role.party != BOTH]
        return self._over_areas(
            roles, lambda role: self._addressed(self._role(role, others=bool(named)), role.address)
        )

    def _role(self, role: Role, *, others: bool) -> str:
        text = role.role
        if role.agencies:
            text = self._say(
                "role_of", agencies=agencies_text(role.agencies, self.phrases), text=text
            )
        elif others and role.party == BOTH:
            text = self._say("role_of_others", text=text)
        if len(role.party) == 1:
            whose = seen_from(self.known.me.side, role.party[0]).value
            text = self.phrases.say(f"card_contact_{whose}", role=text)
        return self._conditional(role.applies, text)

    def limit(self, limit: Limit) -> CardItem:
        """Return a limit: who has to do what, how long and how strict; on demand from when."""
        rule = rule_text(limit, self.phrases)
        if limit.or_sooner:
            rule = self._say("or_sooner", rule=rule, condition=limit.or_sooner)
        bound = "both" if limit.shared else seen_from(self.known.me.side, limit.who).value
        who = self.phrases.say(f"card_bound_{bound}")
        what = limit.what.rstrip(".")
        several = len(limit.readings) > 1
        name = "limit_readings" if several else "limit"
        if limit.amount is None:  # Due at once: there is nothing to count from.
            name = "limit_now" if limit.has_end else "limit_not_stated"
        anchors = self._anchors(limit, reason=False)
        text = self._say(
            name,
            who=f"{who[0].upper()}{who[1:]}",
            what=f"{what[0].lower()}{what[1:]}",
            rule=rule,
            anchor=anchors[0] if anchors else "",
            count=len(anchors),
            strength=self._say(f"strength_{limit.strength.value}"),
        )
        shown = self.cited(self._conditional(limit.applies, text), limit.source)
        reasons = self._anchors(limit, reason=True)
        if reasons == anchors and not several:
            return shown
        counted = self._say("counted", anchor=self._say("or").join(reasons))
        return replace(shown, detail=counted)

    def day_zero(self, limit: Limit) -> CardItem:
        """Return what a limit is counted from, and why it is read so."""
        anchors = dict.fromkeys(self._anchors(limit, reason=False))
        text = self._say(
            "day_zero" if len(anchors) == 1 else "day_zero_readings",
            rule=rule_text(limit, self.phrases),
            what=f"{limit.what[0].lower()}{limit.what[1:].rstrip('.')}",
            anchor=self._say("or").join(anchors),
        )
        shown = self.cited(self._conditional(limit.applies, text), limit.source)
        reasons = self._anchors(limit, reason=True)
        if reasons == self._anchors(limit, reason=False):
            return shown
        return replace(shown, detail=self._say("counted", anchor=self._say("or").join(reasons)))

    def _anchors(self, limit: Limit, *, reason: bool) -> list[str]:
        return [
            anchor_text(reading, self.policy, self.phrases, reason=reason)
            for reading in limit.readings
        ]

    def duties(self, duties: Sequence[Duty]) -> list[CardItem]:
        """Return duties, each with its moment and its condition."""
        return self._over_areas(self._held(duties), lambda duty: self._timed(duty, duty.what))

    def notifications(self, duties: Sequence[Notification]) -> list[CardItem]:
        """Return whom to notify."""

        def text(notification: Notification) -> str:
            told = self.phrases.say("card_told", who=notification.who, what=notification.what)
            return self._timed(notification, self._addressed(told, notification.address))

        return self._over_areas(self._held(duties), text)

    def forms(self, forms: Sequence[Form]) -> list[CardItem]:
        """Return forms: the name, what to do with it, and where it goes."""

        def text(form: Form) -> str:
            return self._timed(form, self.form(form))

        held = self._held(forms)
        if len({form.name for form in forms}) == 1:
            # There is no other that it could be.
            return [*self._over_areas(held, text), *self._over_areas(held, self.destination)]
        return [*self._over_areas(held, text), *self.destinations(forms)]

    def destinations(self, forms: Sequence[Form]) -> list[CardItem]:
        """Return the destinations of forms."""

        def text(form: Form) -> str:
            return self.phrases.say("card_form", name=form.name, what=self.destination(form))

        return self._over_areas(self._held(forms), text)

    def form(self, form: Form) -> str:
        """Return a form's name and what to do with it."""
        return self.phrases.say("card_form", name=form.name, what=form.what)

    def destination(self, form: Form) -> str:
        """Return the destination of a form."""
        return self._addressed(self._say("goes_to", to=form.send_to), form.address, stop=".")

    def _addressed(self, text: str, address: str | None, stop: str = "") -> str:
        shown = self.phrases.say("card_address", text=text, address=address) if address else text
        return f"{shown}{stop}"

    def _held(self, duties: Iterable[Narrowed]) -> list[Narrowed]:
        return [duty for duty in duties if self._may_apply(duty.applies)]

    def _may_apply(self, condition: Applies, their_agency: Agency | None = None) -> bool:
        """Say whether a condition may hold, given the known facts."""
        mine, theirs = self.known.my_agency, their_agency or self.known.their_agency
        return (
            _fits(mine, condition.my_agency)
            and _fits(theirs, condition.their_agency)
            and mine not in condition.not_my_agency
            and theirs not in condition.not_their_agency
            and _fits(self.known.area, condition.area)
        )

    def _timed(self, duty: Duty, text: str) -> str:
        moments = "_".join(moment.value for moment in Moment if moment in duty.when)
        always = duty.when == (Moment.raised,) or set(duty.when) == set(Moment)
        return self._conditional(duty.applies, text, None if always else f"when_{moments}")

    def _conditional(self, condition: Applies, text: str, moment: str | None = None) -> str:
        """Add to a text when and for whom it holds. An area is already named in the text."""
        found = [self._say(moment)] if moment else []
        found += conditions_text(condition, self.policy, self.phrases)
        return self._say("only", text=text, conditions="; ".join(found)) if found else text

    def _over_areas(
        self, pieces: Iterable[Narrowed], text: Callable[[Narrowed], str]
    ) -> list[CardItem]:
        """Return a line for each part; parts that are alike in every area share a line."""
        found: list[CardItem] = []
        for _, group in groupby(pieces, _alike):
            one, *others = group
            shown = text(one)
            if others:
                names = [self._area(other) for other in others]
                shown = self._say("same_in", text=shown, areas=self._say("and").join(names))
            item = self.cited(shown, one.source)
            if item not in found:
                found.append(item)
        return found

    def _area(self, piece: Duty | Role) -> str:
        (wanted,) = piece.applies.area
        return next(area.name for area in self.policy.areas if area.id == wanted)

    def _say(self, name: str, **gaps: object) -> str:
        return self.phrases.say(f"answer_{name}", **gaps)


BOTH = (Party.raiser, Party.receiver)
"""The parties of a role that is the same on both sides."""


def _fits(known: object, allowed: Sequence[object]) -> bool:
    return known is None or not allowed or known in allowed


def _alike(piece: Duty | Role) -> object:
    """Return the common content of parts that differ only in their area."""
    if len(piece.applies.area) != 1:
        return id(piece)
    when = piece.when if isinstance(piece, Duty) else None
    return piece.source, when, type(piece)


def with_stage_label(
    items: Iterable[CardItem], stage: Stage, phrases: Phrases
) -> Iterator[CardItem]:
    """Yield items with the stage's label before each."""
    for item in items:
        text = phrases.say("answer_at_stage", stage=stage.label, text=item.text)
        yield replace(item, text=text)
