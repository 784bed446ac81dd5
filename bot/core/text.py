"""Dates and texts from outside, read and shown without trust."""

from datetime import date


def parse_day(value: object) -> date | None:
    """Return the date an ISO text (YYYY-MM-DD) names, or None when it is not one."""
    if not isinstance(value, str) or len(value) != len("2026-11-24"):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def shorten(text: str, width: int = 80) -> str:
    """Return a text that can be printed, cut to `width` characters, then with an ellipsis."""
    text = text.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= width else f"{text[: width - 1]}…"
