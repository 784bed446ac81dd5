"""Danger, heard in its context."""

import re
from datetime import date

import pytest

from bot.understanding.danger.context import Sentence
from bot.understanding.danger.red_flags import MOST_JUDGED, find_danger, find_flags, urgent_because
from tests.support.each import each

TODAY = date(2026, 11, 20)


def families(text: str) -> set[str]:
    """The urgent families in a text."""
    return {flag.family for flag in find_flags(text, TODAY).urgent}


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("handprint on her cheek again this morning, sw said log it", "injury"),
        ("her stepdad punched her", "assault"),
        ("she says her uncle touches her private parts", "sexual_abuse"),
        ("he has been missing since friday", "missing"),
        ("she is being exploited by a county line", "exploitation"),
        ("she took an overdose last night", "suicide"),
        ("our year 10 boy says he is going to jump", "suicide"),
        ("she keeps saying she wants to end things", "suicide"),
        ("she is cutting her arms", "self_harm"),
        ("he has got a knife", "weapon_or_threat"),
        ("gunman outside", "armed"),
        ("baby 3 months floppy and pale", "failing_body"),
        ("csc refused to join a strategy meeting on a baby with rib fractures", "injury"),
        ("they wont hold a strategy meeting about the toddler with bite marks", "injury"),
        ("police wont go to 3 kids home alone", "neglect"),
        ("police refuse to use their powers for 3 kids home alone", "plain_danger"),
        ("police said no to a welfare check on a baby left alone", "plain_danger"),
        ("her ex is at the house now", "domestic_abuse"),
        ("they are taking her abroad for fgm", "fgm"),
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
        "messages go missing",
        "we practised for an armed intruder drill",
        "she wont go to bed hungry",
        "the strategy on injuries is on thursday",
        "still waiting for them to get back to me",
        "she has not reported any abuse",
        "you asked is anyone in danger, the answer is no",
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
        "the residential school hasn't reported a broken collarbone",
        "the carer never referred a burn on her arm",
    ],
)
def test_context_does_not_hide_real_danger(text: str) -> None:
    """A denied belief, another's opinion, or the past come back leaves the danger standing."""
    assert families(text)


def test_the_reason_quotes_the_words() -> None:
    """The reason completes "You mentioned …" and quotes the words."""
    flags = find_flags("her ex is outside the house now and he's got a knife", TODAY)
    because = urgent_because(flags)
    assert because is not None
    assert "“" in because
    assert {flag.when for flag in flags.found} == {"now"}


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("Mum knows where she lives and may turn up.", "Mum knows where she lives"),
        ("It's an unexplained spiral fracture", "It's an unexplained spiral fracture"),
        ("**Dad's been** hitting him", "Dad's been hitting him"),
        ("OK, she hasn't come back to placement", "she hasn't come back to placement"),
    ],
)
def test_whole_words_are_quoted_as_they_were_typed(text: str, heard: str) -> None:
    """What is quoted back is never cut inside a word, and is enough to know one's sentence by."""
    quotes = [flag.heard for flag in find_flags(text, TODAY).urgent]
    assert heard in [quote[: len(heard)] for quote in quotes]
    typed = set(text.replace("*", "").rstrip(".").replace(",", "").split())
    assert all(set(quote.split()) <= typed for quote in quotes)


@pytest.mark.parametrize("name", ["Ty", "Lo", "Cos", "D", "Bo", "Ro", "J.D.", "[name]"])
@pytest.mark.parametrize("hurt", ["was burned by mum", "was hit by nan", "was slapped by uncle"])
def test_a_short_name_does_not_take_the_alarm_with_it(name: str, hurt: str) -> None:
    """A child by two letters, one, or initials is as much a child as any other."""
    assert "assault" in families(f"{name} {hurt}")


@pytest.mark.parametrize("child", ["she", "Mo", "Ty", "[name]"])
@pytest.mark.parametrize("by", ["auntie", "her cousin", "nan", "mum", "his mum's fella", "nana"])
@each("hurt", ["thumped", "bashed", "walloped", "clouted", "flung down", "hurt"])
def test_harm_in_the_passive_is_heard_by_whatever_verb(child: str, hurt: str, by: str) -> None:
    """Whoever the child and the relative are."""
    assert "assault" in families(f"{child} was {hurt} by {by}")


@pytest.mark.parametrize(
    "text", ["we were struck by her calm", "she was pushed by her manager", "it was hurt by cuts"]
)
def test_a_verb_of_many_senses_needs_somebody_at_home(text: str) -> None:
    """A worker pushed by her manager is no child who was hurt."""
    assert families(text) == set()


@pytest.mark.parametrize("text", ["mum hit ty", "dad keeps hitting D", "nan just slapped bo"])
def test_a_short_name_that_somebody_hits_is_heard(text: str) -> None:
    """The same where the name stands last."""
    assert "assault" in families(text)


@pytest.mark.parametrize(
    "text", ["mum hit on an idea", "dad hit it off with her", "nan hurt so much"]
)
def test_a_small_word_is_no_name(text: str) -> None:
    """Not every word of two letters is a child."""
    assert "assault" not in families(text)


@pytest.mark.parametrize(
    "text",
    [
        "the midwife hasnt come back to me yet",
        "they havent come back to us",
        "the worker has not come back to my manager",
        "she hasn't come back to him about the report",
    ],
)
def test_a_reply_that_is_awaited_is_no_missing_child(text: str) -> None:
    """Colleagues who have not come back to somebody owe an answer."""
    assert families(text) == set()


@pytest.mark.parametrize("text", ["he hasnt come back to placement", "she has not come back home"])
def test_a_child_who_has_not_come_back_is_missing(text: str) -> None:
    """The child's own "hasn't come back" stays an alarm."""
    assert "missing" in families(text)


@pytest.mark.parametrize(
    "text",
    [
        "he is strangeling her right now",
        "he has **strangled** her and is doing it right now",
        "he is strangling her __right now__",
        "he\nis\nstrangling\nher\nright\nnow",
        "he is strang-\nling her right now",
        "he is strangling her right-\nnow",
        "he&nbsp;is&nbsp;strangling&nbsp;her&nbsp;right&nbsp;now",
        "he is strangling her rightnow",
        "he is strangling her r i g h t now",
        "he_is_strangling_her_right_now",
        "> he is strangling her\n> right now",
        "he is str4ngling her right n0w",
        "he is str\u0430ngling her right now",
        "he is <b>strangling</b> her right now",
        "he is strangling her as we speak",
    ],
)
def test_right_now_is_heard_however_it_is_written(text: str) -> None:
    """The words of time are read on the same cleaned text as the words of harm."""
    assert any(flag.danger_now for flag in find_flags(text, TODAY).urgent)


@pytest.mark.parametrize(
    "text",
    ["family of 4 being evicted tomorrow", "he was hit yesterday", "dad kicked him on monday"],
)
def test_what_is_not_now_is_not_said_to_be(text: str) -> None:
    """Tomorrow and yesterday are the same day's work, and not 999."""
    flags = find_flags(text, TODAY).urgent
    assert flags
    assert not any(flag.danger_now for flag in flags)


@pytest.mark.parametrize(
    "text",
    [
        "he has a black eye, he's in school with us now",
        "her uncle hit her last week, she is with her gran now",
        "bruise on her ear, she is in class now, mum collects at 3",
        "belt marks on his back, he's on the ward now",
    ],
)
def test_where_a_child_is_now_is_not_when_it_happens(text: str) -> None:
    """A child in safe hands by now is for today."""
    flags = find_flags(text, TODAY).urgent
    assert flags
    assert not any(flag.danger_now for flag in flags)


@pytest.mark.parametrize(
    "text",
    ["dad is in reception with a knife now", "her ex is at the house now", "he is hitting her now"],
)
def test_somebody_who_is_there_now_is_danger_now(text: str) -> None:
    """Nobody is safe there."""
    assert any(flag.danger_now for flag in find_flags(text, TODAY).urgent)


def test_repeated_words_of_danger_are_judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The work of a message does not grow with how often it repeats itself."""
    judged = 0
    real = Sentence.denies

    def counted(self: Sentence, match: re.Match[str], *, within: bool) -> bool:
        nonlocal judged
        judged += 1
        return real(self, match, within=within)

    monkeypatch.setattr(Sentence, "denies", counted)
    find_flags("no bruise " * 390, TODAY)
    find_flags("he was not hit. " * 240, TODAY)
    assert 0 < judged <= 6 * MOST_JUDGED


def test_a_repeated_denial_does_not_hide_danger_behind_it() -> None:
    """After many words that were set aside the next is heard, and so is the next sentence."""
    assert "injury" in families("no bruise, " * 30 + "she has a handprint on her cheek")
    assert "assault" in families("he was not hit. " * 30 + "dad has kicked her")


@pytest.mark.long
def test_danger_anywhere_in_an_over_long_text_is_found() -> None:
    """All of a text that is too long to be read is searched, whatever its length."""
    calm = "We met the family at the school on Monday. "
    for before in (0, 90, 200, 700):
        because = find_danger(calm * before + "he is hitting her now. " + calm * 90, TODAY)
        assert because is not None
        assert "hitting her now" in because
    assert find_danger(calm * 700, TODAY) is None


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


@pytest.mark.parametrize(
    "text",
    [
        "a girl in my class says she was cut when she was five",
        "the eldest daughter was circumcised abroad in 2017 and there is a baby girl now",
        "her sister was cut in 2019. they go back in the summer",
        "mum had the sunna as a child and her daughter is nearly six",
        "her aunt is taking her for the ceremony in the holidays",
        "they did the cutting on her when she was four",
        "they fly on sunday and she is terrified",
        "we are scared for her. the flight is on friday",
        "family travels on tuesday, she has hidden her passport",
        "granny is going to have her cut over christmas",
        "the aunt wants to get the girls cut in the summer",
        "she is scared of being cut when they go",
        "they are off to dhaka for a wedding she doesn't want",
    ],
)
def test_what_was_done_to_one_girl_is_feared_for_the_next(text: str) -> None:
    """However long ago it was, and beyond a full stop."""
    assert find_flags(text, TODAY).urgent, text


@pytest.mark.parametrize(
    "text",
    [
        "she was cut from the team",
        "our hours were cut in april",
        "mum is going to have her cut out of the will",
        "the girls are due to be cut from the team",
        "he was cut on the knee and the nurse cleaned it",
        "a baby boy was circumcised by a doctor in march",
        "mum had fgm as a child herself, in the past, no daughters",
        "they fly on thursday for a week in spain",
        "aunt is going for the graduation ceremony",
        "can you tell me about fgm reporting",
    ],
)
def test_cutting_and_journeys_of_other_kinds_are_no_alarm(text: str) -> None:
    """Nor is a grown woman's own past where no girl is named."""
    assert not find_flags(text, TODAY).urgent, text


@pytest.mark.parametrize(
    ("text", "now"),
    [
        ("mum isn't giving him his insulin", True),
        ("insulin dependent and dad refuses to give it", True),
        ("she wasn't given her insulin last week", False),
    ],
)
def test_medicine_that_keeps_a_child_alive_is_withheld_now(text: str, *, now: bool) -> None:
    """Unless the sentence tells of another day."""
    assert any(flag.danger_now for flag in find_flags(text, TODAY).urgent) is now


def test_a_risk_that_was_immediate_is_no_statement_that_it_is() -> None:
    """Good news tells what the risk was earlier."""
    assert not find_flags("they agreed a visit, it was immediate risk earlier", TODAY).urgent
    assert find_flags("it was immediate risk earlier and still is immediate risk", TODAY).urgent


@pytest.mark.parametrize(
    "text",
    [
        "toddler floppy since lunch, social care closed it last week",
        "she is fitting again and mum wont ring anyone, csc said it was fine on friday",
        "he wont wake up properly, teacher says he was fine yesterday",
        "baby looks grey and mum says shes always been pale",
        "he's gone blue round the lips, we closed to cin in august",
        "having a seizure in reception, mum was here earlier",
        "barely conscious in my office, she took something last night",
        "not breathing right, csc have known the family for years",
        "6 week old, grey and mottled, he was like that last month too",
        "we cant wake her, social care say shes just tired",
    ],
)
def test_what_a_body_does_now_is_danger_now_whatever_stands_beside_it(text: str) -> None:
    """A past day or a calm word in another clause says nothing of this moment."""
    (flag, *_) = find_flags(text, TODAY).urgent
    assert (flag.family, flag.danger_now) == ("failing_body", True)


@pytest.mark.parametrize(
    "text",
    [
        "he was floppy as a newborn but is fine now, csc wont assess the speech delay",
        "she collapsed last week and camhs closed it",
        "grey area in the threshold document",
        "the team manager has been unresponsive since monday",
        "fitting the visit in before friday is not possible they said",
        "he is not floppy and feeding well",
        "she is not responding to our calls",
        "if a baby is floppy do i ring 999 or csc",
        "he wont wake up for school, mum says hes lazy",
        "her hair has gone grey with this case",
        "kids are fitting in well at the new school",
    ],
)
def test_a_body_that_did_or_does_not_is_no_danger_now(text: str) -> None:
    """Nor is a colleague who does not answer, or a figure of speech."""
    assert not any(flag.danger_now for flag in find_flags(text, TODAY).found)
