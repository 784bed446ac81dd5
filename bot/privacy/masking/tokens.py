"""The words of a text, with their letter case and position."""

import re
from collections.abc import Collection, Sequence

import msgspec

from bot.privacy.masking.lexicon import POSSESSIVE, as_phrase, fold_word
from bot.privacy.masking.patterns import PLACEHOLDER

_TOKEN = re.compile(
    r"(?P<mask>" + PLACEHOLDER.pattern + r")"
    r"|(?P<initials>(?<![^\W_])[^\W\d_]\.(?:[ -]?(?:[OoDd]['’])?[^\W\d_]\.){1,3}(?![^\W_])"
    r"|(?<![^\W_])[^\W\d_]\.(?:[^\W\d_]\.){0,2}[^\W\d_](?![^\W_]))"
    r"|(?P<word>[^\W\d_]+(?:[-'’‘`\u00b4\u2010\u2011][^\W\d_]+)*)"
    r"|(?P<number>\d[\d.,:/]*\d|\d)"
    r"|(?P<line>\n+)"
    r"|(?P<sign>[^\s])"
)
_ENDS = frozenset(".!?:;•·-–—…>*")
LONGEST_PHRASE = 5
# With this share of the words in capitals, capitals mean nothing.
_SHARE = 0.6
_FEW = 4


class Token(msgspec.Struct):
    """One word, number or sign. `base` is the folded word without a possessive ending.

    `possessive`: it ends in 's. `shouted`: it has two letters or more, all capitals. `capital`: it
    begins with a capital letter and is not all capitals.
    """

    kind: str
    text: str
    base: str
    start: int
    end: int
    is_name: bool = False
    protected: bool = False
    possessive: bool = False
    shouted: bool = False
    capital: bool = False

    def __post_init__(self) -> None:
        bare = self.text[: self.end - self.start]
        self.possessive = len(self.text) > len(bare)
        self.shouted = len(bare) > 1 and bare.isupper()
        self.capital = self.text[:1].isupper() and not self.shouted


class MaskTokens(msgspec.Struct):
    """The tokens of one text.

    `cased`: its capital letters mean something. `shouting`: it is mostly in capitals.
    """

    all: list[Token]
    cased: bool
    shouting: bool

    def at(self, index: int) -> Token:
        """The token there, or an empty one beyond either end."""
        return self.all[index] if 0 <= index < len(self.all) else _NONE

    def base(self, index: int) -> str:
        """The folded word there, or an empty string."""
        return self.all[index].base if 0 <= index < len(self.all) else ""

    def starts_sentence(self, index: int) -> bool:
        """Whether a full stop, a new line, a bullet or nothing comes before."""
        before = self.at(index - 1)
        initial = self.at(index - 2)
        if before.text == "." and len(initial.base) == 1 and initial.end == before.start:
            return False
        if before.kind == "sign" and before.text in "\"'“‘(>*":
            before = self.at(index - 2)
        return before.kind in {"none", "line"} or before.text in _ENDS


_NONE = Token(kind="none", text="", base="", start=0, end=0)


def tokenise(
    text: str,
    phrases: Collection[tuple[str, ...]] = (),
    protected: Sequence[tuple[int, int]] = (),
) -> MaskTokens:
    """Cut the text into tokens, marking words of `phrases` and in `protected` stretches."""
    tokens = []
    for hit in _TOKEN.finditer(text):
        kind = str(hit.lastgroup)
        word, start, end = hit.group(), hit.start(), hit.end()
        if kind == "word":
            end -= len(word) - len(POSSESSIVE.sub("", word))
        base = fold_word(text[start:end])
        tokens.append(Token(kind=kind, text=word, base=base, start=start, end=end))
        if kind == "mask":
            tokens[-1].is_name = word == "[name]"
    for start, end in protected:
        for token in tokens:
            token.protected = token.protected or (token.start >= start and token.end <= end)
    words = [token for token in tokens if token.kind == "word"]
    _protect_phrases(words, phrases)
    long = [token for token in words if len(token.base) > 1]
    shouted = _SHARE * len(long) <= sum(token.shouted for token in long) and len(long) >= _FEW
    capital = _SHARE * len(long) <= sum(token.capital for token in long) and len(long) >= _FEW
    return MaskTokens(all=tokens, cased=not (shouted or capital), shouting=shouted)


def _protect_phrases(words: list[Token], phrases: Collection[tuple[str, ...]]) -> None:
    bases = [as_phrase(token.base) or ("",) for token in words]
    for start in range(len(words)):
        flat: tuple[str, ...] = ()
        for end in range(start, min(start + LONGEST_PHRASE, len(words))):
            flat += bases[end]
            if flat in phrases:
                for token in words[start : end + 1]:
                    token.protected = True
