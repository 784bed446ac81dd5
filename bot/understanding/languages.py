"""Detect messages that are not in English, by their script, set phrases and CLD2.

The guide reads only English. It tells people so in their own language, danger first. An English
message taken for another language would be lost, so in doubt it is English, however misspelt and
terse. A language in Latin letters is detected only if enough words are neither English nor
professional terms, places or names.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache

import msgspec
import pycld2

from bot.privacy.masking import cue_words
from bot.privacy.masking.lexicon import fold_word, name_lexicon
from bot.understanding.danger.red_flags import find_flags, urgent_because
from bot.understanding.words.patterns import SHEETS

UNKNOWN = "unknown"
"""Certainly another language, but it is uncertain which."""
LANGUAGE_PLACEHOLDER = "[message in another language]"
"""Stored in place of such a message: a text that we cannot read cannot be masked reliably."""
READ = 500
"""How many characters are examined."""
LEAST_LETTERS = 2
"""With so many letters of another script, a message may be in another language."""
LEAST_STRANGE = 3
"""With so many words that are not English, CLD2 is asked; one fewer if there is an accent."""
STRANGE = 0.4
"""Least share of such words."""
SURELY_WORDS = 5
"""With so many words, all unknown, it is certainly another language."""
SHARE = 80
"""Least percentage of the text that CLD2 must assign to one language."""
NOT_SPOKEN = frozenset({"en", "sco", "la", "ia", "ie", "vo", "eo", "tlh", "zzp", "xx", "un"})
"""Languages that CLD2 finds in misspelt English, and in which nobody writes to the guide."""
ANNOUNCE_A_NAME = cue_words.TITLES | cue_words.CALLED
LONGEST_NAME = 4
"""Words after one of these that can belong to one name."""
NAMES = {"zh-Hant": "zh_hant", "iw": "he", "ku": "ckb"}
"""Our codes for some of CLD2's; its Kurdish is the one in Arabic letters."""
NOT_WITH = {"sr": "йщъьюя", "mk": "йщъьюя"}
"""Letters that do not exist in a language that CLD2 may report."""
LETTERS = {
    "ARABIC": (
        ("ٻڄڃڳڱۇۋ", UNKNOWN),
        ("ټډړږښڼځڅۍ", "ps"),
        ("ێۆڵڕ", "ckb"),
        ("ٹڈڑںھہے", "ur"),
        ("پچژگکی", "fa"),
        ("ةىيكإأؤ", "ar"),
    ),
    "CYRILLIC": (("ўқғүұөһәҷҳјљњђћџѓќѕ", UNKNOWN), ("їєґі", "uk"), ("ыэё", "ru"), ("ъ", "bg")),
    "ETHIOPIC": (("ኣቐቑቕኸኹኺኻኽኾ", "ti"), ("አ", "am")),
    "CJK": (
        ("們這來說對時會學國長見開關點問間門電話無機東車愛兒護經應該過還為與險語幫親請", "zh_hant"),
    ),
}
"""Letters that distinguish languages of one script if CLD2 is unsure; the first match counts."""
ALONE = {
    "GREEK": "el",
    "GURMUKHI": "pa",
    "GUJARATI": "gu",
    "TAMIL": "ta",
    "BENGALI": "bn",
    "CJK": "zh",
}
"""Scripts that only one likely language uses."""

_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f'’])*")
_NO_VOWEL = re.compile("[^aeiouyAEIOUY]{2,}")
_APOSTROPHES = str.maketrans("", "", "'’")


def other_language(text: str, today: date) -> str | None:
    """Return the language of a message that is not English, UNKNOWN, or None for English.

    Also None if English words in it tell of danger, whatever the rest is.
    """
    told = language(text)
    if told and urgent_because(find_flags(text, today)):
        return None
    return told


def language(text: str) -> str | None:
    """Return the code of a text's language ("pl", "zh_hant"), UNKNOWN, or None for English."""
    text = unicodedata.normalize("NFKC", text[:READ])
    scripts = Counter(map(_script, filter(str.isalpha, text)))
    latin = scripts.pop("LATIN", 0)
    if scripts.total() >= max(LEAST_LETTERS, latin):
        japanese = scripts["HIRAGANA"] or scripts["KATAKANA"]
        return _in_script(text, "HIRAGANA" if japanese else scripts.most_common(1)[0][0])
    return _in_latin(text)


@cache
def _script(letter: str) -> str:
    """Return the script of a letter: the first word of its Unicode name."""
    return re.split("[ -]", unicodedata.name(letter, ""), maxsplit=1)[0]


def _in_script(text: str, script: str) -> str:
    told = _phrase(_plain(text))[0] or _cld2(text)
    if told:
        return told
    letters = set(text)
    apart = (code for some, code in LETTERS.get(script, ()) if letters & set(some))
    return next(apart, ALONE.get(script, UNKNOWN))


def _in_latin(text: str) -> str | None:
    words = _WORD.findall(text)
    strange = [words[index] for index in _strange(words)]
    told, length = _phrase(_plain(text))
    if told and len(words) - len(strange) <= 2 * length:
        return told
    if len(strange) < max(LEAST_STRANGE - (not text.isascii()), STRANGE * len(words)):
        return None
    if text.isascii() and any(map(_NO_VOWEL.fullmatch, strange)):
        return None  # "nr", "refsd": hurried English, which CLD2 takes for Welsh or Vietnamese.
    told = _cld2(text)
    if told:
        return UNKNOWN if told == "ckb" else told
    unheard_of = not any(name_lexicon().is_ordinary(fold_word(word)) for word in words)
    return UNKNOWN if strange == words and unheard_of and len(words) >= SURELY_WORDS else None


def _strange(words: list[str]) -> list[int]:
    """The positions of the words that are not English, without names after "Mrs" or "called"."""
    found: list[int] = []
    named = 0
    for index, word in enumerate(words):
        folded = fold_word(word)
        if folded in ANNOUNCE_A_NAME:
            named = LONGEST_NAME
        elif named and folded not in name_lexicon().frequent:
            named -= 1
        else:
            named = 0
            if not _known(word):
                found.append(index)
    return found


def _known(word: str) -> bool:
    """Say whether the word is English, a professional term, a place or a name."""
    lists = name_lexicon()
    folded = fold_word(word)
    return any(
        form in lists.frequent
        or form in lists.stay
        or form in lists.places
        or form in lists.doubtful
        or lists.is_name(form)
        for form in {folded, folded.translate(_APOSTROPHES)}
    )


def _cld2(text: str) -> str | None:
    """Return the language that CLD2 is sure of, or None."""
    try:
        sure, _, found = pycld2.detect(text, isPlainText=True)
    except pycld2.error:  # Characters that it does not accept as text.
        return None
    _, told, share, _ = found[0]
    code = str(told)
    believed = sure and share >= SHARE and code not in NOT_SPOKEN
    if not believed or set(text.lower()) & set(NOT_WITH.get(code, "")):
        return None
    return NAMES.get(code, code)


def _plain(text: str) -> str:
    """Return the folded words without apostrophes, separated by single blanks."""
    return " ".join(fold_word(word).translate(_APOSTROPHES) for word in _WORD.findall(text))


def _phrase(plain: str) -> tuple[str | None, int]:
    """Return the only language whose set phrases are in a text, and the phrase's length."""
    padded = f" {plain} "
    found: dict[str, int] = {}
    for code, phrase in _phrases():
        if f" {phrase} " in padded:
            found[code] = max(found.get(code, 0), len(phrase.split()))
    return found.popitem() if len(found) == 1 else (None, 0)


@cache
def _phrases() -> tuple[tuple[str, str], ...]:
    return tuple(_read_phrases())


def _read_phrases() -> Iterator[tuple[str, str]]:
    sheet = msgspec.yaml.decode(
        (SHEETS / "languages.yml").read_bytes(), type=dict[str, tuple[str, ...]]
    )
    for code, phrases in sheet.items():
        for phrase in phrases:
            yield code, _plain(phrase)
