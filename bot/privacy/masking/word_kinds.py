"""What a word can be, regardless of its context."""

import re

from bot.privacy.masking.lexicon import NameLexicon
from bot.privacy.masking.tokens import MaskTokens, Token

# A text is English if English knows this share of its words.
ENGLISH_SHARE = 0.6
# Shorter words are one letter away from too many others.
_TOO_SHORT = 4
# No name is longer, and looking for typing errors takes time with the square of the length.
_TOO_LONG = 24
# A word this long is rarely one letter from another by chance.
_LONG = 7
_SURNAME_START = re.compile(r"(?:[OD]['’‘`]|Mc|Mac)[A-Z]|(?:[Aa]l|[Ee]l)-[A-Z]|[Mm][Cc]\w{3}")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class WordKinds:
    """Answers questions about single words of one text, and remembers the answers."""

    def __init__(self, tokens: MaskTokens, words: NameLexicon) -> None:
        self.tokens = tokens
        self.words = words
        self._english: bool | None = None
        self._unknown: dict[str, bool] = {}
        self._slips: dict[str, bool] = {}

    def sure(self, token: Token) -> bool:
        """Whether it is certainly a name: single, double-barrelled or as in "jaydens mum"."""
        base = token.base
        if self.in_capitals(token) and self.short_form(token):
            return False
        if self.words.is_name(base) or self.words.is_name(base.replace("'", "").replace("-", "")):
            return True
        if _SURNAME_START.match(token.text):
            return not self.words.is_ordinary(base)
        if "-" in base:
            return self._double(base.split("-"))
        known = base.endswith("s") and len(base) > _TOO_SHORT - 1 and base[:-1] in self.words.first
        return known and not self.words.is_ordinary(base)

    def _double(self, parts: list[str]) -> bool:
        words = self.words
        names = [words.is_name(part) or part in words.doubtful for part in parts]
        other = [part for part, name in zip(parts, names, strict=True) if not name]
        ordinary = [part for part in other if words.is_ordinary(part)]
        plain = [part for part in ordinary if part not in words.common_too]
        return all(names) or (any(map(words.is_name, parts)) and not plain)

    def doubtful(self, token: Token) -> bool:
        """Whether it is both a first name and an everyday word."""
        return token.base in self.words.doubtful

    def first_too(self, token: Token) -> bool:
        """Whether it is an everyday word and, less often, a first name, with a capital letter."""
        return token.base in self.words.first_too and token.capital and self.tokens.cased

    def common(self, token: Token) -> bool:
        """Whether it is an everyday word or a place that is also a name."""
        words = self.words
        return any(
            token.base in names
            for names in (words.common_too, words.first_places, words.last_places)
        )

    def place(self, token: Token) -> bool:
        """Whether it is a place."""
        return token.base in self.words.places

    def only_place(self, token: Token) -> bool:
        """Whether it is a place and not also a name."""
        return self.place(token) and not self.common(token)

    def stays(self, token: Token) -> bool:
        """Whether it is a professional term, such as an agency."""
        return token.base in self.words.stay

    def short_form(self, token: Token) -> bool:
        """Whether it is an abbreviation, and not a name unless it is in capitals."""
        known = token.base in self.words.short or self.stays(token)
        return known and not (self.words.is_name(token.base) and not self.in_capitals(token))

    def in_capitals(self, token: Token) -> bool:
        """Whether it is all capitals where not everything is."""
        return token.shouted and not self.tokens.shouting

    def plain(self, token: Token) -> bool:
        """Whether it is a frequent word in small letters that is never a name."""
        base, words = token.base, self.words
        if not token.text.islower() or base in words.doubtful or base in words.common_too:
            return False
        if base in words.stay:
            return base not in words.places
        return base in words.frequent and not (words.is_name(base) or base in words.places)

    def rare(self, token: Token) -> bool:
        """Whether it is neither a frequent English word nor a professional term."""
        return token.base not in self.words.frequent and not self.stays(token)

    def rare_english(self, token: Token) -> bool:
        """Whether it is English but hardly ever used."""
        return (
            token.base in self.words.english
            and token.base not in self.words.known
            and "'" not in token.base
        )

    def unknown(self, token: Token) -> bool:
        """Whether it is on no list, whole or in parts."""
        if token.protected or len(token.base) == 1:
            return False
        if self.in_capitals(token) and self.short_form(token):
            return False
        unknown = self._unknown.get(token.base)
        if unknown is None:
            unknown = self._unknown[token.base] = not (
                self.place(token)
                or self.words.is_ordinary(token.base)
                or self.sure(token)
                or self._known_in_parts(token.base)
            )
        return unknown

    def unlisted(self, token: Token) -> bool:
        """Whether two or three letters are not a word, although web dictionaries may list them."""
        base, words = token.base, self.words
        known = base in words.english and len(base) > 2  # noqa: PLR2004
        listed = base in words.short or base in words.stay or base in words.places
        return not (known or listed or token.protected)

    def _known_in_parts(self, base: str) -> bool:
        words = self.words
        if "-" in base or "'" in base:
            return all(
                len(part) < _TOO_SHORT - 1
                or words.is_ordinary(part)
                or words.is_name(part)
                or part in words.places
                for part in re.split("[-']", base)
            )
        return base.endswith("s") and (base[:-1] in words.stay or base[:-1] in words.english)

    def mostly_english(self) -> bool:
        """Whether the text is English, so that an unknown word stands out."""
        if self._english is None:
            words = [token for token in self.tokens.all if token.kind == "word"]
            known = sum(not self.unknown(token) for token in words)
            self._english = known >= ENGLISH_SHARE * len(words)
        return self._english

    def strange(self, token: Token) -> bool:
        """Whether it is on no list and is not a typing error."""
        return self.unknown(token) and not self.slip(token.base)

    def strange_capital(self, token: Token) -> bool:
        """Whether it is on no list, and either capitalised or not a typing error."""
        if not self.unknown(token):
            return False
        return (token.capital and self.tokens.cased) or not self.slip(token.base)

    def slip(self, base: str) -> bool:
        """Whether it is one typing error away from an everyday word ("sayd")."""
        if base not in self._slips:
            fit = _TOO_SHORT <= len(base) <= _TOO_LONG
            self._slips[base] = not fit or self._near_a_word(base)
        return self._slips[base]

    def _near_a_word(self, base: str) -> bool:
        cuts = [(base[:place], base[place:]) for place in range(len(base) + 1)]
        near = [start + end[1:] for start, end in cuts if end]
        near += [start + end[1] + end[0] + end[2:] for start, end in cuts if len(end) > 1]
        near += [start + letter + end[1:] for start, end in cuts if end for letter in _LETTERS]
        near += [start + letter + end for start, end in cuts for letter in _LETTERS]
        # A long word near any other is a typing error; a short one must be near a frequent word.
        known = self.words.english if len(base) >= _LONG else self.words.frequent
        stay, is_name = self.words.stay, self.words.is_name
        return any((word in known or word in stay) and not is_name(word) for word in near)

    def clear_capital(self, index: int) -> bool:
        """Whether its capital letter marks a name or a title, not the start of a sentence."""
        token = self.tokens.at(index)
        return self.tokens.cased and token.capital and not self.tokens.starts_sentence(index)
