"""What to say and what to send: ask the core for a draft, say it."""

from abc import ABC, abstractmethod
from typing import Any

import msgspec
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import desk
from actions.advice import known_advice, offers
from bot.clock import today
from bot.core.card import draft_card, draft_text
from bot.core.drafting import Kind, draft
from bot.core.state import facts_of
from bot.core.vocabulary import Route
from bot.letters.files import letters


class SayDraft(Action, ABC):
    """Say one kind of draft for where they stand."""

    @property
    @abstractmethod
    def kind(self) -> Kind:
        """Whether it is for the phone or to send."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        """Say the draft, with its gaps named."""
        state = desk.state_of(tracker)
        policies = desk.policies()
        advice = known_advice(state)
        asking = desk.open_question(tracker) is not None
        if advice is None:
            dispatcher.utter_message(response="utter_draft_later")
            return []
        if advice.route is Route.exit:
            dispatcher.utter_message(response="utter_draft_exit", buttons=offers())
            return []
        policy = state.policy(policies)
        made = draft(self.kind, facts_of(state, policies), policy, advice, letters(), today())
        phrases = desk.handbook().phrases
        dispatcher.utter_message(
            text=draft_text(made, phrases),
            buttons=[] if asking else offers(),
            json_message={"card": msgspec.to_builtins(draft_card(made, phrases))},
        )
        return []


class ActionWording(SayDraft):
    """Suggest what to say on the phone."""

    kind = Kind.call

    def name(self) -> str:
        """Return the name Rasa calls it by."""
        return "action_wording"


class ActionDraft(SayDraft):
    """Draft the message to send."""

    kind = Kind.email

    def name(self) -> str:
        """Return the name Rasa calls it by."""
        return "action_draft"
