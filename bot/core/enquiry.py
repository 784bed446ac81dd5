"""A question answered: from the policy it names, else the one chosen, else all side by side.

A policy's own statements come first, then the guide's general guidance, named as that. What a
policy does not say is said to be not stated, with who would know. Nothing here changes a state.
"""

from collections.abc import Iterable, Iterator, Mapping

from bot.core.card import Card, CardItem, Section, due_item
from bot.core.duties import WHOLE
from bot.core.enquiry_items import Lines, prefixed
from bot.core.enquiry_parts import Asked, Part, contact, parts
from bot.core.enquiry_scope import Context, known, policies_asked, stages_asked
from bot.core.enquiry_search import Closeness
from bot.core.enquiry_topics import Enquiry, Topic
from bot.core.guidance import Term
from bot.core.policy import Policy, Source, Stage
from bot.core.results import Advice
from bot.core.standing import Handbook
from bot.core.state import State
from bot.core.vocabulary import Exit, Risk


def answer(
    enquiry: Enquiry,
    state: State,
    policies: Mapping[str, Policy],
    handbook: Handbook,
    advice: Advice | None = None,
) -> Card:
    """Return the answer as a card of sections. Every line of it carries its source.

    `advice` is what was worked out so far, where there is enough for any.
    """
    return _Answer(Context(enquiry, state, policies, handbook, advice)).card()


class _Answer:
    """Puts the question to each policy and lays out what comes back."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.enquiry = context.enquiry
        self.topic = context.enquiry.topic
        self.handbook = context.handbook
        self.policies = policies_asked(context)
        self.alone = self.policies[0] if len(self.policies) == 1 else None
        self.found = self._found()

    def card(self) -> Card:
        sections = [
            *self._danger(),
            *self._outside(),
            *self._dates(),
            *self._from_policies(),
            *self._own_guidance(),
            self._section("not_stated", self._silences()),
            *self._who_knows(),
        ]
        return Card(
            kind="answer",
            title=self._title(),
            route="",
            sections=tuple(section for section in sections if section.items),
            footer=self._footer(),
        )

    # What the policies say

    def _found(self) -> dict[str, list[Part]]:
        """Return the parts of each policy's answer, by its id: the surest match that finds any."""
        found: dict[str, list[Part]] = {}
        for closeness in Closeness:
            found = {policy.id: self._put(policy, closeness) for policy in self.policies}
            if self.topic is not Topic.about or self._terms() or any(found.values()):
                break
        return found

    def _put(self, policy: Policy, closeness: Closeness) -> list[Part]:
        asked = Asked(
            enquiry=self.enquiry,
            lines=Lines(policy, self.handbook.phrases, known(self.context, policy)),
            stages=stages_asked(self.context, policy),
            handbook=self.handbook,
            brief=self.alone is None,
            closeness=closeness,
        )
        return parts(asked)

    def _from_policies(self) -> Iterator[Section]:
        for policy in self.policies:
            found = self.found[policy.id]
            if found and self.alone:
                yield from self._parted(policy, found)
            elif found:
                lines = tuple(self._flat(policy, found))
                yield Section(self._policy_heading(policy, found), lines)
        if self.alone and self.alone.fallback:
            rule = self.alone.fallback
            yield self._section("warnings", [self._cited(rule.what, self.alone.cite(rule.source))])

    def _parted(self, policy: Policy, found: list[Part]) -> Iterator[Section]:
        """Yield a section for each part; where it is about several stages, for each stage."""
        several = len(stages_asked(self.context, policy)) > 1
        sections: dict[str, dict[CardItem, None]] = {}
        for part in found:
            heading = _stage_heading(part.stage) if several and part.stage else part.heading
            sections.setdefault(heading, {}).update(dict.fromkeys(part.items))
        for heading, items in sections.items():
            yield Section(heading, tuple(items))

    def _flat(self, policy: Policy, found: list[Part]) -> Iterable[CardItem]:
        """Return all lines in one list, those of several stages with their stage."""
        several = len(stages_asked(self.context, policy)) > 1
        lines: dict[CardItem, None] = {}
        for part in found:
            own = several and part.stage
            items = prefixed(part.items, own, self.handbook.phrases) if own else part.items
            lines.update(dict.fromkeys(items))
        return lines

    def _policy_heading(self, policy: Policy, found: list[Part]) -> str:
        stages = _stages_of(found)
        if self.topic is not Topic.stage or len(stages) != 1:
            return policy.short_name
        title = _stage_heading(stages[0])
        return self._say("title_of", title=title, policy=policy.short_name)

    def _silences(self) -> list[CardItem]:
        """Return that a policy says nothing about it, for each that does not."""
        if self._terms() and not self.enquiry.partnerships:
            return []
        return [self._silence(policy) for policy in self.policies if not self.found[policy.id]]

    def _silence(self, policy: Policy) -> CardItem:
        name = policy.short_name
        if self.topic is Topic.other_procedure:
            text = self.handbook.phrases.say("no_own_procedure", policy=name)
            return self._cited(text, policy.cite(WHOLE))
        if not stages_asked(self.context, policy):
            last = policy.stages[-1]
            number = self.enquiry.stage
            text = self._say("no_such_stage", policy=name, number=number, last=last.label)
            return self._cited(text, policy.cite(last.source))
        return self._cited(self._say("silent", policy=name), policy.cite(WHOLE))

    # What the guide says itself

    def _danger(self) -> Iterator[Section]:
        """Yield what comes before any answer while a child may be in danger."""
        state, standing = self.context.state, self.handbook.standing
        if state.urgent:
            now = state.with_heard_risk().risk is Risk.immediate_danger
            rules = [standing.emergency, standing.same_day] if now else [standing.same_day]
            yield self._section(
                "first", [self._cited(rule.what, standing.cite(rule.source)) for rule in rules]
            )

    def _outside(self) -> Iterator[Section]:
        """Yield that no policy here covers the place that was named."""
        answers, place = self.handbook.answers, self.enquiry.outside_place
        if place:
            text = self._say("outside", place=place.title())
            source = answers.cite(answers.on(Topic.which_policy)[0].source)
            yield self._section("not_stated", [self._cited(text, source)])

    def _dates(self) -> Iterator[Section]:
        """Yield the dates worked out for them so far, where they ask how long it may take."""
        advice = self.context.staged
        if advice and self.topic is Topic.limits and self.alone is self.context.chosen:
            phrases = self.handbook.phrases
            due = [due_item(one, phrases, urgent=False) for one in advice.deadlines]
            yield self._section("dates", due)

    def _own_guidance(self) -> Iterator[Section]:
        answers = self.handbook.answers
        terms = [self._cited(term.what, answers.cite(term.source)) for term in self._terms()]
        yield self._section("term", terms)
        if self.topic is not Topic.unknown:
            own = [
                self._cited(one.what, answers.cite(one.source)) for one in answers.on(self.topic)
            ]
            yield self._section("guidance", [*self._standing(), *own])

    def _terms(self) -> tuple[Term, ...]:
        about = self.topic is Topic.about
        return self.handbook.answers.named(self.enquiry.words or "") if about else ()

    def _standing(self) -> Iterator[CardItem]:
        """Yield what the standing guidance says: on danger, and on other procedures."""
        standing = self.handbook.standing
        urgent = self.topic in {Topic.urgent, Topic.out_of_hours}
        if urgent or self.topic is Topic.skip:
            rule = standing.becomes_urgent
            yield self._cited(rule.what, standing.cite(rule.source))
        for one in standing.urgent_contacts if urgent else ():
            text = self._say("urgent_contact", role=one.role)
            if one.address:
                say = self.handbook.phrases.say
                text = say("card_address", text=text, address=one.address)
            yield self._cited(text, standing.cite(one.source))
        if self.topic is Topic.other_procedure:
            asked = [self.enquiry.exit] if self.enquiry.exit else list(Exit)
            said = {one.exit for one in self.alone.other_procedures} if self.alone else set()
            for way in asked:
                if way in said:
                    continue
                own = standing.exit(way)
                yield self._cited(own.what, standing.cite(own.source))

    def _who_knows(self) -> Iterator[Section]:
        """Yield who would know, where nothing was found."""
        answers = self.handbook.answers
        nothing = not any(self.found.values()) and not self._terms() and not self._has_guidance()
        if not (nothing or self.topic is Topic.unknown):
            return
        if self.topic is Topic.unknown:
            source = answers.cite(answers.on(Topic.unknown)[0].source)
            yield self._section("not_stated", [self._cited(self._say("unknown"), source)])
        items = [
            self._cited(one.what, answers.cite(one.source)) for one in answers.on(Topic.unknown)
        ]
        policy = self.alone or self.context.chosen
        if policy:
            items += contact(policy, self.handbook.phrases)
        yield self._section("who_knows", items)

    def _has_guidance(self) -> bool:
        return bool(self.handbook.answers.on(self.topic)) or any(self._standing())

    # Title and footer

    def _title(self) -> str:
        title = self._topic_title()
        if self.alone:
            return self._say("title_of", title=title, policy=self.alone.short_name)
        side_by_side = any(self.found.values()) and self.topic is not Topic.which_policy
        return self._say("title_each", title=title) if side_by_side else title

    def _topic_title(self) -> str:
        if self.topic is Topic.stage:
            stages = {stage for found in self.found.values() for stage in _stages_of(found)}
            if self.alone and len(stages) == 1:
                return _stage_heading(stages.pop())
            return self._asked_stage()
        if self.topic is Topic.about:
            names = [term.names[0] for term in self._terms()] or [self.enquiry.words or ""]
            return self._say("title_about", words=self._say("and").join(names))
        if self.topic is Topic.other_procedure and self.enquiry.exit:
            return self._say(f"title_{self.enquiry.exit}")
        return self._say(f"title_{self.topic}")

    def _asked_stage(self) -> str:
        asked = self.enquiry
        if asked.level:
            return self.handbook.phrases.say(f"level_{asked.level}")
        if asked.which:
            return self._say(f"title_stage_{asked.which}")
        return self._say("title_stage", number=asked.stage)

    def _footer(self) -> str | None:
        if not any(self.found.values()) and not self._silences():
            return self._say("footer_guidance")
        unsigned = self.handbook.phrases.say("card_unsigned")
        asked_of_one = self.alone or self.enquiry.partnerships or self.context.chosen
        return unsigned if asked_of_one else f"{self._say('side_by_side')} {unsigned}"

    def _section(self, name: str, items: Iterable[CardItem]) -> Section:
        return Section(self._say(f"heading_{name}"), tuple(items))

    def _cited(self, text: str, source: Source) -> CardItem:
        return CardItem(text, None, source)

    def _say(self, name: str, **gaps: object) -> str:
        return self.handbook.phrases.say(f"answer_{name}", **gaps)


def _stages_of(found: list[Part]) -> list[Stage]:
    """Return the stages that the parts are about, each once."""
    return list({part.stage.number: part.stage for part in found if part.stage}.values())


def _stage_heading(stage: Stage) -> str:
    return f"{stage.label}: {stage.title}"
