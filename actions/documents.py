"""Files to keep or send: ask which there are, offer them."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import context
from actions.advice import AFTER_EXIT, OFFERS, offer_buttons
from actions.feedback import feedback_button
from bot.clock import today
from bot.core.conversation.figures import Taken
from bot.core.handbook.sources import Document
from bot.core.rules.deadlines import show_day
from bot.core.vocabulary import Route
from bot.documents import library
from bot.documents.case import case_of
from bot.documents.downloads import files_message

BRIEFING, CALENDAR = "briefing", "calendar"
"""The values of the buttons for the policy on one page, and for the dates alone."""


class ActionFiles(context.NamedAction):
    """Offer the files that fit the case. Each is made when somebody fetches it."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        """Offer the files, or say that the advice has to come first."""
        if context.requested(tracker) == BRIEFING:
            return offer_briefing(dispatcher, tracker)
        if context.state_of(tracker).practice:
            dispatcher.utter_message(response="utter_practice_no_files")
            return []
        day = today()
        case = case_of(
            context.state_of(tracker), context.offered_policies(), context.handbook(), day
        )
        if case is None:
            dispatcher.utter_message(response="utter_files_later")
            return []
        asking = context.open_question(tracker) is not None
        then = AFTER_EXIT if case.advice.route is Route.exit else OFFERS
        name = "files_urgent" if case.urgent else "files_offer"
        files = library.file_offers(case)
        if context.requested(tracker) == CALENDAR:
            files = library.calendar_offers(case)
            name = "calendar_offer" if files else "calendar_none"
        dispatcher.utter_message(
            text=case.phrases.say(name, day=show_day(day)),
            buttons=[] if asking else [*offer_buttons(then), feedback_button(Document.files)],
            json_message=files_message(files, day) if files else None,
        )
        return context.log_row(dispatcher, context.state_of(tracker), case.advice, Taken.files)


def offer_briefing(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
    """Offer the chosen policy on one page, or ask for the policy first."""
    day, state, phrases = today(), context.state_of(tracker), context.handbook().phrases
    policies = context.offered_policies()
    policy = state.whole_policy(policies)
    if policy is None:
        names = ", ".join(policy.short_name for policy in policies.values())
        dispatcher.utter_message(response="utter_briefing_of_which", policies=names)
        return []
    name = "briefing_urgent" if state.urgent else "briefing_offer"
    dispatcher.utter_message(
        text=phrases.say(name, policy=policy.short_name),
        buttons=[feedback_button(Document.briefing)]
        if context.open_question(tracker) is None
        else [],
        json_message=files_message(library.briefing_offers(policy, context.handbook(), day), day),
    )
    return []
