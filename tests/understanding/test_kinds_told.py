"""What a disagreement is about, in the usual words for it."""

import pytest

from bot.core.vocabulary import Disagreement
from bot.understanding.kinds_told import SAID, kinds_told


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("school nurse, margate. CSC refused referral", Disagreement.threshold),
        ("they refused my referral", Disagreement.threshold),
        ("social care wont accept our referral", Disagreement.threshold),
        ("sw closed it", Disagreement.step_up_step_down),
        ("social care are closing the case. dorset nursery", Disagreement.step_up_step_down),
        ("social care closed it, threshold", Disagreement.threshold),
        ("they want to close the case too soon", Disagreement.step_up_step_down),
    ],
)
def test_a_kind_is_heard_in_its_usual_words(text: str, kind: Disagreement) -> None:
    """However short they are: it is not asked again."""
    first = kinds_told(text, text, {}, None)[0]
    assert (first.name, first.confidence) == (str(kind), SAID)


@pytest.mark.parametrize(
    "text",
    [
        "mum refused a referral to early help",
        "they closed the case without telling us",
        "sw closed it as nfa",
        "the school closed it down",
    ],
)
def test_another_matter_is_no_usual_word_of_a_kind(text: str) -> None:
    """A mother's consent, and how a case was closed, are left to the ranker."""
    assert kinds_told(text, text, {}, None) == ()
