"""How long a time is: "5 working days", "the end of the next working day", "a fortnight"."""

import re
from collections.abc import Iterator

import msgspec

from bot.core.policy.model import Unit
from bot.keepers.draft.words import words

ONES = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
SPELT = (*ONES, *(f"{ten}-{one}".removesuffix("-") for ten in TENS for one in ("", *ONES[:9])))
"""The numbers from one to ninety-nine, in their order."""
ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
)  # fmt: skip
LONGEST_FIRST = "|".join(sorted(SPELT, key=len, reverse=True)).replace("-", "[- ]")
COUNT = rf"(?:\d{{1,3}}|an?|another|{LONGEST_FIRST})"
FORTNIGHT, MONTH_AT_LEAST = 14, 28
"""Calendar days. A month is taken as its shortest, so that no date is later than the text's."""
UNITS: dict[str, tuple[Unit, int]] = {
    r"working weeks?": (Unit.working_week, 1),
    r"(?:working|business|week) ?days?": (Unit.working_day, 1),
    r"(?:(?:working|office|business) )?(?:hours?|hrs)": (Unit.hour, 1),
    r"(?:calendar )?weeks?": (Unit.calendar_day, 7),
    r"fortnights?": (Unit.calendar_day, FORTNIGHT),
    r"(?:calendar )?months?": (Unit.calendar_day, MONTH_AT_LEAST),
    r"(?:calendar |clear )?days?": (Unit.calendar_day, 1),
}
LOOSE = re.compile(
    r"(?:calendar )?months?|(?:working|office|business) (?:hours?|hrs)", re.IGNORECASE
)
"""Units that are counted as something shorter; the draft says so."""
UNIT = "|".join(UNITS)
AMOUNT = re.compile(
    rf"(?<![\w.])(?:{COUNT}\s*(?:–|to|or)\s*|\d{{1,3}}\s*-\s*)?(?P<count>{COUNT})(?:\s*\({COUNT}\))?\s*-?"
    rf"(?P<unit>{UNIT})(?!\w)(?:\s*\((?P<again>{COUNT})\s+(?P<again_unit>{UNIT})\))?",
    re.IGNORECASE,
)
"""Of "1 – 4 working days" the last counts, of "48 hours (two working days)" what explains it."""
NUMBERED_DAY = re.compile(r"\bworking days?\s+(?P<count>\d{1,2})\b(?!\s*working)", re.IGNORECASE)
IN_IF = re.compile(r"\b(?:if|where|when|unless)\b[^,;.]*$", re.IGNORECASE)
"""What stands before a day on which nothing is due: "if it is not settled on Day 0"."""
DAY_OF_A_COUNT = re.compile(r"(?-i:\bDay (?P<count>\d{1,2})\b)(?!\s*(?:[-–]|to)\s*\d)")
"""A day of a count that the text begins at Day 0: "by the end of Day 3"."""
ORDINAL_DAY = re.compile(rf"\b(?P<ordinal>{'|'.join(ORDINALS)}) working day\b", re.IGNORECASE)
SAME_DAY = re.compile(
    r"\b(?:on )?(?:the )?(?:very )?same (?:working )?day\b|\b(?:on )?the very day\b|"
    r"\b(?:on|by) (?:the )?day (?:itself|on which|that|(?=[A-Z]\w+ \w+ (?:ends|begins|starts)))|"
    r"\bto(?:day|night)\b|\bon the day of\b|\b(?:that|this) (?:same |very )?day\b|"
    r"\bbefore (?:going|you go|leaving|they leave|he or she goes) (?:home|off duty|work)\b|"
    r"\b(?:by|before) (?:the )?(?:end|close) of "
    r"(?:(?:play|business)"
    r"(?! (?:on |of )?(?:the )?(?:next|following|second|third|day after|working day after))|"
    r"(?:the|that)(?: same)?(?: working)? day(?! after)|(?:the|their|your) shift)\b",
    re.IGNORECASE,
)
NEXT_DAY = re.compile(
    r"\b(?:next|following) (?:(?P<working>working|business|week) ?)?day\b|\btomorrow\b|"
    r"\bthe (?P<work>working )?day after\b",
    re.IGNORECASE,
)
AT_ONCE = re.compile(
    r"\b(?:immediately|without (?:any )?delay|by return|straight ?away|at once|forthwith|"
    r"there and then|then and there|right away|"
    r"as soon as (?:possible|practicable)"
    r"(?!,? (?:and|but|or)[^.;]{0,30}\b(?:than|latest|within)\b)|"
    r"as soon as (?!possible|practicable)"
    r"(?![^.;]{0,60}\b(?:than|latest|within|in any (?:case|event))\b)"
    r")(?:\b|(?<= ))(?!\s+(?:risk|harm|danger))",
    re.IGNORECASE,
)
UNCOUNTED = ((SAME_DAY, Unit.same_working_day), (AT_ONCE, Unit.without_delay))
DAYS = re.compile(r"(?<!calendar )(?<!clear )\bdays?\b", re.IGNORECASE)
WHOLE_DAY = 24
"""Hours."""


Length = tuple[str, int | None]
"""A unit, and how many of it."""


def length_of(unit: str, amount: int | None) -> Length:
    """Return how long a time is, with one day and 24 hours the same."""
    if unit == Unit.hour.value and amount and amount % WHOLE_DAY == 0:
        return Unit.calendar_day.value, amount // WHOLE_DAY
    return unit, amount


class Span(msgspec.Struct, frozen=True, order=True):
    """Where a time stands, and how long it is."""

    start: int
    end: int
    unit: str
    amount: int | None = None
    because: str | None = None

    @property
    def length(self) -> Length:
        """How long it is."""
        return length_of(self.unit, self.amount)


def times_read(text: str, *, days_work: bool = False, staged: bool = False) -> list[Span]:
    """Return the times of a sentence that are read as limits, in its order.

    `days_work`: the text says that its days are working days. `staged`: the sentence tells of a
    stage.
    """
    found = sorted([*_counted(text, staged=staged), *_uncounted(text)], key=lambda span: span.start)
    return [_of_work(span, text) for span in found] if days_work else found


def _of_work(span: Span, text: str) -> Span:
    if span.unit != Unit.calendar_day.value or not DAYS.search(text[span.start : span.end]):
        return span
    because = "The text says that its days are working days"
    return msgspec.structs.replace(span, unit=Unit.working_day.value, because=because)


def times_in(text: str) -> Iterator[Span]:
    """Yield every time of a sentence, read as a limit or not; no age and no opening time."""
    for match in AMOUNT.finditer(text):
        if not RATE.search(text[: match.start()]) and not _only_describes(text[match.end() :]):
            yield _measured(text, match)
    for pattern in (NUMBERED_DAY, NEXT_DAY, ORDINAL_DAY, DAY_OF_A_COUNT):
        yield from (_day(match) for match in pattern.finditer(text))
    for pattern, unit in UNCOUNTED:
        yield from (Span(*match.span(), unit.value) for match in pattern.finditer(text))


def _counted(text: str, *, staged: bool) -> list[Span]:
    found = [
        _measured(text, match)
        for match in AMOUNT.finditer(text)
        if _limits_something(text, match, staged=staged)
    ]
    taken = [(span.start, span.end) for span in found]
    days = [*NUMBERED_DAY.finditer(text)]
    days += [
        match
        for pattern in (NEXT_DAY, ORDINAL_DAY, DAY_OF_A_COUNT)
        for match in pattern.finditer(text)
        if (BY.search(text[: match.start()]) or _works(match))
        and not (match.group() == "Day 0" and IN_IF.search(text[: match.start()]))
    ]
    return found + [
        _day(match)
        for match in days
        if not any(start <= match.start() < end for start, end in taken)
    ]


RATE = re.compile(r"\b(?:hours|days|weeks|once|twice|times|per)\s*$", re.IGNORECASE)
"""What stands before "a day" and "a week" where they are no length of time."""
BY = re.compile(
    r"\b(?:by|on|within|before|until|no(?:t)? later than)\s+"
    r"(?:(?:the )?(?:end|close) of (?:play|business) (?:on |of )?|"
    r"(?:the )?(?:end|close|start|noon|midday|\d{1,2} ?[ap]m) (?:of|on) |"
    r"(?:noon|midday) (?:on|of) |the close of )?"
    r"(?:the )?$",
    re.IGNORECASE,
)
"""What stands before the next day where something is due on it."""


OFFICE = re.compile(r"\b(?:business|play)\s+(?:on\s+|of\s+)?(?:the\s+)?$", re.IGNORECASE)
"""What stands before a day on which offices are open: "by close of business on the day after"."""
SAME_PERIOD = re.compile(
    r"\b(?:within|in|by|to|before) (?:the|that|this) same "
    r"(?:period|time(?: ?(?:limit|scale|frame))?|deadline|number of days)\b",
    re.IGNORECASE,
)
"""A time that is the one of the sentence before."""


def _works(match: re.Match[str]) -> bool:
    """Say whether a day is a working day: "the next working day", "the working day after"."""
    named = match.groupdict()
    working = named.get("working") or named.get("work")
    return bool(working or OFFICE.search(match.string[: match.start()]))


def _day(match: re.Match[str]) -> Span:
    """Return "working day 10" or "the next working day" as an amount of days."""
    named = match.groupdict()
    count, unit = named.get("count"), Unit.working_day
    if named.get("ordinal"):
        count = str(ORDINALS.index(named["ordinal"].lower()) + 1)
    if not named.get("ordinal") and match.re is not NUMBERED_DAY and not _works(match):
        unit = Unit.calendar_day
    because = f'The text says "{match.group()}"'
    if count == "0":
        return Span(*match.span(), Unit.same_working_day.value, None, because)
    return Span(*match.span(), unit.value, int(count) if count else 1, because)


def _only_describes(after: str) -> bool:
    """Say whether an amount of time describes: "10 days old", "24 hours a day"."""
    no_limit = words().times["no_limit"]
    return bool(re.match(rf"\s*(?:{'|'.join(no_limit)})\b", after, re.IGNORECASE))


def _limits_something(text: str, match: re.Match[str], *, staged: bool) -> bool:
    """Say whether an amount of time is a limit: "within 5 days", and not "5 days before"."""
    lead, after = text[: match.start()], text[match.end() :]
    times = words().times
    if _only_describes(after) or re.match(
        rf"\s*(?:{'|'.join(times['before_it'])})\b", after, re.IGNORECASE
    ):
        return False
    between = rf"(?:\s+(?:{'|'.join(times['between'])}))*\s*$"
    if staged:
        # Where a stage is told, a time limits something unless its words say that it does not.
        told = rf"\b(?:{'|'.join(times['not_before'])}){between}"
        return not (re.search(told, lead, re.IGNORECASE) or RATE.search(lead))
    before = rf"(?:\b(?:{'|'.join(times['before'])})|[(:–-]){between}"
    follows = rf"\s*(?:(?:{'|'.join(times['after'])})\b|\)|\||$)"
    return bool(re.search(before, lead, re.IGNORECASE) or re.match(follows, after, re.IGNORECASE))


def _measured(text: str, match: re.Match[str]) -> Span:
    amount, unit = _amount(match["count"], match["unit"])
    because = None
    if LOOSE.fullmatch(match["unit"]):
        because = f'The text says "{match.group()}"; it is counted as no longer than that'
    if match["again"]:
        amount, unit = _amount(match["again"], match["again_unit"])
        because = f'The text says "{match.group()}"'
    if (
        words()
        .pattern(*words().times["further"])
        .search(text[max(0, match.start() - 12) : match.start()])
    ):
        because = 'The text says "further": it runs after the limit before it'
    return Span(match.start(), match.end(), unit.value, amount, because)


def _amount(count: str, unit: str) -> tuple[int, Unit]:
    folded = count.lower().replace(" ", "-")
    spelt = SPELT.index(folded) + 1 if folded in SPELT else 1
    amount = int(folded) if folded.isdigit() else spelt
    kind, times = next(
        told for shape, told in UNITS.items() if re.fullmatch(shape, unit, re.IGNORECASE)
    )
    return amount * times, kind


def _uncounted(text: str) -> Iterator[Span]:
    """Yield "the same day" and "immediately". For a child at risk they are no limit of a stage."""
    if words().topic("urgent").search(text):
        return
    for pattern, unit in UNCOUNTED:
        for match in pattern.finditer(text):
            if unit is Unit.without_delay and _said_again(text[match.end() :]):
                continue
            yield Span(match.start(), match.end(), unit.value)


def _said_again(after: str) -> bool:
    """Say whether "straight away" comes with a time that says it better: "on the same day"."""
    near = re.split(r"[.;]|\b(?:must|should|shall|will|may|then)\b", after[:60])[0]
    counted = (AMOUNT, NEXT_DAY, SAME_DAY)
    return any(pattern.search(near) for pattern in counted)
