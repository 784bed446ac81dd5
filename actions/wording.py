"""Rasa actions for drafts: ask the core for a draft, say it, offer it in other ways."""

from abc import abstractmethod
from datetime import date
from typing import Any

import msgspec
from msgspec.structs import replace
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import context
from actions.advice import offer_buttons, who_is_next
from actions.feedback import feedback_button
from bot.clock import today
from bot.core.cards.draft import draft_card, draft_text
from bot.core.conversation.answers import SAFETY, Note
from bot.core.conversation.figures import Taken
from bot.core.conversation.ready import ready_to_draft
from bot.core.handbook.sources import Document
from bot.core.letters.drafting import (
    Draft,
    DraftRequest,
    Kind,
    Tone,
    asks_for_less_than_there_is,
    parse_request,
    request_in_words,
    write_draft,
)
from bot.core.vocabulary import Route
from bot.documents.case import Case, case_of
from bot.documents.downloads import files_message
from bot.documents.library import mail_offer
from bot.letters.files import letters

INTENTS = {Kind.call: "ask_wording", Kind.email: "ask_draft"}
TAKEN = {Kind.call: Taken.wording, Kind.email: Taken.draft}
AFTER_DRAFT = ("show_advice", "change_answer:all")


class SayDraft(context.NamedAction):
    """Say a draft that fits the case."""

    @property
    @abstractmethod
    def kind(self) -> Kind:
        """The kind of draft, unless the message asks for the other."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        """Say the draft, with its gaps named."""
        day, state = today(), context.state_of(tracker)
        policies = context.offered_policies()
        case = case_of(ready_to_draft(state, policies), policies, context.handbook(), day)
        asking = context.open_question(tracker) is not None
        if case is None:
            safety = context.open_question(tracker) in SAFETY
            when = "after_safety" if safety else "later"
            dispatcher.utter_message(response=f"utter_draft_{when}")
            return []
        if case.urgent and (asking or asks_what_to_note(tracker)):
            # Whoever is next comes first, and stands above any draft.
            alone = not self.named(tracker)
            further = offer_buttons(practice=state.practice) if alone and not asking else []
            context.say_note(dispatcher, who_is_next(tracker, state), further)
            if alone:
                return []
        if case.advice.route is Route.exit:
            buttons = offer_buttons(practice=state.practice)
            dispatcher.utter_message(response="utter_draft_exit", buttons=buttons)
            return []
        made = write_draft(self.request(tracker), case.told, letters())
        if self.wants_less(tracker):
            context.say_note(
                dispatcher, Note("draft_shortest"), [] if asking else after_draft(made)
            )
            return []
        if made.instead:
            dispatcher.utter_message(response=f"utter_draft_instead_{made.instead}")
        card = {"card": msgspec.to_builtins(draft_card(made, case.phrases))}
        dispatcher.utter_message(
            text=draft_text(made, case.phrases),
            buttons=[] if asking else after_draft(made),
            json_message=card | ({} if state.practice else self.files(case, made, day)),
        )
        return context.log_row(dispatcher, context.state_of(tracker), case.advice, TAKEN[made.kind])

    def files(self, case: Case, made: Draft, day: date) -> dict[str, Any]:
        """Return the offer of the draft as a file; a script for a call has none."""
        return {}

    def named(self, tracker: Tracker) -> bool:
        """Say whether a message to send is asked for, which stands beside whoever is next."""
        asks = context.typed_message(tracker).reading.get("asks")
        return context.carried_value(tracker) is not None or (
            self.kind is Kind.email and asks != "write_down"
        )

    def request(self, tracker: Tracker) -> DraftRequest:
        """Return the request of the button or the typed words."""
        pressed = context.carried_value(tracker)
        if pressed:
            return parse_request(pressed)
        return request_in_words(self.kind, *told_of_draft(tracker))

    def wants_less(self, tracker: Tracker) -> bool:
        """Say whether the typed words ask for a shorter message than there is."""
        pressed = context.carried_value(tracker)
        return not pressed and asks_for_less_than_there_is(*told_of_draft(tracker))


class ActionWording(SayDraft):
    """Suggest what to say on the phone."""

    kind = Kind.call


class ActionDraft(SayDraft):
    """Draft the message to send."""

    kind = Kind.email

    def files(self, case: Case, made: Draft, day: date) -> dict[str, Any]:
        """Return the offer of the draft as a file that a mail program opens."""
        return files_message([mail_offer(case, made.request)], day)


def told_of_draft(tracker: Tracker) -> tuple[dict[str, str], DraftRequest | None]:
    """Return what the typed words name of a draft, and the last one shown."""
    last = context.last_draft_shown(tracker)
    told = context.typed_message(tracker).reading.get("draft") or {}
    return told, parse_request(last) if last else None


def asks_what_to_note(tracker: Tracker) -> bool:
    """Say whether a message asks what to write down, which is no message to send."""
    return context.typed_message(tracker).reading.get("asks") == "write_down"


def after_draft(made: Draft) -> list[dict[str, str]]:
    """Return the buttons after a draft: other tones, the other kind, other messages."""
    tones = [
        draft_button(f"tone_{tone}", replace(made.request, tone=tone))
        for tone in Tone
        if made.tone and tone is not made.tone
    ]
    kinds = [
        draft_button(f"kind_{kind}", DraftRequest(kind, made.purpose, made.tone))
        for kind in Kind
        if kind is not made.kind
    ]
    others = [
        draft_button(f"message_{purpose}", DraftRequest(Kind.email, purpose))
        for purpose in made.others
    ]
    other = replace(made.request, longer=not made.longer)
    length = draft_button("shorter" if made.longer else "longer", other)
    lengths = [] if made.longer is None else [length]
    return [
        *tones, *lengths, *kinds, *others, *offer_buttons(AFTER_DRAFT),
        feedback_button(Document.draft),
    ]  # fmt: skip


def draft_button(name: str, request: DraftRequest) -> dict[str, str]:
    """Return the button for a draft."""
    title = context.handbook().phrases.say(f"option_offer_{name}")
    return {"title": title, "payload": f"do:{INTENTS[request.kind]}:{request}"}
