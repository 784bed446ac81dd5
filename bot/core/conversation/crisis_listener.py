"""Applies what a message says while a child is in danger, or may be: alarms, calls, and less."""

import re

from bot.core.conversation.answers import Note, choose
from bot.core.conversation.calls import (
    lead_says_less,
    made_all,
    with_999_open_again,
    with_call_put_right,
    with_calls,
)
from bot.core.conversation.case_listener import CONFLICT, HEAD, SEVERITY
from bot.core.conversation.listener import Listener
from bot.core.conversation.questions.spec import Question, member_of
from bot.core.conversation.returned import is_back
from bot.core.conversation.state import call_told
from bot.core.conversation.whom import THEIR_OWN, ToldCall, who_was_told
from bot.core.rules.ladder import ASKED, UNFINISHED
from bot.core.vocabulary import (
    SOUNDS_SO,
    URGENT_RISKS,
    Agency,
    CallOutcome,
    CallTo,
    Exit,
    Harm,
    Level,
    Risk,
    Side,
    Worry,
)

ONLY_WORRIED = re.compile(
    r"\W*(?:(?:no|i'?m|i am|we'?re|we are|it'?s|just|only)\W+)*worried\W*", re.IGNORECASE
)
"""Says the least of the risks in its own word, and no more."""
ALL_OF_THEM = re.compile(r"\b(?:(?<!told )them|calls|everyone|everybody|all|both)\b")
"""Says of calls to nobody named that all of them were made."""
ALL_DONE = re.compile(
    r"\W*(?:(?:yes|ok|ive|i've|i have|weve|we've|we have|already)\s+)*"
    r"(?:done|made|rung|rang|called|told|tried)\s+"
    r"(?:all\s+(?:of\s+)?(?:it|that|this|them|those|three|the\s+calls)|it\s+all|everything"
    r"|everyone|everybody|both|them\s+(?:all|both))\b"
)
"""Says that each of the calls was made, before what came of them."""

WHOM_ELSE = re.compile(
    r"\W*(?:and|or|but|what about|how about)\s+(?:the|my|our|her|his|their)\s+\w+"
    r"(?:\s+\w+)?\s*\?\W*",
    re.IGNORECASE,
)
"""Asks whether somebody else is to be told, and says nothing of whether they can be."""
IT = re.compile(r"\b(?:it|its|it\W?s|crew)\b", re.IGNORECASE)
"""An ambulance that was sent for, where nobody else is named."""
BY_999 = re.compile(r"\b(?:ambul|ambo|paramedic|crew\b|fire\b)", re.IGNORECASE)
"""Names those whom 999 sends, and who are of no agency that somebody disagrees with."""
PRESSED_WRONGLY = re.compile(
    r"\b(?:hit|press\w*|click\w*|tap(?:ped)?|chose|chosen|pick(?:ed)?|select\w*|push\w*|typed|put)\s+"
    r"(?:\w+\s+){0,2}?(?:wrong|(?:by|in)\s+(?:mistake|accident|error)|accidentally)"
    r"|\bwrong\s+(?:button|option|choice|answer)|\baccidentally\s+(?:hit|press|click|tap|chose)"
    r"|\b(?:meant|mean)\s+(?:to\s+\w+\s+)?(?:(?:option|number|no|answer|button)\s+)?"
    r"(?:[1-5]|one|two|three|four|five)\b(?!\s+\w)|\bmis-?(?:click|press|tap)\w*"
    r"|\bmeant\s+(?:to\s+\w+\s+)?(?:just\s+|only\s+)?(?:worried|unsure|not\s+(?:sure|immediate|now))\b"
    r"|\bdid(?:n\W?t|\s+not)\s+mean\s+to\s+(?:press|click|hit|choose|pick|select|tap|put|type)\b"
    r"|^\W*(?:(?:no|sorry|oops|wait)\W+)*not\s+[1-5]\W+(?:but\s+|it\W?s\s+)?[1-5]\W*$",
    re.IGNORECASE,
)
"""Says that an option was chosen by mistake."""
NO_ALARM = {"left", "left_adult", "left_somebody", "take_child"}
"""What a message says or asks, and no more, that only sounds like danger: who has left, or whether
to take the child home. What is said of it names 999."""


def _heard_by(call: ToldCall) -> CallOutcome:
    return CallOutcome.made if call.to is CallTo.safeguarding_lead else call.outcome


class CrisisListener(Listener):
    """Listens for danger, and for what came of trying to get somebody to act today."""

    stated_again = False
    """Whether the risk was stated anew, if only as it was before: it is said back."""

    @property
    def rings(self) -> bool:
        """Whether the message tells of calls, or asks for help, while somebody must act today.

        "I want to change my answer" names nobody, and tells of none; nor does "its my head who did
        it", which is about who harms the child.
        """
        calls = self.reading.get("calls") or []
        named = any(call["to"] for call in calls) or bool(self.reading.get("elsewhere"))
        told = bool(calls) and (named or self.typed.intent != "change_answer")
        told = told and not self._says_whom_not_to_tell
        return self.before.urgent and (
            told or self._puts_a_call_right or self._says_whose is not None
        )

    @property
    def _says_whom_not_to_tell(self) -> bool:
        """Whether it says who harms a child, or who is close to them, and of no call to either."""
        close = self.reading.get("about_whom") == CONFLICT and self.before.exit is Exit.allegation
        return bool(self.reading.get("accuses") or self.reading.get("kept_out")) or close

    @property
    def _puts_a_call_right(self) -> bool:
        """Whether the message says whom a call was really to: "wrong, it was the police"."""
        was = self.reading.get("call_was")
        if not (was and self.before.calls):
            return False
        known = {CallOutcome.made, *(call_told(call).outcome for call in self.before.calls)}
        # "That was the police, they're coming" is news.
        return all(
            CallOutcome(call["outcome"]) in known for call in self.reading.get("calls") or ()
        )

    @property
    def _says_whose(self) -> ToldCall | None:
        """The call that it was asked whose it was, where the message says no more than that."""
        outcome = member_of(CallOutcome, self.before.unplaced)
        was = self.reading.get("call_was") or {"to": self.reading.get("asks_about")}
        news = {call["outcome"] for call in self.reading.get("calls") or ()} - {CallOutcome.made}
        to = member_of(CallTo, was["to"])
        if not (outcome and to) or news or self.reading.get("asks"):
            return None
        return ToldCall(to, outcome, level=member_of(Level, was.get("level")))

    def calls(self) -> None:
        """Take the calls that are told of, each to whoever it can only be about."""
        whose = self._says_whose
        if whose is not None:
            self.state = with_calls(self.state, [self._of_the_other_agency(whose)])
            return
        if self._puts_a_call_right:
            was = self.reading["call_was"]
            to, level = CallTo(was["to"]), member_of(Level, was.get("level"))
            instead_of = member_of(CallTo, was.get("instead_of"))
            self.state = with_call_put_right(self.state, to, level, instead_of)
            return
        told = [
            ToldCall(
                CallTo(call["to"]) if call["to"] else None,
                CallOutcome(call["outcome"]),
                bool(call.get("manager")),
                bool(call.get("again")),
                bool(call.get("put_off")),
                member_of(Level, call.get("level")),
                bool(call.get("here")),
                bool(call.get("taken_back")),
                bool(call.get("by_999")),
                bool(call.get("one_person")),
                member_of(CallTo, call.get("service")),
                bool(call.get("comes")),
                bool(call.get("several")),
                bool(call.get("spoken_with")),
            )
            for call in self.reading.get("calls") or []
        ]
        told = [
            self._sent_nobody(self._of_the_other_agency(self._of_ones_own(call))) for call in told
        ]
        if self._says_whom_not_to_tell:
            # "The head did it" tells of no call to the head; "the head is away", or "says it is
            # banter", of another does.
            head = self.reading.get("about_whom") == HEAD
            manager = None if head else CallTo.own_manager
            close = bool(self.reading.get("kept_out"))
            told = [
                call
                for call in told
                if call.to not in {None, *THEIR_OWN}
                or (
                    call.to is manager
                    and call.outcome not in UNFINISHED
                    and (call.outcome is CallOutcome.no_answer or (call.spoken_with and not close))
                )
            ]
        if self.reading.get("side") == Side.receiver:
            told = [call for call in told if call.to in self._whom_they_can_have_rung()]
        if ALL_DONE.match(self.typed.text.lower()) and self.before.urgent:
            # "Done all of it, nothing": each was told, and what came of it is of who is to act.
            self.state = made_all(self.state)
        only_made = [(call.to, call.outcome) for call in told] == [(None, CallOutcome.made)]
        asks = self.reading.get("asks")
        only_made = only_made and not told[0].again
        if only_made and not asks and ALL_OF_THEM.search(self.typed.text.lower()):
            self.choose(Question.calls_made, "made")
            return
        lesser = lead_says_less(self.reading, self.before)
        if lesser:
            # What the guide asked for is no refusal. Only the person changes the risk.
            told = [call._replace(outcome=_heard_by(call)) for call in told]
        # What nobody is named for is about whoever the guide has said to turn to. Before that it is
        # about nobody, and a question is no call: "who's above them".
        unnamed = {CallOutcome.made} if asks else set()
        unnamed = unnamed if self.before.urgent else set(CallOutcome)
        meant = [call for call in told if call.to or call.outcome not in unnamed]
        if Harm.ambulance in self.before.harms and IT.search(self.typed.text):
            meant = [
                call._replace(to=CallTo.other, by_999=True)
                if call.outcome is not CallOutcome.made and not (call.to or call.manager)
                else call
                for call in meant
            ]
        self.state = with_calls(self.state, meant)
        if lesser and self.before.red_flag is None and not self.reading.get("urgent"):
            self.set(risk=None, calls_made=None, trigger_check=None)
            self.notes.append(Note("note_lead_says_less"))

    def whom_it_concerns(self) -> None:
        """Take what changes who is told today: what harm it is, and who is close to the family."""
        if not (self.state.urgent or self.before.urgent):
            return
        told = {*self.state.harms, *(self.reading.get("harms") or ())}
        if self._is_back:
            # Nobody is to be reported missing. The risk stays what the person says that it is.
            told.discard(Harm.missing)
        if any(call_told(call).by_999 for call in self.state.calls):
            told.add(Harm.ambulance)
        if told != set(self.state.harms):
            self.set(harms=tuple(harm for harm in Harm if harm in told))
        close = member_of(CallTo, self.reading.get("kept_out"))
        if close and close not in self.state.kept_out and not self.state.alleged:
            self.set(kept_out=(*self.state.kept_out, close))

    def _sent_nobody(self, call: ToldCall) -> ToldCall:
        """Return the call as refused where 999 only noted it, or will ring back."""
        last = call_told(self.state.calls[-1]) if self.state.calls else None
        of_999 = self.state.is_now and last is not None and last.to is CallTo.police
        waits = call.to is None and call.again and call.outcome is CallOutcome.made
        return call._replace(outcome=CallOutcome.refused) if of_999 and waits else call

    def _of_ones_own(self, call: ToldCall) -> ToldCall:
        """Return the call as one on one's own side, where a post of the person's own is named.

        "The head of service" is a social worker's own, "the inspector" an officer's, and "her
        manager" above one's own manager who was told last.
        """
        known = who_was_told(self.state)
        own = known.own
        if self.reading.get("side") == Side.receiver:
            return call
        if call.to is CallTo.their_manager and call.one_person and known.last in THEIR_OWN:
            return call._replace(to=CallTo.own_manager)
        if call.to is not CallTo.their_manager or call.service is None or call.service is not own:
            return call
        return call._replace(to=own if own is CallTo.police else CallTo.own_manager)

    def _of_the_other_agency(self, call: ToldCall) -> ToldCall:
        """Return the call as one to the other agency's people, where it is theirs who are named.

        "The registrar won't keep him" is of the hospital that somebody disagrees with: who is above
        the registrar is next.
        """
        theirs = member_of(Agency, self.facts.get("their_agency"))
        named = theirs is not None and theirs == self.state.their_agency and theirs not in ASKED
        if not named or call.to not in {None, CallTo.other} or BY_999.search(self.typed.text):
            return call
        return call._replace(to=CallTo.their_manager, level=call.level or Level.practitioner)

    def _whom_they_can_have_rung(self) -> set[CallTo]:
        """Return whom a message can tell calls to that says what was raised with the person.

        What the other side says, or is told, is no call of theirs; nor what their own service did.
        """
        told = (member_of(Agency, self.facts.get(side)) for side in ("my_agency", "their_agency"))
        spoken_of = {ASKED.get(agency) for agency in told if agency}
        return {*ASKED.values(), *THEIR_OWN} - spoken_of

    def nobody_to_ask(self) -> None:
        """Take that their own lead or manager cannot be asked: today it is whoever is next."""
        heard = self.reading.get("own_side") or {}
        if self._says_whom_not_to_tell or WHOM_ELSE.fullmatch(self.typed.text):
            return
        if self.before.urgent and heard.get("worry") == Worry.nobody_there and not self.rings:
            about = member_of(CallTo, self.reading.get("asks_about"))
            to = about if about in THEIR_OWN else CallTo.safeguarding_lead
            self.state = with_calls(self.state, [ToldCall(to, CallOutcome.no_answer)])

    @property
    def _is_back(self) -> bool:
        """Whether it says that a child who was missing is there again, and tells of no other harm.

        "He's not back" says the contrary.
        """
        flags = self.reading.get("flags") or ()
        others = self.reading.get("urgent") and {flag.get("family") for flag in flags} - {
            str(Harm.missing)
        }
        was_missing = Harm.missing in self.before.harms
        told = self.before.urgent and is_back(self.typed.text, was_missing=was_missing)
        return told and not others

    def danger(self) -> None:
        """Take that a message sounds as if a child is in danger. It never makes danger less."""
        if not self.reading.get("urgent") or self._is_back:
            return
        if self.before.urgent and self.rings and self.reading.get("only_help"):
            # "Ambulance now coming" is no new danger: it is what was asked for.
            return
        now = any(flag.get("when") == "now" for flag in self.reading.get("flags") or [])
        # Somebody is hurt or ill who was not before: they need an ambulance, whenever it began.
        now = now or (self.before.urgent and Harm.ambulance in (self.reading.get("harms") or ()))
        known = self.before.is_now
        named = any(flag.get("family") != SOUNDS_SO for flag in self.reading.get("flags") or [])
        heard = named and not (self.rings or self.reading.get("asks"))
        calm = self.reading.get("asks") in NO_ALARM and not named
        if self.before.urgent and now and not (calm or self.rings or self.reading.get("asks")):
            # Whoever is on the way knows nothing of it, and brings no ambulance.
            self.state = with_999_open_again(self.state, there=named)
        if self.before.urgent and not heard and (known or calm or not now):
            # A refusal is no new alarm, nor is "what now?" or news that no rule calls danger: none
            # brings the card again.
            return
        if self.before.danger_now and not now:
            # What is told besides ("he had bruises last week") makes it no less than it was.
            self.set(calls_made=None)
            return
        self.set(red_flag=self.reading.get("urgent_because") or "", danger_now=now, calls_made=None)

    @property
    def pressed_wrongly(self) -> bool:
        """Whether somebody says that the risk was chosen by mistake, before a call was told.

        Danger that was told in words stands all the same.
        """
        only_chosen = self.before.risk in URGENT_RISKS and self.before.red_flag is None
        untold = only_chosen and not (self.before.calls or self.before.calls_made)
        heard = self.reading.get("urgent") or self.reading.get("harms")
        return bool(untold and not heard and PRESSED_WRONGLY.search(self.typed.text))

    def says_less(self) -> bool:
        """Say whether somebody who stated no urgent risk states a lesser one than was heard."""
        told = member_of(Risk, self.facts.get("risk"))
        less = told not in URGENT_RISKS if told else ONLY_WORRIED.fullmatch(self.typed.text)
        heard_only = self.before.red_flag is not None and self.before.risk not in URGENT_RISKS
        return heard_only and bool(less)

    def less_than_was_heard(self, asked: Question) -> None:
        """Take that it is not happening now together with the lesser risk that is stated."""
        calmed = choose(self.state, str(asked), "not_now", self.policies)
        self.state = calmed.state
        if self.state.risk is None:
            # It is less than what was heard, and no less than what they had stated before.
            told = member_of(Risk, self.facts.get("risk")) or Risk.concern
            known = self.before.risk or told
            self.choose(Question.risk, str(max(told, known, key=SEVERITY.__getitem__)))
            self.stated_again = True
        else:
            self.notes += calmed.notes
