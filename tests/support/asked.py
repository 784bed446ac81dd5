"""What is asked in an emergency, as broadly as the lines that were labelled tell it apart."""

from bot.understanding.danger.calls import what_is_asked

OF_WHAT_NOW = {"safe", "above"}
"""Questions of what to do now that have an answer of their own since the lines were labelled."""


def broadly_asked(text: str) -> str | None:
    """Return what a text asks for, as the labels name it."""
    asked = what_is_asked(text)
    return "what_now" if asked in OF_WHAT_NOW else asked
