"""Accounts read as a whole, by rules and by what was learned."""

from datetime import date

import pytest

from bench.measure_understanding import answers_ranked
from bot.core.vocabulary import Agency, Level, Outcome, Side
from bot.understanding.account import learned
from bot.understanding.account.agencies import find_agencies
from bot.understanding.account.outcomes import find_outcomes
from bot.understanding.account.position import find_wish, said_side
from bot.understanding.account.stages import RaisedStage, find_raised_stages
from bot.understanding.account.whole import Whole, read_whole
from bot.understanding.words.text import normal

SUNDAY = date(2026, 11, 29)


def whole(text: str) -> Whole:
    """What an account tells on a Sunday, with no ranker of outcomes."""
    return read_whole(text, SUNDAY, {})


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("night worker in a children's home in luton", Agency.other),
        ("im a social worker in adult services, dorset", Agency.adult_services),
        ("family support worker at a womens refuge in bedford", Agency.voluntary),
        ("supervising social worker from an independent agency in Kent", Agency.voluntary),
        ("social worker in a fostering agency, poole", Agency.voluntary),
        ("im a social worker at the hospital", Agency.childrens_social_care),
    ],
)
def test_whoever_runs_the_place_is_the_employer(text: str, agency: Agency) -> None:
    """A social worker or support worker is not always children's social care."""
    assert find_agencies(text).mine is agency


@pytest.mark.parametrize(
    ("text", "side", "level", "on"),
    [
        (
            (
                "im a team manager in childrens social care in hackney, a school raised stage two "
                "with me on tuesday about us closing a case. what do i owe them"
            ),
            Side.receiver,
            Level.line_manager,
            24,
        ),
        (
            (
                "head of a nursery rang me on thursday to challenge our closing a referral. "
                "I'm a team manager in MASH, Kent"
            ),
            Side.receiver,
            None,
            26,
        ),
        (
            (
                "health visitor in luton. i told the social worker on monday that the plan is not "
                "working, then my team leader rang her manager on wednesday and he will think "
                "about it"
            ),
            Side.raiser,
            Level.line_manager,
            25,
        ),
    ],
)
def test_side_rung_and_day_come_out_of_one_account(
    text: str, side: Side, level: Level | None, on: int
) -> None:
    """Who raised it with whom, on which rung, on which day."""
    read = whole(text)
    top = read.history.steps[-1]
    assert read.side is side
    assert top.on is not None
    assert top.on.day == on
    assert level is None or top.level is level


def test_what_is_not_told_of_a_talk_is_not_guessed() -> None:
    """Only with whom and when: what came of it is asked."""
    text = (
        "school nurse in Biggleswade, spoke to the social worker on Monday and her manager on "
        "Thursday, still no reply"
    )
    told = read_whole(text, SUNDAY, answers_ranked(text))
    first, second = told.history.steps
    assert (first.level, first.outcome) == (Level.practitioner, None)
    assert (second.level, second.outcome) == (Level.line_manager, Outcome.no_response)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        (
            (
                "I manage a team of school nurses in Kent and the social worker has closed the "
                "case on us without asking anybody"
            ),
            Level.line_manager,
        ),
        (
            (
                "i oversee the outreach workers at a refuge in Poole, the police never told us "
                "that he had been bailed"
            ),
            Level.line_manager,
        ),
        (
            (
                "I'm a health visitor in Luton and social care have closed it without a word to me "
                "or to my manager"
            ),
            Level.practitioner,
        ),
    ],
)
def test_own_rung_that_is_said_overrules_what_was_learned(text: str, level: Level) -> None:
    """Whoever says that they manage people is believed."""
    assert whole(text).level is level


@pytest.mark.parametrize(
    "text",
    [
        "threshold",
        "it was about thresholds",
        "The level of need, or a referral not accepted",
        "information sharing",
        "A plan that is not making progress",
    ],
)
def test_what_it_is_about_is_no_outcome(text: str) -> None:
    """Typed while the outcome is asked for, it leaves that question open."""
    learned_of_it = {normal(text): ("unresolved", 0.9)}
    assert find_outcomes(normal(text), learned_of_it) == []
    assert find_outcomes("refused, threshold not met", {}) != []


ANSWERS = {
    Outcome.unresolved: (
        "she said that's not for us",
        "he reckons the school can do it with early help",
        '"we\'re at capacity" was all I got',
        "her manager is of the same opinion",
        "she told me to get the GP to refer him",
    ),
    Outcome.awaiting: (
        "she is going to run it past her boss",
        "he's pulling the file and will ring me",
        "she wants to see our chronology before she says anything",
        "they will let us know after their meeting",
    ),
    Outcome.no_response: (
        "not so much as a text since",
        "it just goes to answerphone",
        "I've rung four times since and nobody rings back",
    ),
    Outcome.resolved: ("they have taken him back on", "she agreed and reopened it that day"),
}


def test_reported_speech_says_what_came_of_a_talk() -> None:
    """An open class: most are read, hardly any wrongly, and the rest is asked."""
    right: list[str] = []
    wrong: list[str] = []
    for meant, clauses in ANSWERS.items():
        for answer in clauses:
            text = f"school nurse in Luton. I rang the social worker on Monday about it, {answer}"
            read = read_whole(text, SUNDAY, answers_ranked(text))
            heard = read.history.steps[0].outcome
            (right if heard is meant else wrong if heard else []).append(answer)
    assert len(right) >= 10, right
    assert len(wrong) <= 1, wrong


def test_a_referral_is_no_talk_beside_one() -> None:
    """The day of the talk is kept, not that of the referral."""
    text = "HV Beds ref'd to MASH Tues, NFA'd Thurs, d/w SW Fri n/f/a, TM to ring?"
    (step,) = whole(text).history.steps
    assert (step.level, step.on) == (Level.practitioner, date(2026, 11, 27))


@pytest.mark.parametrize(
    "text",
    [
        "GP in Hackney. csc closed the case after I referred. Grandad phoned me on tuesday.",
        "School Kent, csc refused referral. her sister rang me last monday",
        "Rang the pharmacy friday. gp kent csc nfa. nobody has spoken to csc yet",
        "Mum's solicitor phoned me yesterday. I'm a hv in luton and csc refused the referral",
        "csc refused referral, school in Kent. I told our nurse about it on thursday.",
        "The landlord emailed us on monday. youth club in luton, csc said no further action",
    ],
)
def test_a_talk_with_anybody_else_is_no_step(text: str) -> None:
    """However long the account, and whatever was learned."""
    assert whole(text).history.steps == ()


@pytest.mark.parametrize(
    "text",
    [
        "quick - need an email to the csc manager in bedford, they refused s47, i'm the dsl here",
        "i want to write to their team manager, kent, we're a school and they said no to our form",
        "can you draft a letter to the head of service for me, gp in poole, they shut the case",
    ],
)
def test_a_letter_to_be_written_is_no_step(text: str) -> None:
    """Nothing is booked that somebody only asks help with."""
    assert whole(text).history.steps == ()


def test_few_words_are_read_by_rules_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is too little to weigh in an answer."""
    monkeypatch.setattr(learned, "load_weights", pytest.fail)
    assert whole("hv in luton").agencies.mine is Agency.health
    with pytest.raises(pytest.fail.Exception):
        whole("hv in luton, we have asked and asked the school for the records of this child")


def raised(text: str) -> tuple[RaisedStage, ...]:
    """The stages that were raised, of a text typed on a Sunday."""
    return find_raised_stages(text, whole(text), SUNDAY)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("we raised stage 1 today", [1]),
        ("a school raised stage two with me on tuesday", [2]),
        ("her manager rang me yesterday under stage 2", [2]),
        ("stage 1 came in thursday", [1]),
        ("a head emailed on thursday to say shes escalating under stage 1", [1]),
        ('an email headed "stage 2 escalation"', [2]),
        ("stage 1 was raised with the team manager", [1]),
        ("the stage 3 form was sent", [3]),
        ("Stage II has been opened", [2]),
        ("stage two was begun", [2]),
        ("the second stage was started", [2]),
        ("we are at stage 2", [2]),
        ("it is at stage 3 since 23 November", [3]),
        ("stage 2 on 20 November", [2]),
        ("stage 3 has not settled it", [3]),
        ("a stage 2 escalation has landed on my desk", [2]),
        ("they will not meet although stage 2 was raised", [2]),
        ("raised stage 1 and then stage 2", [1, 2]),
        ("i want to raise stage 2", []),
        ("we would like stage 2 raised", []),
        ("stage 2 must be raised in writing", []),
        ("if stage 2 was raised", []),
        ("is stage 2 raised by the head", []),
        ("stage 2 has not been raised", []),
        ("im thinking of escalating at stage 2 next week", []),
        ("what must i do at stage 2", []),
        ("we havent raised stage 2", []),
        ("stage 3 please", []),
        ("stage 1", []),
        ("at this stage I was told no", []),
    ],
)
def test_a_stage_that_was_raised_is_told_from_one_that_is_wished_for(
    text: str, numbers: list[int]
) -> None:
    """Its number alone says nothing of what came of it."""
    assert [stage.number for stage in raised(text)] == numbers
    assert not (numbers and find_wish(text, find_agencies(text)))


@pytest.mark.parametrize(
    ("text", "day", "outcome", "answered"),
    [
        ("stage 2 was raised on 20 November, no reply", 20, Outcome.no_response, None),
        ("stage 2 was opened on 20 November but not settled", 20, Outcome.unresolved, None),
        ("we are at stage 2, raised on 20 November", 20, None, None),
        ("we rang the worker on the 3rd and stage 2 was raised on the 20th", 20, None, None),
        ("social care refused. stage 2 was started on 20 November", 20, None, None),
        (
            "stage 2 has not settled it, the managers decided on 25 November",
            None,
            Outcome.unresolved,
            25,
        ),
    ],
)
def test_a_stage_has_the_day_on_which_it_was_raised(
    text: str, day: int | None, outcome: Outcome | None, answered: int | None
) -> None:
    """The day of an answer is another, and what came before a stage did not come of it."""
    (stage,) = raised(text)
    days = [on and on.day for on in (stage.on, stage.answered_on)]
    assert (*days, stage.outcome) == (day, answered, outcome)


@pytest.mark.parametrize("text", ["stage 1", "the first stage", "weds gone", "stage two, thursday"])
def test_a_stage_or_a_day_alone_has_no_outcome(text: str) -> None:
    """Even where the ranker is sure of one."""
    words = normal(text)
    sure = dict.fromkeys((words, "stage two", "thursday"), (str(Outcome.unresolved), 0.9))
    assert find_outcomes(words, sure) == []


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("the school have raised a stage two against us", Side.receiver),
        ("i'm the one being challenged", Side.receiver),
        ("i am not the one escalating", Side.receiver),
        ("one of my health visitors has escalated to me", Side.raiser),
        ("we disagree", None),
    ],
)
def test_a_side_that_is_said_overrules_what_was_learned(text: str, side: Side | None) -> None:
    """Plain words need no weighing."""
    assert said_side(text, find_agencies(text)) is side


@pytest.mark.parametrize(
    ("text", "introduces"),
    [
        ("teacher", True),
        ("im a teacher in kent", True),
        ("teacher here, hackney school", True),
        ("I'm a coach at a football club", True),
        ("I'm a teacher in Outer Hebrides", True),
        ("a teacher hit a pupil", False),
        ("a teacher at our school hit a pupil", False),
        ("teacher slapped him", False),
        ("our teacher is sleeping with a pupil", False),
        ("the head says leave it", False),
        ("im a teacher and the social worker has closed the case", False),
    ],
)
def test_a_bare_introduction_is_known(text: str, introduces: bool) -> None:  # noqa: FBT001
    """It asks for no other procedure."""
    assert find_agencies(text).is_introduction is introduces


@pytest.mark.parametrize(
    "text",
    [
        "police came",
        "police on way",
        "police car outside",
        "ambulance arrived",
        "duty came out",
        "EDT just voicemail",
        "csc turned up at last",
        "CAMHS rang",
        "police attending",
    ],
)
def test_news_of_an_agency_is_not_who_writes(text: str) -> None:
    """Few words with an agency in them tell what it did, in the middle of an emergency too."""
    assert find_agencies(text).mine is None


@pytest.mark.parametrize(
    ("text", "mine"),
    [
        ("police, Luton", "police"),
        ("CAMHS Poole. They closed it", "health"),
        ("A&E reg at Whiston, mash said no", "health"),
        ("Hackney nursery, referral refused", "early_years"),
        ("independent school", "education"),
    ],
)
def test_an_agency_with_no_more_than_its_place_is_who_writes(text: str, mine: str) -> None:
    """So do people begin who are in a hurry."""
    assert find_agencies(text).mine == mine


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("I'm a DI in Kent and a school raised it with me on wednesday", "senior_manager"),
        ("DCI, dorset. a health visitor challenged me on tuesday about our nfa", "senior_manager"),
        ("head of service, csc, bedford. a head wrote to me on thursday", "senior_manager"),
        (
            "team manager csc, poole, a midwife rang me on friday to challenge it",
            "line_manager",
        ),
        (
            "director of nursing, dorchester hospital. csc wrote to me under stage 3 on wednesday",
            "director",
        ),
    ],
)
def test_who_was_written_to_stands_on_the_rung_of_their_title(text: str, level: str) -> None:
    """Their post, and what was raised with them, are on the rung that their title names."""
    read = whole(text)
    assert read.side is Side.receiver
    assert str(read.level) == level
    assert [str(step.level) for step in read.history.steps] in ([level], [])


@pytest.mark.parametrize(
    ("text", "level"),
    [
        (
            "school nurse, Luton, I rang the team manager on monday about the closure, no",
            Level.practitioner,
        ),
        (
            "tenancy officer, Poole. their team manager phoned me on monday and wouldn't reopen it",
            Level.practitioner,
        ),
        (
            "HV in Sandy, e-mailed the service manager on tuesday, the plan fails, refused",
            Level.practitioner,
        ),
        (
            "school nurse, Luton, my team lead rang the team manager on monday, she said no",
            Level.line_manager,
        ),
        (
            "midwife, Deal. told my manager, who then rang their team manager on monday, no",
            Level.line_manager,
        ),
        (
            "DSL at a school in Hackney, I rang the social worker on monday and she wouldn't move",
            Level.practitioner,
        ),
        (
            "DSL at a school in Hackney, I rang the team manager on monday and she wouldn't move",
            Level.line_manager,
        ),
        (
            "we are a school in Kent and I spoke to the duty team manager on monday, she said no",
            Level.line_manager,
        ),
    ],
)
def test_a_talk_is_on_the_rung_that_both_sides_have_reached(text: str, level: Level) -> None:
    """Whoever rings a manager has not had their own manager ring, whichever of them rang.

    Where the post of whoever writes is not told, it is on the rung of whoever they spoke to.
    """
    (step,) = whole(text).history.steps
    assert step.level is level


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("HV Sandy, rang SW Tues re closing, n/j", Outcome.unresolved),
        ("HV Sandy, e-mailed SW Tues re closing, n/r", Outcome.no_response),
        ("HV Sandy, rang SW Tues re closing, n/a x3", Outcome.no_response),
        ("HV Sandy, d/w SW Tues re closing, no joy", Outcome.unresolved),
        ("HV Sandy, d/w SW Tues re closing, nfa'd again", Outcome.unresolved),
        ("HV Sandy, d/w SW Tues re closing, n/f/a", Outcome.unresolved),
    ],
)
def test_the_short_forms_of_an_answer_are_read(text: str, outcome: Outcome) -> None:
    """As they stand in a case note."""
    (step,) = read_whole(text, SUNDAY, answers_ranked(text)).history.steps
    assert step.outcome is outcome
