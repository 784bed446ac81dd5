"""Read an account as frames: who spoke to whom of the other agency, on which rung and day.

An account is cut into clauses. A clause is a frame if somebody of the practitioner's side spoke or
wrote to the other side in it, or if a manager of the other side answered. What is planned, wished
or denied is none.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from bot.core.vocabulary import Agency, Level
from bot.understanding.account.agencies import Agencies
from bot.understanding.account.clauses import Clause, Days, account_clauses
from bot.understanding.account.contacts import Contacts, Frame
from bot.understanding.account.dates import Dates
from bot.understanding.account.outcomes import Answers, find_outcomes
from bot.understanding.account.party import (
    NO_PARTY,
    lower,
    nobody_was_asked,
    other_ends,
    spoke_themselves,
)
from bot.understanding.account.roles import Mention
from bot.understanding.words.patterns import pattern
from bot.understanding.words.text import Span

_words = partial(pattern, "history")
_US = re.compile(r"\b(?:i|ive|id|we|weve|me|us|both)\b")
_THEY = re.compile(r"\b(?:she|shes|he|hes|they|theyve|theyre)\b")
_PASSIVE = re.compile(r"\b(?:was|were|been|got|being|is)\s+(?:\w+ly\s+)?$")
NEAR = 80
"""Characters after a call in which it is said what it was about."""
SHORT_ANSWER = 4
NEAR_PRONOUN = 30
"""Characters before "her" in which a mother or a child would be who is meant."""
_EACH = {
    "practitioner": Level.practitioner,
    "worker": Level.practitioner,
    "manager": Level.line_manager,
    "director": Level.director,
}


@dataclass(frozen=True)
class _Subject:
    ours: bool
    level: Level | None = None


class _FrameReader:
    """Reads the clauses of one text in order; the last person spoken of is who "she" is."""

    def __init__(
        self,
        words: str,
        agencies: Agencies,
        dates: Dates,
        today: date,
        answers: Answers,
    ) -> None:
        self.words = words
        self.answers = answers
        self.mentions = agencies.mentions
        self.own = agencies.own
        self.known = agencies
        self.own_rung = agencies.level
        self.own_level = agencies.level if not agencies.is_lead else None
        self.days = Days(words, dates.found, today)
        self.frames: list[Frame] = []
        self.last_person = _Subject(ours=False)
        self.last_theirs: Mention | None = None
        self.received = False
        self.clauses = tuple(account_clauses(words, self.days.dates))
        self.ends = other_ends(words, agencies, self.clauses)

    def read(self) -> list[Frame]:
        before: Clause | None = None
        for clause in self.clauses:
            frame = self._frame(clause)
            if frame:
                agency, on = self._agency(clause), self._day(clause, before)
                alone = not self.received and spoke_themselves(self.words, frame.at, self.known)
                level = lower(frame.level, self.own_rung if alone else None)
                self.frames.append(
                    replace(frame, on=on, agency=agency, level=level, by_writer=alone)
                )
            elif self.frames and before and self._gives_the_day(clause, before):
                self.frames[-1] = replace(self.frames[-1], on=self.days.only_day(clause.at))
            before = clause
        return self.frames

    def _agency(self, clause: Clause) -> Agency | None:
        """The agency of whoever was spoken to, where the clause names it."""
        theirs = [one for one in self._inside(clause.at) if one not in self.own and one.agency]
        return theirs[-1].agency if theirs else None

    def _inside(self, span: Span) -> list[Mention]:
        return [one for one in self.mentions if span.start <= one.start < span.end]

    def _frame(self, clause: Clause) -> Frame | None:
        here = self._inside(clause.at)
        if self.ends[clause.at.start] in NO_PARTY:
            self._remember(clause.at, here)
            return None
        each = _words("each_to_each").search(self.words, clause.at.start, clause.at.end)
        if each:
            level = _EACH.get(each["level"].split()[-1], Level.senior_manager)
            level = Level.senior_manager if " " in each["level"].strip() else level
            return Frame(clause.at, level, None, wrote=False)
        verb = self._verb(clause.at, here)
        frame = self._contact(clause, here, verb) if verb else None
        frame = frame or self._came(clause, here) or self._dated(clause, here)
        frame = frame or self._without_verb(clause, here)
        self._remember(clause.at, here)
        return frame

    def _verb(self, at: Span, here: Sequence[Mention]) -> re.Match[str] | None:
        """The first verb of a contact; one that is not only used for talks needs somebody."""
        spoke = _words("spoke").search(self.words, at.start, at.end)
        raised = next(
            (
                match
                for match in _words("raised").finditer(self.words, at.start, at.end)
                if any(one.start > match.start() or one in self.own for one in here)
                or _words("theirs_by_pronoun").search(self.words, match.start(), at.end)
                or self._object(match, at)
                or _words("to_us").search(self.words, match.start(), at.end)
            ),
            None,
        )
        found = [match for match in (spoke, raised) if match]
        return min(found, key=lambda match: match.start()) if found else None

    def _object(self, verb: re.Match[str], at: Span) -> Mention | None:
        """The person of the other side whom "her" or "them" after a verb stands for."""
        said = self.words[verb.end() : at.end]
        pronoun = _words("pronoun_after").match(said)
        if pronoun is None or self.last_theirs is None:
            return None
        near = max(self.last_theirs.end, verb.start() - NEAR_PRONOUN)
        family = _words("family").search(self.words, near, verb.start())
        return None if family else self.last_theirs

    def _contact(
        self, clause: Clause, here: Sequence[Mention], verb: re.Match[str]
    ) -> Frame | None:
        at = clause.at
        before = self.words[at.start : verb.start()]
        if (
            _words("planned").search(before)
            or _words("denied").search(before)
            or self.days.is_ahead(at)
        ):
            return None
        theirs = [one for one in here if one not in self.own]
        after = [one for one in theirs if one.start >= verb.end()]
        passive = _PASSIVE.search(self.words, at.start, verb.start())
        subject = self._subject(clause, here, verb)
        if passive and not subject.ours:
            after, subject = [one for one in theirs if one.end <= verb.start()], _Subject(ours=True)
        if not subject.ours or (passive and not after):
            return self._received(clause, here, verb) or self._answer(clause, theirs)
        # "Referred to MASH on Monday", "sent the form": nobody has been challenged.
        referral = _words("referral").search(self.words, at.start, at.end)
        somebody = after and after[0].is_person and _words("spoke").fullmatch(verb.group())
        if referral and not after[1:] and not somebody:
            return None
        level = self._level_of(at, verb, after, subject, here)
        if level is None or (self.received and not after):
            return None
        wrote = bool(_words("wrote").search(self.words, at.start, at.end))
        return Frame(at, level, None, wrote)

    def _level_of(
        self,
        at: Span,
        verb: re.Match[str],
        after: Sequence[Mention],
        subject: _Subject,
        here: Sequence[Mention],
    ) -> Level | None:
        above = subject.level if subject.level not in (None, Level.practitioner) else None
        if _words("theirs_by_pronoun").search(self.words, at.start, at.end):
            return above or Level.line_manager
        if after:
            people = [one for one in after if one.is_person]
            return (people or after)[0].level if people or not above else above
        internal = any(one in self.own and one.start >= verb.end() for one in here)
        if internal:
            return None
        known = self._object(verb, at)
        if known:
            return above or known.level
        if above:
            return above
        return Level.practitioner if _words("spoke").fullmatch(verb.group()) else None

    def _subject(self, clause: Clause, here: Sequence[Mention], verb: re.Match[str]) -> _Subject:
        start = clause.at.start
        before = [one for one in here if one.end <= verb.start()]
        us = [match.start() for match in _US.finditer(self.words, start, verb.start())]
        they = [match.start() for match in _THEY.finditer(self.words, start, verb.start())]
        last = max([one.start for one in before] + us + they, default=None)
        if last is None:
            goes_on = clause.joined in {"and", "who", "which", "&"}
            return self.last_person if goes_on and clause.joined == "who" else _Subject(ours=True)
        if last in us:
            return _Subject(ours=True)
        if last in they:
            return self.last_person
        named = next(one for one in before if one.start == last)
        return _Subject(named in self.own, named.level if named in self.own else None)

    def _came(self, clause: Clause, here: Sequence[Mention]) -> Frame | None:
        """Somebody of theirs came to us, in words that are no other contact: "had a go at me"."""
        verb = _words("came_to_us").search(self.words, clause.at.start, clause.at.end)
        if verb is None or self._is_planned(clause.at) or not self.days.inside(clause.at):
            return None
        theirs = [one for one in here if one not in self.own and one.end <= verb.start()]
        ours = _US.search(self.words, clause.at.start, verb.start())
        return self._received(clause, here, verb) if theirs and not ours else None

    def _dated(self, clause: Clause, here: Sequence[Mention]) -> Frame | None:
        """Whatever the verb: our side, then somebody of theirs, and a day that has been.

        "I let the social worker know a week ago", "my manager got through to hers yesterday".
        """
        at = clause.at
        ours = _US.search(self.words, at.start, at.end)
        own = next((one for one in here if one in self.own), None)
        begin = min([match.start() for match in (ours,) if match] + [own.start if own else at.end])
        theirs = [one for one in here if one not in self.own and one.start > begin]
        past = any(item.on and item.on <= self.days.today for item in self.days.inside(at))
        pronoun = _words("theirs_by_pronoun").search(self.words, begin, at.end)
        verb = _words("did_to").search(self.words, begin, theirs[0].start if theirs else at.end)
        if not past or self._is_planned(at) or not (theirs or pronoun) or not verb:
            return None
        if _words("referral").search(self.words, at.start, at.end):
            return None
        above = own.level if own and own.level is not Level.practitioner else None
        if pronoun or not theirs:
            return Frame(at, above or Level.line_manager, None, wrote=False)
        level = theirs[0].level if theirs[0].is_person else above or theirs[0].level
        return Frame(at, level, None, bool(_words("wrote").search(self.words, at.start, at.end)))

    def _received(
        self, clause: Clause, here: Sequence[Mention], verb: re.Match[str]
    ) -> Frame | None:
        """A challenge that the other side brings to the practitioner: "the DSL rang me, not happy".

        It is on the practitioner's own rung; a lead's depends on who came.
        """
        ours = [frame for frame in self.frames if not frame.answer]
        if (ours and not self.received) or not self._is_challenged(clause, verb):
            return None
        came = [one for one in here if one not in self.own and one.end <= verb.start()]
        person = next((one for one in came if one.is_person), came[0] if came else self.last_theirs)
        if person is None:
            return None
        self.received = True
        level = self.own_level or person.level
        wrote = bool(_words("wrote").search(self.words, clause.at.start, clause.at.end))
        return Frame(clause.at, level, None, wrote)

    def _is_challenged(self, clause: Clause, verb: re.Match[str]) -> bool:
        to_us = _words("to_us").search(self.words, verb.start(), clause.at.end)
        if _words("back").search(self.words, verb.start(), clause.at.end):
            return False
        # "The chair rang on Monday to say she isnt happy": in the same breath.
        near = self._theirs("challenge", clause.at.start, clause.at.end + NEAR)
        if not near and self._answers_us(clause, verb):
            return False
        cross = to_us and self._theirs("challenge", 0, len(self.words))
        return bool(near or cross or _words("our_answer").search(self.words, clause.at.end))

    def _theirs(self, name: str, start: int, end: int) -> bool:
        """Say whether words of a pattern stand in a stretch, and not after "I" or "we"."""
        found = _words(name).finditer(self.words, start, min(end, len(self.words)))
        return any(not _words("we_before").search(self.words[: match.start()]) for match in found)

    def _answers_us(self, clause: Clause, verb: re.Match[str]) -> bool:
        """Say whether whoever came told what was decided: "she rang me today and said no"."""
        after = self.clauses[self.clauses.index(clause) + 1 :][:1]
        beside = [one.at for one in after if one.sentence == clause.sentence]
        told = [self.words[at.start : at.end] for at in beside]
        told = [said for said in told if not _words("we_begin").match(said)]
        told.append(self.words[verb.end() : clause.at.end])
        return any(find_outcomes(said, self.answers) for said in told)

    def _answer(self, clause: Clause, theirs: Sequence[Mention]) -> Frame | None:
        """An answer of a manager to whom the account has not said that anybody spoke."""
        above = [one for one in theirs if one.level is not Level.practitioner]
        told = {frame.level for frame in self.frames}
        if not above or above[0].level in told or self._is_planned(clause.at):
            return None
        # Before any talk, only what a manager told the practitioner on a day is an answer.
        if not self.frames and not (
            self.days.only_day(clause.at)
            and _words("told_us").match(self.words, above[0].end, clause.at.end)
        ):
            return None
        if told and above[0].level.rank <= max(level.rank for level in told):
            return None
        said = self.words[clause.at.start : clause.at.end]
        if self.frames and not find_outcomes(said, self.answers):
            return None
        return Frame(clause.at, above[0].level, None, wrote=False, answer=True)

    def _without_verb(self, clause: Clause, here: Sequence[Mention]) -> Frame | None:
        """A contact told without a verb: "then the matron", "TM 3 Nov - no reply"."""
        theirs = [one for one in here if one not in self.own]
        met = _words("ours_with_theirs").search(self.words, clause.at.start, clause.at.end)
        if met and here and not theirs and not self._is_planned(clause.at):
            return Frame(clause.at, here[-1].level, None, wrote=False)
        if not theirs or self._is_planned(clause.at):
            return None
        first = theirs[0]
        lead = self.words[clause.at.start : first.start]
        went = not _words("referral").search(lead) and _words("we_to_them").search(lead)
        if went and not self.days.is_ahead(clause.at):
            ours = [one for one in here if one in self.own and one.start < first.start]
            if ours or went["me"]:
                above = (
                    ours[-1].level if ours and ours[-1].level is not Level.practitioner else None
                )
                level = first.level if first.is_person else above or first.level
                return Frame(clause.at, level, None, wrote=False)
        owner = re.sub(
            r"\b(?:the|her|his|their|an?)\s+(?:\w+\s+)?$", "", self.days.undated(lead, clause.at)
        )
        rest = self.days.rest(first.end, clause.at.end)
        day = any(clause.at.start <= item.start < clause.at.end for item in self.days.dates)
        if not _words("next_in_line").match(owner):
            return None
        rest = "" if self._told_at_once(first, clause.at) else rest
        if not rest and (day or self.frames) and not self.days.is_ahead(clause.at):
            # "CSC refused on 3 November" is their decision, "TM 3 November, no" an answer.
            alone = not (day or first.is_person) or not (first.is_person or self.frames)
            if clause.joined in {"(", "who"} or alone:
                return None
            return Frame(clause.at, first.level, None, wrote=False)
        return self._answer(clause, theirs)

    def _told_at_once(self, first: Mention, at: Span) -> bool:
        """Say whether day and outcome follow a role directly: "TM 6 Nov said no"."""
        next_day = next((item for item in self.days.dates if item.start >= first.end), None)
        if next_day is None or next_day.start >= at.end:
            return False
        rest = self.days.rest(first.end, at.end)
        short = len(self.words[first.end : at.end].split()) <= SHORT_ANSWER
        beside = next_day.start <= first.end + 4
        return (short and rest in {"no", "yes", "refused", "declined", "same"}) or (
            beside and bool(find_outcomes(self.words[next_day.end : at.end], self.answers))
        )

    def _is_planned(self, at: Span) -> bool:
        return bool(_words("planned").search(self.words, at.start, at.end)) or self.days.is_ahead(
            at
        )

    def _day(self, clause: Clause, before: Clause | None) -> date | None:
        """The day of a contact; "the same day" is counted from the contact before it."""
        last = self.frames[-1].on if self.frames else None
        return self.days.of_contact(clause, before, last)

    def _gives_the_day(self, clause: Clause, before: Clause) -> bool:
        """Say whether a clause only says when the contact before it was: "(3 November)"."""
        last = self.frames[-1]
        says = _words("that_was").match(self.words[clause.at.start : clause.at.end])
        beside = last.at == before.at and (
            clause.joined == "who" or not self.days.rest(clause.at.start, clause.at.end)
        )
        told = last.on is not None or bool(self.days.inside(last.at))
        return not told and bool(says or beside) and self.days.only_day(clause.at) is not None

    def _remember(self, at: Span, here: Sequence[Mention]) -> None:
        people = [one for one in here if one.is_person]
        if people:
            last = people[-1]
            self.last_person = _Subject(last in self.own, last.level if last in self.own else None)
        theirs = [one for one in here if one not in self.own]
        if theirs:
            self.last_theirs = theirs[-1]
        if not people and here:
            self.last_person = _Subject(here[-1] in self.own)


def find_contacts(
    words: str, agencies: Agencies, dates: Dates, today: date, answers: Answers
) -> Contacts:
    """Return the contacts that a normal text tells of."""
    reader = _FrameReader(words, agencies, dates, today, answers)
    nobody = nobody_was_asked(words, agencies, reader.clauses)
    frames = () if nobody else tuple(reader.read())
    return Contacts(frames, reader.received, nobody, reader.ends)
