"""The guide's own sections of an answer: danger first, the meaning of terms, who would know.

It is general guidance, from `policies/guidance/`, and always named as such.
"""

from collections.abc import Iterable, Iterator

from bot.core.cards.card import CardItem, CardSection
from bot.core.cards.lines import due_items
from bot.core.conversation.places import nation_note, place_title
from bot.core.conversation.state import facts_of
from bot.core.enquiry.scope import EnquiryContext
from bot.core.enquiry.search import policy_words, words_of
from bot.core.enquiry.somebody import partnership_contact
from bot.core.handbook.guidance import Said, Term
from bot.core.handbook.topics import Topic
from bot.core.policy.model import OtherProcedure, Policy, Statement
from bot.core.rules.narrowing import applies
from bot.core.vocabulary import Exit, Risk, Side

WITH_CASES = {Topic.allegation, Topic.law, Topic.contacts, Topic.records, Topic.refusal}
"""Topics on which the guide says something else where a question names one case of it."""


class GuideSections:
    """The guide's own sections. `alone` is the policy, if the enquiry is about only one."""

    def __init__(self, context: EnquiryContext, alone: Policy | None) -> None:
        self.context = context
        self.alone = alone
        self.topic = context.enquiry.topic
        self.safety_guidance = context.handbook.safety_guidance
        self.answers = context.handbook.answers
        self.phrases = context.handbook.phrases

    def terms(self) -> tuple[Term, ...]:
        """Return the terms that the enquiry asks about."""
        if self.topic is not Topic.about:
            return ()
        return self.answers.terms_named(self.context.enquiry.words or "")

    def danger(self) -> Iterator[CardSection]:
        """Yield the section that comes before any answer while a child may be in danger."""
        state = self.context.state
        if state.urgent:
            now = state.with_heard_risk().risk is Risk.immediate_danger
            rules = [self.safety_guidance.emergency] if now else []
            yield self._section("first", map(self._stands, [*rules, self.safety_guidance.same_day]))

    def place_not_covered(self) -> Iterator[CardSection]:
        """Yield a section saying that no policy here covers the named place."""
        place = self.context.enquiry.outside_place
        if place:
            nation = self.context.enquiry.outside_nation
            text = (
                self.phrases.say(nation_note(nation))
                if nation
                else self.phrases.say("answer_outside", place=place_title(place))
            )
            (source, *_) = [
                statement.source for statement in self.answers.guidance_on(Topic.which_policy)
            ]
            item = CardItem(text, None, self.answers.cite(source))
            yield self._section("not_stated", [item])

    def area_first(self) -> Iterator[CardSection]:
        """Yield a section saying that each area's policy answers this in its own way."""
        (statement, *_) = self.answers.guidance_on(Topic.which_policy)
        words = self.context.enquiry.words
        if words and self.topic is Topic.about and not self.terms() and not self._is_used(words):
            text = self.phrases.say("answer_term_before_area", words=words)
        else:
            text = self.phrases.say("answer_area_first")
        item = CardItem(text, None, self.answers.cite(statement.source))
        yield self._section("area_first", [item])

    def _is_used(self, words: str) -> bool:
        """Say whether some policy uses all these words, for whatever it is."""
        wanted = words_of(words)
        return any(policy_words(one).issuperset(wanted) for one in self.context.policies.values())

    def now(self) -> Iterator[CardSection]:
        """Yield what to do, by the advice so far, if that is asked."""
        advice, policy = self.context.staged, self.context.chosen
        owes = self.context.state.on_side is Side.receiver
        asked = {Topic.next, Topic.answering} if owes else {Topic.next}
        dated = self.topic is Topic.limits and (owes or self._is_of_the_case())
        if (dated or self.topic in asked) and advice and advice.headline and policy:
            numbers = (advice.next.to_stage, advice.stage.number if advice.stage else None)
            number = next(one for one in (*numbers, policy.stages[0].number) if one is not None)
            source = policy.cite(policy.stage(number).source)
            yield self._section("now", [CardItem(advice.headline.do, None, source)])

    def _is_of_the_case(self) -> bool:
        """Say whether a question names no other policy, body or stage than those of the case."""
        asked, advice = self.context.enquiry, self.context.staged
        if advice is None or asked.words or asked.which or self.alone is not self.context.chosen:
            return False
        here = advice.stage.number if advice.stage else None
        ahead = advice.next.to_stage if here is None else here + 1
        return asked.stage in {None, here, advice.next.to_stage, ahead}

    def dates(self) -> Iterator[CardSection]:
        """Yield the deadlines so far, if the enquiry is about time limits."""
        advice = self.context.staged
        if advice and self.topic is Topic.limits and self.alone is self.context.chosen:
            side = self.context.state.on_side
            due = due_items(advice.deadlines, self.phrases, side, urgent=False)
            yield self._section("dates", due)

    def guidance(self) -> Iterator[CardSection]:
        """Yield the meaning of terms and the general guidance on the topic."""
        yield self._section("term", map(self._answers, self.terms()))
        if self.topic is not Topic.unknown:
            yield self._section("guidance", self.general())

    def general(self) -> list[CardItem]:
        """Return the general guidance on the topic: danger first, then the short answers."""
        urgent = list(self._urgent())
        said = [*self._owed_to_them(), *self._said(self.topic)]
        return [*urgent[:1], *said, *urgent[1:], *self._elsewhere()]

    def who_knows(self) -> Iterator[CardSection]:
        """Yield a section saying that there is no answer, and who would know."""
        said = self._said(Topic.unknown)
        if self.topic is Topic.unknown:
            text = self.phrases.say("answer_unknown")
            yield self._section("not_stated", [CardItem(text, None, said[0].source)])
        policy = self.alone or self.context.chosen
        yield self._section(
            "who_knows", [*said, *(partnership_contact(policy, self.phrases) if policy else ())]
        )

    def _urgent(self) -> Iterator[CardItem]:
        safety_guidance = self.safety_guidance
        if self.topic is Topic.skip:
            yield self._stands(safety_guidance.becomes_urgent)
        if self.topic not in {Topic.urgent, Topic.out_of_hours}:
            return
        now = self.phrases.say("card_calm")
        yield CardItem(now, None, safety_guidance.cite(safety_guidance.emergency.source))
        yield self._stands(safety_guidance.becomes_urgent)
        facts = facts_of(self.context.state, self.context.policies)
        for rung in safety_guidance.ladder:
            if not rung.first or not applies(rung.applies, facts):
                continue
            text = self.phrases.say("answer_urgent_contact", role=rung.role)
            if rung.address:
                text = self.phrases.say("card_address", text=text, address=rung.address)
            yield CardItem(text, None, safety_guidance.cite(rung.source))

    def _elsewhere(self) -> Iterator[CardItem]:
        """Yield where other procedures go, unless the only policy asked already says so."""
        if self.topic is not Topic.other_procedure:
            return
        wanted = self.context.enquiry.exit
        said = (
            {procedure.exit for procedure in self.alone.other_procedures} if self.alone else set()
        )
        for way in [wanted] if wanted else Exit:
            if way not in said:
                procedure = self.safety_guidance.exit(way)
                yield self._stands(procedure)
                yield from map(self._stands, procedure.then if wanted else ())

    def _owed_to_them(self) -> Iterator[CardItem]:
        """Yield, to whoever has to answer, that only the guide's own questions can be left out."""
        if self.topic is Topic.answering and self.context.state.on_side is Side.receiver:
            (first, *_) = self._said(Topic.answering)
            yield CardItem(self.phrases.say("answer_owed_to_them"), None, first.source)

    def _said(self, topic: Topic) -> list[CardItem]:
        """Return what the guide says on a topic: what the question names comes first."""
        case = self.context.enquiry.words if topic in WITH_CASES else None
        said: Iterable[Said] = self.answers.guidance_on(topic, case)
        if topic is Topic.reporting:
            said = sorted(said, key=self._is_general)
        return [self._answers(statement) for statement in said]

    def _is_general(self, statement: Statement) -> bool:
        """Say whether a statement is about nothing in particular that the question names."""
        asked = self.answers.terms_named(self.context.enquiry.words or "")
        names = {name for term in asked for name in term.names if "report" not in name}
        return not any(name in statement.what for name in names)

    def _answers(self, statement: Statement) -> CardItem:
        return CardItem(statement.what, None, self.answers.cite(statement.source))

    def _stands(self, statement: Statement | OtherProcedure) -> CardItem:
        return CardItem(statement.what, None, self.safety_guidance.cite(statement.source))

    def _section(self, name: str, items: Iterable[CardItem]) -> CardSection:
        return CardSection(self.phrases.say(f"answer_heading_{name}"), tuple(items))
