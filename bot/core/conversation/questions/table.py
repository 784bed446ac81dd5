"""Finds the next question from the answers, and how to ask it.

The first question still needed comes next; if none is needed, there is enough for advice.
"""

from collections.abc import Mapping

from bot.core.conversation.questions import case, person, place, reached, stages, talk
from bot.core.conversation.questions.spec import Menu, Option, Question, QuestionSpec
from bot.core.conversation.state import UNKNOWN, Policies, State
from bot.core.handbook.safety_guidance import SafetyGuidance

SPEC_OF: Mapping[Question, QuestionSpec] = {
    spec.name: spec
    for spec in (
        *talk.SPECS,
        *person.SPECS,
        *place.SPECS,
        *case.SPECS,
        *reached.SPECS,
        *stages.SPECS,
    )
}
SPECS = tuple(SPEC_OF[question] for question in Question)
"""The records, in the order of asking."""
BY_FIELD: Mapping[str, QuestionSpec] = {spec.fills: spec for spec in reversed(SPECS)}
"""The record of each field; if two questions fill it, the first."""
OWNERS = tuple(spec for spec in SPECS if BY_FIELD[spec.fills] is spec)
BY_THE_FORM = tuple(spec.name for spec in SPECS if spec.needed is not None)
"""The questions that the form asks; the advice only offers the others."""
ANSWERS = list(Question)[list(Question).index(Question.partnership) :]
"""The questions about the disagreement, after danger and the conversation itself."""


def next_question(state: State, policies: Policies, reopened: str | None = None) -> Question | None:
    """Return the question to ask now, or None if there is enough for advice.

    `reopened` is an answer that the practitioner wants to give anew. It comes before the other
    answers, but after danger and the questions about the conversation.
    """
    first = _first_needed(state, policies)
    if reopened is None or first is None or first not in ANSWERS:
        return first
    again = next((spec for spec in SPECS if spec.name == reopened), None)
    return again.name if again and _needed(again, state, policies) else first


def _first_needed(state: State, policies: Policies) -> Question | None:
    for spec in SPECS:
        if _needed(spec, state, policies):
            return spec.name
        if spec.ends is not None and spec.ends(state, policies):
            return None
    return None


def _needed(spec: QuestionSpec, state: State, policies: Policies) -> bool:
    return spec.needed is not None and spec.needed(state, policies)


def options(question: Question, menu: Menu) -> list[Option]:
    """Return the answers on offer. Titles come from the response files and the policy."""
    spec = SPEC_OF[question]
    found = spec.options(menu)
    return [*found, *menu.titled("any", UNKNOWN)] if spec.unknown else found


def question_response(question: Question, menu: Menu) -> str:
    """Return the name of the response that asks a question, without "utter_"."""
    named = SPEC_OF[question].response
    return named(menu) if named else f"ask_{question}"


def question_gaps(
    question: Question, menu: Menu, safety_guidance: SafetyGuidance
) -> dict[str, str]:
    """Return the values for the gaps of a question's response."""
    gaps = SPEC_OF[question].gaps
    return gaps(menu, safety_guidance) if gaps else {}
