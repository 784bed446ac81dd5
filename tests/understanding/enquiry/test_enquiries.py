"""Questions to the guide are told from accounts, and what they name is found."""

from typing import Any

import msgspec
import pytest

from bench import measure_understanding as measure
from bot.core.handbook.topics import Topic
from bot.core.vocabulary import Worry
from bot.understanding.account.slips import correct_slip, known_words
from bot.understanding.enquiry.enquiries import find_enquiry
from bot.understanding.words.patterns import sheet
from tests.support.core import handbook


def named(text: str) -> dict[str, Any] | None:
    """Return the question that a text asks, with what it names."""
    enquiry = measure.reader()(text).enquiry
    found: dict[str, Any] | None = msgspec.to_builtins(enquiry)
    return found


@pytest.mark.long
@pytest.mark.parametrize(
    ("batch", "found", "right", "false_alarms"),
    [("", 0.98, 0.97, 0.02), ("_second", 0.95, 0.91, 0.04), ("_third", 0.93, 0.82, 0.05)],
)
def test_questions_are_found_in_lines_nobody_trained_on(
    batch: str, found: float, right: float, false_alarms: float
) -> None:
    """Nearly every question is found and its topic is right; hardly an account is taken for one."""
    heard = measure.measure_enquiries(batch)
    assert heard.found >= found, heard.mistaken
    assert heard.right >= right, heard.mistaken
    assert heard.false_alarms <= false_alarms, heard.mistaken


@pytest.mark.long
def test_disagreements_are_not_taken_for_questions() -> None:
    """Of the lines about a disagreement that nobody trained on, one in a hundred at most."""
    lines = [line for batch in measure.BATCHES for line in measure.grouped(f"disagreements{batch}")]
    taken = [line.text for line in lines if measure.reader()(line.text).enquiry]
    assert len(taken) <= len(lines) / 100, taken


@pytest.mark.long
def test_no_line_of_the_tests_is_trained_on() -> None:
    """Otherwise the figures would mean nothing."""
    asked, told = measure.enquiry_examples()
    trained = {text.casefold() for text in (*told, *(text for text, _ in asked))}
    names = [f"enquiries{batch}" for batch in measure.QUESTION_BATCHES]
    tested = {line.text.casefold() for name in names for line in measure.grouped(name)}
    questions = {text.casefold() for text, _ in asked}
    assert questions & tested == set()
    assert {text for text in trained & tested if len(text.split()) > 3} == set()


@pytest.mark.long
def test_whether_something_is_in_force_is_asked_of_its_term() -> None:
    """Not taken for an answer, such as a disagreement about sharing information."""
    terms = {term.names[0] for term in handbook().answers.terms}
    asked = ("is the {} in force?", "what does {} say", "when did the {} come into force")
    lines = [form.format(name) for name in sorted(terms) for form in asked]
    missed = [line for line in lines if (named(line) or {}).get("topic") != Topic.about]
    # Whatever is a sign of danger by itself is heard as one, however it is asked about.
    assert [line for line in missed if not measure.reader()(line).urgent] == []


@pytest.mark.long
def test_every_topic_has_lines_to_learn_from() -> None:
    """A topic without training lines would be found by rules alone."""
    asked, _ = measure.enquiry_examples()
    assert {topic for _, topic in asked} == set(map(str, Topic))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("what's stage 3 in Kent?", {"topic": "stage", "stage": 3, "partnerships": ("kent",)}),
        ("whats the last stage", {"topic": "stage", "which": "last"}),
        ("what happens at the second stage", {"topic": "stage", "stage": 2}),
        (
            "who do I contact at stage 2 in the police?",
            {"topic": "contacts", "stage": 2, "agency": "police"},
        ),
        ("stage 3 contact in health?", {"topic": "contacts", "stage": 3, "agency": "health"}),
        ("who counts as a senior manager", {"topic": "contacts", "level": "senior_manager"}),
        ("when does the clock start", {"topic": "counted"}),
        ("from what day are the 5 days counted at stage 2", {"topic": "counted", "stage": 2}),
        ("is the day i raise it day 1?", {"topic": "counted"}),
        ("do weekends count", {"topic": "limits"}),
        ("who has the final say at stage 3", {"topic": "contacts", "stage": 3, "words": "decides"}),
        ("whose decision is it at stage 3", {"topic": "contacts", "stage": 3, "words": "decides"}),
        ("who decides", {"topic": "contacts", "words": "decides"}),
        ("what does the law say", {"topic": "law"}),
        ("is this the law", {"topic": "law"}),
        ("legal duty", {"topic": "law"}),
        ("what law covers this", {"topic": "law"}),
        (
            "what does the law say about sharing information",
            {"topic": "law", "words": "information"},
        ),
        (
            "what does the law say about private fostering",
            {"topic": "about", "words": "private fostering"},
        ),
        ("do they have a legal duty to answer", {"topic": "refusal"}),
        ("how long do they have", {"topic": "limits"}),
        ("what are the time limits", {"topic": "limits", "which": "every"}),
        (
            "is there a form in luton",
            {"topic": "forms", "partnerships": ("pan_bedfordshire",), "area": "luton"},
        ),
        ("is there a stage 4?", {"topic": "stage", "stage": 4}),
        ("is there any stage five?", {"topic": "stage", "stage": 5}),
        ("does the policy have a stage 4", {"topic": "stage", "stage": 4}),
        (
            "how long do they have in cardiff",
            {"topic": "limits", "outside_place": "cardiff", "outside_nation": "Wales"},
        ),
        ("how long do they have in devon", {"topic": "limits", "outside_place": "devon"}),
        ("what about whistleblowing?", {"topic": "other_procedure", "exit": "whistleblowing"}),
        ("what if the risk goes up", {"topic": "other_procedure", "exit": "risk_increased"}),
        ("what is a LADO?", {"topic": "about", "words": "lado"}),
        ("LADO?", {"topic": "about", "words": "lado"}),
        ("difference between s17 and s47", {"topic": "about", "words": "s17 and s47"}),
        (
            "who is the Independent Child Safeguarding Comissioner",
            {"topic": "about", "words": "independent child safeguarding commissioner"},
        ),
        (
            "what does the policy say about professionals' meetings",
            {"topic": "about", "words": "professional meeting"},
        ),
        ("do I need a solicitor for this?", {"topic": "unknown"}),
        ("what are the stages in kent", {"topic": "stages", "partnerships": ("kent",)}),
    ],
)
def test_what_a_question_names_is_found(text: str, expected: dict[str, Any]) -> None:
    """Stage, place of the stage, level, agency, procedure, words and partnership."""
    assert named(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "what's stage 3 in Kent?",
        "who do I contact at stage 2 in the police?",
        "who do we notify if the child is looked after",
        "can I skip stage 1 if the team manager said no?",
        "what about an allegation against a teacher?",
        "is it 5 days from 3 November?",
    ],
)
def test_a_question_fills_nothing(text: str) -> None:
    """Whatever it names, no fact, kind, procedure, place, date or step is read from it."""
    reading = measure.reader()(text)
    assert reading.enquiry is not None
    assert reading.facts == {}
    assert (reading.disagreement, reading.exit, reading.partnership) == ((), None, None)
    assert reading.dates == reading.agencies == reading.levels == reading.child_status == ()


def test_what_is_told_beside_a_question_is_read() -> None:
    """The sentences and the clause before it fill facts as they would alone."""
    reading = measure.reader()(
        "I'm a health visitor in Folkestone. The child is on a cp plan. Who has to be told?"
    )
    assert reading.enquiry is not None
    assert reading.enquiry.topic is Topic.notify
    assert reading.facts == {
        "partnership": "kent",
        "my_agency": "health",
        "child_status": ["child_protection_plan"],
    }
    before = measure.reader()("im in luton, who do i contact at stage 2 in the police")
    assert before.enquiry is not None
    assert before.facts == {"partnership": "pan_bedfordshire", "area": "luton"}


def test_the_askers_situation_is_part_of_the_question() -> None:
    """What their own manager does is why they ask, and fills no answer."""
    reading = measure.reader()("my manager won't take it up, what can I do?")
    assert reading.enquiry is None
    assert reading.own_side is not None
    assert reading.own_side.worry is Worry.own_manager
    assert reading.facts == {}


@pytest.mark.parametrize(
    "text",
    [
        "what's stage 2? he's just told me his dad hit him with a belt last night",
        "who do i ring, she has taken an overdose",
        "what if the risk is immediate?",
        "is there a form? there is a man outside with a knife now",
    ],
)
def test_danger_in_a_question_is_danger(text: str) -> None:
    """A red flag makes the message urgent, and no question is taken from it."""
    reading = measure.reader()(text)
    assert reading.urgent
    assert reading.enquiry is None


@pytest.mark.parametrize(
    "text",
    [
        "social care closed it again, what do I do now?",
        "they said it doesn't meet threshold, is that right?",
        "mash bounced it last week and nobody rang back, how long do they have?",
        "why do they never answer?",
        "what they decided makes no sense",
        "i don't know who the manager is",
        "what do I say to them?",
        "can you draft the stage 3 form",
        "why do you ask that",
        "what do I do next?",
        "which stage are we at",
        "what are the stages",
        "stage 2?",
        "police?",
        "cin?",
        "kent?",
    ],
)
def test_accounts_answers_and_other_requests_are_no_questions(text: str) -> None:
    """What was done about a child, an answer in doubt, and what other parts answer, stay that."""
    assert named(text) is None


def test_the_sheet_of_topics_holds_topics() -> None:
    """Every pattern is a topic's, or takes back one that is there."""
    names = list(sheet("enquiry_topics"))
    found = {name for name in names if not name.startswith("not_")}
    assert found <= set(map(str, Topic))
    assert {name.removeprefix("not_") for name in names} == found


def test_a_typing_error_of_one_letter_is_corrected() -> None:
    """One letter too many, too few, wrong or in the wrong place; short words are left alone."""
    known = known_words(["commissioner", "panel", "board"])
    for typed in ("comissioner", "commmissioner", "commissiomer", "commissinoer"):
        assert correct_slip(typed, known) == "commissioner"
    assert correct_slip("pane", known) == "pane"
    assert correct_slip("governor", known) == "governor"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("what is a rapid review?", "rapid review"),
        ("whats an lcspr", "lcspr"),
        ("can you explain what a child safeguarding practice review is", None),
        ("what is a serious case review?", "serious case review"),
        ("what does CHSCP stand for?", "chscp"),
        ("who are the KSCMP", "kscmp"),
        ("what is the luton safeguarding children partnership", None),
        ("how do I ring the LADO in Luton", "lado"),
        ("what's the LADO's phone number", "lado"),
        ("have you got a number for the designated officer?", "designated officer"),
        ("where would I find our MASH's number", "mash"),
        ("contact details for the IRO please", "iro"),
        ("can I ring the NSPCC?", "nspcc"),
    ],
)
def test_a_question_with_a_known_name_is_about_that_name(text: str, words: str | None) -> None:
    """What it means, or how to reach it: the ranker of topics is not even asked."""
    found = find_enquiry(text, measure.everything_named())
    assert found is not None
    assert found.topic is Topic.about
    assert words is None or found.words == words


def test_what_was_left_out_of_a_question_is_not_looked_up() -> None:
    """After the masking nothing stands there to look up: "name" is a word of a policy's forms."""
    for text in ("what is a [name]?", "whats [name]", "who is the [name]"):
        found = find_enquiry(text, measure.everything_named())
        assert found is None or found.words is None


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("CHSCP?", None),
        ("KSCMP", None),
        ("how do I contact the partnership?", Topic.partnership),
        ("who do I contact at stage 2?", Topic.contacts),
        ("how do I ring the emergency duty team", Topic.out_of_hours),
        ("whats the number for edt kent", Topic.out_of_hours),
        ("what is the phone number of the duty team", Topic.out_of_hours),
        ("I rang the LADO and got no answer", None),
        ("they gave us no number", None),
    ],
)
def test_a_name_alone_and_a_stage_are_no_question_about_a_term(
    text: str, topic: Topic | None
) -> None:
    """A bare short name answers where the child lives; stages and duty teams have answers too."""
    found = find_enquiry(text, measure.everything_named())
    assert (found.topic if found else None) is topic


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        (
            "im the manager she escalated to, what do i have to do now",
            "im the manager she escalated to",
        ),
        ("school has escalated to me, what do i need to do", "school has escalated to me"),
        (
            "What is expected of me? My midwife brought this to me",
            "my midwife brought this to me",
        ),
        (
            "they put it to me under stage 2, whats expected of me",
            "they put it to me under stage 2",
        ),
        (
            "im the head of service they escalated to. what am i supposed to do",
            "im the head of service they escalated to.",
        ),
    ],
)
def test_whoever_it_has_come_to_asks_for_their_part(text: str, rest: str) -> None:
    """Whether another agency or their own staff came to them, the rest is an account."""
    asked = named(text)
    assert asked is not None
    assert asked["topic"] == Topic.next
    assert asked["rest"].strip(" .?") == rest.strip(" .?")


@pytest.mark.parametrize(
    "text",
    [
        "social care closed our referral, what do i do now",
        "mum has complained to me about the social worker. what do i do",
    ],
)
def test_nobody_else_is_taken_for_them(text: str) -> None:
    """Whoever disagrees tells of their case, and a complaint has a procedure of its own."""
    assert named(text) is None
