"""Thin actions: read the slots, ask the core, say the answer. Flat, as rasa-sdk needs it."""

from actions.context import prepare

__all__ = ["prepare"]
