"""What the model makes of a text, before the rules are asked."""

from collections.abc import Mapping, Sequence

import msgspec

from bot.understanding.model.decision import Heard


class Trained(msgspec.Struct, frozen=True):
    """What the model makes of a text: every intent and every topic with its share.

    `heard` is what it hears of danger: None without a model, when the rules decide alone. `answers`
    are the likeliest outcome of each clause with its share, `called` the same of calls, and
    `own_side` of what is said of one's own manager or lead. `replies` are what the whole message
    says as a reply to "Is a child at risk of serious harm right now?" (`how_risky`), to "How far
    has it got?" (`how_far`) and to "What came of it?", of a talk (`came_of_it`) and of a call in
    an emergency (`came_of_call`).
    """

    intents: Sequence[tuple[str, float]] = ()
    topics: Sequence[tuple[str, float]] = ()
    heard: Heard | None = None
    answers: Mapping[str, tuple[str, float]] = {}
    called: Mapping[str, tuple[str, float]] = {}
    own_side: Mapping[str, tuple[str, float]] = {}
    replies: Mapping[str, tuple[str, float]] = {}
