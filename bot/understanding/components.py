"""Understanding as Rasa components: one ranks intents, the other reads the message."""

import logging
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, METADATA, METADATA_INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.clock import today
from bot.core.handbook.guidance import load_answers
from bot.core.handbook.topics import ABOUT_A_QUESTION, ABOUT_THE_GUIDE, Topic
from bot.core.policy.loader import load_sound_library
from bot.core.policy.model import Policy
from bot.core.vocabulary import URGENT_RISKS, Disagreement, Exit
from bot.paths import POLICIES, SOUND_POLICIES
from bot.understanding.account.gazetteer import Gazetteer, make_gazetteer, places_from
from bot.understanding.account.mail import body_text
from bot.understanding.account.outcomes import answer_clauses
from bot.understanding.account.own_side import own_side_clauses, worded
from bot.understanding.danger.calls import call_clauses
from bot.understanding.enquiry.details import TermLexicon, term_lexicon
from bot.understanding.enquiry.enquiries import compile_patterns
from bot.understanding.enquiry.sentences import may_hold_question
from bot.understanding.hesitation import SURE, enough_for
from bot.understanding.model.encoder import Encoder, Scores, load_encoder
from bot.understanding.model.joined import heard_of_danger, rank_joined
from bot.understanding.model.lines import OPEN
from bot.understanding.model.ranker import (
    CALL,
    CLAUSES,
    DANGER,
    ENQUIRY,
    NO_DANGER,
    OUTCOME,
    OWN_SIDE,
    Ranker,
    rank_clauses,
    read_ranker,
    train_both,
    train_clauses,
    train_topics,
    write_ranker,
)
from bot.understanding.model.replies import (
    MOST_WORDS,
    REPLIED,
    ReplyRanker,
    read_replies,
    train_replies,
    write_replies,
)
from bot.understanding.model.wrapped import wrapped
from bot.understanding.own_words import without_own_words
from bot.understanding.reading import Reading, Trained, read_message
from bot.understanding.words.text import clean

log = logging.getLogger(__name__)
RANKING = "intent_ranking"
TOPICS = "topic_ranking"
HEARD = "heard_of_danger"
ANSWERS = "answers"
CALLED = "called"
OWN_SIDE_SAID = "own_side_said"
REPLIES_HEARD = "replies_heard"
READING = "reading"
INFORM = "inform"
ANSWERED_ELSEWHERE = {
    "rehearse", "ask_wording", "ask_draft", "ask_files",
    "change_answer", "show_advice", "go_back", "start_again", "save_case", "return_case",
    "delete_case", "help", "out_of_scope",
}  # fmt: skip
"""Intents that questions can have too ("can you write it for me?") and that do more than answer."""
TO_SAY = {"ask_wording", "out_of_scope", "help"}
"""Intents for which asking how to answer a named reply can be mistaken."""
REPLY_TOO = 0.15
"""The least confidence in `ask_pushback` beside these."""
COMMAND = re.compile(r"[\s/]*\w+\s*\{.*\}\s*", re.DOTALL)
WARM_UP = "she rang the team manager on monday about a bruise, no reply. is there a form?"
CLAUSE_RANKERS = {"outcomes": OUTCOME, "calls": CALL, "own_side": OWN_SIDE}
"""The rankers of clauses, and the intent of the lines that each learns from."""
AS_RANKED = {OWN_SIDE: worded}
"""How a clause is worded before it is ranked, by the intent of its ranker."""
REQUESTED = {"briefing": "ask_files", "calendar": "ask_files", "practice": "practise"}
"""The intent of each request that is known by its words."""
REPLIES = {"affirm", "deny", "dont_know", "called_for_help", "not_happening_now"}
"""Intents that answer a question: the form uses them, with whatever else was said."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentRanker(GraphComponent):
    """Ranks all intents, combining linear rankers with the sentence encoder.

    The rankers are stored as word lists and weights, without pickling. The encoder is not part of
    the model: `make tune` makes it.
    """

    def __init__(
        self,
        storage: ModelStorage,
        resource: Resource,
        rankers: Mapping[str, Ranker] | None = None,
        encoder: Encoder | None = None,
        replies: Mapping[str, ReplyRanker] | None = None,
    ) -> None:
        """Keep what Rasa's graph provides and, once trained or loaded, the rankers by name."""
        self._storage = storage
        self._resource = resource
        self._rankers = dict(rankers or {})
        self._encoder = encoder
        self._replies = dict(replies or {})

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "IntentRanker":
        """Return an untrained ranker."""
        return cls(model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the ranker to the intent examples and store it."""
        examples = [
            (str(message.get(TEXT)), str(message.get(INTENT)))
            for message in training_data.intent_examples
            if message.get(TEXT)
        ]
        both = train_both(examples, wrapped(examples), open_lines(training_data))
        self._rankers = dict(zip(("intents", "danger"), both, strict=True))
        if any(intent == ENQUIRY for _, intent in examples):
            self._rankers["topics"] = train_topics(*topic_examples(training_data))
        for name, intent in CLAUSE_RANKERS.items():
            clauses = clause_examples(training_data, intent)
            if clauses:
                self._rankers[name] = train_clauses(clauses, intent)
        encoder = load_encoder()
        for intent in REPLIED:
            lines = clause_examples(training_data, intent)
            if lines:
                self._replies[intent] = train_replies(lines, intent, encoder)
        with self._storage.write_to(self._resource) as folder:
            for name, ranker in self._rankers.items():
                write_ranker(folder, name, ranker)
            for intent, replies in self._replies.items():
                write_replies(folder, intent, replies)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "IntentRanker":
        """Read the stored weights, which are arrays and JSON and contain no code."""
        with model_storage.read_from(resource) as folder:
            names = ("intents", "danger", "topics", *CLAUSE_RANKERS)
            rankers = {
                name: read_ranker(folder, name)
                for name in names
                if (folder / f"{name}.json").exists()
            }
            replies = {
                name: read_replies(folder, name)
                for name in REPLIED
                if (folder / f"{name}.json").exists()
            }
            return cls(model_storage, resource, rankers, load_encoder(), replies)

    def process(self, messages: list[Message]) -> list[Message]:
        """Put the ranking and the likeliest intent on each message."""
        for message in messages:
            text = _text(message)
            scores = self._encoder.score(text) if self._encoder and clean(text) else None
            ranked = self._rank(text, scores) if scores else []
            ranking = [{"name": name, "confidence": share} for name, share in ranked]
            best = ranking[0] if ranking else {"name": None, "confidence": 0.0}
            message.set(INTENT, best, add_to_output=True)
            message.set(RANKING, ranking, add_to_output=True)
            if "topics" in self._rankers and may_hold_question(text):
                message.set(TOPICS, self._rankers["topics"].rank(text))
            if "outcomes" in self._rankers:
                answers = rank_clauses(answer_clauses(text), self._rankers["outcomes"])
                message.set(ANSWERS, answers)
            if "calls" in self._rankers:
                message.set(CALLED, rank_clauses(call_clauses(text), self._rankers["calls"]))
            if "own_side" in self._rankers:
                said = rank_clauses(own_side_clauses(text), self._rankers["own_side"])
                message.set(OWN_SIDE_SAID, said)
            if scores and len(text.split()) <= MOST_WORDS:
                heard = {q: each.rank(text, scores.meaning) for q, each in self._replies.items()}
                message.set(REPLIES_HEARD, heard)
            if "danger" in self._rankers and scores:
                message.set(HEARD, heard_of_danger(text, self._rankers["danger"], scores))
        return messages

    def _rank(self, text: str, scores: Scores) -> list[tuple[str, float]]:
        if not {"intents", "danger"} <= self._rankers.keys():
            return []
        return rank_joined(text, self._rankers["intents"], self._rankers["danger"], scores)


def _text(message: Message) -> str:
    """Return what the person wrote: an e-mail's body, and an answer without what it quotes.

    A command in Rasa's notation is nothing that a person says, and answers no question.
    """
    text = str(message.get(TEXT) or "")
    return "" if COMMAND.fullmatch(text) else without_own_words(body_text(text))


def open_lines(training_data: TrainingData) -> set[str]:
    """Return the lines about something else in which a child may be in danger as well."""
    return {
        str(message.get(TEXT))
        for message in training_data.intent_examples
        if (message.get(METADATA) or {}).get(METADATA_INTENT, {}).get("danger") == OPEN
    }


def clause_examples(training_data: TrainingData, intent: str) -> list[tuple[str, str]]:
    """Return the clauses of an intent with the outcome that each tells of, "none" among them."""
    as_ranked = AS_RANKED.get(intent, str)
    return [
        (as_ranked(str(one.get(TEXT))), str(one.get(METADATA)[METADATA_INTENT]["outcome"]))
        for one in training_data.intent_examples
        if one.get(INTENT) == intent
    ]


def topic_examples(training_data: TrainingData) -> tuple[list[tuple[str, str]], list[str]]:
    """Return the lines that ask the guide something, with their topics, and the other lines.

    Questions among the lines that only sound like danger are left out.
    """
    asked: list[tuple[str, str]] = []
    told: list[str] = []
    for message in training_data.intent_examples:
        text, intent = str(message.get(TEXT) or ""), message.get(INTENT)
        if intent in CLAUSES:
            continue
        if intent == ENQUIRY:
            asked.append((text, str(message.get(METADATA)[METADATA_INTENT]["topic"])))
        elif text and intent != DANGER and not (intent == NO_DANGER and may_hold_question(text)):
            told.append(text)
    return asked, told


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class MessageReader(GraphComponent):
    """Runs last: puts the Reading on the message.

    Makes danger the intent when urgent, else `enquiry` when the message asks the guide something.
    """

    def __init__(
        self, places: Gazetteer, known: TermLexicon, stages: Mapping[str, Mapping[int, str]]
    ) -> None:
        """Take the places, the terms and the levels of the stages that the policies name."""
        self._places = places
        self._known = known
        self._stages = stages

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "MessageReader":
        """Return a reader of the places in `policies/`, or in the folder `policies` of config."""
        folder = Path(config.get("policies") or POLICIES)
        places = make_gazetteer(places_from(policy_places(folder)))
        answers = load_answers(folder / "guidance/answers.yml")
        policies = sound_policies(folder)
        known = term_lexicon(places, policies, answers)
        stages = {
            policy.id: {stage.number: str(stage.level) for stage in policy.stages}
            for policy in policies.values()
        }
        # Compile all patterns now, and not in somebody's first message.
        compile_patterns()
        read_message(WARM_UP, today(), places, Trained(), known)
        return cls(places, known, stages)

    def process(self, messages: list[Message]) -> list[Message]:
        """Read each message. A message that cannot be read is treated as urgent."""
        for message in messages:
            ranking = message.get(RANKING) or []
            shares = [(item["name"], float(item["confidence"])) for item in ranking]
            answers, called = message.get(ANSWERS) or {}, message.get(CALLED) or {}
            heard = message.get(HEARD)
            own_side = message.get(OWN_SIDE_SAID) or {}
            trained = Trained(
                shares,
                message.get(TOPICS) or [],
                heard,
                answers,
                called,
                own_side,
                message.get(REPLIES_HEARD) or {},
            )
            reading = self._read(_text(message), trained)
            message.set(READING, msgspec.to_builtins(reading), add_to_output=True)
            if reading.urgent:
                message.set(INTENT, {"name": DANGER, "confidence": 1.0}, add_to_output=True)
            elif ranking:
                intent = intent_to_act_on(ranking, reading, topic_share(reading, trained))
                message.set(INTENT, intent, add_to_output=True)
        return messages

    def _read(self, text: str, trained: Trained) -> Reading:
        try:
            reading = read_message(text, today(), self._places, trained, self._known)
            return self._with_level(reading)
        except Exception:  # Danger must be looked for in every message: a failure is not "safe".
            log.exception("A message could not be read; it is treated as urgent.")
            return UNREADABLE

    def _with_level(self, reading: Reading) -> Reading:
        """Name the level of the stage that somebody wishes for, once the policy is known."""
        wish, stages = reading.wish, self._stages.get(reading.partnership or "", {})
        if wish is None or wish["level"]:
            return reading
        level = stages.get(wish["stage"])
        return msgspec.structs.replace(reading, wish={**wish, "level": level})


def topic_share(reading: Reading, trained: Trained) -> float:
    """Return how sure the topic of the enquiry is, from 0 to 1."""
    topics = dict(trained.topics)
    return topics.get(str(reading.enquiry.topic), 0.0) if reading.enquiry else 0.0


def intent_to_act_on(
    ranking: list[dict[str, Any]], reading: Reading, topic: float = 0.0
) -> dict[str, Any]:
    """Return the intent to act on: never danger, which the reading decides.

    An enquiry takes precedence, except over intents that do more than answer and are surer than
    its `topic`, the share of which is from 0 to 1. An intent of the
    conversation ("yes", "help", "I've called") must be sure; otherwise the message is taken as an
    account: a place is not a yes. A request that is answered without the form counts as an account
    if it states a grave risk.
    """
    first = next(item for item in ranking if item["name"] != DANGER)
    reply = next((item for item in ranking if item["name"] == "ask_pushback"), None)
    if reading.pushback and reply and first["name"] in TO_SAY and reply["confidence"] >= REPLY_TOO:
        first = {**reply, "confidence": max(reply["confidence"], SURE)}
    if reading.says_only_where and not reading.urgent:
        return {"name": INFORM, "confidence": 1.0}
    if reading.request and not reading.urgent:
        return {"name": REQUESTED[reading.request], "confidence": 1.0}
    grave = reading.facts.get("risk") in URGENT_RISKS and first["name"] not in REPLIES
    if reading.own_side and not reading.enquiry:
        # The form knows whose side is meant, and answers it.
        return {"name": INFORM, "confidence": 1.0}
    does_more = first["name"] in ANSWERED_ELSEWHERE and first["confidence"] >= max(SURE, topic)
    aside = first["name"] == "out_of_scope"
    topics = ABOUT_THE_GUIDE - {Topic.unknown} if aside else ABOUT_A_QUESTION
    if reading.enquiry and reading.enquiry.topic in topics:
        # "What is this?" has an answer of its own, which help would not give.
        does_more = False
    if reading.enquiry and not grave and not does_more:
        return {"name": ENQUIRY, "confidence": 1.0}
    if first["name"] in set(map(str, Exit)) and reading.exit is None:
        # What is unsure sends nobody to another procedure.
        return {"name": INFORM, "confidence": first["confidence"]}
    told = {*map(str, Disagreement), *map(str, Exit), INFORM}
    enough = enough_for(first["name"], reading.worry, reading.pushback)
    if first["name"] in told or (first["confidence"] >= enough and not grave):
        return first
    return {"name": INFORM, "confidence": first["confidence"]}


UNREADABLE = Reading(
    urgent=True,
    urgent_because="something that I could not read, so I cannot rule out danger",
    flags=(),
    disagreement=(),
    exit=None,
    partnership=None,
    area=None,
    outside_place=None,
    dates=(),
    date_ranges=(),
    bad_dates=(),
    agencies=(),
    levels=(),
    outcomes=(),
    child_status=(),
    facts={},
)


def sound_policies(folder: Path) -> dict[str, Policy]:
    """Return the newest version of each policy that can be offered, wrong files apart."""
    kept = SOUND_POLICIES if folder == POLICIES else None
    return load_sound_library(folder, kept=kept).newest()


def policy_places(folder: Path) -> Mapping[str, Mapping[str, object]]:
    """Return {id: {"names", "places", "areas": {id: [words]}}} of the policy files in a folder.

    Guidance that gives way to the local policy names no places, so it is left out.
    """
    return {
        policy.id: {
            "names": policy.names,
            "places": policy.places,
            "areas": {area.id: [area.name, *area.places] for area in policy.areas},
        }
        for policy in sound_policies(folder).values()
    }
