"""The schema of policy files, for editors, from outside."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bot.core.policy.loader import policy_files, policy_schema
from bot.keepers.schema import PARTS, editors_schema, schema_text
from bot.paths import POLICIES
from tests.support.policy_commands import EVERY, read_yaml, run

pytestmark = pytest.mark.long


def test_the_schema_file_matches_the_model() -> None:
    """After a change of the model, run: python -m bot policies schema."""
    assert (POLICIES / "schema.json").read_text("utf-8") == schema_text()


def test_schema_writes_the_file(tmp_path: Path) -> None:
    """The command that the test above names writes what it compares."""
    out = tmp_path / "schema.json"
    assert run("schema", "--out", out).stdout.strip() == str(out)
    assert out.read_text("utf-8") == schema_text()


def test_every_key_has_a_sentence_to_hover_over() -> None:
    """An editor explains each key; no sentence is left of a key that is gone."""
    described = {
        f"{part}.{key}": value.get("description", "")
        for part, shape in editors_schema()["$defs"].items()
        for key, value in shape.get("properties", {}).items()
    }
    assert [key for key, text in described.items() if not text] == []
    assert set(PARTS) <= set(described)


@EVERY
def test_the_schema_accepts_every_policy(folder: Path, name: str) -> None:
    """An editor underlines nothing in a file that is right, also where it extends another."""
    jsonschema.Draft7Validator.check_schema(editors_schema())
    plain = json.loads(json.dumps(read_yaml(folder / f"{name}.yml"), default=str))
    errors = jsonschema.Draft7Validator(editors_schema()).iter_errors(plain)
    assert [f"{list(error.absolute_path)}: {error.message}" for error in errors] == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("nation",), "cornwall"),
        (("colour",), "red"),
        (("stages", 1, "level"), "boss"),
        (("stages", 1, "to_answer", 0, "unit"), "fortnight"),
        (("stages",), None),
    ],
)
def test_the_schema_underlines_what_is_wrong(path: tuple[Any, ...], value: object) -> None:
    """A wrong word, an unknown key or none where one belongs is marked while typing."""
    plain = json.loads(json.dumps(read_yaml(POLICIES / "kent.yml"), default=str))
    part = plain
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    assert list(jsonschema.Draft7Validator(editors_schema()).iter_errors(plain))


def test_the_schema_asks_for_what_is_missing() -> None:
    """A stage without its source is marked, unless the file extends another."""
    plain = json.loads(json.dumps(read_yaml(POLICIES / "kent.yml"), default=str))
    del plain["stages"][2]["source"]
    checked = jsonschema.Draft7Validator(editors_schema())
    assert any(
        "'source' is a required property" in error.message for error in checked.iter_errors(plain)
    )
    plain["extends"] = "pan_dorset"
    assert list(checked.iter_errors(plain)) == []


def test_editors_find_the_schema() -> None:
    """Each shipped file and the template name it in their first line."""
    for path in [*policy_files(POLICIES), POLICIES / "template/partnership.yml"]:
        first = path.read_text("utf-8").splitlines()[0]
        named = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
        assert named, path.name
        assert (path.parent / named[1]).resolve() == (POLICIES / "schema.json").resolve()


def test_the_model_is_what_the_schema_is_made_from() -> None:
    """Each part of the model is in the published schema."""
    assert set(policy_schema()["$defs"]) == set(editors_schema()["$defs"])
