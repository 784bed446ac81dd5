"""A reader's list of each policy's facts, made from the published text alone, and its passages."""

import re
from enum import Enum
from functools import cache
from typing import Any

import msgspec
import pytest
import yaml

from bot.core.cards.card import card_text
from bot.core.conversation.state import State
from bot.core.enquiry.answer import answer_enquiry
from bot.core.handbook.topics import Enquiry
from bot.core.policy.model import PolicyPart, Quoted
from bot.core.rules.cautions import WHOLE_DOCUMENT
from bot.keepers.statements import statement_groups
from bot.paths import ROOT
from tests.support.core import IDS, advice_on, handbook, policies, step, told

FACTS = ROOT / "tests/policies/facts"
LOADED = policies()


class Force(Enum):
    """How strongly the text puts a fact, as the reader judged it."""

    must = "must"
    should = "should"
    may = "may"
    info = "info"


class Fact(PolicyPart, frozen=True, kw_only=True):
    """One fact. `data` stands in the file; `said` (else the same) is said where it applies.

    That is in the advice on the situation under `when`, or the answer to the question under `ask`.
    """

    kind: Force
    section: str
    fact: str
    data: str
    when: dict[str, Any] | None = None
    ask: Enquiry | None = None
    said: str = ""


LISTS = {
    name: msgspec.convert(
        yaml.load((FACTS / f"{name}.yml").read_text("utf-8"), yaml.CSafeLoader), list[Fact]
    )
    for name in IDS
}
EVERY = [
    pytest.param(name, fact, id=f"{name}: {fact.fact}") for name in IDS for fact in LISTS[name]
]


@cache
def stated(partnership: str) -> str:
    """Return all that the guide states from a policy, silences included."""
    groups = statement_groups(LOADED[partnership], handbook())
    return " ".join(statement.text for group in groups for statement in group.stated)


@pytest.mark.parametrize("partnership", IDS)
def test_every_policy_has_a_readers_list(partnership: str) -> None:
    """Each fact once, with musts and shoulds, and each in one situation or one question."""
    facts = LISTS[partnership]
    assert len({fact.fact for fact in facts}) == len(facts) >= 30
    assert sum(fact.kind in {Force.must, Force.should} for fact in facts) >= 30
    assert [fact for fact in facts if (fact.when is None) is (fact.ask is None)] == []
    head = (FACTS / f"{partnership}.yml").read_text("utf-8").split("\n-")[0]
    for kind in (Force.must, Force.should):
        assert f"{sum(fact.kind is kind for fact in facts)} {kind.value}s" in head


@pytest.mark.parametrize(("partnership", "fact"), EVERY)
def test_a_fact_of_the_text_is_in_the_file_and_said_where_it_applies(
    partnership: str, fact: Fact
) -> None:
    """In a statement of the policy, and in the advice or the answer that it is for."""
    assert fact.data in stated(partnership)
    area = "luton" if partnership == "pan_bedfordshire" else None
    if fact.ask is not None:
        state = State(partnership=partnership, area=area)
        card = answer_enquiry(fact.ask, state, LOADED, handbook())
        assert (fact.said or fact.data) in card_text(card, handbook().phrases)
    elif fact.when is not None:
        given = {"area": area, **fact.when} if area else fact.when
        steps = [step(*one) for one in fact.when.get("steps", [])]
        advice = msgspec.json.encode(advice_on(told(partnership, **{**given, "steps": steps})))
        assert (fact.said or fact.data) in advice.decode().replace('\\"', '"')


def quoted(part: object) -> list[Quoted]:
    """Return every part of a policy that can hold a passage."""
    found = [part] if isinstance(part, Quoted) else []
    if isinstance(part, tuple):
        return [inner for one in part for inner in quoted(one)]
    if isinstance(part, msgspec.Struct):
        inner = [one for name in part.__struct_fields__ for one in quoted(getattr(part, name))]
        return [*found, *inner]
    return found


@pytest.mark.parametrize("partnership", IDS)
def test_every_statement_carries_the_passage_it_comes_from(partnership: str) -> None:
    """All but what the text does not say, and what is said of it as a whole."""
    policy = LOADED[partnership]
    silent = {
        id(part)
        for listed in (policy.not_stated, *(stage.not_stated for stage in policy.stages))
        for part in listed
    }
    parts = [
        part for part in quoted(policy)
        if id(part) not in silent and part.source != WHOLE_DOCUMENT
    ]  # fmt: skip
    assert len(parts) > 40
    assert [part for part in parts if not part.quote] == []
    assert not any(re.search(r"\s{2}|\n", part.quote or "") for part in parts)


OF_BODIES = {"role", "post", "who", "name", "send_to", "partnership", "title", "quote", "source"}
"""Fields whose words are names of posts, bodies and papers: these are the text's own."""


def in_our_words(part: object) -> list[str]:
    """Return every text of a policy that is neither a passage nor a name."""
    if isinstance(part, str):
        return [part]
    if isinstance(part, tuple):
        return [text for one in part for text in in_our_words(one)]
    if not isinstance(part, msgspec.Struct) or isinstance(part, Enum):
        return []
    fields = [name for name in part.__struct_fields__ if name not in OF_BODIES]
    return [text for name in fields for text in in_our_words(getattr(part, name))]


def runs_of_eight(text: str) -> set[tuple[str, ...]]:
    """Return every eight words in a row, without capitals and signs."""
    words = re.findall(r"[a-z0-9]+(?:['-][a-z0-9]+)*", text.lower().replace("’", "'"))
    return {tuple(words[at : at + 8]) for at in range(len(words) - 7)}


@pytest.mark.parametrize("partnership", IDS)
def test_no_statement_copies_eight_words_in_a_row_of_a_passage(partnership: str) -> None:
    """Their facts, our own words. The texts themselves lie outside: the passages stand for them."""
    policy = LOADED[partnership]
    passages = set().union(*(runs_of_eight(part.quote or "") for part in quoted(policy)))
    assert len(passages) > 200
    own = in_our_words(policy)
    assert len(own) > 60
    assert [text for text in own if runs_of_eight(text) & passages] == []


@pytest.mark.parametrize("partnership", IDS)
def test_a_passage_is_shown_to_keepers_and_never_to_practitioners(partnership: str) -> None:
    """Advice paraphrases: no passage of more than a few words stands in it."""
    advice = msgspec.json.encode(advice_on(told(partnership))).decode()
    long = [part.quote for part in quoted(LOADED[partnership]) if part.quote]
    assert not any(quote in advice for quote in long if len(quote.split()) > 9)
