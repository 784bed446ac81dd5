"""The answers to a wish for a rung, and to whoever wonders whether to raise it at all.

Both come beside what a message tells about the case. They change no answer: a wish is no step.
"""

import re
from collections.abc import Iterator
from datetime import date

from msgspec.structs import replace

from bot.core.conversation.answers import Note
from bot.core.conversation.questions.case import guessed
from bot.core.conversation.state import Policies, State, facts_of
from bot.core.handbook.handbook import Handbook
from bot.core.handbook.wording import Phrases
from bot.core.policy.model import Party, Source, Stage
from bot.core.rules.advice import advise
from bot.core.rules.duties import contacts_at, stands_on
from bot.core.rules.facts import Facts
from bot.core.rules.headline import inside_sentence
from bot.core.rules.narrowing import NarrowedPolicy
from bot.core.rules.results import Advice
from bot.core.rules.scope import scope
from bot.core.rules.summary import stage_name
from bot.core.vocabulary import Action, Level, Risk, Side

STAGE, LEVEL, UP = "stage.", "level.", "up"
"""How a wish is held: by the stage's own number, by the level of the person named, or as up."""


def wish_told(reading: object) -> str | None:
    """Return a wish as the state holds it, from its `stage` or its `level`.

    What is only asked about ("can we go to Stage 3?") has its answer by then.
    """
    if not isinstance(reading, dict) or reading.get("asked"):
        return None
    return _held(reading)


def _held(reading: dict[str, object]) -> str | None:
    """Return a wish as the state holds it."""
    if reading.get("stage") is not None:
        return f"{STAGE}{reading['stage']}"
    if reading.get("level"):
        return f"{LEVEL}{reading['level']}"
    return UP if reading.get("up") else None


def names_stage(before: State, after: State) -> bool:
    """Say whether a message named a stage: as the one reached, or as one wished for."""
    return after.reached != before.reached or after.wish != before.wish


def answered(
    before: State, state: State, policies: Policies, handbook: Handbook, today: date
) -> tuple[State, Note | None]:
    """Return the state without a wish that can be answered now, and the answer.

    It waits for the policy, and for whatever has to be done today.
    """
    if state.wish is None or state.urgent:
        return state, None
    policy = state.policy(policies)
    if policy is None:
        asked = None if before.wish == state.wish else _later(state.wish, handbook.phrases)
        return state, asked
    done = replace(state, wish=None)
    if not may_wish(done):
        return done, None
    return done, _Wish(done, policy, policies, handbook, today).note(state.wish)


def asked_of_rung(
    asked: object, state: State, policies: Policies, handbook: Handbook, today: date
) -> Note | None:
    """Return whether somebody can go to the rung they ask about ("straight to the director?").

    None while the place is not known, in danger, and for the side that it was raised with. `asked`
    is the reading's wish.
    """
    policy = state.policy(policies)
    wish = _held(asked) if isinstance(asked, dict) else None
    if wish is None or policy is None or not may_wish(state):
        return None
    return _Wish(state, policy, policies, handbook, today).note(wish)


def may_wish(state: State) -> bool:
    """Say whether a wish was answered: there is none left, and it is theirs to take further."""
    return state.wish is None and not state.urgent and state.on_side is Side.raiser


def _later(wish: str, phrases: Phrases) -> Note:
    kind, _, named = wish.partition(".")
    where = {STAGE: "wish_number", LEVEL: f"wish_level_{named}"}.get(f"{kind}.", "wish_up")
    return Note("wish_later", {"stage": phrases.say(where, number=named)})


class _Wish:
    """Works out whether a rung can be next, what stands between, and who takes it there."""

    def __init__(
        self,
        state: State,
        policy: NarrowedPolicy,
        policies: Policies,
        handbook: Handbook,
        today: date,
    ) -> None:
        facts = facts_of(state, policies)
        # How great the risk is has its own question: until then the stages are what is asked of.
        self.facts: Facts = facts if facts.risk else replace(facts, risk=Risk.concern)
        self.state = state
        self.policy = policy
        self.phrases = handbook.phrases
        self.here = state.stage({policy.id: policy})
        self.advice: Advice = advise(self.facts, policy, today, handbook)

    def note(self, wish: str) -> Note:
        """Return the answer to a wish."""
        target = self._target(wish)
        if target is None:
            last, number = self.policy.stages[-1], wish.removeprefix(STAGE)
            gaps = {"policy": self.policy.short_name, "number": number, "last": last.label}
            return Note("answer_no_such_stage", gaps)
        may, source = self._may(target)
        text = " ".join([may, f"**{self._do()}**", *self._who(target)])
        return Note(
            "wish", {"answer": text, "document": source.document, "section": source.section}
        )

    def _target(self, wish: str) -> Stage | None:
        if wish == UP:
            return self._above()
        if wish.startswith(LEVEL):
            return self.policy.stage_for(Level(wish.removeprefix(LEVEL)))
        number = int(wish.removeprefix(STAGE))
        return next((stage for stage in self.policy.stages if stage.number == number), None)

    def _above(self) -> Stage:
        """Return the stage above the one they are at, which is the last one where there is none."""
        stages = self.policy.stages
        here = -1 if self.here is None else self.here.number
        number = self._ahead()
        return next(
            (
                one
                for one in stages
                if one.number == number or (number is None and one.number > here)
            ),
            stages[-1],
        )

    def _may(self, target: Stage) -> tuple[str, Source]:
        """Return whether they may go there now, and where that stands."""
        policy, say = self.policy, self.phrases.say
        cited = policy.cite(target.source)
        done = -1 if self.here is None else self.here.number
        if target.number <= done:
            return say("wish_here", stage=target.label), cited
        if target.number == self._ahead():
            alone = stands_on(target, self.facts.me.level or Level.practitioner)
            return say("wish_next" if alone else "wish_next_asks", stage=target.label), cited
        between = [stage for stage in policy.stages if done < stage.number < target.number]
        rule = target.must_follow
        if rule and {stage.number for stage in between} & set(rule.stages):
            return say("wish_not_yet", rule=rule.what), policy.cite(rule.source)
        if not between:
            return say("wish_next_if", stage=target.label), cited
        names = [stage.label for stage in between]
        listed = (
            say("answer_and").join(names)
            if len(names) < MOST
            else say("wish_from_to", first=names[0], last=names[-1])
        )
        told = say("wish_between", policy=policy.short_name, stage=target.label, missing=listed)
        return told, policy.cite(between[0].source)

    def _ahead(self) -> int | None:
        """Return the number of the stage that comes next."""
        told = self.advice.next
        if told.to_stage is not None:
            return told.to_stage
        return self.advice.stage.number if self.advice.stage and told.action in BEGINS else None

    def _do(self) -> str:
        """Return what to do today. Until it is told how far it has got, that is the first stage."""
        if self.state.reached is not None and self.advice.headline:
            return self.advice.headline.do
        return self.phrases.say("wish_starts", stage=stage_name(self.policy.stages[0]))

    def _who(self, target: Stage) -> Iterator[str]:
        """Yield who takes it to the stage: whoever stands on its rung, or above it."""
        contacts = contacts_at(target, self.facts, self.policy)
        ours = next((one for one in contacts if one.party is Party.raiser), None)
        theirs = next((one for one in contacts if one.party is Party.receiver), None)
        if ours and theirs and target is not self.here:
            yield self.phrases.say(
                "wish_yours" if stands_on(target, self.facts.me.level) else "wish_who",
                stage=target.label,
                ours=inside_sentence(ours.post or ours.role),
                theirs=inside_sentence(theirs.post or theirs.role),
            )


MOST = 3
"""So many stages in between are not listed one by one."""
BEGINS = {Action.discuss}
"""What is next while nothing was tried: the first stage itself."""


DOUBTS = re.compile(
    r"\bover[\s-]?react|\bmaking (?:too much|a fuss)|\btoo much of (?:it|this)"
    r"|\bbeing (?:silly|dramatic|paranoid|over)"
)
"""Words of somebody who fears to see too much in it."""
WORTH = re.compile(r"\bworth|\bshould|\bescalat|\braise\b|\bchalleng")
"""Words of somebody who asks whether it is to be raised."""


def doubts_oneself(text: str) -> bool:
    """Say whether somebody asks if they make too much of it, and not whether to raise it."""
    said = text.casefold()
    return bool(DOUBTS.search(said)) and not WORTH.search(said)


def whether_to_raise(
    state: State, policies: Policies, handbook: Handbook, *, doubts: bool = False
) -> Note:
    """Return the direct answer to "should I raise it?", with its source.

    It is yes; to whoever `doubts` themselves ("am I overreacting?") it is no. The likeliest kind of
    disagreement stands for it while the person has not confirmed one: the answer then says so.
    """
    policy = state.policy(policies)
    told = facts_of(state, policies)
    likely = next(iter(guessed(state)), None) if told.disagreement is None else None
    if likely is not None:
        told = facts_of(replace(state, disagreement=likely), policies)
    fits = scope(told, policy, handbook)
    reason = fits.because[0]
    answer = "no" if doubts else "yes"
    name = {True: "in", False: "out", None: "open"}[fits.in_scope]
    gaps = {
        "opening": handbook.phrases.say(f"opening_{answer}"),
        "sentence": handbook.phrases.say(f"sentence_{answer}"),
        "because": reason.text,
        "document": reason.source.document,
        "section": reason.source.section,
    }
    if policy is None:
        return Note("raise_anywhere", gaps)
    kind = lower_first(handbook.phrases.say(f"option_disagreement_{likely}")) if likely else ""
    if likely and fits.in_scope:
        name = "likely"
    first = stage_name(policy.stages[0])
    return Note(
        f"raise_{name}", {**gaps, "policy": policy.short_name, "first": first, "kind": kind}
    )


def lower_first(text: str) -> str:
    """Return an option's title as it stands inside a sentence."""
    return f"{text[0].lower()}{text[1:]}"
