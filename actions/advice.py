"""Rasa actions for advice and danger: ask the core, say the card."""

from typing import Any

import msgspec
from msgspec.structs import replace
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import context
from bot.clock import today
from bot.core.cards.advice import advice_card, correction_card
from bot.core.cards.card import Card, card_text
from bot.core.cards.depends import with_unknown_answers
from bot.core.cards.feedback import with_feedback
from bot.core.cards.lines import stages_card
from bot.core.cards.review import review_card, with_given
from bot.core.cards.urgent import after_calls_card
from bot.core.conversation.answers import Note
from bot.core.conversation.brought import when_brought, when_dated
from bot.core.conversation.closing import stages_to_settle_at
from bot.core.conversation.correction_listener import ended_as_told
from bot.core.conversation.crisis import (
    ASKED_BESIDE,
    Asked,
    after_call_note,
    crisis_note,
    has_come_back,
    has_grown,
    kept_out_note,
    sounds_less,
    whom_it_is_taken_for,
    whose_note,
)
from bot.core.conversation.help import reason_for
from bot.core.conversation.questions.spec import Question
from bot.core.conversation.questions.table import next_question
from bot.core.conversation.recap import given_lines, nothing_new_notes
from bot.core.conversation.row import answer_day_asked
from bot.core.conversation.slots import SLOTS
from bot.core.conversation.state import State, facts_of
from bot.core.conversation.wishes import may_wish
from bot.core.enquiry.answer import answer_enquiry
from bot.core.handbook.topics import Enquiry, Topic
from bot.core.rules.advice import advise
from bot.core.rules.results import Advice
from bot.core.vocabulary import CallTo, Outcome, Side

OFFERS = (
    "ask_wording", "ask_draft", "ask_files", "ask_pushback", "rehearse", "stages",
    "change_answer:all", "start_again", "save_case",
)  # fmt: skip
"""Intents to offer after the advice, in order; each has an `utter_option_offer_…` title."""
OFFERS_TO_RECEIVER = (
    "ask_draft", "ask_wording", "ask_files", "stages", "change_answer:all", "start_again",
    "save_case",
)  # fmt: skip
"""The same for whoever has to answer: there is nothing for them to challenge."""
OF_WHAT_IS_OWED = frozenset({Topic.next, Topic.limits, Topic.answering})
"""What whoever has to answer asks before all is told."""
WHAT_NEXT = Enquiry(topic=Topic.next)
CLOSE = "settled"
"""Also offered if a stage can have settled it."""

AFTER_REHEARSAL = ("ask_draft", "ask_wording", "rehearse", "show_advice")
UNCHANGED = {"rehearse": "rehearsal_elsewhere"}
"""Responses to intents that should open a question but could not."""
AFTER_EXIT = ("ask_files", "change_answer:all", "start_again")
AFTER_STAGES = ("ask_files:briefing", "show_advice")
NOT_IN_PRACTICE = {"ask_files", "ask_files:calendar", "save_case"}
"""Of an invented case no file is made, and nothing is saved."""
ADVICE_AGAIN = "show_advice"
LEARNED = (Question.decision, Question.helped, Question.learned)
"""Optional questions after a settlement, in order."""
TOLD_AFTER = {"answered", *map(str, LEARNED)}
"""Answers that are only counted: they change no advice."""
OF_A_FACT = ("which_child", "introduces", "states_level")
"""What a reading holds of a message about the case, which is no news about the child."""
ANSWERS = set(SLOTS) - {
    "misses",
    "listed",
    "turning_to",
    "unplaced",
    "missed",
    "rehearsal",
    "taken",
    "figure",
    "accounts",
    "others",
    "other_cases",
    "wish",
    "later",
    *TOLD_AFTER,
}


class ActionAdvise(context.NamedAction):
    """Give the advice for all answers so far."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        """Say the advice as a card, with what the guide can do next.

        After a message that changed nothing the advice is not repeated, unless it was asked for.
        """
        state = context.state_of(tracker)
        further = offer_buttons_after(state)
        changed, intent = context.changed_now(tracker), context.intent_of(tracker)
        if "rehearsal" in changed and not changed & ANSWERS:
            note = Note("rehearsal_next", {"next": advice_for(state).next.summary})
            context.say_note(dispatcher, note, offer_buttons(AFTER_REHEARSAL))
            return []
        if changed & TOLD_AFTER and not changed & ANSWERS:
            context.say_note(dispatcher, Note("learned"), [] if next_to_learn(state) else further)
            ask_learned(dispatcher, state)
            return context.log_row(dispatcher, state, advice_for(state))
        if context.has_just_drafted(tracker) and not changed & ANSWERS - {"review"}:
            return []
        if not changed & ANSWERS and intent != ADVICE_AGAIN:
            told_of_own_side = context.tells_of_own_side(tracker) and state.own_side
            if told_of_own_side or (context.wishes(tracker) and may_wish(state)):
                # That was answered; it changes nothing more.
                return []
            unchanged = UNCHANGED.get(intent)
            known = context.is_typed(tracker) and ended_as_told(
                context.typed_message(tracker), state
            )
            if (context.is_bare_reply(tracker) or known) and not state.urgent:
                unchanged = "nothing_open"
            nothing_new = who_is_next(tracker, state) if state.urgent else nothing_new_here(state)
            note = Note(unchanged) if unchanged else nothing_new
            context.say_note(dispatcher, note, further)
            return []
        if state.urgent and changed & ANSWERS in ({"calls"}, {"harms"}):
            # "The police are here now", or "she is back", when the card on records was shown.
            context.say_note(dispatcher, who_is_next(tracker, state), further)
            return []
        advice = advice_for(state)
        card = card_for(state, advice)
        shown = context.advice_shown(tracker) if intent != ADVICE_AGAIN else None
        changed_only = correction_card(card, shown, given_now(state, changed)) if shown else None
        if changed_only:
            say_card(dispatcher, changed_only, [*offer_buttons((ADVICE_AGAIN,)), *further])
        else:
            say_card(dispatcher, card, back_from_exit(state) if advice.exit else further)
        if state.case:
            effect = context.case_effect("keep", state, state.case, advice)
            dispatcher.utter_message(json_message=effect)
        ask_learned(dispatcher, state)
        return context.log_row(dispatcher, state, advice)


def card_for(state: State, advice: Advice) -> Card:
    """Return the advice as a card, with the answers that it rests on."""
    policies, handbook = context.offered_policies(), context.handbook()
    policy = state.policy(policies)
    if state.urgent:
        card = after_calls_card(advice, policy, handbook.phrases)
    else:
        card = advice_card(advice, policy, handbook.phrases, state.on_side)
        given = given_lines(state, policies, handbook.phrases)
        card = with_given(card, given, handbook.phrases)
    return with_unknown_answers(card, state, policies, handbook)


def given_now(state: State, changed: set[str]) -> list[str]:
    """Return a line for each answer that this turn has changed."""
    given = given_lines(state, context.offered_policies(), context.handbook().phrases)
    return [line for name, line in given.items() if name in changed]


def who_is_next(tracker: Tracker, state: State) -> Note:
    """Return the reply to the latest message while somebody must act today."""
    advice = advice_for(state)
    if "kept_out" in context.changed_now(tracker):
        return kept_out_note(advice, state, context.handbook().phrases)
    if state.unplaced and "unplaced" in context.changed_now(tracker):
        return whose_note(advice)
    reading = context.typed_message(tracker).reading
    if "calls" in context.changed_now(tracker) and state.calls and not has_grown(reading, state):
        # Whose it was is no correction where the guide had asked.
        asked = "unplaced" in context.changed_now(tracker)
        taken_for = None if asked else whom_it_is_taken_for(reading, state)
        if taken_for is None and reading.get("asks") in ASKED_BESIDE:
            return crisis_note(advice, asked_in_a_crisis(tracker))
        return after_call_note(advice, state, context.handbook().phrases, taken_for, reading)
    return crisis_note(advice, asked_in_a_crisis(tracker))


def asked_in_a_crisis(tracker: Tracker) -> Asked:
    """Return what the latest message asks for while somebody must act today."""
    typed, enquiry = context.typed_message(tracker), context.enquiry_of(tracker)
    about, asks = typed.reading.get("asks_about"), typed.reading.get("asks")
    state, changed = context.state_of(tracker), context.changed_now(tracker)
    return Asked(
        typed.intent,
        asks,
        CallTo(about) if about else None,
        typed.words if context.is_typed(tracker) else 0,
        fact=bool(changed & ANSWERS - {"harms"} or any(map(typed.reading.get, OF_A_FACT))),
        topic=enquiry.topic if enquiry else None,
        harms=state.harms,
        worse="calls" in changed and has_grown(typed.reading, state),
        less=sounds_less(typed.text),
        held=bool(typed.reading.get("they_hold")),
        back=context.is_typed(tracker) and has_come_back(typed.text, state, changed),
    )


class ActionStages(context.NamedAction):
    """Show the stages of the chosen policy."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        """Say the stages, or list the policies until one is chosen."""
        phrases = context.handbook().phrases
        policy = context.state_of(tracker).policy(context.offered_policies())
        if policy is None:
            names = ", ".join(policy.short_name for policy in context.offered_policies().values())
            dispatcher.utter_message(response="utter_stages_of_which", policies=names)
        else:
            asking = context.open_question(tracker) is not None
            further = [] if asking else offer_buttons(AFTER_STAGES)
            say_card(dispatcher, stages_card(policy, phrases), further)
        return []


def ask_review(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
    """Say the answers so far, each with a button to change it."""
    state = context.state_of(tracker)
    card = review_of(state)
    buttons = [*change_buttons(card), *context.buttons_for(Question.review, state)]
    say_card(dispatcher, card.without_changes(), [])
    dispatcher.utter_message(response="utter_ask_review", buttons=buttons)
    return []


class ActionHelp(context.NamedAction):
    """Explain why the open question is asked."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        """Say the reason for the open question, or the general help."""
        question, state = context.open_question(tracker), context.state_of(tracker)
        handbook = context.handbook()
        only_help = context.requested(tracker) == "help"
        why = reason_for(question, state, context.offered_policies(), handbook, only_help=only_help)
        dispatcher.utter_message(
            response="utter_help_reason",
            reason=handbook.phrases.say(why.response),
            document=why.source.document,
            section=why.source.section,
        )
        return []


def say_answer(
    dispatcher: CollectingDispatcher, asked: Enquiry, state: State, buttons: list[dict[str, str]]
) -> None:
    """Say the answer to an enquiry as a card."""
    policies = context.offered_policies()
    supposed = when_brought(state, policies) if asked.topic is Topic.next else None
    if supposed is None and asked.topic in OF_WHAT_IS_OWED and known_advice(state) is None:
        supposed = when_dated(state, policies)
    advice = advice_for(supposed) if supposed else known_advice(state)
    card = answer_enquiry(asked, state, policies, context.handbook(), advice)
    say_card(dispatcher, card, buttons)


def advice_for(state: State) -> Advice:
    """Return the advice for the conversation's state. A red flag counts as risk."""
    if state.red_flag is not None:
        state = state.with_heard_risk()
    policies = context.offered_policies()
    facts = facts_of(state, policies)
    return advise(facts, state.policy(policies), today(), context.handbook())


def nothing_new_here(state: State) -> Note:
    """Return the note for a message that changed nothing."""
    return nothing_new_notes(state, context.offered_policies(), context.handbook().phrases)


def review_of(state: State) -> Card:
    """Return a card with every answer so far and buttons to change them."""
    policies, phrases = context.offered_policies(), context.handbook().phrases
    return review_card(given_lines(state, policies, phrases), phrases)


def change_buttons(card: Card) -> list[dict[str, str]]:
    """Return a button for each line of a card that can change."""
    return [
        {"title": str(item.change_title), "payload": item.change}
        for section in card.sections
        for item in section.items
        if item.change
    ]


def known_advice(state: State) -> Advice | None:
    """Return the advice so far, or None while too little is known."""
    if (
        state.urgent
        or next_question(replace(state, rehearsal=None), context.offered_policies()) is None
    ):
        return advice_for(state)
    return None


def offer_buttons(
    names: tuple[str, ...] = OFFERS, *, practice: bool = False
) -> list[dict[str, str]]:
    """Return the buttons that follow the advice; in a practice only those that do something."""
    phrases = context.handbook().phrases
    return [
        {"title": phrases.say(f"option_offer_{name.replace(':', '_')}"), "payload": f"do:{name}"}
        for name in names
        if not (practice and name in NOT_IN_PRACTICE)
    ]


def offer_buttons_after(state: State) -> list[dict[str, str]]:
    """Return the buttons that follow the advice in this state."""
    received = state.on_side is Side.receiver
    names: tuple[str, ...] = OFFERS_TO_RECEIVER if received else OFFERS
    if dates_to_come(state):
        at = names.index("ask_files")
        names = (*names[:at], "ask_files:calendar", *names[at:])
    if state.case:  # It is kept up to date automatically.
        names = (*names[:-1], "delete_case")
    open_still = state.step_outcome != Outcome.resolved
    closes = open_still and stages_to_settle_at(state, context.offered_policies())
    return offer_buttons((*names, CLOSE) if closes else names, practice=state.practice)


def dates_to_come(state: State) -> bool:
    """Say whether there is a date to put into a calendar."""
    advice = advice_for(state)
    return not advice.urgent and any(not limit.overdue for limit in advice.deadlines)


def next_to_learn(state: State) -> Question | None:
    """Return the next question that is only counted, or None if all were asked."""
    policies, phrases = context.offered_policies(), context.handbook().phrases
    if answer_day_asked(state, policies, phrases, today()):
        return Question.answered_on
    if state.urgent or state.step_outcome != Outcome.resolved:
        return None
    return next((question for question in LEARNED if getattr(state, question) is None), None)


def ask_learned(dispatcher: CollectingDispatcher, state: State) -> None:
    """Ask the next question that is only counted, if any is left."""
    question = next_to_learn(state)
    if question is not None:
        context.ask_question(dispatcher, question, state)


def back_from_exit(state: State) -> list[dict[str, str]]:
    """Return the buttons after advice on another procedure: it may not fit after all."""
    _, refuse, *_ = context.buttons_for(Question.exit_check, state)
    return [refuse, *offer_buttons(AFTER_EXIT, practice=state.practice)]


def say_card(dispatcher: CollectingDispatcher, card: Card, buttons: list[dict[str, str]]) -> None:
    """Say a card, and its text for a channel that does not draw cards."""
    phrases = context.handbook().phrases
    dispatcher.utter_message(
        text=card_text(card, phrases),
        buttons=buttons,
        json_message={"card": msgspec.to_builtins(with_feedback(card, phrases))},
    )
