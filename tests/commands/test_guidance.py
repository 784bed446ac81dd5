"""`python -m bot guidance`: what is due, and the table of all statements."""

import pytest

from bot.commands.guidance import main
from tests.support.core import handbook


def test_check_names_what_somebody_has_to_look_at_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Nothing on the day they were looked at; on the next review's day each, with its owner."""
    assert main(["check", "--today", "2026-11-29"]) == 0
    out = capsys.readouterr().out
    assert "0 due" in out
    unread = [source for source in handbook().sources.sources if source.open]
    assert f"{len(unread)} with something open" in out
    assert all(f"open: {source.title}" in out for source in unread)
    assert main(["check", "--today", "2027-01-31"]) == 1
    shown = capsys.readouterr().out
    assert "2027-01-31: Working Together to Safeguard Children 2026" in shown
    assert "Owner: The designated safeguarding lead" in shown
    assert "Protect, the whistleblowing charity" not in shown


def test_show_prints_every_statement_with_its_source_and_day(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """And every source with what was read and what is open."""
    assert main(["show"]) == 0
    shown = capsys.readouterr().out
    source = next(one for one in handbook().sources.sources if one.id == "working_together")
    assert f"| {source.looked_at} | {source.next_review} |" in shown
    assert "Whether regulations have brought sections 1 and 4 into force" in shown
    assert "| standing.yml, exits[0] | keeping_children_safe, designated_officer |" in shown


def test_a_wrong_command_is_refused() -> None:
    """With exit status 2."""
    assert main(["tidy"]) == 2
