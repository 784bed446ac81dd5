"""The guide measured beside the bot that `rasa init` makes (docs/performance.md)."""
