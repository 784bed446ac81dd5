"""Reduce a pasted e-mail to its body, without headers, signatures and small print.

"If a child is in danger call 999" below an e-mail is not a sign of danger, the day it was sent is
not the day something was raised, and a "Domestic Abuse Lead" is a job. In doubt a line stays:
nothing written about a child may be left out.
"""

import re
from collections.abc import Iterator
from functools import partial
from itertools import groupby

from bot.understanding.words.patterns import pattern

_words = partial(pattern, "mail")
LEAST_HEADERS = 2
"""With this many lines such as "Sent: …" a text is an e-mail; a single one may be anything."""
LEAST_QUOTES = 3
"""With this many quote marks inside a line, they once began lines."""
LEAST_LINES = 2
"""This many lines that only name somebody are a signature, even without a sign-off."""
LONGEST_CONTACT = 14
"""The most words in a line of contact details, such as "Tel: …"."""
LONGEST_SIGN_OFF = 5
_QUOTED = re.compile(r"^[ \t]*(?:>[ \t]*)+", re.MULTILINE)
_SENTENCE = re.compile(r"[^.!?]*(?:[.!?](?!\s|$)[^.!?]*)*(?:[.!?]+|$)")
_WORD = re.compile(r"\[[a-z -]+\]|[^\W_][\w'’&.@:/-]*")
_REACHED_AT = re.compile(r"\[(?:phone number|e?-?mail|address|postcode)\]|\bwww\.")
_SMALL_WORDS = {"and", "of", "for", "the", "in", "to", "at", "with", "on", "by", "a"}


def body_text(text: str) -> str:
    """Return the body of an e-mail. Text that is not one, or has none, is returned unchanged."""
    lines = [line.strip() for line in _unfolded(text).split("\n")]
    if not _is_mail(lines):
        return text
    return "\n".join(_without_signatures(_bodies(lines))).strip() or text


def _unfolded(text: str) -> str:
    """Return the text without quote marks, splitting an e-mail that was pasted as one line."""
    if text.count(" > ") >= LEAST_QUOTES:
        text = text.replace(" > ", "\n")
    text = _QUOTED.sub("", text)
    if len(_words("header_within").findall(text)) >= LEAST_HEADERS - 1:
        text = _words("header_within").sub("\n", text)
    text = _words("between_within").sub(r"\n\1\n", text)
    return _words("sign_off_within").sub("\n", text)


def _is_mail(lines: list[str]) -> bool:
    headers = sum(bool(_words("header").match(line)) for line in lines)
    marked = any(_between(line) or _after_sign_off(line) is not None for line in lines)
    return headers >= LEAST_HEADERS or marked


def _bodies(lines: list[str]) -> Iterator[tuple[str, bool]]:
    """Yield the lines without headers and small print, and whether each is below a sign-off."""
    below = False
    for line in lines:
        if _words("header").match(line):
            below = False
            subject = _words("subject").match(line)
            rest = line[subject.end() :] if subject else ""
        elif _between(line):
            continue
        else:
            signed = _after_sign_off(line)
            below = below or signed is not None
            rest = line if signed is None else signed
        kept = " ".join("".join(_sentences(rest)).split())
        if kept:
            yield kept, below


def _without_signatures(lines: Iterator[tuple[str, bool]]) -> Iterator[str]:
    for names, group in groupby(lines, key=lambda line: _is_signature(line[0])):
        run = list(group)
        reached = any(_REACHED_AT.search(line) for line, _ in run)
        signature = names and reached and len(run) >= LEAST_LINES
        yield from (line for line, below in run if not (signature or (names and below)))


def _between(line: str) -> bool:
    return bool(_words("between").fullmatch(line))


def _after_sign_off(line: str) -> str | None:
    """Return what follows the sign-off at the start of a line, or None without a sign-off."""
    found = _words("sign_off").match(line)
    if not found:
        return None
    rest = line[found.end() :]
    on_one_line = _words("sign_off_within").search(f". {line}\n")
    if on_one_line or (len(rest.split()) <= LONGEST_SIGN_OFF and _is_signature(rest)):
        return rest.lstrip(",.! ")
    return None


def _sentences(line: str) -> Iterator[str]:
    """Yield the sentences of a line, without small print."""
    for sentence in _SENTENCE.findall(line):
        instruction = _words("instruction").search(sentence)
        if _words("somebody").search(sentence):
            yield sentence
        elif instruction and not _is_signature(sentence[: instruction.start()]):
            yield sentence[: instruction.start()]
        elif not instruction and not _words("notice").search(sentence):
            yield sentence


def _is_signature(line: str) -> bool:
    """Say whether a line only names somebody or something: a job, a place, a number."""
    contact = _words("contact").match(line)
    rest = line[contact.end() :] if contact else line
    words = _WORD.findall(rest)
    if _words("account").search(rest):
        return False
    return bool(contact and len(words) <= LONGEST_CONTACT) or all(map(_only_names, words))


def _only_names(word: str) -> bool:
    return (
        word[0].isupper()
        or word[0] in "[0123456789"
        or word in _SMALL_WORDS
        or word.startswith(("www", "http"))
    )
