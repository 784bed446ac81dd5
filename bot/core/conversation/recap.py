"""The reply to a typed message: what was wrong, or what the guide understood."""

from collections.abc import Iterator

from bot.core.conversation.answers import Note, TurnResult
from bot.core.conversation.questions.reached import stage_title
from bot.core.conversation.questions.spec import Question
from bot.core.conversation.questions.table import BY_FIELD, OWNERS
from bot.core.conversation.state import OPEN, UNKNOWN, Policies, State
from bot.core.handbook.wording import Phrases
from bot.core.policy.model import Policy
from bot.core.rules.deadlines import show_day
from bot.core.text import parse_day
from bot.core.vocabulary import Level, Side

SHOWN = tuple(spec.fills for spec in OWNERS if spec.shown)
"""The answers to show back, in the order of the questions."""
QUIET = {spec.fills for spec in OWNERS if spec.quiet}
"""Answers to show in the review, but not to repeat right after they are given."""

UNTOLD: tuple[object, ...] = (None, {}, (), OPEN)
"""What a field holds while there is no answer to show."""
UNDERSTOOD = "understood"
"""The note that says back what a message was understood to tell."""
SAID_FIRST = {
    "note_calls_unknown",
    "note_calls_not_made",
    "note_old_button",
    "note_other_child_after_calls",
}
"""Notes that may stand before what to do now."""


def recap(
    result: TurnResult, asked: Question | None, policies: Policies, phrases: Phrases
) -> Iterator[Note]:
    """Yield the notes to say before the next question.

    A plain answer to the open question is not repeated; anything more is shown back, so that it
    can be corrected.
    """
    if result.state.red_flag is not None:
        # What to do now comes first; the advice will show the rest back.
        yield from (note for note in result.notes if note.name in SAID_FIRST)
        return
    yield from result.notes
    if "risk" in result.filled and result.state.risk is not None and not result.state.urgent:
        value = _shown("risk", result.state.risk, None, phrases)
        yield Note("note_risk_stored", {"value": value})
    if "trigger_check" in result.filled and result.state.trigger_check == "no":
        value = _shown("trigger_check", "no", None, phrases)
        yield Note("note_safety_stored", {"value": value})
    # Having made the calls raises the risk to the red flag's; they know that they said so.
    known = {"risk"} if asked is Question.calls_made or not result.state.urgent else set()
    shown = [name for name in SHOWN if name in result.filled and name not in known | QUIET]
    lines = list(fact_lines(result.state, shown, policies, phrases))
    if lines and set(shown) - {str(asked)}:
        yield Note(UNDERSTOOD, {"lines": "; ".join(lines)})
    elif asked is Question.partnership and "partnership" in result.filled:
        yield from _policy_taken(result.state, policies)
    if result.dropped:
        names = [phrases.say(f"name_{name}") for name in result.dropped]
        yield Note("note_dropped", {"what": "; ".join(names)})
    if result.missed and asked is not None:
        yield from _repair(result.state, asked, policies, phrases)


def _policy_taken(state: State, policies: Policies) -> Iterator[Note]:
    """Say which policy a place was taken for, so that a wrong one is noticed."""
    policy = state.policy(policies)
    if policy and not policy.fallback:
        yield Note("note_policy_taken", {"policy": policy.short_name})


REWORD = 2
"""After this many misses in a row the guide tries other words."""


def _repair(state: State, asked: Question, policies: Policies, phrases: Phrases) -> Iterator[Note]:
    """Say that the message was not understood; the second time, also who else can help."""
    if state.misses < REWORD:
        yield Note("not_understood")
        return
    yield Note("not_understood_again", {"who": _who_else(state, policies, phrases)})
    reason = f"help_{asked}"
    yield Note(reason if phrases.has(f"utter_{reason}") else "help_any")


def nothing_new_notes(state: State, policies: Policies, phrases: Phrases) -> Note:
    """Say that a message after the advice changed nothing; the second time, who else can help."""
    if state.misses < REWORD:
        return Note("nothing_new")
    return Note("nothing_new_again", {"who": _who_else(state, policies, phrases)})


def _who_else(state: State, policies: Policies, phrases: Phrases) -> str:
    policy = state.policy(policies)
    if policy is None or policy.contact is None:
        return phrases.say("who_can_help_own")
    return phrases.say("who_can_help", partnership=policy.partnership, contact=policy.contact)


def reopened_note(before: State, name: str, policies: Policies, phrases: Phrases) -> Note:
    """Say which answer is reopened, and what it was."""
    lines = list(fact_lines(before, [name], policies, phrases))
    return Note("note_reopened", {"line": lines[0] if lines else ""})


def fact_lines(
    state: State, names: list[str], policies: Policies, phrases: Phrases
) -> Iterator[str]:
    """Yield a line for each named answer, as the options word it: "Risk: I'm not sure"."""
    for name in names:
        value = getattr(state, name)
        if value not in UNTOLD:
            received = f"option_received_{name}_{value}"
            shown = (
                phrases.say(received)
                if state.on_side is Side.receiver and phrases.has(f"utter_{received}")
                else _shown(name, value, state.policy(policies), phrases)
            )
            if shown:
                yield phrases.say(f"fact_{name}", value=shown, question=_trigger(state, policies))


def _trigger(state: State, policies: Policies) -> str:
    """Return the policy's own question about safety, which its answer is shown with."""
    policy = state.policy(policies)
    return " ".join(trigger.question for trigger in policy.triggers) if policy else ""


def given_lines(state: State, policies: Policies, phrases: Phrases) -> dict[str, str]:
    """Return a line for every answer given, by name, in the order of the questions."""
    return {name: line for name in SHOWN for line in fact_lines(state, [name], policies, phrases)}


def _shown(name: str, value: object, policy: Policy | None, phrases: Phrases) -> str:
    if isinstance(value, dict):
        return _earlier(value, policy, phrases)
    text = str(value)
    if text == UNKNOWN:
        return phrases.say("option_any_unknown")
    if isinstance(value, tuple) and (title := BY_FIELD[name].title):
        return ", ".join(title(part, policy, phrases) for part in value)
    if isinstance(value, tuple):
        titles = [
            phrases.say("option_any_unknown" if part == UNKNOWN else f"option_{name}_{part}")
            for part in value
        ]
        return ", ".join(titles) or phrases.say(f"option_{name}_none")
    day = parse_day(text)
    if day:
        return show_day(day)
    title = BY_FIELD[name].title
    return title(text, policy, phrases) if title else phrases.say(f"option_{name}_{text}")


def _earlier(told: dict[str, str], policy: Policy | None, phrases: Phrases) -> str:
    """Return what is known of each lower stage: followed, left out, or its day."""
    lines = []
    for level in sorted(told, key=lambda name: Level(name).rank):
        day = parse_day(told[level])
        how = show_day(day) if day else phrases.say(f"earlier_{told[level]}")
        lines.append(f"{stage_title(level, policy, phrases)}: {how}")
    return "; ".join(lines)
