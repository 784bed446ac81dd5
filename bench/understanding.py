"""Figures for the understanding of typed English: `make bench-understanding`."""

import random
from collections import Counter

from bench import accounts, masking
from bench import measure_understanding as measure
from bot.core.vocabulary import Disagreement
from bot.privacy.masking.masker import mask
from bot.understanding.model.ranker import train

FOLDS = 5
KINDS = [str(kind) for kind in Disagreement]


def main() -> None:
    """Print every figure: per batch of unseen lines, cross-validated, and the time a line takes."""
    for batch in (
        *measure.DANGER_BATCHES,
        "_blind2",
        *measure.LATER_BATCHES,
        *measure.TIMED_BATCHES,
    ):
        _danger(batch)
    for batch in measure.TIMED_BATCHES:
        now, today = measure.measure_now(batch)
        print(f"red_flags{batch}: 999 for {now:.3f} of danger now, {today:.3f} of danger today")
    for batch in (*measure.BATCHES, *measure.LATER_BATCHES):
        kinds = measure.measure_kinds(batch)
        print(f"kinds{batch}: first {kinds.first:.3f}, two {kinds.first_two:.3f} of {kinds.lines}")
    fifth = measure.measure_kinds("_fifth")
    print(f"kinds_fifth: first {fifth.first:.3f}, two {fifth.first_two:.3f} of {fifth.lines}")
    accounts.main()
    for batch in measure.QUESTION_BATCHES:
        _questions(batch)
    _places()
    _cross_validated()
    _confusion()
    print(f"masking: {masking.measure_masking()}")
    for batch in masking.SEALED:
        print(f"masking, {batch}: {masking.measure_sealed(batch)}")
    read = measure.reader()
    print(f"understanding: {measure.milliseconds(read):.1f} ms a line (median)")
    print(
        f"questions alone: {measure.milliseconds(measure.question_finder()):.2f} ms a line (median)"
    )
    both = measure.milliseconds(lambda text: read(mask(text).text))
    print(f"masking and understanding: {both:.1f} ms a line (median)")


def _danger(batch: str) -> None:
    danger = measure.measure_danger(batch)
    print(f"red_flags{batch}: recall {danger.recall:.3f}, false alarms {danger.false_alarms:.3f}")
    for text in danger.missed:
        print(f"    missed: {text}")
    for text in danger.false:
        print(f"    false: {text}")


def _questions(batch: str) -> None:
    asked = measure.measure_enquiries(batch)
    print(
        f"enquiries{batch}: found {asked.found:.3f}, topic right {asked.right:.3f}, "
        f"accounts taken for questions {asked.false_alarms:.3f}"
    )
    for meant, heard, text in asked.mistaken:
        print(f"    {meant}, not {heard}: {text}")


def _places() -> None:
    lines = measure.grouped("places")
    wrong = [line for line in lines if measure.recognised_area(line.text) != line.heading]
    print(f"places: {1 - len(wrong) / len(lines):.3f} of {len(lines)}")
    for line in wrong:
        print(f"    {line.heading}, not {measure.recognised_area(line.text)}: {line.text}")


def _cross_validated() -> None:
    """Train on four fifths of data/nlu and rank the rest, five times."""
    pairs = [pair for pair in measure.intent_examples() if pair[1] in KINDS]
    random.Random(7).shuffle(pairs)  # noqa: S311 - the same folds each time, nothing secret
    first = two = 0
    for fold in range(FOLDS):
        kept = [pair for index, pair in enumerate(pairs) if index % FOLDS != fold]
        ranker = train([text for text, _ in kept], [kind for _, kind in kept])
        for text, kind in pairs[fold::FOLDS]:
            names = [name for name, _ in ranker.rank(text)[:2]]
            first += names[0] == kind
            two += kind in names
    print(f"cross-validated kinds: first {first / len(pairs):.3f}, two {two / len(pairs):.3f}")


def _confusion() -> None:
    mistaken = measure.measure_kinds(*measure.BATCHES).mistaken
    totals = Counter(
        line.heading
        for batch in measure.BATCHES
        for line in measure.grouped(f"disagreements{batch}")
    )
    print("confusion (meant, of how many: heard instead)")
    for kind in KINDS:
        wrong = ", ".join(
            f"{heard} {times}" for (meant, heard), times in mistaken.items() if meant == kind
        )
        print(f"  {kind}, {totals[kind]}: {wrong or 'none'}")


if __name__ == "__main__":
    main()
