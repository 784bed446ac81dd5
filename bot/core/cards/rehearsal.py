"""The guide's words at a turn of a rehearsal, always marked as practice."""

from collections.abc import Sequence

from bot.core.conversation.answers import Note
from bot.core.conversation.held import Rehearsal
from bot.core.conversation.rehearsal import REPLIES, RehearsalMove
from bot.core.conversation.state import State
from bot.core.handbook.handbook import Handbook
from bot.core.letters.confidence import Confidence, Reply, Scene, answer_to_reply, what_works
from bot.core.letters.text import Letters


def rehearsal_note(
    state: State,
    replies: Sequence[Reply],
    scene: Scene,
    words: Confidence,
    letters: Letters,
    handbook: Handbook,
) -> Note:
    """Return the note to say: the other side's reply, or a suggestion for an answer."""
    now = state.rehearsal or Rehearsal()
    reply = replies[now.reply - 1]
    count = {"number": str(now.reply), "count": str(REPLIES), "heard": reply.heard}
    if now.shown not in {RehearsalMove.answered, RehearsalMove.suggest}:
        return Note("ask_rehearsal_first" if now.reply == 1 else "ask_rehearsal", count)
    back = answer_to_reply(reply, scene, words, letters)
    phrases = handbook.phrases
    source = handbook.safety_guidance.cite(reply.source)
    return Note(
        f"rehearsal_{now.shown}",
        {
            **count,
            "say": "\n".join(f"- {line}" for line in back.lines),
            "works": phrases.say(what_works(scene)),
            "source": f"{source.document}, {source.section}",
        },
    )
