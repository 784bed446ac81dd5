"""Replies of a new author to open questions, of which none is learned from."""

import json
from collections import Counter
from datetime import date

import msgspec
import pytest

from bench import measure_understanding as measure
from bot.core.conversation.held import FollowUp
from bot.core.conversation.interpret import apply_message
from bot.core.conversation.listener import TypedMessage
from bot.core.conversation.questions.spec import Question
from bot.core.conversation.replies import Replies
from bot.core.conversation.state import NOTHING, State
from bot.core.vocabulary import Action, Outcome, Risk
from bot.understanding.model.lines import training_lines
from bot.understanding.model.ranker import REPLIES
from tests.support.core import policies

TODAY = date(2026, 11, 30)
UNTRIED = State(
    risk=Risk.concern,
    partnership="kent",
    trigger_check="no",
    disagreement="threshold",
    my_agency="health",
    their_agency="childrens_social_care",
)
RAISED = msgspec.structs.replace(UNTRIED, reached="line_manager", step_on="2026-11-23")
OPEN = {
    "how_far": (UNTRIED, Question.reached),
    "outcome": (RAISED, Question.step_outcome),
    "agency": (msgspec.structs.replace(UNTRIED, my_agency=None), Question.my_agency),
    "waiting": (
        msgspec.structs.replace(
            RAISED,
            step_outcome=Outcome.awaiting,
            follow_up=FollowUp("2026-11-25", Action.wait),
        ),
        Question.follow_up,
    ),
}
"""The question that each line answers, and the answers before it."""
OUTCOMES = {
    None: "",
    Outcome.unresolved: "refused",
    Outcome.awaiting: "waiting",
    Outcome.no_response: "waiting",
    Outcome.resolved: "settled",
}
MEANT = {
    "agreed": "settled", "not_settled": "refused", "partly": "refused", "talked": "refused",
    "awaiting": "waiting", "no_answer": "waiting", "still_waiting": "waiting",
    "late_promise": "waiting", "other": "",
}  # fmt: skip
"""What the answers amount to: in part is not settled, and whoever does not answer is waited for."""
OPPOSITE = {("settled", "refused"), ("refused", "settled"), ("waiting", "settled")}
ALARM = "alarm"


class Reply(msgspec.Struct, frozen=True):
    """A line: the question it answers, and what it means there."""

    asked: str
    text: str
    means: str

    @property
    def meant(self) -> str:
        """What the answer comes to. An agency is what it is, "other" among them."""
        return self.means if self.asked == "agency" else MEANT.get(self.means, self.means)


def lines() -> list[Reply]:
    """Return every line of both batches, each by an author of its own."""
    paths = [measure.LINES / f"{name}.jsonl" for name in ("replies", "replies_second")]
    return [
        msgspec.convert(json.loads(line), Reply)
        for path in paths
        for line in path.read_text("utf-8").splitlines()
    ]


def heard(reply: Reply) -> str:
    """Return what the guide makes of a line while its question is open."""
    reading = msgspec.to_builtins(measure.reader()(reply.text))
    if reading["urgent"]:
        return ALARM
    before, asked = OPEN[reply.asked]
    typed = TypedMessage(measure.intent(reply.text), reading, reply.text)
    after = apply_message(before, asked, typed, policies(), TODAY).state
    if reply.asked == "agency":
        return str(after.my_agency)
    if reply.asked == "waiting" and after.follow_up is not None:
        return ""
    if after.reached == NOTHING:
        return "nothing"
    if after.reached is None:
        replies = Replies(reading)
        objects = reading["objects"] or reading["corrects"] or replies.objects
        said = "own_side" if reading["own_side"] else str(replies.how_far or "")
        return "wrong" if objects else said
    return OUTCOMES[Outcome(after.step_outcome) if after.step_outcome else None]


@pytest.fixture(scope="module")
def told() -> dict[Reply, str]:
    """What is made of every line in which no danger is heard."""
    made = {reply: heard(reply) for reply in lines()}
    return {reply: what for reply, what in made.items() if what != ALARM}


@pytest.mark.long
def test_replies_in_their_own_words_are_understood(told: dict[Reply, str]) -> None:
    """Most are taken for what they mean, and of each question most are."""
    right = Counter(reply.asked for reply, what in told.items() if what == reply.meant)
    asked = Counter(reply.asked for reply in told)
    wrong = [(reply.text, reply.meant, what) for reply, what in told.items() if what != reply.meant]
    assert sum(right.values()) / len(told) >= 0.8, wrong
    assert all(right[name] / asked[name] >= 0.7 for name in asked), wrong


@pytest.mark.long
def test_hardly_any_reply_is_taken_for_its_opposite(told: dict[Reply, str]) -> None:
    """What was refused is not settled, and what was agreed is not refused."""
    turned = [
        (reply.text, reply.meant, what)
        for reply, what in told.items()
        if (reply.meant, what) in OPPOSITE
    ]
    assert len(turned) <= 4, turned


def test_no_line_is_learned_from() -> None:
    """The lines measure only as long as no training line repeats one."""
    learned = {line.text.casefold() for line in training_lines() if line.intent in REPLIES}
    assert not learned & {reply.text.casefold() for reply in lines()}
