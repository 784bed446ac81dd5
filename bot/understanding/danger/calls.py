"""What came of trying to get somebody to act today, and what the person asks for meanwhile.

Read clause by clause. A clause that names nobody goes on about those named before; somebody whom
they were only told to ring was not called. Who is meant is in `words/calls.yml`; what came of it is
an open class, learned from `data/nlu/calls.yml`. A message of one call says it best as a whole:
that is learned from the whole replies of `data/nlu/replies.yml`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

import msgspec

from bot.core.vocabulary import CallOutcome, CallTo, Level
from bot.understanding.account.agencies import find_agencies
from bot.understanding.account.dates import find_dates
from bot.understanding.danger.call_outcomes import (
    NOTHING,
    before_the_place,
    is_no_help,
    is_unavailable,
    said_outcome,
)
from bot.understanding.danger.found_call import FoundCall, with_hints
from bot.understanding.danger.people import (
    SERVICES,
    level_said,
    only_names,
    people,
    says,
)
from bot.understanding.words.patterns import pattern
from bot.understanding.words.text import clauses, normal, sentences

_words = partial(pattern, "calls")
_JOINED = re.compile(
    r"\b(?:and|then|so|plus|or)\b|(?<!\d)/(?!\d)|\+|(?<!\ba)&|(?<=\w)\s-\s"
    r"|(?<=\w)(?<!\bif)(?<!\bwhen)(?<!\bthat)(?<!\bwhat)(?<!\buntil)(?<!\btil)(?<!\btill)"
    r"\s(?=they\b|theyre\b)"
    r"|(?<=\w)\s(?=(?:what|who)\s+(?:do|should|shall|can|must|else)\s+(?:i|we)\b)"
)
"""Between two things that were done, before what "they" did ("rang 999 they refused"), or before a
question ("they said no what do i do")."""
_QUOTE = re.compile(r'["“”]')
OWN_SIDE = (CallTo.safeguarding_lead, CallTo.own_manager)
GOES_ON = {CallOutcome.made, CallOutcome.coming}
"""Outcomes that the next clause about the same people can complete."""
ASKED = (
    "over_lado", "ofsted", "left", "left_adult", "left_somebody", "take_child", "which_council",
    "write_down", "consent", "doubt", "say", "number", "how_long", "why", "owed", "safe", "above",
    "can_wait", "what_now", "help", "own_duty", "for_me", "wrote",
)  # fmt: skip
"""What may be asked in the middle of an emergency, or that somebody has left; the first counts."""
FEW_WORDS = 5
"""A clause of so many words that names somebody and tells nothing is about what was told beside."""
SURE, SURELY = 0.4, 0.8
"""The least share of an outcome for it to be believed, and where nobody at all is named."""
SURE_OF_HELP = 0.6
"""The least share of help that comes: to suppose it wrongly is worse than to ask once more."""
BELIEVED, AS_ONE = 0.4, 0.6
"""The least share to believe what a whole message says came of its call, and that it tells of one
call where its clauses found more, or none, or of help where they found that nobody acts."""
Answers = Mapping[str, tuple[str, float]]
"""What the ranker of calls says of each clause: an outcome or NOTHING, with its share."""
SEVERAL, TOLD_OF = "several", ("they", "again", "of_a_call")
NOT_HEARD = (SEVERAL, 0.0)
"""What is known of a message as a whole that is too long to be ranked."""
NO_CALL = (
    "left", "left_adult", "left_somebody", "take_child", "consent", "doubt", "how_long", "why",
    "wrote",
)  # fmt: skip
"""What a clause asks or tells that is no call, however it is ranked."""


class Clause(NamedTuple):
    """A clause of a normal text; `joined` if only "and" or the like parts it from the last."""

    words: str
    joined: bool


class _Told:
    """The calls told of so far, whom the clause before was about, and who waits for an outcome.

    The first is only `supposed` if nothing says that it was a call, until somebody is named.
    """

    def __init__(self) -> None:
        self.found: list[FoundCall] = []
        self.about: CallTo | None = None
        self.waiting: list[CallTo] = []
        self.supposed = False
        self.level: Level | None = None

    def named(self, clause: Clause, to: CallTo) -> None:
        """Take somebody of whom the clause says nothing."""
        few = len(clause.words.split()) <= FEW_WORDS
        last = self.found[-1] if self.found else None
        self.about = to
        if last and ((few and last.to is None) or _words("named_after").search(clause.words)):
            self.found[-1] = FoundCall(to, last.outcome)  # "wait til monday. that was edt"
        elif few and last and clause.joined and not self.waiting:
            self.found.append(FoundCall(to, last.outcome))  # "told the police and social care"
        else:
            self.waiting.append(to)

    def the_manager(self, outcome: CallOutcome) -> None:
        """Take what came of a call to a manager who is nobody's in particular."""
        self.about, self.waiting = None, []
        self.found.append(FoundCall(None, outcome, manager=True))

    def nobody_here(self, outcome: CallOutcome) -> None:
        """Take what came of calls to everybody on one's own side."""
        self.waiting, self.about = [], OWN_SIDE[-1]
        self.found += [FoundCall(to, outcome) for to in OWN_SIDE]

    def happened(
        self, clause: Clause, to: CallTo | None, outcome: CallOutcome, *, sure: bool
    ) -> None:
        """Take what came of a call, to those named or to those before."""
        waiting, self.waiting = self.waiting, []
        # "Away til monday" is of whoever was rung, and puts nobody off.
        put_off = says(clause.words, "put_off") and not is_unavailable(clause.words)
        if to is None and len(waiting) > 1 and _words("all_of_them").search(clause.words):
            self.found += [FoundCall(each, outcome) for each in waiting]
            return
        self.about = to or self.about
        if not self.found:
            self.supposed = self.about is None and not sure
        self.supposed = self.supposed and not sure  # "Its been an hour and nobody turned up."
        last = self.found[-1] if self.found else None
        if last and last.to in {None, self.about} and (to is None or last.outcome in GOES_ON):
            # What came of a call completes it: "rang them, no reply".
            better = outcome if outcome is not CallOutcome.made else last.outcome
            manager = last.manager and to is None
            self.found[-1] = FoundCall(self.about, better, manager=manager, put_off=put_off)
        else:
            self.found.append(FoundCall(self.about, outcome, put_off=put_off))

    def more(self, clause: Clause, to: CallTo | None) -> None:
        """Add the rung of whoever the clause names, and that they are there."""
        last = self.found[-1]
        if to is not None:
            self.rung_of(clause, to)
        here = last.outcome in GOES_ON and says(clause.words, "here")
        sent = last.to is CallTo.other and says(clause.words, "by_999")
        here = here and (last.to is not CallTo.other or sent)
        outcome = CallOutcome.coming if here else last.outcome
        level = self.level if last.to is self.about else None
        sent = sent and outcome is CallOutcome.coming and not here
        told = FoundCall(last.to, outcome, last.manager, put_off=last.put_off, level=level)
        self.found[-1] = msgspec.structs.replace(told, here=here, by_999=sent)

    def rung_of(self, clause: Clause, to: CallTo) -> None:
        """Keep the rung of whoever the clause names; on one's own side, if above a manager."""
        level = level_said(clause.words) if to in (*SERVICES, CallTo.own_manager) else None
        above = to in SERVICES or level in {Level.senior_manager, Level.director}
        self.level = level if above else None


def find_calls(
    text: str, answers: Answers, today: date, whole: tuple[str, float] = NOT_HEARD
) -> tuple[FoundCall, ...]:
    """Return the calls of today that a text tells of, in its order.

    `whole` is what the message says as a whole, with its share: an outcome, NOTHING or SEVERAL.
    """
    back = [clause.words for clause in _clauses(text) if says(clause.words, "taken_back")]
    if back:
        return (FoundCall(people(back[0]), CallOutcome.refused, taken_back=True),)
    told = _Told()
    of_today = _of_today(text, today)
    said = dict(
        zip((one.words for one in of_today), map(said_outcome, led_in(of_today)), strict=True)
    )
    answers = {**answers, **{words: (outcome, 1.0) for words, outcome in said.items() if outcome}}
    for clause in of_today:
        to, outcome = people(before_the_place(clause.words)), _came_of(clause, of_today, answers)
        if clause.joined and told.found and _words("goes_on_doing").match(clause.words):
            to = None  # "she is pulling him out of class and getting the police in"
        the_manager = to is CallTo.own_manager and bool(_words("this_manager").search(clause.words))
        if outcome is not None and says(clause.words, "nobody_here"):
            told.nobody_here(outcome)
        elif outcome is not None and the_manager:
            told.the_manager(outcome)
        elif outcome is not None:
            share = answers.get(clause.words, (NOTHING, 1.0))[1]
            sure = share >= SURELY or any(
                says(clause.words, of) for of in ("they", "again", "of_a_call")
            )
            told.happened(clause, to, outcome, sure=sure)
            told.more(clause, to)
        elif to is not None and not says(clause.words, "introduces"):
            told.named(clause, to)
            told.rung_of(clause, to)
    real = told.found[1:] if told.supposed and told.found[0].to is None else told.found
    real = [call for call in real if not _is_of_somebody_named(call, real)]
    whole_text = normal(text)
    likewise = says(whole_text, "likewise") or says(whole_text, "sides_with")
    if likewise and not real and len(told.waiting) == 1:
        real = [FoundCall(told.waiting[0], CallOutcome.made)]
    silent = CallOutcome.no_answer in said.values()  # Whoever was to be rung since did not answer.
    again = likewise or (says(normal(text), "again") and not silent)
    names_only = not real and only_names(normal(text))
    # Where words say that they were told, and no more, no ranking of the whole knows better.
    of_police = any(call.to is CallTo.police for call in real)
    plain = names_only or (CallOutcome.made in said.values() and not of_police)
    if not plain and not _is_sure(real, of_today, answers, min(SURELY, whole[1])):
        real = _as_a_whole(real, of_today, *whole)
    # "They've noted it" is of whoever was told, and tells of no call more.
    again = again or (CallOutcome.made in said.values() and not any(call.to for call in real))
    return tuple(with_hints(call, whole_text, again=again) for call in real)


def _is_of_somebody_named(call: FoundCall, told: list[FoundCall]) -> bool:
    """Say whether a call to nobody is one of those named: "half an hour, 101 not answering"."""
    nobody = call.to is None and not call.manager and call.level is None
    return nobody and any(one.to and one.outcome is call.outcome for one in told)


def _came_of(clause: Clause, of_today: list[Clause], answers: Answers) -> CallOutcome | None:
    outcome = _outcome(clause.words, answers)
    if outcome is not CallOutcome.coming:
        # "Parents not answering either" is of nobody whom the guide says to ring.
        others = says(clause.words, "others_line") and not people(clause.words)
        return None if others else outcome
    before = [one.words for one in of_today[: of_today.index(clause)]]
    since = next((at for at in reversed(range(len(before))) if people(before[at])), 0)
    return None if is_no_help(clause.words, before[since:]) else outcome


def _is_sure(
    found: list[FoundCall], of_today: list[Clause], answers: Answers, enough: float
) -> bool:
    """Say whether a clause says what came of a call, surer than the whole: "they refused" does."""
    told = {call.outcome for call in found} - {CallOutcome.made}
    heard = (answers.get(clause.words, (NOTHING, 0.0)) for clause in of_today)
    return any(outcome in told and share >= enough for outcome, share in heard)


def _as_a_whole(
    found: list[FoundCall], of_today: list[Clause], said: str, share: float
) -> list[FoundCall]:
    """Return the calls, put right by what the message says as a whole, if it tells of one or none.

    Of two people nobody's answer becomes the other's, and who is there stays there. Nothing that a
    clause tells is lost. That help is coming is told by a clause and never by the whole: "police
    let him out and he is driving there" has somebody else coming.
    """
    named = {call.to for call in found if call.to}
    if said in {NOTHING, SEVERAL} or len(named) > 1 or any(call.here for call in found):
        return found
    if CallOutcome(said) in GOES_ON or share < (BELIEVED if len(found) == 1 else AS_ONE):
        return found
    one = next((call for call in found if call.to), None) or next(iter(found), None)
    one = one or _only_named(of_today)
    return [msgspec.structs.replace(one, outcome=CallOutcome(said))] if one else []


def _only_named(of_today: list[Clause]) -> FoundCall | None:
    """Return the call to whoever is named first, where no clause says what came of it."""
    for words, _ in of_today:
        to = None if says(words, "introduces") or says(words, "not_yet") else people(words)
        if to is not None:
            level = level_said(words) if to in SERVICES else None
            return FoundCall(to, CallOutcome.made, put_off=says(words, "put_off"), level=level)
    return None


def _of_today(text: str, today: date) -> list[Clause]:
    """Return the clauses without those on a day before, also where it is said after.

    Nor is the clause told of that says what the writer is: "EDT social worker here, police refuse".
    """
    kept: list[Clause] = []
    earlier = False
    told = list(_clauses(text))
    opening = find_agencies(text).opening
    first = _words("i_am").sub("", told[0].words, 1) if told else ""
    shift = opening and says(first.removeprefix(opening.word), "on_shift")
    titled = len(told) > 1 and _words("own_title").search(told[0].words)
    if shift or titled:
        told = told[1:]
    for clause in told:
        before = _was_earlier(clause.words, today)
        if before and says(clause.words, "that_was"):
            kept = kept[:-1]
        earlier = before or (earlier and people(clause.words) is None)
        if not earlier:
            kept.append(clause)
    return kept


def _was_earlier(clause: str, today: date) -> bool:
    """Say whether what a clause tells was on a day before today, and not put off until one."""
    found = find_dates(clause, today)
    days = [*found.dates, *(span.earliest for span in found.ranges)]
    # Nobody calls today by its name: "on Monday", on a Monday, was a week ago.
    named = says(clause, "weekday") and not says(clause, "of_today")
    before = max(days) < today + timedelta(named) if days else says(clause, "earlier")
    return before and (says(clause, "was_on") or not says(clause, "put_off"))


def led_in(told: Sequence[Clause]) -> list[str]:
    """Return the words of each clause, behind who said or promised it: "edt said they will"."""
    return [
        f"{told[at - 1].words} {clause.words}"
        if at and clause.joined and _words("leads_in").search(told[at - 1].words)
        else clause.words
        for at, clause in enumerate(told)
    ]


def promises(text: str) -> tuple[str, ...]:
    """Return the clauses of a text, each behind who said or promised it."""
    return tuple(led_in(list(_clauses(text))))


def call_clauses(text: str) -> tuple[str, ...]:
    """Return the clauses of a text as the ranker of calls is to rank them."""
    return tuple(dict.fromkeys(clause.words for clause in _clauses(text)))


def says_whom_police_hold(text: str) -> bool:
    """Say whether a text tells that the police have somebody: the child or whoever is feared."""
    return bool(_words("they_hold").search(normal(text)))


def what_is_asked(text: str) -> str | None:
    """Return what somebody in the middle of an emergency asks for, or None."""
    words = normal(text)
    return next((name for name in ASKED if _words(name).search(words)), None)


def _clauses(text: str) -> Iterator[Clause]:
    words = _QUOTE.sub(" ", normal(text))
    for sentence in sentences(words):
        told = words[sentence.start : sentence.end].lstrip()
        asks = words[sentence.end : sentence.end + 1] == "?"
        if _words("only_asked").match(told) or (asks and _words("whom_else").match(told)):
            continue
        for clause in clauses(words, sentence):
            parts = _JOINED.split(words[clause.start : clause.end])
            for number, part in enumerate(parts):
                if part.strip():
                    yield Clause(" ".join(part.split()), number > 0)


def _outcome(clause: str, answers: Answers) -> CallOutcome | None:
    if _words("not_yet").search(clause) or only_names(clause):
        return None
    if any(says(clause, question) for question in NO_CALL):
        return None
    if says(clause, "left_again"):
        return CallOutcome.refused
    learned, share = answers.get(clause, (NOTHING, 0.0))
    hoped = learned == CallOutcome.coming and not says(clause, "here")
    enough = SURE_OF_HELP if hoped else SURE
    return None if learned == NOTHING or share < enough else CallOutcome(learned)
