"""Figures for understanding, over lines that are never trained on. For tests and the bench."""

import tarfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import msgspec

from bot.core.handbook.guidance import load_answers
from bot.core.policy.loader import load_policies
from bot.core.vocabulary import Risk
from bot.model import trained_model
from bot.paths import POLICIES, ROOT
from bot.understanding.account.gazetteer import make_gazetteer, places_from
from bot.understanding.account.outcomes import answer_clauses
from bot.understanding.account.own_side import own_side_clauses
from bot.understanding.components import policy_places, read_rankers
from bot.understanding.danger.calls import NOT_HEARD, call_clauses, find_calls
from bot.understanding.danger.found_call import FoundCall
from bot.understanding.enquiry.details import TermLexicon, term_lexicon
from bot.understanding.enquiry.enquiries import find_enquiry
from bot.understanding.enquiry.sentences import may_hold_question
from bot.understanding.intents import intent_to_act_on, topic_share
from bot.understanding.model.by_meaning import MeaningRanker
from bot.understanding.model.encoder import Encoder, Scores
from bot.understanding.model.graph import make_encoder
from bot.understanding.model.joined import heard_of_danger, rank_joined
from bot.understanding.model.lines import training_lines
from bot.understanding.model.ranker import (
    CAME_OF_CALL,
    CLAUSES,
    DANGER,
    ENQUIRY,
    NO_DANGER,
    Ranker,
    rank_clauses,
)
from bot.understanding.model.replies import MOST_WORDS, ReplyRanker
from bot.understanding.reading import read_message
from bot.understanding.record import Reading
from bot.understanding.trained import Trained
from bot.understanding.words.text import clean, one_message

LINES = ROOT / "tests/understanding/lines"
TODAY = date(2026, 11, 20)
BATCHES = ("", "_second", "_third")
QUESTION_BATCHES = BATCHES
URGENT = "urgent"
"""The heading of lines with danger: those that say so go on with "now" or "today"."""
PLAIN, OBLIQUE = "plain", "oblique"
"""What a heading ends with where a batch tells what is said plainly from what is hinted at, and
calm lines about a disagreement from those that were written to be taken for danger."""
ACCOUNT = "account"
"""The heading of lines that are not questions."""
CLOSE = {
    "ask_confidence": {"permission", "manager_wont", "relationship"},
    "ask_pushback": {"refusal", "remaining", "manager_wont"},
}
"""Topics that are answered as well by what is said to somebody who hesitates, and the reverse."""
TIMED_BATCHES = tuple(f"_blind{number}" for number in range(7, 16))
"""Batches of danger that tell what is happening now from what is for today."""
DANGER_BATCHES = (*BATCHES, "_fourth", "_blind")
LATER_BATCHES = ("_blind3", "_blind4")
"""Batches of danger and kinds by authors who had seen none of our lines."""


class Danger(msgspec.Struct, frozen=True):
    """Shares of urgent lines heard, and of the others taken for urgent, with the lines."""

    recall: float
    false_alarms: float
    missed: tuple[str, ...]
    false: tuple[str, ...]


class Kinds(msgspec.Struct, frozen=True):
    """Shares right first and in the first two; (meant, heard) pairs that were mistaken."""

    first: float
    first_two: float
    lines: int
    mistaken: Counter[tuple[str, str]]


class EnquiryFigures(msgspec.Struct, frozen=True):
    """Shares of questions found and of those with the right topic, of accounts taken for one."""

    found: float
    right: float
    false_alarms: float
    mistaken: tuple[tuple[str, str, str], ...]


class Grouped(msgspec.Struct, frozen=True):
    """One line with the heading it stands under."""

    heading: str
    text: str


@cache
def grouped(name: str) -> list[Grouped]:
    """The lines of a file, each with the last `# heading` above it."""
    return list(_grouped((LINES / f"{name}.txt").read_text("utf-8")))


def _grouped(text: str) -> Iterator[Grouped]:
    heading = ""
    for line in text.splitlines():
        if line.startswith("# "):
            heading = line[2:]
        elif line:
            yield Grouped(heading, line)


def intent_examples() -> list[tuple[str, str]]:
    """Every training line with its intent, read without Rasa."""
    return [(line.text, line.intent) for line in training_lines()]


def enquiry_examples() -> tuple[list[tuple[str, str]], list[str]]:
    """Training lines that ask the guide something, with their topic, and those that do not."""
    lines = training_lines()
    asked = [(line.text, line.topic) for line in lines if line.intent == ENQUIRY]
    told = [
        line.text
        for line in lines
        if line.intent not in {ENQUIRY, DANGER, *CLAUSES}
        and (line.intent != NO_DANGER or not may_hold_question(line.text))
    ]
    return asked, told


@cache
def _stored() -> tuple[dict[str, Ranker], dict[str, ReplyRanker], MeaningRanker | None]:
    """The rankers of the trained model, which is trained first where it is not."""
    with TemporaryDirectory() as folder, tarfile.open(trained_model()) as archive:
        archive.extractall(folder)  # noqa: S202 - our own
        (intents,) = Path(folder).glob("components/*/intents.json")
        return read_rankers(intents.parent)


def topic_ranker() -> Ranker:
    """The model's ranker of topics."""
    return _stored()[0]["topics"]


def rankers() -> tuple[Ranker, Ranker]:
    """The model's rankers of intents and of danger."""
    stored, *_ = _stored()
    return stored["intents"], stored["danger"]


def kinds_by_meaning() -> MeaningRanker | None:
    """The model's ranker of kinds by meaning."""
    return _stored()[2]


def answers_ranked(text: str) -> dict[str, tuple[str, float]]:
    """What the ranker of outcomes says of each clause of a text."""
    return rank_clauses(answer_clauses(text), _stored()[0]["outcomes"])


def calls_ranked(text: str) -> dict[str, tuple[str, float]]:
    """What the ranker of calls says of each clause of a text."""
    return rank_clauses(call_clauses(text), _stored()[0]["calls"])


def calls_told(text: str) -> tuple[FoundCall, ...]:
    """The calls that a text tells of, as the model ranks its clauses and the whole."""
    whole = replies_ranked(text).get(CAME_OF_CALL, NOT_HEARD)
    return find_calls(text, calls_ranked(text), TODAY, whole)


def own_side_ranked(text: str) -> dict[str, tuple[str, float]]:
    """What the ranker of one's own side says of each clause of a text."""
    return rank_clauses(own_side_clauses(text), _stored()[0]["own_side"])


def replies_ranked(text: str) -> dict[str, tuple[str, float]]:
    """What the rankers of replies say of a whole text."""
    if len(text.split()) > MOST_WORDS or not clean(text):
        return {}
    meaning = scores(text).meaning
    return {intent: ranker.rank(text, meaning) for intent, ranker in _stored()[1].items()}


@cache
def encoder() -> Encoder:
    """The encoder of sentences, as it ships."""
    return make_encoder()


@cache
def scores(text: str) -> Scores:
    """What the encoder hears in a text."""
    return encoder().score(text)


@cache
def shares(text: str) -> list[tuple[str, float]]:
    """Every intent with its share, as the model ranks them."""
    return rank_joined(text, *rankers(), scores(text), kinds_by_meaning())


@cache
def reader() -> Callable[[str], Reading]:
    """A function that reads a text as the model does, on a fixed day."""
    _, danger = rankers()
    topics = topic_ranker()
    known = everything_named()

    @cache
    @one_message()
    def one(text: str) -> Reading:
        asked = topics.rank(text) if may_hold_question(text) else ()
        heard = heard_of_danger(text, danger, scores(text)) if clean(text) else None
        clauses = (answers_ranked(text), calls_ranked(text), own_side_ranked(text))
        trained = Trained(shares(text), asked, heard, *clauses, replies_ranked(text))
        return read_message(text, TODAY, known.places, trained, known)

    return one


def intent(text: str) -> str:
    """The intent that a text is acted on as."""
    reading = reader()(text)
    ranked = [{"name": name, "confidence": share} for name, share in shares(text)]
    asked = topic_ranker().rank(text) if may_hold_question(text) else ()
    sure = topic_share(reading, Trained((), asked))
    return DANGER if reading.urgent else str(intent_to_act_on(ranked, reading, sure)["name"])


def measure_danger(*batches: str, said: str = "") -> Danger:
    """How danger is heard in the batches; `said` takes only lines that are PLAIN, or OBLIQUE."""
    lines = [line for batch in batches for line in grouped(f"red_flags{batch}")]
    lines = [line for line in lines if line.heading.endswith(said)]
    heard = {line: reader()(line.text).urgent for line in lines}
    urgent = [line for line in lines if line.heading.startswith(URGENT)]
    calm = [line for line in lines if not line.heading.startswith(URGENT)]
    missed = tuple(line.text for line in urgent if not heard[line])
    false = tuple(line.text for line in calm if heard[line])
    return Danger(1 - len(missed) / len(urgent), len(false) / len(calm), missed, false)


def measure_now(*batches: str, said: str = "") -> tuple[float, float]:
    """Shares taken for immediate danger of what is happening now, and of what is not."""
    lines = [line for batch in batches for line in grouped(f"red_flags{batch}")]
    shares = []
    for heading in (f"{URGENT} now", f"{URGENT} today"):
        those = [
            line.text
            for line in lines
            if line.heading.startswith(heading) and line.heading.endswith(said)
        ]
        called = [reader()(text).facts.get("risk") == Risk.immediate_danger for text in those]
        shares.append(sum(called) / len(called))
    return shares[0], shares[1]


def measure_kinds(*batches: str) -> Kinds:
    """How the kinds of disagreement are ranked in the batches."""
    lines = [line for batch in batches for line in grouped(f"disagreements{batch}")]
    first = second = 0
    mistaken: Counter[tuple[str, str]] = Counter()
    for line in lines:
        names = [kind.name for kind in reader()(line.text).disagreement[:2]]
        first += names[:1] == [line.heading]
        second += line.heading in names
        if names[:1] != [line.heading]:
            mistaken[line.heading, names[0] if names else "none"] += 1
    return Kinds(first / len(lines), second / len(lines), len(lines), mistaken)


def question_finder() -> Callable[[str], object]:
    """A function that only looks for a question, with the ranker of topics."""
    topics, known = topic_ranker(), everything_named()

    def one(text: str) -> object:
        return find_enquiry(text, known, topics.rank(text) if may_hold_question(text) else ())

    return one


@cache
def everything_named() -> TermLexicon:
    """The terms that the shipped policies and the guidance name."""
    places = make_gazetteer(places_from(policy_places(POLICIES)))
    answers = load_answers(POLICIES / "guidance/answers.yml")
    return term_lexicon(places, load_policies(POLICIES), answers)


def measure_enquiries(*batches: str) -> EnquiryFigures:
    """How questions to the guide are told from accounts, and their topics."""
    lines = [line for batch in batches for line in grouped(f"enquiries{batch}")]
    heard = [(line.heading, asks_for(line.text), line.text) for line in lines]
    heard = [
        (meant, meant if _close(found, meant) else found, text) for meant, found, text in heard
    ]
    questions = [one for one in heard if one[0] != ACCOUNT]
    accounts = [one for one in heard if one[0] == ACCOUNT]
    return EnquiryFigures(
        sum(found != ACCOUNT for _, found, _ in questions) / len(questions),
        sum(meant == found for meant, found, _ in questions) / len(questions),
        sum(found != ACCOUNT for _, found, _ in accounts) / len(accounts),
        tuple(one for one in heard if one[0] != one[1]),
    )


def asks_for(text: str) -> str:
    """The topic of a message, as headed in enquiries.txt, or the intent of hesitating."""
    reading = reader()(text)
    if reading.urgent:
        return "danger"
    heard = intent(text)
    if reading.own_side and reading.own_side.is_told:
        return "ask_confidence"
    if reading.enquiry is None:
        return heard if heard in CLOSE else ACCOUNT
    return str(reading.enquiry.exit or reading.enquiry.topic)


def _close(one: str, other: str) -> bool:
    """Say whether an intent of hesitating and a topic get the same help."""
    return other in CLOSE.get(one, ()) or one in CLOSE.get(other, ())


def hesitates(text: str, meant: str) -> bool:
    """Say whether a text gets the help that an intent of hesitating stands for."""
    heard = intent(text)
    return meant in {heard, asks_for(text)} or _close(asks_for(text), meant)


def recognised_area(text: str) -> str:
    """The area that a text is about, as headed in places.txt."""
    reading = reader()(text)
    if reading.partnership:
        return " ".join(filter(None, (reading.partnership, reading.area)))
    return "outside" if reading.outside_place else "none"


def milliseconds(work: Callable[[str], object]) -> float:
    """The median time that `work` takes for one line of all batches."""
    lines = [line.text for batch in BATCHES for line in grouped(f"disagreements{batch}")]
    work(lines[0])
    spent = []
    for line in lines:
        start = time.perf_counter()
        work(line)
        spent.append(1000 * (time.perf_counter() - start))
    return median(spent)
