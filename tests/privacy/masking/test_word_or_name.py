"""Words of danger in small letters that people are called too: what stands beside them tells."""

import pytest

from bot.privacy.masking.masker import mask


@pytest.mark.parametrize(
    "text",
    [
        "stepdad will hit him tonight",
        "uncle will beat her if she goes home",
        "dad may hurt her",
        "baby grey and floppy",
        "he is grey round the mouth",
        "child grey, lips blue",
    ],
)
def test_what_will_be_done_and_a_colour_are_no_names(text: str) -> None:
    """The words of danger come through whole."""
    assert mask(text).text == text


@pytest.mark.parametrize(
    "text",
    [
        "Will hit her",
        "mum says will is going to hit her",
        "mrs grey hit him",
        "sam grey hit him",
        "grey was hit by mum",
    ],
)
def test_people_who_are_called_so_are_still_left_out(text: str) -> None:
    """A capital letter, a title, a name beside it, or what was done to them tells."""
    assert "[name]" in mask(text).text
