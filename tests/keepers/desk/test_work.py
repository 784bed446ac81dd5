"""A draft is kept in pieces, and the policy file is put together from them."""

from typing import Any

import msgspec
import pytest

from bot.core.policy.file import read_plain
from bot.core.policy.loader import policy_files
from bot.core.policy.signing import APPROVAL
from bot.keepers.desk.editing import begun_from_file, decided
from bot.keepers.desk.left import unread
from bot.keepers.desk.work import (
    Assembled,
    Piece,
    Standing,
    Work,
    assembled,
    pieces_of,
)
from bot.paths import POLICIES, ROOT
from tests.support.core import IDS

FILES = [
    *policy_files(POLICIES),
    *policy_files(ROOT / "tests/policies/shapes"),
    *policy_files(ROOT / "docs/keepers/example"),
]


def of(path: str, value: Any, standing: Standing = Standing.open) -> Piece:
    """A piece named after its path."""
    return Piece(id=path, path=path, value=value, standing=standing)


STAGES = (
    of("stages.0", {"label": "Stage 1"}),
    of("stages.1", {"label": "Stage 2"}),
    of("stages.1.roles.0", {"role": "Team manager"}),
    of("stages.1.roles.1", {"role": "Head of service"}),
    of("stages.10", {"label": "Stage 11"}),
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_taken_apart_and_put_together_is_the_same(path: Any) -> None:
    """Nothing is lost and nothing added; only the approval does not go along."""
    plain: Any = read_plain(path)[0]
    pieces = pieces_of(plain)
    kept = {key: value for key, value in plain.items() if key not in APPROVAL}
    assert assembled(pieces).plain == kept
    assert len({piece.id for piece in pieces}) == len(pieces)
    assert all(piece.standing is Standing.accepted for piece in pieces)


def test_stages_keep_their_order_and_their_entries() -> None:
    """Places in lists count as numbers: 10 comes after 2."""
    assert assembled(reversed(STAGES)).plain == {
        "stages": [
            {"label": "Stage 1"},
            {"label": "Stage 2", "roles": [{"role": "Team manager"}, {"role": "Head of service"}]},
            {"label": "Stage 11"},
        ]
    }


def without(*struck: str) -> Assembled:
    """The stages with some pieces struck."""
    return assembled(
        msgspec.structs.replace(piece, standing=Standing.struck) if piece.id in struck else piece
        for piece in STAGES
    )


def test_what_is_struck_leaves_no_gap() -> None:
    """The entries after it move up, and are still found by their key."""
    left = without("stages.0", "stages.1.roles.0")
    assert left.plain["stages"][0] == {"label": "Stage 2", "roles": [{"role": "Head of service"}]}
    assert left.piece_at("stages[0].roles[0].role") == "stages.1.roles.1"
    assert left.piece_at("stages[0].title") == "stages.1"
    assert left.piece_at("stages[1].to_answer[0].amount") == "stages.10"
    assert left.piece_at("nation") is None


def test_striking_a_stage_takes_its_entries_along() -> None:
    """No post is left at a stage that is not there."""
    assert without("stages.1").plain == {"stages": [{"label": "Stage 1"}, {"label": "Stage 11"}]}


def test_stages_stand_by_their_numbers() -> None:
    """A stage that a keeper adds last may come first; its entries go with it."""
    pieces = (
        of("stages.0", {"number": 1}),
        of("stages.1", {"number": 2}),
        of("stages.2", {"number": 0}),
        of("stages.2.roles.0", {"role": "Practitioner"}),
    )
    put = assembled(pieces)
    assert [stage["number"] for stage in put.plain["stages"]] == [0, 1, 2]
    assert put.piece_at("stages[0].roles[0].role") == "stages.2.roles.0"
    assert put.piece_at("stages[1].title") == "stages.0"


def test_a_further_entry_never_takes_the_place_of_a_struck_one() -> None:
    """A struck entry can be taken back beside what was added meanwhile."""
    work = Work(title="Vale", pieces=(of("stages.1.roles.4", {}, Standing.struck),))
    assert work.next_path("stages.1.roles") == "stages.1.roles.5"
    assert work.next_path("stages.1.records") == "stages.1.records.0"


@pytest.mark.parametrize("name", IDS)
def test_a_file_that_is_opened_again_asks_for_nothing_that_it_says_is_not_stated(name: str) -> None:
    """Its silences were read once; what is struck since is asked for as ever."""
    plain: Any = read_plain(POLICIES / f"{name}.yml")[0]
    work = begun_from_file(plain, name)
    assert list(unread(work)) == []
    remaining = [piece for piece in work.pieces if piece.path.startswith("remaining")]
    for piece in remaining:
        work = decided(work, piece.id, Standing.struck)
    assert list(unread(work)) == (["remaining"] if remaining else [])
