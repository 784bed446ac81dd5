"""Applies what a message says of the case: its risk, place and agencies, and who the person is."""

import re
from collections.abc import Sequence

from msgspec.structs import replace

from bot.core.conversation.answers import Note, TurnResult
from bot.core.conversation.days_listener import ENOUGH_WORDS
from bot.core.conversation.listener import Listener
from bot.core.conversation.own_side import with_own_side
from bot.core.conversation.places import (
    nation_note,
    outside_note,
    place_title,
    unclear_note,
)
from bot.core.conversation.questions.place import change_partnership
from bot.core.conversation.questions.spec import Question, member_of
from bot.core.conversation.replies import HowFar
from bot.core.conversation.state import UNKNOWN, facts_of
from bot.core.conversation.wishes import wish_told
from bot.core.handbook.topics import Topic
from bot.core.policy.model import Party, Stage
from bot.core.rules.duties import roles_at
from bot.core.vocabulary import Agency, Disagreement, Exit, Level, Outcome, Risk, Side, Worry

SURE = 0.75
"""At this confidence or more the guide accepts a kind of disagreement and shows it back."""
TOLD = 1.0
"""The confidence of a kind that is told in its usual words."""
MOST_GUESSES = 3
"""So many likely kinds of disagreement are offered at once."""
PLACE_ALONE = 3
"""A message with a place and at most this many words says nothing else."""
DRAFTS = {"ask_draft", "ask_wording"}
"""Intents of somebody who wants words to say or send."""
SHORTEST_NAME = 5
"""Shorter names of several places are words as well: "over", "ash"."""
WHO_I_AM = 8
"""A message of more words that names one's own agency is about something else too."""
HEAD, LEAD, CONFLICT = "head", "lead", "conflict"
"""Whom an allegation is about, where that changes who is told first."""
OF_A_POLICY = {*map(str, (Topic.stage, Topic.stages, Topic.about, Topic.members, Topic.kinds))}
"""Topics that may be of any policy, whichever the child's is."""
OF_TWO = {"another", "begun", "several", "each"}
"""Talk of two children or disputes in one message."""
AT_ONCE = {"several", "each"}
"""Talk of two in one message that is about both."""
SIDES = (Question.my_agency, Question.their_agency)
SEVERITY = {risk: rank for rank, risk in enumerate(reversed(Risk))}


class CaseListener(Listener):
    """Listens for the risk, the place, the agencies, the child's status and the disagreement."""

    def risk(self) -> None:
        """Take a risk that is stated. Text only raises it; a correction has it asked again."""
        told = member_of(Risk, self.facts.get("risk"))
        stated = self.state.risk
        if told is None and stated is None:
            told = self.how_risky
        if told is None or told is stated:
            return
        raises = stated is None or SEVERITY[told] > SEVERITY[stated]
        # A red flag is answered and asked about first; only then does it set the risk.
        if self.reading.get("urgent"):
            return
        if self.asked is Question.risk or raises:
            self.choose(Question.risk, str(told))
        elif self.correcting:
            # The guide does not lower a stated risk by itself: it asks again.
            self.set(risk=None, calls_made=None, trigger_check=None)
            self.notes.append(Note("note_risk_again"))

    def person(self) -> None:
        """Take their side, their rung and the rung they want. Nothing else that is told is lost."""
        enquiry = self.reading.get("enquiry") or {}
        if enquiry.get("topic") == Topic.told and self.state.side is None:
            self.set(told_as=enquiry.get("words"))
        side = member_of(Side, self.reading.get("side"))
        # Whoever has raised it hears from the other side, and is asked nothing by it.
        answered = side is Side.receiver and self.state.tried is not None
        settled = answered and bool(self.reading.get("infers_side"))
        if side is not None and side is not self.state.on_side and not settled:
            self.choose(Question.side, str(side))
        self.wants_a_draft()
        wish = wish_told(self.reading.get("wish"))
        if wish is not None and not self.reading.get("urgent"):
            self.set(wish=wish)
        if self.reading.get("not_lead"):
            self.set(not_lead=True)
        level = member_of(Level, self.reading.get("level"))
        free = self.state.level is None or self.correcting or self.asked is Question.level
        # "I'm the manager she came to" says more than what was made of an earlier message.
        says = self.reading.get("states_level") or self.reading.get("takes_over")
        free = free or bool(says) or self.gives_their_post
        if level is not None and free:
            self.choose(Question.level, str(level))

    def own_rung(self) -> None:
        """Take the rung of whoever was challenged from the stage, where their title does not say.

        A policy may put a title on a higher rung than others do: Kent's headteacher is on Stage 3.
        """
        policy, stage = self.state.policy(self.policies), self.state.stage(self.policies)
        told = bool(self.reading.get("raised"))
        received = told and self.state.on_side is Side.receiver
        if policy is None or stage is None or not received or stage.level is Level.partnership:
            return
        level = member_of(Level, self.state.level)
        named = self._title_stands_on(stage)
        # An agency that is named is no title: "we're csc" says nothing of their rung.
        guessed = self.reading.get("level") == Level.practitioner and not self.reading.get("title")
        untold = level is None or (guessed and level is Level.practitioner)
        if (untold and self.reading.get("written_to_me")) or (
            named and level is not None and level.rank < stage.level.rank
        ):
            self.choose(Question.level, str(stage.level))

    def _title_stands_on(self, stage: Stage) -> bool:
        """Say whether the policy names the title that they give themselves for this stage."""
        title = str(self.reading.get("title") or "")
        agency, facts = (
            member_of(Agency, self.state.my_agency),
            facts_of(self.state, self.policies),
        )
        roles = roles_at(stage, Party.receiver, agency, facts.as_raised)
        names = [name.casefold() for role in roles for name in (role.role, role.post or "")]
        return bool(title) and any(re.search(rf"\b{re.escape(title)}", name) for name in names)

    def wants_a_draft(self) -> None:
        """Take that the answer is still owed where a draft of it is asked for."""
        unanswered = self.asked is Question.step_outcome and self.state.on_side is Side.receiver
        if unanswered and self.typed.intent in DRAFTS:
            self.choose(Question.step_outcome, Outcome.awaiting)

    def exit(self) -> None:
        """Take that another procedure may fit."""
        told = member_of(Exit, self.facts.get("exit") or self.reading.get("exit"))
        apart = told is Exit.own_agency and self._is_between_agencies()
        if apart or (self._is_about_somebody() and told is not Exit.allegation):
            told = None
        if told is not None and told != self.state.exit:
            self.set(exit=told, exit_check=None)
        elif told is not None and self.asked is Question.exit_check and not self.state.exit_check:
            # "It's about a colleague", said to the question whether that is what it is about.
            self.choose(Question.exit_check, "yes")
        if self.state.exit is Exit.allegation and self.reading.get("kept_out"):
            self.set(conflict=True)
        elif self._is_about_somebody():
            if self.reading["about_whom"] == CONFLICT:
                self.set(conflict=True)
            else:
                self.set(head_accused=self.reading["about_whom"] == HEAD)

    def _is_between_agencies(self) -> bool:
        """Say whether another agency is disagreed with, whoever on their side says what of it.

        A manager in the way of a challenge to another agency is no other matter.
        """
        theirs = self.facts.get("their_agency") or self.state.their_agency
        mine = self.facts.get("my_agency") or self.state.my_agency
        return theirs not in {None, UNKNOWN, mine}

    def partnership(self) -> None:
        """Take the place, or say that the guide holds no policy for it."""
        told, area = self.reading.get("partnership"), self.reading.get("area")
        told, area = (told, area) if told else self._named_in_the_question()
        open_question = (
            self.asked in {Question.partnership, Question.area}
            or self.correcting
            or self._only_names_a_place()
        )
        if told in self.policies and (self.state.partnership is None or open_question):
            self.state = change_partnership(self.state, str(told), area, self.policies)
        elif self.state.partnership is None:
            self._place_without_policy()

    def _named_in_the_question(self) -> tuple[str | None, str | None]:
        """Return the one place that a question names before any is told, with its area.

        "How long have they got in Kent" is asked of a child there, and is said back.
        """
        enquiry = self.reading.get("enquiry") or {}
        named = tuple(enquiry.get("partnerships") or ())
        asked = enquiry.get("topic") not in OF_A_POLICY and self.state.partnership is None
        one = len(named) == 1 and asked
        return (str(named[0]), enquiry.get("area")) if one else (None, None)

    def _place_without_policy(self) -> None:
        """Say whose children live there, that the guide is for England, or ask which is meant.

        Told before it is asked for, it is said at once, and kept for the question.
        """
        place, nation = self.reading.get("outside_place"), self.reading.get("outside_nation")
        unclear = self.reading.get("unclear_place")
        now = self.asked is Question.partnership
        if nation:
            self.set(place=place_title(str(place or nation)))
            self.notes = [Note(nation_note(str(nation)))]
        elif place:
            self.choose(Question.partnership, "elsewhere")
            under = (self.reading.get(f"outside_{body}") for body in ("authority", "partnership"))
            self.notes = [outside_note(str(place), *under)]
        elif unclear and (now or len(str(unclear)) >= SHORTEST_NAME):
            among = self.reading.get("place_among") or ()
            self.set(place=place_title(str(unclear)))
            self.notes = [unclear_note(str(unclear), among, now=now)]

    def _only_names_a_place(self) -> bool:
        """Say whether a message is only a place, which is a correction: "luton"."""
        reading = self.reading
        return self.typed.words <= PLACE_ALONE and not (
            reading.get("agencies") or reading.get("dates") or reading.get("levels")
        )

    def agencies(self) -> None:
        """Fill both sides; the agency that answers the open question is not also the other side."""
        if self._is_about_somebody():
            return
        mentioned = self.reading.get("agencies") or []
        facts = dict(self.facts)
        if self.correcting and len(mentioned) == 1 and self._took_back_mine():
            facts = {"my_agency": mentioned[0]}
        if self._tells_of_two_disputes():
            # "One the police wont share on, other social care": it is asked for one of them.
            facts.pop("their_agency", None)
        answers = None
        if self.asked in SIDES and not self.reading.get("corrects"):
            # Whoever is told to be on the other side is no answer to which side is asked for.
            others = {facts.get(str(side)) for side in SIDES if side is not self.asked}
            named = [agency for agency in mentioned if self._is_short() or agency not in others]
            answers = facts.get(str(self.asked)) or (named[0] if named else self._lone(mentioned))
        elif self.reading.get("is_name_alone"):
            # "Social care", typed where nobody asked for an agency, may be either side.
            facts.pop("my_agency", None)
        for question in SIDES:
            told = answers if self.asked is question and answers else facts.get(str(question))
            free = getattr(self.state, str(question)) is None or self.correcting
            free = free or self.asked is Question.same_agency
            # "I'm a health visitor" says more than what was made of an earlier message.
            says = self._says_their_job() or self._turns_out_to_answer()
            free = free or (question is Question.my_agency and says)
            if self.asked is not question and (not free or told == answers):
                continue
            if told:
                self.choose(question, str(told))
        self._put_both_sides_right(facts.get("my_agency"))

    def _tells_of_two_disputes(self) -> bool:
        """Say whether it tells of two children at once, and of more than one other agency."""
        others = set(self.reading.get("agencies") or ()) - {self.facts.get("my_agency")}
        return self.reading.get("cases") in AT_ONCE and len(others) > 1

    def _put_both_sides_right(self, mine: str | None) -> None:
        """Put the other side right where somebody says that they are what was taken for it."""
        if mine and mine == self.before.their_agency == self.state.their_agency:
            if self._turns_out_to_answer() and self.before.my_agency not in {mine, UNKNOWN}:
                # "I'm the social worker they raised it with": who raised it is the other agency.
                self.set(their_agency=self.before.my_agency, same_agency=None)
            elif self.correcting:
                # "Wrong, I'm the school": whoever they disagree with is asked for anew.
                self.set(their_agency=None, same_agency=None)

    def _turns_out_to_answer(self) -> bool:
        """Say whether whoever was taken for the one who raised it says that they are to answer."""
        return self.state.on_side is Side.receiver and self.before.on_side is Side.raiser

    def _lone(self, mentioned: Sequence[str]) -> str | None:
        """Return the only agency of a message that tells of nothing else, if it is a new one.

        "Tenancy support at a housing association" is one's own, where that is asked for.
        """
        more = set(self.facts) - set(map(str, SIDES)) or self.reading.get("outcomes")
        told = self.typed.intent in set(map(str, Disagreement)) or self.typed.words > WHO_I_AM
        if self.asked is not Question.my_agency or more or told or len(mentioned) != 1:
            return None
        return mentioned[0] if mentioned[0] != self.state.their_agency else None

    def _is_short(self) -> bool:
        """Say whether a message is an answer, and no account."""
        return self.typed.words <= ENOUGH_WORDS

    def _says_their_job(self) -> bool:
        """Say whether a message says what somebody is, and of the case nothing: "i work for…"."""
        if self.reading.get("introduces") and self.reading.get("level") is not None:
            return True
        if self.state.urgent:
            # "Police here now" tells who has come.
            return False
        other = set(self.facts) - {"my_agency", "partnership", "area"}
        return self.typed.words <= WHO_I_AM and not (other or self.reading.get("is_name_alone"))

    def _took_back_mine(self) -> bool:
        """Say whether the message takes back the practitioner's own agency."""
        back = self.taken_back.get("agencies") or []
        return self.state.my_agency in back and self.state.their_agency not in back

    def own_side(self) -> None:
        """Take that somebody on their own side says no or cannot be asked: it answers nothing."""
        heard = self.reading.get("own_side")
        # Nobody is sent to a lead who may be the one it is about.
        if self._is_about_somebody() or self.state.alleged:
            return
        if heard is None and self.asked is Question.reached:
            refused = self.replies.how_far is HowFar.own_side
            heard = {"worry": str(Worry.own_manager), "is_told": True} if refused else None
        told = with_own_side(self.state, heard)
        self.on_own_side = told is not None
        self.state = told or self.state

    def _is_about_somebody(self) -> bool:
        """Say whether it adds whom a worry is about: "the chair of governors is her husband".

        That changes whom to tell, and nothing else.
        """
        return self.state.exit == Exit.allegation and bool(self.reading.get("about_whom"))

    def status(self) -> None:
        """Take the plans that the child is on, without those taken back."""
        told = tuple(self.reading.get("child_status") or ())
        back = set(self.taken_back.get("child_status") or ())
        known = tuple(status for status in self.state.child_status or () if status not in back)
        if set(told) - set(known) or (
            self.correcting and back & set(self.state.child_status or ())
        ):
            self.set(child_status=tuple(dict.fromkeys([*known, *told])))

    def disagreement(self) -> None:
        """Accept a kind if its confidence is high; else keep the likeliest as guesses."""
        ranking = self.reading.get("disagreement") or []
        # Danger in an account hides what the account is about.
        urgent = bool(self.reading.get("urgent")) and not self.before.urgent
        asked = self.asked is Question.disagreement
        said = bool(ranking) and ranking[0]["confidence"] == TOLD
        about_it = urgent or said or self.typed.intent in set(map(str, Disagreement))
        story = asked or said or self.typed.words >= ENOUGH_WORDS
        free = self.state.disagreement is None or "disagreement" in (
            self.reading.get("corrected") or ()
        )
        objects = self.objects and self.typed.words <= WHO_I_AM
        if not free or not ranking or objects or not (about_it and story):
            return
        if self.reading.get("cases") in OF_TWO:
            # What is told of two children at once is asked for one of them.
            return
        ended = Outcome.resolved in (self.reading.get("outcomes") or ()) and not said
        if self.brings_their_answer or (ended and not asked):
            # Their answer, and how it ended, are news of the stage, whatever they sound like.
            return
        best = ranking[0]
        if best["confidence"] >= SURE:
            self.choose(Question.disagreement, best["name"])
        else:
            self.set(
                disagreement=None, guesses=tuple(guess["name"] for guess in ranking[:MOST_GUESSES])
            )

    def turned_round(self) -> TurnResult | None:
        """Return the answers after "it's the other way round", or None where nothing can turn.

        Who raised it turns if they were taken for the one who answers; else the two agencies do,
        and with them goes the post, which was read off the wrong one.
        """
        state = self.state
        if state.on_side is Side.receiver:
            turned = replace(state, side=str(Side.raiser))
            return TurnResult(turned, ("side",), (Note("note_changed"),))
        if state.my_agency == state.their_agency or UNKNOWN in {
            state.my_agency,
            state.their_agency,
        }:
            return None
        turned = replace(
            state, my_agency=state.their_agency, their_agency=state.my_agency, level=None
        )
        return TurnResult(turned, tuple(map(str, SIDES)), (Note("note_changed"),))

    def denied(self) -> list[str]:
        """Return the answers whose value is taken back: "im not police"."""
        agencies = set(self.taken_back.get("agencies") or ())
        held = [str(side) for side in SIDES if getattr(self.state, str(side)) in agencies]
        plans = set(self.taken_back.get("child_status") or ()) & set(self.state.child_status or ())
        place = self.state.partnership in (self.taken_back.get("partnership") or ())
        return [
            *held[:1],
            *(["child_status"] if plans else []),
            *(["partnership"] if place else []),
        ]
