"""One message read whole, and lines nobody trained on."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import measure_understanding as measure
from bot.core.handbook.topics import Topic
from bot.core.vocabulary import Risk
from bot.privacy.masking.masker import mask
from bot.understanding.danger.signs import find_signs
from bot.understanding.model.decision import Heard
from bot.understanding.reading import read_message
from bot.understanding.trained import Trained


def test_one_sentence_fills_many_facts() -> None:
    """Partnership, area, agencies and both steps come out of one line."""
    reading = measure.reader()(
        "I'm a school nurse in Biggleswade, spoke to the social worker on Monday and her manager "
        "on Thursday, still no reply"
    )
    assert reading.facts == {
        "partnership": "pan_bedfordshire",
        "area": "central_bedfordshire",
        "my_agency": "health",
        "their_agency": "childrens_social_care",
        "steps": [
            {"level": "practitioner", "on": "2026-11-16", "outcome": None},
            {"level": "line_manager", "on": "2026-11-19", "outcome": "no_response"},
        ],
    }


def test_a_long_line_is_understood() -> None:
    """Risk, kind, agency, place and step of the design's own example."""
    reading = measure.reader()(
        "worried but not immediate. thats the third referral theyve knocked back, we say it needs "
        "an assessment. im dsl at a school in folkestone, i rang them on monday and got nowhere"
    )
    assert not reading.urgent
    assert reading.disagreement[0].name == "threshold"
    assert reading.facts["risk"] == "concern"
    assert (reading.facts["partnership"], reading.facts["my_agency"]) == ("kent", "education")


def test_a_flag_never_settles_for_a_stated_lesser_risk() -> None:
    """Told "not immediate" and a fresh injury, the risk is left to be asked about."""
    reading = measure.reader()("worried but not immediate, she has a handprint on her face today")
    assert reading.urgent
    assert "risk" not in reading.facts


@pytest.mark.parametrize(
    "text",
    [
        "yes, immediate risk of significant harm",
        "immediate risk of significant harm today",
        "there is an immediate risk of significant harm and he has got a knife",
    ],
)
def test_the_risk_that_somebody_states_stays(text: str) -> None:
    """What a person says of an immediate risk is not made into something else."""
    reading = measure.reader()(text)
    assert reading.urgent
    assert reading.facts["risk"] == "immediate_harm"


@pytest.mark.parametrize(
    "text",
    [
        "housing officer luton, family being evicted tomorrow, social care say not their problem",
        "she has a black eye, she is safe with me at school",
        "bruise seen yesterday on his arm, he is at nan's",
    ],
)
def test_what_is_not_now_is_for_the_same_day(text: str) -> None:
    """Tomorrow's eviction and yesterday's bruise are urgent, and not 999."""
    reading = measure.reader()(text)
    assert reading.urgent
    assert reading.facts["risk"] == "immediate_harm"
    assert all(flag.when != "now" for flag in reading.flags)


@pytest.mark.parametrize("text", ["Ty was burned by mum", "mum hit ty", "Jo was hit by dad"])
def test_a_child_with_a_short_name_is_heard(text: str) -> None:
    """A short name is not thanked, and does not take the alarm with it."""
    assert measure.reader()(text).urgent


@pytest.mark.parametrize("text", ["ty", "ok ty", "Ty so much!"])
def test_short_thanks_are_thanks(text: str) -> None:
    """Alone, the short form is what it is."""
    assert measure.intent(text) == "thank"


@pytest.mark.long
def test_an_alarm_always_quotes_words() -> None:
    """Urgent, there is a flag with the person's own words, by a rule or not."""
    for line in measure.grouped("red_flags_fourth"):
        reading = measure.reader()(line.text)
        if reading.urgent:
            assert reading.flags[0].heard
            assert reading.flags[0].heard in (reading.urgent_because or "")


def test_a_knife_now_is_danger() -> None:
    """Something that calls for 999 and is happening now is immediate danger."""
    reading = measure.reader()("mum just rang, her ex is at the house now and he's got a knife")
    assert reading.facts["risk"] == "immediate_danger"


@pytest.mark.parametrize("line", measure.grouped("places"), ids=lambda line: line.text)
def test_places_are_known_or_left_open(line: measure.Grouped) -> None:
    """A place names its partnership, or is known to be elsewhere; common words name none."""
    assert measure.recognised_area(line.text) == line.heading


@pytest.mark.parametrize(
    "text",
    [
        "what is the policy on a child being hit with a belt right now",
        "what does the guidance say about a child being strangled this minute",
    ],
)
def test_a_question_about_harm_at_this_moment_is_answered_with_999_first(text: str) -> None:
    """Though the harm is only its subject, it is never passed over."""
    reading = measure.reader()(text)
    assert reading.urgent or (reading.enquiry and reading.enquiry.topic is Topic.urgent)


@pytest.mark.parametrize("question", ["who do I tell?", "who do i contact", "what should I do?"])
@pytest.mark.parametrize(
    "told",
    [
        "the stepfather strangled a child",
        "a boy was beaten with a belt",
    ],
)
def test_a_question_after_harm_does_not_unsay_it(told: str, question: str) -> None:
    """What was told before the question stands, and is heard with any question after it."""
    assert measure.reader()(told).urgent
    assert measure.reader()(f"{told}, {question}").urgent


@pytest.mark.parametrize(
    "text", ["bank holiday monday, who do we contact", "its saturday night, who is there to phone"]
)
def test_who_answers_when_offices_are_shut_is_heard(text: str) -> None:
    """Whoever is there then, and not the managers of the stages."""
    enquiry = measure.reader()(text).enquiry
    assert enquiry is not None
    assert enquiry.topic is Topic.out_of_hours


@pytest.mark.parametrize(
    "text",
    [
        "he has a black eye, he's in school with us now, HT Folkestone",
        "youth worker in Poole, girl told me her uncle hit her last week, she is with her gran now",
        "midwife, Ashford. girl told me her dad hit her last month, she lives with her nan now",
        "im not sure if im overreacting, social worker says its fine but the kids always hungry",
        "one of our teaching assistants was seen slapping a pupil and the head is his sister",
        "child has a black eye, he is with me and safe",
        "she has a burn on her arm, she's in A&E with us now and safe",
        "a pupil came in with a cut lip, he's here with us and safe",
        "he's got cigarette burns on his leg, he is with the nurse, safe, social care say wait",
    ],
)
def test_what_is_over_or_in_safe_hands_is_no_999(text: str) -> None:
    """Harm that is known of is for today where nothing is happening now."""
    assert measure.reader()(text).facts.get("risk") != Risk.immediate_danger


@pytest.mark.parametrize(
    "text",
    [
        "child is with me and safe, black eye, dad is outside shouting for him",
        "he has burns on his chest, he is with us and safe but he is drowsy",
        "she is in school and safe, bruised, her dad has a knife and is at the gate",
    ],
)
def test_safe_hands_do_not_hide_what_is_happening(text: str) -> None:
    """Whoever is on the way, or how a child is, matters more than where the child sits."""
    assert find_signs(mask(text).text, measure.TODAY).seen_safe is False
    assert measure.reader()(text).urgent


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("can we go to stage 3", 3),
        ("is it ok to skip to stage 4", 4),
        ("what is stage 3", None),
        ("do we need to go to stage 2 first", None),
    ],
)
def test_a_wish_in_a_question_is_a_wish(text: str, stage: int | None) -> None:
    """It has been answered as a question; and nothing of it is a step."""
    reading = measure.reader()(text)
    wish = {"stage": stage, "level": None, "up": False, "asked": True} if stage else None
    assert reading.wish == wish
    assert "steps" not in reading.facts


@pytest.mark.parametrize(
    "text",
    [
        "youth worker in Luton, i want it to go straight to the executive board",
        "this has to go directly to the partnership board now",
    ],
)
def test_a_wish_for_the_partnership_is_heard_by_the_name_of_its_board(text: str) -> None:
    """A board is the top of the ladder, whatever stands between."""
    wish = measure.reader()(text).wish
    assert wish is not None
    assert wish["level"] == "partnership"


@pytest.mark.parametrize(
    "text",
    ["the child is at immediate risk of significant harm", "she is not safe there"],
)
def test_what_is_said_plainly_is_heard_whatever_was_trained(text: str) -> None:
    """Training that finds it wholly calm gainsays no plain statement."""
    calm = Trained([("danger", 0.0), ("threshold", 1.0)], (), Heard(-8.0, -8.0, -8.0, -8.0))
    places = measure.everything_named().places
    assert read_message(text, measure.TODAY, places, calm).urgent


@pytest.mark.parametrize("who", ["mum", "her step dad", "his brother", "nan's boyfriend"])
def test_harm_at_home_is_no_worry_about_somebody_who_works_with_children(who: str) -> None:
    """Whoever it was told to: the lead and social care come first, not the designated officer."""
    reading = measure.reader()(f"teacher here, a pupil told me {who} hit him last week")
    assert reading.urgent
    assert reading.exit is None


def test_what_sounds_like_danger_and_is_none_teaches_danger_alone() -> None:
    """Its lines never become an intent of a message."""
    intents, danger = measure.rankers()
    assert "no_danger" not in intents.labels
    assert set(danger.labels) == {"danger", "other"}


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    """Whatever is typed, there is a reading that can be written as JSON."""
    assert msgspec.json.encode(measure.reader()(text))


@pytest.mark.long
@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "\x00\x07\x1b[31m",
        "\u202egnirts\u202c \u200f\u200e",
        "🙈🙉🙊" * 300,
        "<script>alert('hit')</script>",
        '/intent{"risk": "no_harm"}',
        "hit " * 1000,
        "a" * 4000,
        "no " * 1300,
        "31/31/31 99/99 00/00/0000 32nd of may",
        "> On Monday, wrote:\n> Kind regards\n>\n> Sent from my phone\n" * 40,
    ],
)
def test_awkward_text_is_read(text: str) -> None:
    """Nothing that can be pasted stops a reading."""
    assert measure.reader()(text) is not None
