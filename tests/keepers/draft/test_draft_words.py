"""The lists by which a draft is read stay readable, and each of them is used."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from bot.core.vocabulary import Agency
from bot.keepers.draft.words import SHEET, posts_in

LONGEST = 200


def patterns(part: Any) -> Iterator[str]:
    """Yield every pattern of the lists."""
    if isinstance(part, dict):
        for inner in part.values():
            yield from patterns(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from patterns(inner)
    else:
        yield part


def test_every_pattern_is_short_and_right() -> None:
    """A person can read each pattern, and it says what can be looked for."""
    found = list(patterns(msgspec.yaml.decode(SHEET.read_bytes())))
    assert [pattern for pattern in found if len(pattern) > LONGEST] == []
    assert all(re.compile(pattern) for pattern in found)


def test_no_list_has_the_same_entry_twice() -> None:
    """An entry that stands twice is mended once and stays wrong once."""
    for name, part in msgspec.yaml.decode(SHEET.read_bytes()).items():
        lists = part.values() if isinstance(part, dict) else [part]
        for entries in lists:
            flat = list(patterns(entries))
            assert len(set(flat)) == len(flat), name


@pytest.mark.parametrize(
    ("text", "title", "agency"),
    [
        ("the Director of Children’s Services decides", "Director of Children’s Services", "csc"),
        ("a Detective Inspector or Named Nurse", "Detective Inspector", "police"),
        ("the headteachers of both schools", "headteachers", "education"),
        ("ask your line managers", "line managers", None),
        ("the GP surgery", "GP", "health"),
    ],
)
def test_a_post_is_found_as_the_text_writes_it(text: str, title: str, agency: str | None) -> None:
    """Plurals, apostrophes and short forms are the same post."""
    agencies = {"csc": Agency.childrens_social_care, None: None}
    wanted = agencies.get(agency) if agency in agencies else Agency(agency)
    assert (title, wanted) in {(post.title, post.agency) for post in posts_in(text)}


@pytest.mark.parametrize(
    "text", ["a professionals' meeting", "professional curiosity", "he is on duty", "a gp to ring"]
)
def test_words_that_only_look_like_posts_are_none(text: str) -> None:
    """A meeting of professionals is nobody, and a short form counts in capitals only."""
    assert posts_in(text) == []
