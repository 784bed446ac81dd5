"""What a text says of itself: its title, its dates, whose it is, and where to write."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import msgspec
from dateutil import parser as dates

from bot.keepers.draft.blocks import Block
from bot.keepers.draft.duties import EMAIL, PAGE, PHONE, addresses_in
from bot.keepers.draft.rungs import Passage
from bot.keepers.draft.words import words

SUBJECT = re.compile(
    r"\b(?:escalat\w+|disagree\w*|differ\w+|challeng\w+|dispute\w*|conflict|resol\w+)\b",
    re.IGNORECASE,
)
MONTHS = (
    "jan(?:uary)?", "feb(?:ruary)?", "mar(?:ch)?", "apr(?:il)?", "may", "june?", "july?",
    "aug(?:ust)?", "sept?(?:ember)?", "oct(?:ober)?", "nov(?:ember)?", "dec(?:ember)?",
)  # fmt: skip
MONTH = f"(?:{'|'.join(MONTHS)})"
FULL_DAYS = (
    rf"\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTH},?\s+\d{{4}}",
    r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}",
    r"\d{4}-\d{2}-\d{2}",
    rf"{MONTH}\s+\d{{1,2}},\s+\d{{4}}",
)
DAY = re.compile(
    rf"\b(?:(?P<full>{'|'.join(FULL_DAYS)})|(?P<month>{MONTH}\s+\d{{4}}))\b", re.IGNORECASE
)
NEAR = 60
EDGE = 40
"""Blocks at the beginning and the end of a text that its own dates are looked for in."""
PLACE = r"(?:[A-Z][\w’'-]+|of|and|&|the(?=\s[A-Z]))"
PARTNERSHIP = re.compile(
    rf"(?P<name>[A-Z][\w’'-]+(?:\s+{PLACE}){{0,6}}?\s+(?:(?:Local|Multi-?[Aa]gency)\s+)?"
    r"(?:Safeguarding\s+(?:(?:Children(?:[’']s)?|Adults?|Community)\s+)?(?:Multi-?[Aa]gency\s+)?)"
    r"(?:Partnership|Board))(?:\s*\((?P<short>[A-Z]{3,8})\))?"
)
NO_NAME = re.compile(r"(?:Relevant|Safeguarding|Local|Executive|Business|Policy|Working|Member)\b")
AREA = re.compile(
    r"^(?P<place>[A-Z][\w-]+(?: [A-Z][\w-]+){0,3}) "
    r"(?:SCP|SCB|LSCP|Safeguarding Children Partnership)$"
)
COMMON = re.compile(
    r"\b(?:safeguarding|children(?:[’']s)?|adults?|community|multi-?agency|partnership|board|local|"
    r"l?sc[bp]|escalation|polic(?:y|ies)|procedures?|protocol|guidance|practitioner|professional|"
    r"briefing|resolving|resolution|disagreements?|differences?|challenge|manual|joint|process|"
    r"online|flow|chart|concerns|see|also|examples|and|of|the|for)\b",
    re.IGNORECASE,
)


class Told(msgspec.Struct, frozen=True):
    """Something that a text says of itself: the key in the policy file, its value, the passage."""

    path: str
    value: Any
    passage: Passage


class Front(msgspec.Struct, frozen=True):
    """What was read of the whole document."""

    title: str
    told: tuple[Told, ...]
    troubles: tuple[str, ...] = ()


WHOLE = "whole document"


def front_of(blocks: Sequence[Block], passages: Sequence[Passage]) -> Front:
    """Return what a text says of itself."""
    title, quoted = _title(blocks)
    told: list[Told] = []
    troubles: list[str] = []
    if title:
        told.append(Told("document.title", title, Passage(quoted, WHOLE)))
        told.append(Told("name", title, Passage(quoted, WHOLE)))
    own = list(_dates(blocks, passages))
    told += own
    for date_told in own:
        month = _month_alone(date_told)
        if month:
            troubles.append(
                f"The text gives the next review as {month}, without a day. The draft "
                "takes the first of that month."
            )
    told += _partnership(blocks, passages, title, quoted)
    told += _areas(blocks)
    return Front(title, tuple(told), tuple(troubles))


def _month_alone(told: Told) -> str:
    """Return the month of a review whose day the text does not give, or ""."""
    if told.path != "document.next_review":
        return ""
    months = [found["month"] for found in DAY.finditer(told.passage.text) if found["month"]]
    return next((month for month in months if _day(f"1 {month}") == told.value), "")


def _title(blocks: Sequence[Block]) -> tuple[str, str]:
    """Return the title, and the words of the text that it is made of."""
    near = [block.text for block in blocks[:6] if len(block.text.split()) <= 16]  # noqa: PLR2004
    fits = [text for text in near if SUBJECT.search(text)] or near
    if not fits:
        return "", ""
    title = fits[0].rstrip(" :.")
    after = near[near.index(fits[0]) + 1 :][:1]
    names_it = len(title.split()) <= 3 and after and SUBJECT.search(after[0])  # noqa: PLR2004
    if names_it and len(after[0].split()) <= 8 and not DAY.search(after[0]):  # noqa: PLR2004
        return f"{title}: {after[0]}", fits[0]
    return title, fits[0]


def _dates(blocks: Sequence[Block], passages: Sequence[Passage]) -> Iterator[Told]:
    edges = list(blocks[:EDGE]) + (list(blocks[-EDGE:]) if len(blocks) > EDGE else [])
    seen: set[str] = set()
    for block in edges:
        for match in DAY.finditer(block.text):
            before = block.text[max(0, match.start() - NEAR) : match.start()]
            after = block.text[match.end() : match.end() + 12]
            kind = _kind(before)
            passage = _standing(block, match, passages)
            if kind is None and re.match(r"\s*\(?(?:update|version|edition)", after, re.IGNORECASE):
                kind = "dated"
            if kind is None and len(block.text.split()) <= 6 and block in blocks[:8]:  # noqa: PLR2004
                kind = "dated"
            if kind is None or kind in seen:
                continue
            value: object = _day(match["full"] or f"1 {match['month']}")
            if match["month"] and kind != "next_review":
                kind, value = "dated", match.group() + _in_brackets(after)
            if value is None or kind in seen:
                continue
            seen.add(kind)
            yield Told(f"document.{kind}", value, passage)


def _in_brackets(after: str) -> str:
    found = re.match(r"\s*\((\w+)\)", after)
    return f" ({found[1].lower()})" if found else ""


def _kind(before: str) -> str | None:
    """Return what a date is by the nearest words before it."""
    nearest: tuple[int, str] | None = None
    for kind, named in words().dated.items():
        for found in words().pattern(*named).finditer(before):
            if nearest is None or found.end() > nearest[0]:
                nearest = (found.end(), kind)
    return nearest[1] if nearest else None


def _standing(block: Block, match: re.Match[str], passages: Sequence[Passage]) -> Passage:
    """Return the sentence that a date stands in, or a heading whole."""
    for passage in passages:
        if match.group() in passage.text and passage.text in block.text:
            return passage
    return Passage(block.text, WHOLE)


def _day(text: str) -> str | None:
    try:
        found = dates.parse(text, dayfirst=not re.match(r"\d{4}-", text)).date()
    except (ValueError, OverflowError):
        return None
    return found.isoformat() if date(1990, 1, 1) <= found <= date(2100, 1, 1) else None


def _partnership(
    blocks: Sequence[Block], passages: Sequence[Passage], title: str, quoted: str
) -> Iterator[Told]:
    """Yield the partnership's name, and what the policy is called for short."""
    names: Counter[str] = Counter()
    first: dict[str, tuple[Passage, re.Match[str]]] = {}
    for block in blocks:
        # In capitals every word looks like a name.
        text = block.text.title() if block.text.isupper() else block.text
        for match in PARTNERSHIP.finditer(text):
            passage = _standing(block, match, passages)
            name = re.sub(r"^(?:The|In|Or|If)\s+", "", " ".join(match["name"].split()))
            if NO_NAME.match(name):
                continue
            names[name] += 1
            first.setdefault(name, (passage, match))
    short = ""
    if names:
        name = names.most_common(1)[0][0]
        passage, match = first[name]
        yield Told("partnership", f"{name} ({match['short']})" if match["short"] else name, passage)
        short = " ".join(COMMON.sub(" ", name).split()).strip(" &")
        called = [short, match["short"], name]
        yield Told("names", [said for said in called if said], passage)
    else:
        short = " ".join(COMMON.sub(" ", re.sub(r"[^\w\s’'-]", " ", title)).split()).strip(" -")
    if short and len(short.split()) <= 4:  # noqa: PLR2004
        where = first[name][0] if names else Passage(quoted, WHOLE)
        yield Told("short_name", short, where)


def _areas(blocks: Sequence[Block]) -> Iterator[Told]:
    """Yield the member partnerships of a shared policy, where the text lists them."""
    found = [(block, match) for block in blocks if (match := AREA.match(block.text))]
    if len({match["place"] for _, match in found}) < 2:  # noqa: PLR2004 - one is no list
        return
    for block, match in found:
        area_id = "_".join(match["place"].lower().replace("-", " ").split())
        value = {"id": area_id, "name": block.text, "places": [match["place"]]}
        yield Told("areas.", value, Passage(block.text, WHOLE))


def contact_in(passages: Sequence[Passage], short: str) -> tuple[str, Passage] | None:
    """Return the partnership's own address: an e-mail address of its own, else any, else a page."""
    mails = [(mail, passage) for passage in passages for mail in EMAIL.findall(passage.text)]
    own = re.compile(
        rf"scp|lscb|sab|safeguard|partnership|escalat|{re.escape(short.lower()) or '$^'}"
    )
    for mail, passage in mails:
        if own.search(mail.lower()):
            return mail, passage
    if mails:
        return mails[0]
    for passage in passages:
        if "contact" in passage.source.lower() and PAGE.search(passage.text):
            return addresses_in(passage.text)[0], passage
    for passage in passages:
        if "contact" in passage.source.lower() and PHONE.search(passage.text):
            return addresses_in(passage.text)[0], passage
    return None
