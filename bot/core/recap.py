"""What is said back after a typed message: what was wrong, or what was understood."""

from collections.abc import Iterator

from bot.core.answers import Heard, Note
from bot.core.deadlines import show_day
from bot.core.facts import parse_day
from bot.core.policy import Policy
from bot.core.questions import Policies, Question
from bot.core.standing import Phrases
from bot.core.state import NOTHING, UNKNOWN, State
from bot.core.vocabulary import Level

SHOWN = (
    "risk",
    "partnership",
    "area",
    "disagreement",
    "my_agency",
    "their_agency",
    "child_status",
    "reached",
    "step_on",
    "step_outcome",
    "concern_on",
)
"""The answers that are shown back, in the order of the questions."""
TITLES = {"my_agency": "agency", "their_agency": "agency"}


def recap(
    heard: Heard, asked: Question | None, policies: Policies, phrases: Phrases
) -> Iterator[Note]:
    """Yield what to say before the next question: responses with their gaps.

    An answer to nothing but the open question is not repeated; anything more is shown back, so
    that it can be corrected.
    """
    if heard.state.heard is not None:
        # What to do now comes before anything else; the rest is shown back with the advice.
        return
    yield from heard.notes
    # That the calls were made raises the risk to what was heard: they know that they said so.
    known = {"risk"} if asked is Question.calls_made else set()
    # Nobody said so: the day of a stage that settled it does not matter.
    if heard.state.step_on == UNKNOWN and asked is not Question.step_on:
        known.add("step_on")
    shown = [name for name in SHOWN if name in heard.filled and name not in known]
    lines = [f"- {line}" for line in fact_lines(heard.state, shown, policies, phrases)]
    if lines and set(shown) - {str(asked)}:
        yield Note("understood", {"lines": "\n".join(lines)})
    if heard.missed:
        yield Note("not_understood" if heard.state.misses == 1 else "not_understood_again")


def fact_lines(
    state: State, names: list[str], policies: Policies, phrases: Phrases
) -> Iterator[str]:
    """Yield a line for each named answer, in the practitioner's words: "Risk: I'm not sure"."""
    for name in names:
        value = getattr(state, name)
        if value is not None:
            shown = _shown(name, value, state.policy(policies), phrases)
            yield phrases.say(f"fact_{name}", value=shown)


def _shown(name: str, value: object, policy: Policy | None, phrases: Phrases) -> str:
    text = str(value)
    if text == UNKNOWN:
        return phrases.say("option_any_unknown")
    if isinstance(value, tuple):
        titles = [
            phrases.say("option_any_unknown" if one == UNKNOWN else f"option_{name}_{one}")
            for one in value
        ]
        return ", ".join(titles) or phrases.say(f"option_{name}_none")
    day = parse_day(text)
    if day:
        return show_day(day)
    if policy and name == "partnership":
        return policy.short_name
    if policy and name == "area":
        return next(area.name for area in policy.areas if area.id == text)
    if name == "reached" and text != NOTHING:
        return _stage_title(text, policy, phrases)
    return phrases.say(f"option_{TITLES.get(name, name)}_{text}")


def _stage_title(level: str, policy: Policy | None, phrases: Phrases) -> str:
    if policy is None:
        return phrases.say(f"level_{level}")
    stage = policy.stage_for(Level(level))
    return f"{stage.label}: {stage.title}"
