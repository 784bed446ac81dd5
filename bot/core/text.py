"""Reads dates, and shows texts, that come from outside and cannot be trusted."""

from datetime import date


def parse_day(value: object) -> date | None:
    """Return the date of an ISO text (YYYY-MM-DD), or None for any other value."""
    if not isinstance(value, str) or len(value) != len("2026-11-24"):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def shorten(text: str, width: int = 80) -> str:
    """Return a printable text of at most `width` characters; an ellipsis marks a cut."""
    text = text.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= width else f"{text[: width - 1]}…"
