"""Find the words of a text that are people's names.

The rules run until they find nothing more, since a name makes the word beside it likelier to be
a name too.
"""

from bot.privacy.masking import context, cue_words, initial_rules, weights
from bot.privacy.masking.lexicon import NameLexicon
from bot.privacy.masking.rules import RULES
from bot.privacy.masking.tokens import MaskTokens, Token
from bot.privacy.masking.word_kinds import WordKinds

# No sentence has a longer chain of names that each depend on the one before.
ROUNDS = 6
# Parts of names that are plain words as well.
_MAY_BE = cue_words.PARTICLES | cue_words.JOINED_PARTICLES | cue_words.SHORT_NAMES


class NameFinder:
    """Finds the people named in one text."""

    def __init__(self, tokens: MaskTokens, words: NameLexicon) -> None:
        self._tokens = tokens
        self.kinds = WordKinds(tokens, words)

    def find(self) -> list[Token]:
        """Mark the words that are names and return them, without those already masked."""
        everywhere = [index for index in range(len(self._tokens.all)) if self._may_be(index)]
        for _ in range(ROUNDS):
            found = [index for index in everywhere if self._decide(index)]
            if found:
                # Otherwise nothing has changed, and the rules would say the same again.
                found += [index for index in reversed(everywhere) if self._decide(index)]
            found += [index for index in everywhere if not found and self._is_likely(index)]
            if not found:
                break
        return [token for token in self._tokens.all if token.is_name and token.kind != "mask"]

    def unsettled(self) -> list[Token]:
        """Words on no list that no rule has made a name."""
        return [
            token
            for index, token in enumerate(self._tokens.all)
            if token.kind == "word"
            and not token.is_name
            and self.kinds.unknown(token)
            and not context.gives_its_name(self._tokens, index)
        ]

    def _may_be(self, index: int) -> bool:
        """Whether any rule could make it a name. Most words are plain, so this saves time."""
        token = self._tokens.at(index)
        if token.kind == "initials":
            return True
        if token.kind != "word" or token.protected:
            return False
        if context.is_dated(self._tokens, index):
            return False
        if self._tokens.base(index - 1) in cue_words.TITLES or token.base in _MAY_BE:
            return True
        return not self.kinds.plain(token)

    def _is_likely(self, index: int) -> bool:
        token = self._tokens.at(index)
        if context.is_a_verb(self._tokens, index) or context.is_no_name(self._tokens, index):
            return False
        if not token.is_name and not context.gives_its_name(self._tokens, index):
            token.is_name = weights.is_likely(self.kinds, index)
            return token.is_name
        return False

    def _decide(self, index: int) -> bool:
        token = self._tokens.at(index)
        if token.is_name or token.protected:
            return False
        if token.kind == "initials":
            letters = token.base.replace(".", "").replace(" ", "")
            known = len(letters) > 2 and letters in self.kinds.words.stay  # noqa: PLR2004
            after = self._tokens.at(index + 1)
            owns = after.text in {"'", "’"} and after.start == token.end
            nobody = (letters in cue_words.DOTTED or known) and not owns
            token.is_name = not nobody or initial_rules.dotted_person(self._tokens, index)
        elif token.kind == "word" and not (
            context.gives_its_name(self._tokens, index) or context.is_no_name(self._tokens, index)
        ):
            for rule in RULES:
                if rule(self.kinds, index):
                    token.is_name = True
                    break
        return token.is_name
