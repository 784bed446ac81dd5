"""Danger, heard in its context."""

from datetime import date

import pytest

from bot.understanding.danger.red_flags import find_flags, urgent_because

TODAY = date(2026, 11, 20)


def families(text: str) -> set[str]:
    """The urgent families in a text."""
    return {flag.family for flag in find_flags(text, TODAY)[0] if flag.urgent}


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("handprint on her cheek again this morning, sw said log it", "injury"),
        ("her stepdad punched her", "assault"),
        ("she says her uncle touches her private parts", "sexual_abuse"),
        ("he has been missing since friday", "missing"),
        ("she is being exploited by a county line", "exploitation"),
        ("she took an overdose last night", "suicide"),
        ("she is cutting her arms", "self_harm"),
        ("he has got a knife", "weapon_or_threat"),
        ("her ex is at the house now", "domestic_abuse"),
        ("they are taking her abroad for fgm", "harmful_practice"),
        ("the toddlers were left home alone", "neglect"),
        ("mum is drunk and driving them home", "substance"),
        ("the ward is discharging the baby tonight with no plan", "unsafe_discharge"),
        ("he begged me not to send him home and the duty team shrugged", "afraid_to_go_home"),
        ("she has nowhere to sleep tonight", "nowhere_safe"),
        ("the child is at immediate risk of significant harm", "plain_danger"),
    ],
)
def test_every_family_is_heard(text: str, family: str) -> None:
    """Each family of danger has a line that is urgent because of it."""
    assert family in families(text)


@pytest.mark.parametrize(
    "text",
    [
        "no marks seen",
        "nobody is unsafe",
        "if a child were in danger, who would I ring?",
        "it was a stab in the dark",
        "the service is under fire",
        "dad hit him two years ago and it was dealt with then",
        "self harm training is on thursday",
        "the social worker went missing for three weeks",
        "i've called 999",
    ],
)
def test_context_can_make_words_of_danger_harmless(text: str) -> None:
    """Words that are denied, supposed, figurative, long settled or a subject are not urgent."""
    assert families(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "they don't believe he was hit",
        "they say there are no bruises but i saw them this morning",
        "they say it can wait; it can't. he has been beaten again",
        "mum says she can't promise she won't hurt them",
        "he was hit last year and it has happened again today",
        "what do i do, a pupil has just told me her dad hit her",
    ],
)
def test_context_does_not_hide_real_danger(text: str) -> None:
    """A denied belief, another's opinion, or the past come back leaves the danger standing."""
    assert families(text)


def test_the_reason_quotes_the_words() -> None:
    """The reason completes "You mentioned …" and quotes the words."""
    flags, _ = find_flags("her ex is outside the house now and he's got a knife", TODAY)
    because = urgent_because(flags)
    assert because is not None
    assert "“" in because
    assert {flag.when for flag in flags} == {"now"}


@pytest.mark.parametrize(
    "text",
    [
        "mum's ex [name] is at [address] now",
        "[name] has been hit by her dad",
        "we can't find [name]",
        "[name] from 7B says [name] hit her with a belt",
    ],
)
def test_masked_words_stand_for_people_and_places(text: str) -> None:
    """What masking put in hides who and where, and not that there is danger."""
    assert families(text)
