"""Many cases in one test are all tried, and each that fails is named."""

import pytest

from tests.support.each import each


def test_every_case_that_fails_is_named() -> None:
    """Whatever it fails with, and the cases after it are tried as well."""
    tried = []

    @each(("one", "other"), [(1, "a"), (2, "b"), (3, "c")])
    def check(one: int, other: str) -> None:
        tried.append(other)
        assert one != 1
        if one == 3:
            raise ValueError(other)

    with pytest.raises(AssertionError) as failed:
        check()
    assert tried == ["a", "b", "c"]
    told = str(failed.value)
    assert told.startswith("2 of 3 failed.")
    assert "one=1, other='a': AssertionError" in told
    assert "one=3, other='c': ValueError('c')" in told


def test_no_case_at_all_is_a_failure() -> None:
    """A list that has become empty tests nothing, and says so."""

    @each("one", [])
    def check(one: int) -> None:
        raise AssertionError(one)

    with pytest.raises(AssertionError):
        check()
