"""How well danger, kinds and exits are heard in lines by authors who had seen nothing."""

import pytest

from bench import measure_understanding as measure
from tests.support.rounds import rounds


@pytest.mark.long
def test_danger_is_heard_in_lines_nobody_trained_on() -> None:
    """Nearly every urgent line is heard, and few others are."""
    found = measure.measure_danger(*measure.DANGER_BATCHES)
    assert found.recall >= 0.99, found.missed
    assert found.false_alarms <= 0.12, found.false


@pytest.mark.long
def test_danger_is_heard_in_lines_written_without_a_look_at_the_rules() -> None:
    """The batches of two authors who knew neither rules nor training lines.

    Half of the second one's calm lines were written to be taken for danger. A miss costs more.
    """
    found = measure.measure_danger("_blind")
    assert found.recall >= 0.99, found.missed
    assert found.false_alarms <= 0.04, found.false
    second = measure.measure_danger("_blind2")
    assert second.recall >= 0.99, second.missed
    assert second.false_alarms <= 0.17, second.false


SEALED = [
    ("_blind7", measure.PLAIN, 0.99, 0.065, 0.97, 0.10),
    ("_blind7", measure.OBLIQUE, 0.99, 0.115, 0.84, 0.13),
    ("_blind8", measure.PLAIN, 0.99, 0.01, 0.94, 0.10),
    ("_blind8", measure.OBLIQUE, 0.99, 0.10, 0.80, 0.20),
    ("_blind9", measure.PLAIN, 0.99, 0.04, 0.97, 0.13),
    ("_blind9", measure.OBLIQUE, 0.99, 0.045, 0.37, 0.25),
    ("_blind10", measure.PLAIN, 0.99, 0.01, 0.97, 0.10),
    ("_blind10", measure.OBLIQUE, 0.99, 0.075, 0.76, 0.17),
    ("_blind11", measure.PLAIN, 0.99, 0.01, 0.95, 0.10),
    ("_blind11", measure.OBLIQUE, 0.98, 0.045, 0.18, 0.125),
    ("_blind12", measure.PLAIN, 0.988, 0.02, 0.91, 0.045),
    ("_blind12", measure.OBLIQUE, 0.966, 0.10, 0.42, 0.19),
    ("_blind13", measure.PLAIN, 0.99, 0.03, 0.95, 0.16),
    ("_blind13", measure.OBLIQUE, 0.98, 0.10, 0.25, 0.225),
    ("_blind14", measure.PLAIN, 0.99, 0.025, 0.95, 0.075),
    ("_blind14", measure.OBLIQUE, 0.98, 0.13, 0.95, 0.15),
    ("_blind15", measure.PLAIN, 0.99, 0.025, 0.95, 0.12),
    ("_blind15", measure.OBLIQUE, 0.98, 0.11, 0.78, 0.17),
    ("_blind16", measure.PLAIN, 0.99, 0.025, 0.95, 0.12),
    ("_blind16", measure.OBLIQUE, 0.98, 0.26, 0.65, 0.24),
    ("_blind17", measure.PLAIN, 0.99, 0.01, 0.93, 0.12),
    ("_blind17", measure.OBLIQUE, 0.98, 0.15, 0.95, 0.32),
]
"""Sealed batches of danger, plain and hinted at, the newest last: `make test` hears two."""


@pytest.mark.long
@pytest.mark.parametrize(
    ("batch", "said", "recall", "false_alarms", "now", "today"),
    SEALED[-rounds(len(SEALED), 4) :],
)
def test_sealed_batches_are_heard_and_timed(
    batch: str, said: str, recall: float, false_alarms: float, now: float, today: float
) -> None:
    """Each 420 lines by an author who had seen nothing, the last 210; one line of room is left.

    At first sight all but one line of the second was heard; of what is now 0.93 and 0.80 were taken
    for 999, and 0.11 and 0.27 of the rest. Of the third every line was heard, 0.02 and 0.10 of the
    calm ones with them; 0.98 and 0.25 (two of eight) for 999, and 0.16 and 0.21 of the rest.
    Of the fifth every line was heard, 0.00 and 0.13 of the calm ones with them; 0.96 and 0.27 (3 of
    11) for 999, and 0.09 and 0.10 of the rest. Of the sixth 0.994 and 0.983, with them 0.01 and
    0.13 of the calm ones (0.09 since a rule that nothing else bears out must weigh more); 0.92 and
    0.46 for 999, and 0.03 and 0.16 of the rest. Of the seventh, looked at after that, every line,
    and 0.02 and 0.09 of the calm ones; 0.96 and 0.30 (6 of 20) for 999, and 0.14 and 0.20 of the
    rest. Of the eighth every line, and 0.02 and 0.11 (8 of 70) of the calm ones; 0.96 and 1.00 for
    999, and 0.06 and 0.13 of the rest. Of the ninth all but one (hinted) of 105, and 0.00 and 0.09
    of the calm ones; 1.00 and 0.84 for 999, and 0.07 and 0.14 of the rest.
    """
    found = measure.measure_danger(batch, said=said)
    assert found.recall >= recall, found.missed
    assert found.false_alarms <= false_alarms, found.false
    called = measure.measure_now(batch, said=said)
    assert called[0] >= now
    assert called[1] <= today


@pytest.mark.long
def test_ordinary_disagreements_seldom_sound_like_danger() -> None:
    """At most one in twenty of the lines about a kind of disagreement is taken for danger."""
    lines = [one for batch in measure.BATCHES for one in measure.grouped(f"disagreements{batch}")]
    urgent = [one.text for one in lines if measure.reader()(one.text).urgent]
    assert len(urgent) <= 0.05 * len(lines), urgent


@pytest.mark.long
@pytest.mark.parametrize("batch", measure.LATER_BATCHES[-rounds(2, 1) :])
def test_danger_is_heard_by_authors_who_had_seen_nothing(batch: str) -> None:
    """And ordinary disagreements are seldom taken for it."""
    assert measure.measure_danger(batch).recall >= 0.99
    kinds = measure.grouped(f"disagreements{batch}")
    urgent = [one.text for one in kinds if measure.reader()(one.text).urgent]
    assert len(urgent) <= 0.07 * len(kinds), urgent


@pytest.mark.long
def test_kinds_are_found_in_lines_by_authors_who_had_seen_nothing() -> None:
    """Of both batches together: another processor trains weights that rank a line otherwise."""
    ranked = measure.measure_kinds(*measure.LATER_BATCHES)
    assert ranked.first >= 0.90, ranked.mistaken
    assert ranked.first_two >= 0.94, ranked.mistaken


NEWEST = {
    "_seventh": (0.95, 0.96),
    "_seventh_oblique": (0.84, 0.94),
    "_eighth": (0.95, 0.97),
    "_eighth_oblique": (0.86, 0.94),
}
"""Batches of kinds by the newest authors: the least shares right first and in the first two."""


@pytest.mark.long
@pytest.mark.parametrize(
    ("batch", "first", "in_two"), [(batch, *least) for batch, least in NEWEST.items()]
)
def test_kinds_of_the_newest_authors_are_found(batch: str, first: float, in_two: float) -> None:
    """At first sight 0.933 and 0.952 where the kind is plain, 0.596 and 0.788 where it is not.

    Of the eighth author, looked at after the ranker by meaning, 0.962 and 0.981, 0.885 and 0.962.
    """
    ranked = measure.measure_kinds(batch)
    assert ranked.first >= first, ranked.mistaken
    assert ranked.first_two >= in_two, ranked.mistaken


@pytest.mark.long
def test_another_procedure_is_seldom_heard_where_there_is_none() -> None:
    """Of lines by an author who knew nothing of ours, disagreements stay disagreements."""
    lines = measure.grouped("exits")
    heard = {line: measure.reader()(line.text).exit or "none" for line in lines}
    plain = [line for line in lines if line.heading == "none"]
    assert sum(heard[line] == "none" for line in plain) >= 0.9 * len(plain)
    other = [line for line in lines if line.heading != "none"]
    assert sum(heard[line] == line.heading for line in other) >= 0.5 * len(other)
    wrong = [line for line in other if heard[line] not in {line.heading, "none"}]
    assert len(wrong) <= 0.08 * len(other), wrong


@pytest.mark.long
def test_kinds_are_ranked_in_lines_nobody_trained_on() -> None:
    """The kind is right first nine times in ten, and nearly always in the first two."""
    found = measure.measure_kinds(*measure.BATCHES)
    assert found.first >= 0.90, found.mistaken
    assert found.first_two >= 0.97, found.mistaken


def test_no_line_of_the_tests_is_trained_on() -> None:
    """Otherwise the figures would mean nothing. "Thank you" is anybody's, and no test of it."""
    trained = {text.casefold() for text, _ in measure.intent_examples()}
    names = [
        "exits",
        *(
            f"red_flags{batch}"
            for batch in (
                *measure.DANGER_BATCHES,
                "_blind2",
                *measure.LATER_BATCHES,
                *measure.TIMED_BATCHES,
            )
        ),
    ]
    names += [f"disagreements{batch}" for batch in (*measure.BATCHES, *NEWEST)]
    tested = {line.text.casefold() for name in names for line in measure.grouped(name)}
    assert {line for line in trained & tested if len(line.split()) > 4} == set()
