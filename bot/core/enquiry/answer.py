"""Answers an enquiry: from the policy it names, else the chosen one; else the area comes first.

A policy's own statements come first, then the guide's general guidance, named as such. The answer
says what a policy does not state, and who would know. Nothing here changes a state.
"""

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from bot.core.cards.card import Card, CardItem, CardSection, opened_within, words_in
from bot.core.cards.lines import sign_off
from bot.core.conversation.state import State
from bot.core.enquiry.lines import Lines, with_stage_label
from bot.core.enquiry.names import OwnName, own_name
from bot.core.enquiry.own import WITH_CASES, GuideSections
from bot.core.enquiry.parts import policy_answers
from bot.core.enquiry.question import PolicyAnswer, PolicyQuestion
from bot.core.enquiry.scope import (
    EnquiryContext,
    known_facts,
    policies_asked,
    stages_asked,
    waits_for_area,
)
from bot.core.enquiry.search import Closeness
from bot.core.handbook.guidance import Term
from bot.core.handbook.handbook import Handbook
from bot.core.handbook.topics import DECIDES, OF_THE_GUIDE_FIRST, Enquiry, Topic, Which
from bot.core.policy.model import Policy, Stage
from bot.core.rules.cautions import WHOLE_DOCUMENT
from bot.core.rules.results import Advice

SAME_EVERYWHERE = {Topic.consent, Topic.other_procedure}
"""Topics on which the law and the guide's own guidance hold before any area is known."""
OPEN_WORDS = 100
"""At most so many words of an answer stand open; the rest is folded under its headings."""


def answer_enquiry(
    enquiry: Enquiry,
    state: State,
    policies: Mapping[str, Policy],
    handbook: Handbook,
    advice: Advice | None = None,
) -> Card:
    """Return the answer as a card, the answer itself first. Every line carries its source.

    `advice` is the advice so far, if enough is known for any.
    """
    return _EnquiryAnswer(EnquiryContext(enquiry, state, policies, handbook, advice)).card()


def kept_for_later(enquiry: Enquiry, state: State, policies: Mapping[str, Policy]) -> State:
    """Return the state with a question that can only be answered once the area is known."""
    waits = waits_for_area(enquiry, state, policies)
    return replace(state, later=replace(enquiry, rest="")) if waits else state


def due_now(state: State, policies: Mapping[str, Policy]) -> Enquiry | None:
    """Return the question that waited for the area, once that is known and nothing is urgent."""
    known = state.whole_policy(policies) is not None and not state.urgent
    return state.later if known else None


class _EnquiryAnswer:
    """Puts the enquiry to each policy and lays out the answers.

    `found` maps a policy's id to its answers; the list is empty if it says nothing.
    """

    def __init__(self, context: EnquiryContext) -> None:
        self.context = context
        self.enquiry = context.enquiry
        self.topic = context.enquiry.topic
        self.phrases = context.handbook.phrases
        asked = (context.enquiry, context.state, context.policies)
        self.policies = policies_asked(*asked)
        self.area_first = waits_for_area(*asked)
        self.alone = self.policies[0] if len(self.policies) == 1 else None
        self.own = GuideSections(context, self.alone)
        self.found = self._found()

    def card(self) -> Card:
        silences = self._silences()
        stated, unstated = self._from_policies()
        sections = [
            *self.own.danger(),
            *self.own.place_not_covered(),
            *self.own.now(),
            *self.own.dates(),
            *self._said(stated),
            *unstated,
            CardSection(self._say("heading_not_stated"), tuple(silences)),
            *(self.own.who_knows() if self._nothing() else ()),
        ]
        title, footer = self._title(), self._footer(silences)
        left = OPEN_WORDS - words_in(title) - words_in(footer)
        return Card(
            kind="answer",
            title=title,
            route="",
            sections=tuple(
                opened_within(left, (one for one in sections if one.items), self.phrases)
            ),
            footer=footer,
        )

    def _said(self, stated: list[CardSection]) -> list[CardSection]:
        """Return what policies and guidance say; where the area decides, that it does.

        What a term means is the same everywhere, and so is the law: they come first. Only who
        somebody is may be another thing in each area.
        """
        area = list(self.own.area_first()) if self.area_first else []
        guidance = list(self.own.guidance())
        if area and self.own.terms():
            return [*guidance, *(area if any(one.role for one in self.own.terms()) else ())]
        if self.enquiry.words in OF_THE_GUIDE_FIRST:
            return [*guidance, *area, *stated]
        if area and self.topic in SAME_EVERYWHERE:
            return [*guidance, *area]
        return [*area, *stated, *guidance]

    def _found(self) -> dict[str, list[PolicyAnswer]]:
        """Put the enquiry to each policy; use the closest kind of match that finds any name.

        A term that the guide knows matches only by its own names.
        """
        found: dict[str, list[PolicyAnswer]] = {}
        for closeness in Closeness:
            found = {policy.id: self._put(policy, closeness) for policy in self.policies}
            if self.topic is not Topic.about or self.own.terms() or any(found.values()):
                break
        return found

    def _put(self, policy: Policy, closeness: Closeness) -> list[PolicyAnswer]:
        asked = PolicyQuestion(
            enquiry=self.enquiry,
            lines=Lines(policy, self.phrases, known_facts(self.context, policy)),
            stages=stages_asked(self.context, policy),
            handbook=self.context.handbook,
            brief=self.alone is None,
            closeness=closeness,
        )
        return policy_answers(asked)

    def _from_policies(self) -> tuple[list[CardSection], list[CardSection]]:
        """Return what the policies say, and what they do not state: that is no answer by itself."""
        unstated = self._say("heading_not_stated")
        found = list(self._sections())
        return (
            [section for section in found if section.heading != unstated],
            [section for section in found if section.heading == unstated],
        )

    def _sections(self) -> Iterator[CardSection]:
        for policy in self.policies:
            found = self.found[policy.id]
            several = len(stages_asked(self.context, policy)) > 1
            if found and self.alone:
                yield from _parted(found, several=several)
            elif found:
                yield CardSection(self._heading(policy, found), self._flat(found, several=several))
        rule = self.alone.fallback if self.alone else None
        if self.alone and rule:
            item = CardItem(rule.what, None, self.alone.cite(rule.source))
            yield CardSection(self._say("heading_warnings"), (item,))

    def _flat(self, found: list[PolicyAnswer], *, several: bool) -> tuple[CardItem, ...]:
        """Return all lines in a single list, each with its stage if there are several."""
        lines: dict[CardItem, None] = {}
        for part in found:
            stage = part.stage if several else None
            items = with_stage_label(part.items, stage, self.phrases) if stage else part.items
            lines.update(dict.fromkeys(items))
        return tuple(lines)

    def _heading(self, policy: Policy, found: list[PolicyAnswer]) -> str:
        stages = _stages_of(found)
        if self.topic is not Topic.stage or len(stages) != 1:
            return policy.short_name
        return self._say("title_of", title=_stage_title(stages[0]), policy=policy.short_name)

    def _silences(self) -> list[CardItem]:
        """Return a line for each policy that says nothing on the topic."""
        if self.own.terms() and not self.enquiry.partnerships:
            return []
        return [self._silence(policy) for policy in self.policies if not self.found[policy.id]]

    def _silence(self, policy: Policy) -> CardItem:
        name, section = policy.short_name, WHOLE_DOCUMENT
        if self.topic is Topic.other_procedure:
            text = self.phrases.say("no_own_procedure", policy=name)
        elif not stages_asked(self.context, policy):
            last = policy.stages[-1]
            number, section = self.enquiry.stage, last.source
            text = self._say("no_such_stage", policy=name, number=number, last=last.label)
        elif self.topic is Topic.about and self.enquiry.words and not self.own.terms():
            text = self._say("silent_about", policy=name, words=self.enquiry.words)
        else:
            text = self._say("silent", policy=name)
        return CardItem(text, None, policy.cite(section))

    def _nothing(self) -> bool:
        """Say whether neither a policy nor the guide has an answer."""
        if self.area_first:
            return False
        own = self.own.terms() or (self.topic is not Topic.unknown and self.own.general())
        return not any(self.found.values()) and not own

    def _title(self) -> str:
        title = self._topic_title()
        if self.alone:
            return self._say("title_of", title=title, policy=self.alone.short_name)
        side_by_side = any(self.found.values()) and self.topic is not Topic.which_policy
        return self._say("title_each", title=title) if side_by_side else title

    def _topic_title(self) -> str:
        if self.topic is Topic.stage:
            return self._stage_asked()
        if self.topic in WITH_CASES and self.enquiry.words in {DECIDES, *OF_THE_GUIDE_FIRST}:
            return self._say(f"title_{self.enquiry.words}")
        if self.topic is Topic.about:
            words = self.enquiry.words or ""
            own = [one for policy in self.policies if (one := own_name(policy, words))][:1]
            named: list[Term | OwnName] = [*self.own.terms(), *own]
            names = [one.names[0] for one in named] or [words]
            return self._say("title_about", words=self._say("and").join(names))
        if self.topic is Topic.other_procedure and self.enquiry.exit:
            return self._say(f"title_{self.enquiry.exit}")
        return self._say(f"title_{self.topic}")

    def _stage_asked(self) -> str:
        asked = self.enquiry
        stages = stages_asked(self.context, self.alone) if self.alone else ()
        if len(stages) == 1:
            return _stage_title(stages[0])
        if asked.stage is not None:
            return self._say("title_stage", number=asked.stage)
        if asked.which in {Which.first, Which.last}:
            return self._say(f"title_stage_{asked.which}")
        level = asked.level
        return self.phrases.say(f"level_{level}") if level else self._say("title_stages")

    def _footer(self, silences: list[CardItem]) -> str:
        if not any(self.found.values()) and not silences:
            return self._say("footer_guidance")
        approvals = dict.fromkeys(sign_off(policy, self.phrases) for policy in self.policies)
        # Of several policies the least is said: not each is what some of them are.
        return next(iter(approvals)) if len(approvals) == 1 else self.phrases.say("card_unsigned")

    def _say(self, name: str, **gaps: object) -> str:
        return self.phrases.say(f"answer_{name}", **gaps)


def _parted(found: list[PolicyAnswer], *, several: bool) -> Iterable[CardSection]:
    """Yield a section for each heading, or for each stage if there are several."""
    sections: dict[str, dict[CardItem, None]] = {}
    for part in found:
        heading = _stage_title(part.stage) if several and part.stage else part.heading
        sections.setdefault(heading, {}).update(dict.fromkeys(part.items))
    for heading, items in sections.items():
        yield CardSection(heading, tuple(items))


def _stages_of(found: list[PolicyAnswer]) -> list[Stage]:
    """Return the stages of the answers, each once."""
    return list({part.stage.number: part.stage for part in found if part.stage}.values())


def _stage_title(stage: Stage) -> str:
    return f"{stage.label}: {stage.title}"
