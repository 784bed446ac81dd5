"""The questions about the person who asks: which side they are on, and the rung they stand on."""

import re

from bot.core.conversation.own_side import answered_whose, is_in_doubt, who_says_no
from bot.core.conversation.questions.spec import (
    Question,
    QuestionSpec,
    fixed_options,
    one_of,
    without_gaps,
)
from bot.core.conversation.state import OPEN, UNKNOWN, Policies, State, own_side_told
from bot.core.handbook.wording import Phrases
from bot.core.policy.model import Policy
from bot.core.rules.own_side import own_side_words
from bot.core.vocabulary import Level, Outcome, Side

OWED = {Outcome.awaiting, Outcome.no_response}
WHOSE = (OURS, THEIRS) = ("ours", "theirs")
OWN_SIDE = re.compile(r"[a-z_]+\.[a-z0-9&/ -]{0,60}\.[0-9-]*")
"""A worry, a title of the reader's list, and a day."""


def _level_needed(state: State, policies: Policies) -> bool:
    """Say whether it depends on the rung who answers: only while an answer is owed by a rung."""
    stage = state.stage(policies)
    owed = stage is not None and stage.level is not Level.partnership
    return (
        state.side == Side.receiver and state.level is None and owed and state.step_outcome in OWED
    )


def _own_side_fits(value: str, *_: object) -> bool:
    """Say whether a text holds what is known of one's own side: a title, and perhaps a day."""
    return OWN_SIDE.fullmatch(value) is not None and own_side_told(value) is not None


def _take_own_side(state: State, value: str, _: Policies) -> State | None:
    if not is_in_doubt(state) or value not in WHOSE:
        return None
    return answered_whose(state, ours=value == OURS)


def _own_side_title(value: str, _: Policy | None, phrases: Phrases) -> str:
    """Return what one's own side said as the review shows it."""
    told = own_side_told(value)
    return own_side_words(told, phrases) if told else ""


SPECS = (
    QuestionSpec(
        name=Question.side,
        # Most people disagree with somebody. It is offered at the start, heard in what they say,
        # and asked only to change it.
        needed=lambda state, _: state.side == OPEN,
        options=fixed_options("side", *map(str, Side)),
        unknown=False,
        values=one_of(Side),
        shown=True,
        asked_again=OPEN,
    ),
    QuestionSpec(
        name=Question.own_side,
        needed=lambda state, _: is_in_doubt(state),
        options=fixed_options("own_side", *WHOSE),
        gaps=lambda menu, _: {"who": who_says_no(menu.state)},
        unknown=False,
        values=_own_side_fits,
        take=_take_own_side,
        shown=True,
        title=_own_side_title,
    ),
    QuestionSpec(
        name=Question.level,
        needed=_level_needed,
        options=fixed_options("level", *map(str, Level)),
        values=one_of(Level, UNKNOWN),
        shown=True,
        depends=without_gaps,
    ),
)
