"""Says what an ordinal can be about: one of several children, or an option."""

from bot.understanding.account.cases import tells_of_several

__all__ = ["tells_of_several"]
