"""Every part of a policy has a form, and what the form sends back is what the file held."""

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec import inspect

from bot.core.policy.file import read_plain
from bot.core.policy.loader import policy_files
from bot.core.policy.model import Policy
from bot.keepers.desk.fields import (
    Choice,
    Field,
    Surroundings,
    fields_at,
    read_form,
    type_at,
    wording,
    words_for,
)
from bot.keepers.desk.work import NotThere, Piece, pieces_of
from bot.keepers.schema import INHERITED
from bot.paths import POLICIES, ROOT
from tests.support.core import handbook
from tests.support.each import each

FILES = [*policy_files(POLICIES), *policy_files(ROOT / "tests/policies/shapes")]
STAGES = tuple(Choice(str(number), f"Stage {number}") for number in range(8))


def around(plain: dict[str, Any]) -> Surroundings:
    """Everything that a file's parts refer to."""
    areas, priorities = (
        tuple(Choice(one["id"], one["name"]) for one in plain.get(name, ()))
        for name in ("areas", "priorities")
    )
    return Surroundings(STAGES, areas, priorities, adds=bool(plain.get("extends")))


def sent_as(fields: list[Field]) -> dict[str, list[str]]:
    """What a browser sends for a form that nobody changed."""
    return {
        field.name: [choice.value for choice in field.choices if choice.chosen]
        if field.kind in {"one", "some"}
        else [field.value]
        for field in fields
    }


def bare(value: Any) -> Any:
    """A value without what means the same when it is left out."""
    if isinstance(value, dict):
        found = {key: bare(one) for key, one in value.items()}
        return {key: one for key, one in found.items() if one not in (None, False, [], {}, "")}
    if isinstance(value, list):
        # Of values to choose from, the order means nothing.
        return [
            bare(one) for one in sorted(value, key=lambda one: one if isinstance(one, str) else "")
        ]
    return " ".join(value.split()) if isinstance(value, str) else value


def pieces() -> Iterator[tuple[dict[str, Any], Piece]]:
    """Every statement of every file, beside the whole file."""
    for path in FILES:
        plain: Any = read_plain(path)[0]
        for piece in pieces_of(plain):
            if piece.path not in {"instead", "documents", "extends"}:
                yield plain, piece


@each(("plain", "piece"), pieces())
def test_a_form_that_nobody_changed_gives_the_same_statement(
    plain: dict[str, Any], piece: Piece
) -> None:
    """Opening a statement and saving it loses nothing."""
    fields = fields_at(piece.path, piece.value, around(plain), handbook().phrases)
    sent = read_form(piece.path, fields, sent_as(fields))
    held = bare(piece.value)
    # A date may be null.
    if piece.value is not None:
        assert dict(sent.wrong) == {}
    assert bare(sent.value) == (held if held not in ([], {}) else bare(sent.value))


LIMIT: dict[str, Any] = {
    "what": "Answer",
    "who": "receiver",
    "amount": 5,
    "unit": "working_day",
    "readings": [{"counted_from": "stage_start"}],
    "source": "4.2",
}


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("amount", "five", "whole number"),
        ("amount", "-1", "whole number"),
        ("amount", "99999", "whole number"),
        ("unit", "fortnight", "Choose"),
        ("unit", "", "Fill"),
        ("what", "  ", "Fill"),
        ("readings.0.counted_from", "", "Fill"),
    ],
)
def test_a_wrong_entry_is_named_at_its_field(field: str, value: str, told: str) -> None:
    """Nothing that was sent reaches the file unread."""
    fields = fields_at("stages.0.to_answer.0", LIMIT, Surroundings(), handbook().phrases)
    wrong = read_form("stages.0.to_answer.0", fields, {**sent_as(fields), field: [value]}).wrong
    assert list(wrong) == [field]
    assert told in wrong[field]


def test_a_day_must_exist() -> None:
    """31 February is no day."""
    fields = fields_at("document.next_review", None, Surroundings(), handbook().phrases)
    assert read_form("document.next_review", fields, {"value": ["2026-02-31"]}).wrong
    assert (
        read_form("document.next_review", fields, {"value": ["2026-02-28"]}).value == "2026-02-28"
    )


def test_a_path_that_no_policy_has_is_refused() -> None:
    """A form sent for it makes nothing, a signature least of all."""
    nobody_writes = ("status", "signed", "signed.role", "fact_checked", "extends")
    for path in ("stages.0.salary", "secret", "stages.first.label", *nobody_writes):
        with pytest.raises(NotThere):
            type_at(path)


def test_no_field_is_named_in_the_language_of_files() -> None:
    """Every key of the model has a label in words, and a hint or a label of its own."""

    def keys(kind: inspect.Type) -> Iterator[tuple[str, str]]:
        if isinstance(kind, inspect.StructType):
            for field in kind.fields:
                yield kind.cls.__name__, field.name
                yield from keys(field.type)
        elif isinstance(kind, inspect.VarTupleType):
            yield from keys(kind.item_type)
        elif isinstance(kind, inspect.UnionType):
            for one in kind.types:
                yield from keys(one)

    for part, key in set(keys(inspect.type_info(Policy))):
        label, hint = words_for(part, key)
        assert label, (part, key)
        assert "_" not in label, (part, key)
        names = (key, *(f"{kind}.{key}" for kind in (part, *INHERITED.values())))
        assert hint or any(name in wording()["fields"] for name in names), (part, key)


def test_no_words_of_a_field_are_cut_at_a_comma() -> None:
    """In a line of YAML a comma ends a text without quotation marks, and what follows is a key."""
    for key, told in wording()["fields"].items():
        assert set(told) <= {"label", "hint"}, key
        assert all(isinstance(text, str) and text for text in told.values()), key


def test_an_area_that_the_policy_is_not_for_is_entered_in_its_own_form() -> None:
    """Where its people go, and their policy; left empty, it is a member as any other."""
    fields = fields_at("areas.0", {}, Surroundings(), handbook().phrases)
    sent = {
        "id": ["far"], "name": ["Far"], "source": ["1.2"], "places": ["Farham"],
        "excluded.what": ["Use Far's own policy."], "excluded.source": ["1.2"],
        "excluded.policy": ["far_isle"],
    }  # fmt: skip
    told = read_form("areas.0", fields, sent)
    assert not told.wrong
    assert told.value["excluded"]["policy"] == "far_isle"
    member = read_form("areas.0", fields, {key: one for key, one in sent.items() if "." not in key})
    assert not member.wrong
    assert "excluded" not in member.value


@pytest.mark.parametrize("path", ["stages.0.roles.0", "stages.0.records.0"])
def test_both_sides_are_ticked_and_are_no_third_choice(path: str) -> None:
    """The file takes a list of sides."""
    fields = fields_at(path, {}, Surroundings(), handbook().phrases)
    (party,) = (field for field in fields if field.name == "party")
    assert [choice.value for choice in party.choices] == ["raiser", "receiver", "partnership"]
