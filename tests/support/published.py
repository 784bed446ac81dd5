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


def draft_after_opening(text: str) -> Draft:
    """Return the draft of a text that stands behind OPENING."""
    return draft(OPENING + text)


def labels(found: Draft) -> list[str]:
    """Return what the stages are called."""
    return [p.value["label"] for p in found.proposals if p.kind is Kind.stage]


def bound(found: Draft) -> list[tuple[str, object, str]]:
    """Return each limit with its place and whom it binds."""
    return [
        (p.path, p.value.get("amount"), "shared" if p.value.get("shared") else p.value["who"])
        for p in found.proposals
        if p.kind is Kind.limit
    ]


def amounts(found: Draft, stage: int) -> list[int]:
    """Return the amounts of a stage's limits."""
    return [
        p.value["amount"]
        for p in found.proposals
        if p.kind is Kind.limit and p.path.startswith(f"stages.{stage - 1}.")
    ]
