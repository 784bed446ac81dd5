"""The calls of today in the words of a message."""

from bot.core.letters.text import Letters
from bot.core.rules.facts import Call, Facts
from bot.core.rules.ladder import each_once
from bot.core.vocabulary import CallOutcome, CallTo, Level

LEAD = CallTo.safeguarding_lead
SERVICES = {CallTo.police, CallTo.childrens_social_care}
"""Those with managers of their own, who may have been rung as well."""


def calls_told(facts: Facts, letters: Letters) -> dict[str, str | None]:
    """Return the calls told of, each once, and that to the safeguarding lead."""
    calls = [call for call in each_once(facts.calls) if _is_told_of(call)]
    to_lead = (call_in_words(call, letters) for call in calls if call.to is LEAD)
    return {
        "calls_told": "; ".join(dict.fromkeys(call_in_words(call, letters) for call in calls)),
        "lead_called": next(to_lead, None),
    }


def _is_told_of(call: Call) -> bool:
    """Say whether it is known whom a call was to. Who is coming unnamed is a gap."""
    return not (call.unnamed or (call.to, call.outcome) == (CallTo.other, CallOutcome.coming))


def call_in_words(call: Call, letters: Letters) -> str:
    """Return a call that was told: "the police (no answer)"."""
    who, outcome = letters.words[f"call_to_{call.to}"], letters.words[f"call_{call.outcome}"]
    if call.level not in {None, Level.practitioner} and call.to in SERVICES:
        who = letters.say("call_to_manager", role=who)
    return letters.say("call_told", role=who, what=outcome)
