"""The records of the questions: each is complete, and each answer belongs to one of them."""

from collections import Counter

import pytest

from bot.core.conversation.questions import case, person, stages, talk
from bot.core.conversation.questions.spec import Question, QuestionSpec
from bot.core.conversation.questions.table import BY_FIELD, OWNERS, SPECS
from bot.core.conversation.saving import KEPT, NOT_KEPT, OF_THE_TALK
from bot.core.conversation.slots import SLOTS
from tests.support.core import handbook

UNKNOWN_IS_SAID_ELSEWHERE = {
    Question.partnership, Question.trigger_check, Question.settled_on, Question.priority,
    Question.same_agency,
}  # fmt: skip
"""Without a place or a track the advice warns of it, as of one agency on both sides, and of a day
not known where it is counted; in doubt about the policy's safety question the risk is immediate."""


def test_each_question_has_one_record_and_its_place_in_the_order() -> None:
    """No question is without a record or has two."""
    assert [spec.name for spec in SPECS] == list(Question)
    written = Counter(
        spec.name for spec in (*talk.SPECS, *person.SPECS, *case.SPECS, *stages.SPECS)
    )
    assert set(written.values()) == {1}


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_each_record_has_its_wording(spec: QuestionSpec) -> None:
    """What the record says will be said has a response: ask, help, show, drop, depend, count."""
    named = [f"help_{spec.name}", f"ending_{spec.name}"]
    # In a rehearsal the other side's reply stands where the question would.
    named += [] if spec.name is Question.rehearsal else [f"ask_{spec.name}"]
    named += [f"fact_{spec.fills}"] if spec.shown else []
    named += [f"name_{spec.fills}"] if spec.lapses else []
    named += [f"depends_{spec.fills}"] if spec.depends else []
    missing = [name for name in named if not handbook().phrases.has(f"utter_{name}")]
    assert missing == []


def test_each_answer_belongs_to_one_record_or_to_the_talk() -> None:
    """Every part of a State has one place that says what is done with it."""
    fields = [name for spec in OWNERS for name in (spec.fills, *spec.beside)]
    assert Counter([*fields, *OF_THE_TALK]) == Counter(SLOTS)


def test_each_answer_is_kept_or_says_why_not() -> None:
    """A saved case holds the answer from a closed list, or its record says why not."""
    assert Counter([*KEPT, *NOT_KEPT]) == Counter(SLOTS)
    assert all(NOT_KEPT.values())


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_each_record_says_what_is_done_with_its_answer_once(spec: QuestionSpec) -> None:
    """Of two questions about the same answer only the first says how it is shown and kept."""
    if spec in OWNERS:
        assert (spec.values is None) == bool(spec.not_kept)
        assert spec.shown or not (spec.quiet or spec.title or spec.lapses or spec.recognised_by)
        return
    assert BY_FIELD[spec.fills].values is not None
    said_again = [spec.values, spec.not_kept, spec.shown, spec.lapses, spec.depends]
    assert not any(said_again)


@pytest.mark.parametrize("spec", OWNERS, ids=lambda spec: spec.name)
def test_not_knowing_has_a_meaning_wherever_it_is_on_offer(spec: QuestionSpec) -> None:
    """The advice says what it rests on where the answer is "I don't know", and nowhere else."""
    said = spec.depends is not None or spec.name in UNKNOWN_IS_SAID_ELSEWHERE
    assert said == spec.unknown


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_what_goes_with_an_answer_is_an_answer(spec: QuestionSpec) -> None:
    """A field that is cleared when a question is asked again is a field of State."""
    assert set(spec.forgets) <= set(SLOTS)
    assert spec.fills in SLOTS
