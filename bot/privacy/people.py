"""Which words of a text are names of people.

The rules run over the text until nothing more is found, since one name vouches for the word
beside it.
"""

from bot.privacy import cues
from bot.privacy.kinds import Kinds
from bot.privacy.lexicon import Lexicon
from bot.privacy.rules import RULES
from bot.privacy.tokens import Token, Tokens

# A name vouches for the next, that one for the one after; more than this is no sentence.
ROUNDS = 6


class People:
    """The people named in one text."""

    def __init__(self, tokens: Tokens, words: Lexicon) -> None:
        self._tokens = tokens
        self._kinds = Kinds(tokens, words)

    def find(self) -> list[Token]:
        """The words that are names, marked as such; what was masked before is not among them."""
        everywhere = range(len(self._tokens.all))
        for _ in range(ROUNDS):
            found = [index for index in everywhere if self._decide(index)]
            found += [index for index in reversed(everywhere) if self._decide(index)]
            if not found:
                break
        return [token for token in self._tokens.all if token.is_name and token.kind != "mask"]

    def unsettled(self) -> list[Token]:
        """Words that are on no list and that no rule made a name."""
        return [
            token
            for token in self._tokens.all
            if token.kind == "word" and not token.is_name and self._kinds.unknown(token)
        ]

    def _decide(self, index: int) -> bool:
        token = self._tokens.at(index)
        if token.is_name or token.protected:
            return False
        if token.kind == "initials":
            letters = token.base.replace(".", "").replace(" ", "")
            known = len(letters) > 2 and letters in self._kinds.words.stay  # noqa: PLR2004
            token.is_name = letters not in cues.DOTTED and not known
        elif token.kind == "word":
            token.is_name = any(rule(self._kinds, index) for rule in RULES)
        return token.is_name
