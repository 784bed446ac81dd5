"""What a text asks of people: whom to tell, which form to use, what to record, what comes first."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from bot.core.policy.model import Moment, Party
from bot.core.vocabulary import ChildStatus
from bot.keepers.draft.labels import LABEL, counted
from bot.keepers.draft.rungs import Passage, Rung
from bot.keepers.draft.words import posts_in, words

EMAIL = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
PAGE = re.compile(r"(?:https?://|www\.)[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}[^\s<>)\]|]{0,300}")
PHONE = re.compile(r"(?<![\w.])(?:\+44\s?|0)\d(?:[\s-]?\d){8,9}(?!\d)")
FORM = re.compile(
    rf"(?P<name>\b[Ff]orm [A-Z]{{1,4}}-?\d{{0,3}}(?!\w)|"
    rf"(?:\b(?:{'|'.join(words().form_words)})\s+){{0,5}}"
    r"(?:[Ff]orms?|[Tt]emplates?|[Pp]ro-?\s?forma)\b(?!\s+(?:of|the|part)\b))"
)
SET_MAIL = re.compile(r"\b(?:must|should|will|to)\s+(?:then\s+)?e-?mail\b", re.IGNORECASE)
SENT_TO = re.compile(
    r"\b(?:sent|forward\w*|submit\w*|e-?mail\w*|returned|copied|sen[dt]s?)\b.{0,40}?"
    r"\bto (?:the )?(?P<who>[^.;,(]{3,90})",
    re.IGNORECASE,
)
LISTS = re.compile(
    r":| include | (?:may|might|can|could) be about | over (?!time\b)|"
    r"(?<=disagreements )about |(?<=differences )about ",
    re.IGNORECASE,
)
"""What leads to the areas that a sentence lists."""
FEWEST_AFTER_ABOUT = 3
"""Areas of "disagreements about thresholds, plans and attendance": with fewer it is no list."""
USING = re.compile(r"\b(?:using|uses?|sends?|completes?) (?:the|an?)\b", re.IGNORECASE)
NOT_FORM = re.compile(
    r"\b(?:form a|in the form|this form of|any form|platform|in any form)\b", re.IGNORECASE
)
FIRST_WORDS = re.compile(
    r"^(?:(?:the|a|an|this|that|see|complete|use|of|and|copy)\s+)+", re.IGNORECASE
)


CLAUSES = re.compile(r"[;,]\s+(?:and\s+)?(?=(?:for|if|where|when|in the case of)\b)", re.IGNORECASE)
CONDITION = re.compile(r"\b(?:if|where|when)\b", re.IGNORECASE)
OF_CHILDREN = re.compile(
    r"(?:and\s+)?(?:for|in the case of|if|where|when)\s+"
    r"(?:an?|any|all|every|each|the|those)?\s*(?:looked[ -]after\s+)?(?:child(?:ren)?|young)\b",
    re.IGNORECASE,
)
"""A clause that says of which children it speaks."""


OWN_MANAGER = re.compile(
    r"\s+(?:your|their|his or her)\s+(?:own\s+)?(?:first[ -])?(?:line\s+)?manager", re.IGNORECASE
)


class Found(msgspec.Struct, frozen=True):
    """A statement as the policy file has it, and the passage that says it."""

    value: dict[str, Any]
    passage: Passage


def addresses_in(text: str) -> list[str]:
    """Return the e-mail addresses, pages and telephone numbers of a text."""
    mails = EMAIL.findall(text)
    pages = [page.rstrip(".,;:'\"") for page in PAGE.findall(EMAIL.sub(" ", text))]
    return list(dict.fromkeys([*mails, *pages, *PHONE.findall(text)]))


# Whom to tell.


def told_in(passage: Passage) -> Iterator[Found]:
    """Yield whom a sentence says to tell, when, and of which children."""
    text = passage.text
    verb = words().pattern(*words().told).search(text)
    if verb and OWN_MANAGER.match(text[verb.end() :]):
        # That is how a stage begins, and who acts at it.
        return
    if not verb or not (words().topic("duty").search(text) or _asks(passage, verb)):
        return
    for who, clause in _told_by_clause(text, verb):
        value: dict[str, Any] = {"who": who, "what": text}
        mails = EMAIL.findall(text)
        if len(mails) == 1:
            value["address"] = mails[0]
        when = _when(text)
        if when is not Moment.raised:
            value["when"] = [when.value]
        statuses = _statuses(clause, who)
        if statuses:
            value["applies"] = {"child_status": statuses}
        yield Found(value, passage)


def _told_by_clause(text: str, verb: re.Match[str]) -> Iterator[tuple[str, str]]:
    """Yield each who is to be told with the clause that says of which children.

    "For a child on a plan the chair must be told; for a looked after child the IRO" has two.
    """
    clauses = CLAUSES.split(text)
    if len(clauses) == 1 or not all(OF_CHILDREN.match(clause) for clause in clauses):
        yield from ((who, text) for who in _who(text, verb))
        return
    for clause in clauses:
        own = words().pattern(*words().told).search(clause)
        named = _who(clause, own) if own else _named_in(clause)
        yield from ((who, clause) for who in named)


def _asks(passage: Passage, verb: re.Match[str]) -> bool:
    """Say whether a sentence without "must" or "should" still asks: "Tell your manager"."""
    before = passage.text[: verb.start()].rstrip()
    if OF_CHILDREN.match(passage.text):
        return True
    return passage.listed or not before or before.endswith((",", ";", " and", " then"))


def _who(text: str, verb: re.Match[str]) -> list[str]:
    """Return those whom the verb is about: before it in the passive, else after it."""
    passive = bool(re.search(r"\b(?:be|been|is|are|kept)\b[\w\s]{0,12}$", text[: verb.start()]))
    passive = passive or verb.group().lower() in {"notified", "informed"}
    passive = passive and "aware" not in verb.group()
    if "sent to" in verb.group() or verb.group().lower().startswith(("brought", "fed")):
        passive = False
    side = text[: verb.start()] if passive else text[verb.end() :]
    if "aware" in verb.group():
        side = verb.group()
    side = re.split(r"[;]|\bif\b|\bwho\b|\bwhich\b|\bwhere\b", side)[-1 if passive else 0]
    if passive:
        side = side.rpartition(", ")[2] or side
    return _named_in(side)


def _named_in(side: str) -> list[str]:
    """Return the posts and bodies of a clause, as it writes them."""
    side = EMAIL.sub(lambda mail: " " * len(mail.group()), side)
    bodies = words().pattern(*words().bodies)
    spans = [(found.start(), found.end()) for found in bodies.finditer(side)]
    spans += [(post.start, post.end) for post in posts_in(side)]
    whole = sorted({_widened(side, *span) for span in spans})
    kept = [span for span in whole if not any(_holds(other, span) for other in whole)]
    return list(dict.fromkeys(side[start:end].strip() for start, end in kept))


def _holds(other: tuple[int, int], span: tuple[int, int]) -> bool:
    """Say whether another, longer title has words of this one: "the Partnership" Manager."""
    longer = other[1] - other[0] > span[1] - span[0] or (other[1] > span[1] > other[0] > span[0])
    return other != span and longer and other[0] < span[1] and span[0] < other[1]


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    before = re.search(
        r"(?:\b(?:[A-Z][\w’'&-]*|relevant|designated|senior|line|own|Independent)\s+){0,4}$",
        text[:start],
    )
    first = before.start() if before else start
    lead = re.match(r"(?:The|A|An|If|Where|At|Stage|\d|,|\s)+\b", text[first:start])
    return (first + lead.end() if lead and lead.end() <= start - first else first, end)


def _when(text: str) -> Moment:
    if words().topic("not_resolved").search(text):
        return Moment.unresolved
    if words().topic("resolved").search(text):
        return Moment.resolved
    return Moment.raised


def _statuses(text: str, who: str) -> list[str]:
    found = {
        status: words().pattern(*named)
        for status, named in words().statuses.items()
        if words().pattern(*named).search(text)
    }
    own = [status for status, pattern in found.items() if pattern.search(who)]
    if not (CONDITION.search(text) or OF_CHILDREN.match(text)):
        return []
    return [str(ChildStatus(status)) for status in (own or found)]


# Forms and set e-mails.


def forms_in(passage: Passage) -> Iterator[Found]:
    """Yield the forms that a sentence asks for, and the e-mail that it lays down."""
    text = passage.text
    if not (words().topic("duty").search(text) or USING.search(text)):
        return
    sent = SENT_TO.search(text)
    mails = EMAIL.findall(text)
    seen: set[str] = set()
    for match in FORM.finditer(text):
        name = FIRST_WORDS.sub("", match["name"])
        if (
            NOT_FORM.search(text[max(0, match.start() - 8) : match.end() + 3])
            or name.lower() in seen
        ):
            continue
        if len(name.split()) < 2:  # noqa: PLR2004 - "form" alone names none
            continue
        seen.add(name.lower())
        value = {"id": _id(name), "name": name[:1].upper() + name[1:], "what": text}
        value |= {"send_to": _tidy(sent["who"])} if sent and "@" not in _tidy(sent["who"]) else {}
        value |= {"address": mails[0]} if mails else {}
        yield Found(value, passage)
    if SET_MAIL.search(text) and mails and not seen:
        value = {"id": "email", "name": "Set e-mail", "what": text, "send_to": mails[0]}
        yield Found(value | {"address": mails[0], "message": True}, passage)


def _id(name: str) -> str:
    return "_".join(re.findall(r"[a-z0-9]+", name.lower()))


def _tidy(who: str) -> str:
    who = re.sub(r"\s*\(.*$|\s+(?:at|via|by e-?mail)\b.*@.*$", "", who).strip()
    return re.sub(
        r"\b(?:setting out|who|and (?:the|cop\w+)|in (?:their|your) own|along with|for)\b.*$",
        "",
        who,
    ).strip(" ,")


# Records, conditions and the rest.


def record_in(passage: Passage) -> Found | None:
    """Return a duty to record, with its moments."""
    text = passage.text
    if not (words().topic("paper").search(text) and words().topic("duty").search(text)):
        return None
    if words().pattern(*words().told).search(text) and not re.search(
        r"\brecord", text, re.IGNORECASE
    ):
        return None
    moments = [moment.value for moment in Moment]
    if re.search(r"\bescalat\w+\.?$", text, re.IGNORECASE):
        moments = [Moment.raised.value]
    elif words().topic("resolved").search(text) and not words().topic("at_each_stage").search(text):
        moments = [Moment.unresolved.value, Moment.resolved.value]
    return Found({"what": text, "when": moments}, passage)


def must_follow_in(passage: Passage, rung: Rung) -> Found | None:
    """Return the rule that a stage is not allowed without earlier ones."""
    if not words().topic("must_follow").search(passage.text):
        return None
    named = [counted(found["number"]) for found in LABEL.finditer(passage.text)]
    also = re.search(rf"{LABEL.pattern}\s+(?:and|or|&)\s+(\d)\b", passage.text, re.IGNORECASE)
    if also:
        named.append(int(also.groups()[-1]))
    earlier = sorted({number for number in named if number < rung.number})
    if not earlier:
        return None
    return Found({"stages": earlier, "what": passage.text}, passage)


def condition_in(passage: Passage) -> Found | None:
    """Return what must come first without a stage being named."""
    if not words().topic("must_follow").search(passage.text):
        return None
    return Found({"what": passage.text}, passage)


def about(topic: str, passages: Sequence[Passage]) -> Iterator[Found]:
    """Yield the sentences that are of a topic."""
    for passage in passages:
        if words().topic(topic).search(passage.text):
            yield Found({"what": passage.text}, passage)


def exclusions_in(passages: Sequence[Passage]) -> Iterator[Found]:
    """Yield what the policy sends elsewhere, with the guide's own word for it where it has one."""
    for passage in passages:
        excludes = words().topic("exclusion")
        by_heading = excludes.search(passage.source)
        if not (excludes.search(passage.text) or by_heading):
            continue
        named: list[str | None] = [
            kind
            for kind, patterns in words().exits.items()
            if words().pattern(*patterns).search(passage.text)
        ]
        for procedure in named or ([] if by_heading else [None]):
            yield Found({"exit": procedure, "what": passage.text}, passage)


def areas_in(passages: Sequence[Passage]) -> Iterator[Found]:
    """Yield the kinds of disagreement that the policy lists."""
    for passage in passages:
        for area in _areas_of(passage):
            kinds = [
                kind
                for kind, patterns in words().kinds.items()
                if words().pattern(*patterns).search(area)
            ]
            yield Found({"kinds": kinds, "what": area}, passage)


def _areas_of(passage: Passage) -> list[str]:
    """Return the areas of an item of a list, or of "may arise over: thresholds; drift"."""
    heads_list = words().topic("list_of_areas").search
    if passage.listed and heads_list(passage.behind):
        return [passage.text.rstrip(" ;.,")]
    mark = LISTS.search(passage.text)
    lead, colon, rest = passage.text.partition(mark.group() if mark else ":")
    about = colon.strip() == "about"
    if not colon or not heads_list(f"{lead}about" if about else lead):
        return []
    found = re.split(r";\s*" if ";" in rest else r",\s*", rest.rstrip(" ."))
    if about and len(found) < FEWEST_AFTER_ABOUT:
        return []
    return [
        re.sub(r"^(?:and |or )?(?:about )?", "", area.strip()) for area in found if area.strip()
    ]


def parties(found: Found, party: Party) -> Found:
    """Return a statement as that of one side."""
    return msgspec.structs.replace(found, value=found.value | {"party": [party.value]})
