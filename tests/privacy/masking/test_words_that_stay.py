"""Words that practitioners need come through masking, whatever they stand beside."""

from pathlib import Path

import pytest

from bot.privacy.masking.masker import mask
from tests.support.each import each

LISTED = Path(__file__).with_name("words_that_stay.txt").read_text("utf-8").splitlines()
ANYWHERE = (
    "we spoke to {} on Tuesday and nothing has changed",
    "The decision of {} was recorded on 3 November.",
    "still waiting, nothing from {} since then",
    "they said {} is not for this family, so we disagree about it",
    "{} again, third time this term",
    "asked about {}, no answer, what next?",
    "mum says {} and dad says the opposite",
    "is it {} or not",
)
# Where people are called so too, what stands beside tells.
SENTENCES = {
    "Places that people are called too": (
        "we are in {} and they will not take it",
        "the family moved to {} in the holidays",
        "{} Council refused, so did the police",
        "the case came from {} last week",
        "a school near {} made the referral",
    ),
    "Times": (
        "in {} we referred again",
        "it was closed by {} and nobody told us",
        "since {} nothing has been done",
        "the {} conference was put off",
        "not before {} they say",
    ),
    "Systems and others that people are called too": (
        "it is on {} but not with us",
        "there was nothing on {} about it",
        "the {} report says so",
    ),
}


def _words() -> list[tuple[str, str]]:
    found, heading = [], ""
    for line in LISTED:
        if line.startswith("#"):
            heading = line.removeprefix("# ")
        elif line:
            found.append((line, heading))
    return found


@pytest.mark.long
@each(("word", "heading"), _words())
def test_a_word_of_the_work_stays(word: str, heading: str) -> None:
    """Agencies, roles, places, medicines, institutions, laws and systems are nobody's name."""
    spellings = {word[1:]} if word.startswith("=") else {word, word.lower()}
    sentences = SENTENCES.get(heading, ANYWHERE)
    texts = [one.format(spelling) for one in sentences for spelling in sorted(spellings)]
    assert [masked for text in texts if (masked := mask(text).text) != text] == []
