"""The case as it stands on one day, from which every file is made."""

from collections.abc import Mapping
from datetime import date

import msgspec

from bot.core.conversation.questions.table import next_question
from bot.core.conversation.state import UNKNOWN, State, facts_of
from bot.core.handbook.handbook import Handbook
from bot.core.handbook.wording import Phrases
from bot.core.letters import drafting
from bot.core.letters.account import form_values
from bot.core.policy.model import Policy
from bot.core.rules.advice import advise
from bot.core.rules.facts import Facts
from bot.core.rules.narrowing import NarrowedPolicy, narrowed
from bot.core.rules.results import Advice
from bot.letters.files import letters


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """Facts, policy and advice on `day`, the day the files are made.

    `fingerprint` changes with any change of the policy file. `key` is an opaque text that stays
    with the case, and `revision` goes up with each change: calendars use them to update events.
    `not_known` names the questions answered with "I don't know". `written` holds masked words for
    gaps, by the gap's name.
    """

    facts: Facts
    policy: NarrowedPolicy | None
    advice: Advice
    handbook: Handbook
    day: date
    key: str
    fingerprint: str
    revision: int = 0
    heard: bool = False
    not_known: tuple[str, ...] = ()
    written: Mapping[str, str] = {}

    @property
    def phrases(self) -> Phrases:
        """The guide's sentences."""
        return self.handbook.phrases

    @property
    def urgent(self) -> bool:
        """Whether the case must be acted on today."""
        return self.advice.urgent

    @property
    def told(self) -> drafting.LetterCase:
        """The part of the case that letters are written from."""
        return drafting.LetterCase(self.facts, self.policy, self.advice, self.day, heard=self.heard)

    def gaps(self) -> dict[str, str]:
        """Return the values for the gaps of a form."""
        found = form_values(self.facts, self.policy, self.advice, letters(), self.day, self.phrases)
        return {**found, **self.written}


def case_of(
    state: State,
    policies: Mapping[str, Policy],
    handbook: Handbook,
    day: date,
    *,
    key: str = "",
    revision: int = 0,
) -> Case | None:
    """Return the case of a conversation, or None while advice needs more answers."""
    state = msgspec.structs.replace(state, rehearsal=None)
    if not state.urgent and next_question(state, policies) is not None:
        return None
    stated, state = state.risk, state.with_heard_risk()
    case = case_from(facts_of(state, policies), state.whole_policy(policies), handbook, day, key)
    not_known = tuple(name for name, value in _answers(state) if _is_unknown(value))
    return msgspec.structs.replace(
        case, revision=revision, not_known=not_known, heard=stated != state.risk
    )


def case_from(facts: Facts, policy: Policy | None, handbook: Handbook, day: date, key: str) -> Case:
    """Return the case for facts and a policy that is not narrowed yet."""
    own = None if policy is None else narrowed(policy, facts)
    advice = advise(facts, own, day, handbook)
    return Case(
        facts=facts,
        policy=own,
        advice=advice,
        handbook=handbook,
        day=day,
        key=key,
        fingerprint=policy.fingerprint if policy else "",
    )


def _answers(state: State) -> list[tuple[str, object]]:
    return [(name, getattr(state, name)) for name in State.__struct_fields__]


def _is_unknown(value: object) -> bool:
    return value == UNKNOWN or (isinstance(value, tuple) and UNKNOWN in value)
