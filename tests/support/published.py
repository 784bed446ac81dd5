"""An invented policy as a partnership publishes it, and its draft."""

from bot.keepers.draft.draft import Draft, Kind
from bot.keepers.draft.finding import draft_from

OPENING = (
    "Marrow Vale Escalation Policy\n\nThis policy is for everybody in Marrow Vale who works with "
    "children. It says how agencies settle a disagreement about what keeps a child safe, and who "
    "takes it further if they cannot settle it between them.\n\n"
)
LADDER = (
    "Stage 1: Practitioners\n\nThe practitioners talk to each other.\n\n"
    "Stage 2: Line managers\n\nThe other line manager must respond within 5 working days.\n\n"
    "Stage 3: Senior managers\n\nThe other senior manager must respond within 10 working days.\n\n"
)


def draft(text: str) -> Draft:
    """Return the draft of a text."""
    return draft_from(text.encode(), "policy.txt")


def amounts(found: Draft, stage: int) -> list[int]:
    """Return the amounts of a stage's limits."""
    return [
        p.value["amount"]
        for p in found.proposals
        if p.kind is Kind.limit and p.path.startswith(f"stages.{stage - 1}.")
    ]
