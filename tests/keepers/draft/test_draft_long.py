"""Long texts: many stages, and manuals that only begin with a policy."""

import pytest

from bot.keepers.draft import bearers
from bot.keepers.draft.draft import Draft, Kind
from bot.keepers.draft.finding import draft_from
from bot.keepers.draft.parse import Acting, acting

OPENING = (
    "Marrow Vale Escalation Policy\n\nThis policy is for everybody in Marrow Vale who works with "
    "children. It says how agencies settle a disagreement about what keeps a child safe.\n\n"
)
TWO = (
    "Stage 1: Workers\n\nThe worker rings the other worker within 2 working days.\n\n"
    "Stage 2: Managers\n\nThe other manager must reply within 5 working days.\n\n"
)


def draft(text: str) -> Draft:
    """Return the draft of a text."""
    return draft_from((OPENING + text).encode(), "policy.txt")


def test_a_table_of_more_than_nine_rows_is_read() -> None:
    """Rows without a number are counted on, past nine."""
    rows = "".join(f"Talk {chr(65 + at)} | The manager rings the other.\n" for at in range(11))
    found = draft(f"Stage | What happens\nStage 1 | The worker rings the other.\n{rows}")
    assert any(p.kind is Kind.stage for p in found.proposals)


def test_a_manual_behind_a_policy_is_not_parsed_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a time that could be a limit over all stages, or close one, is worth a parse."""
    parsed: list[str] = []

    def noted(sentence: str, start: int, end: int) -> Acting:
        parsed.append(sentence)
        return acting(sentence, start, end)

    monkeypatch.setattr(bearers, "acting", noted)
    more = "\n\n".join(f"Form F{at} is sent to the office within {at} days." for at in range(2, 90))
    found = draft(f"{TWO}5. Forms\n\n{more}\n")
    assert not [sentence for sentence in parsed if "Form F" in sentence]
    assert any("“7 days”" in trouble for trouble in found.troubles)
