"""Policy files, facts and texts that are wrong in every way: an answer, or what is wrong."""

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message

from bot.commands import advise as command
from bot.core.policy.checks import Problem
from bot.core.policy.loader import PolicyError, load_policy
from bot.core.policy.model import Policy
from bot.core.rules.read_facts import FactsError
from bot.model import trained_model
from bot.privacy.masking.masker import mask
from bot.understanding.components import UNREADABLE, IntentRanker, MessageReader
from tests.support.fuzzing import (
    CANARY,
    as_json,
    changed,
    damaged,
    fuzzed,
    no_hang,
    policy_paths,
    texts,
    values,
)

pytestmark = pytest.mark.long

FACTS = {
    "partnership": "kent", "today": "2026-11-24", "risk": "concern", "disagreement": "threshold",
    "my_agency": "health", "their_agency": "police", "child_status": ["looked_after"],
    "concern_on": "2026-11-02", "area": "luton", "exit": "complaint",
    "steps": [
        {"level": "practitioner", "on": "2026-11-16", "outcome": "unresolved"},
        {"level": "line_manager", "on": "2026-11-23", "outcome": "awaiting"},
    ],
}  # fmt: skip
WORDS = [
    "kent", "pan_dorset", "pan_bedfordshire", "immediate_danger", "no_harm", "unsure", "resolved",
    "director", "partnership", "2026-02-30", "0001-01-01", "9999-12-31", "2026-12-25", "own_agency",
]  # fmt: skip
IDENTIFIERS = {
    "phone": "07700 900123",
    "e-mail": "somebody.else@example.org",
    "NHS number": "943 476 5919",
    "National Insurance number": "QQ 12 34 56 C",
    "postcode": "CT20 1QR",
}


@cache
def _plain(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for one file at a time."""
    return tmp_path_factory.mktemp("policies")


def check_policy(folder: Path, content: bytes) -> None:
    """A file is a policy, or it is told what is wrong in it, by its name."""
    path = folder / "fuzzed.yml"
    path.write_bytes(content)
    with no_hang():
        problems = problems_of(path)
    assert all(problem.file == path.name for problem in problems)
    assert all(problem.key and problem.expected for problem in problems)


def problems_of(path: Path) -> list[Problem]:
    """Return what is wrong with a file; nothing where it is a policy."""
    try:
        policy = load_policy(path)
    except PolicyError as error:
        return error.problems or [Problem("", "", "", "an error that names no problem")]
    assert isinstance(policy, Policy)
    return []


@fuzzed
@given(data=st.data())
def test_a_damaged_policy_file_is_loaded_or_its_problems_named(
    folder: Path, data: st.DataObject
) -> None:
    """Bytes changed, put in, taken out, cut off."""
    path = data.draw(st.sampled_from(policy_paths()))
    check_policy(folder, data.draw(damaged(path.read_bytes())))


@fuzzed
@given(data=st.data())
def test_a_policy_of_another_shape_is_loaded_or_its_problems_named(
    folder: Path, data: st.DataObject
) -> None:
    """Parts of it replaced, dropped, doubled and wrapped."""
    path = data.draw(st.sampled_from(policy_paths()))
    value = data.draw(changed(_plain(path)))
    try:
        content = yaml.safe_dump(value, allow_unicode=True).encode("utf-8", "surrogatepass")
    except yaml.YAMLError:
        content = as_json(value)
    check_policy(folder, content)


@fuzzed
@given(
    content=changed(FACTS, values | st.sampled_from(WORDS)).map(as_json) | damaged(as_json(FACTS))
)
def test_wrong_facts_give_advice_or_problems_by_field(content: bytes) -> None:
    """Advice, or what was wrong; never anything else."""
    with no_hang():
        answer, problems = answer_to(content)
    assert all(": " in problem for problem in problems)
    if not problems:
        assert answer["route"]
        urgent = answer["route"] in {"emergency", "same_day"}
        assert not urgent or answer["next"]["action"] == "act_now"


def answer_to(content: bytes) -> tuple[dict[str, Any], list[str]]:
    """Return the advice, or nothing and what was wrong."""
    try:
        return msgspec.json.decode(command._answer(content)), []  # noqa: SLF001 - its whole work
    except FactsError as error:
        return {}, error.problems or ["an error that names no problem"]


Understand = Callable[[str], dict[str, Any]]


@pytest.fixture(scope="module")
def read_text_fully(tmp_path_factory: pytest.TempPathFactory) -> Understand:
    """The two components of the trained model, as the bot runs them."""
    storage, metadata = LocalModelStorage.from_model_archive(
        tmp_path_factory.mktemp("model"), trained_model()
    )
    context = ExecutionContext(GraphSchema({}))
    nodes = metadata.predict_schema.nodes
    node = next(one for one in nodes.values() if one.uses is IntentRanker)
    assert node.resource
    ranker = IntentRanker.load({}, storage, node.resource, context)
    reader = MessageReader.create({}, storage, Resource("reader"), context)

    def read(text: str) -> dict[str, Any]:
        message = Message({"text": text})
        reader.process(ranker.process([message]))
        return message.as_dict(only_output_properties=True)

    return read


@fuzzed
@given(text=texts, data=st.data())
def test_any_text_is_masked_and_read(
    read_text_fully: Understand, text: str, data: st.DataObject
) -> None:
    """What identifies somebody is gone wherever it stands; the rest is read without failing."""
    kind, identifier = data.draw(st.sampled_from(sorted(IDENTIFIERS.items())))
    at = data.draw(st.integers(0, len(text)))
    typed = f"{text[:at]} {identifier} {text[at:]}"
    with no_hang():
        stored = mask(typed).text
        assert identifier not in stored, kind
        assert mask(stored).text == stored
        read = read_text_fully(stored)
    unreadable = msgspec.to_builtins(UNREADABLE)["urgent_because"]
    assert read["reading"]["urgent_because"] != unreadable
    for day in read["reading"]["dates"]:
        date.fromisoformat(day)
    assert CANARY not in str(read)
