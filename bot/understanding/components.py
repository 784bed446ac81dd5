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
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.clock import today
from bot.core.handbook.guidance import load_answers
from bot.core.policy.loader import load_sound_library
from bot.core.policy.model import Policy
from bot.core.policy.told import steps_at_stages
from bot.paths import POLICIES, SOUND_POLICIES
from bot.understanding.account.gazetteer import Gazetteer, make_gazetteer, places_from
from bot.understanding.account.mail import body_text
from bot.understanding.account.outcomes import answer_clauses
from bot.understanding.account.own_side import own_side_clauses
from bot.understanding.danger.calls import call_clauses
from bot.understanding.enquiry.details import TermLexicon, term_lexicon
from bot.understanding.enquiry.enquiries import compile_patterns
from bot.understanding.enquiry.sentences import may_hold_question
from bot.understanding.examples import (
    clause_examples,
    kind_examples,
    open_lines,
    topic_examples,
)
from bot.understanding.intents import intent_to_act_on, topic_share
from bot.understanding.model.by_meaning import (
    MeaningRanker,
    read_by_meaning,
    write_by_meaning,
)
from bot.understanding.model.encoder import Encoder, Scores, load_encoder
from bot.understanding.model.joined import heard_of_danger, rank_joined
from bot.understanding.model.kinds import train_kinds
from bot.understanding.model.ranker import (
    CALL,
    DANGER,
    ENQUIRY,
    OUTCOME,
    OWN_SIDE,
    REPLIES,
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
    ReplyRanker,
    read_replies,
    train_replies,
    write_replies,
)
from bot.understanding.model.wrapped import wrapped
from bot.understanding.own_words import without_own_words
from bot.understanding.reading import read_message
from bot.understanding.record import Reading
from bot.understanding.trained import Trained
from bot.understanding.words.text import clean, one_message

log = logging.getLogger(__name__)
RANKING = "intent_ranking"
TOPICS = "topic_ranking"
HEARD = "heard_of_danger"
ANSWERS = "answers"
CALLED = "called"
OWN_SIDE_SAID = "own_side_said"
REPLIES_HEARD = "replies_heard"
READING = "reading"
KINDS_MEANT = "kinds"
GRAPH = "encoder.onnx"
COMMAND = re.compile(r"[\s/]*\w+\s*\{.*\}\s*", re.DOTALL)
WARM_UP = "she rang the team manager on monday about a bruise, no reply. is there a form?"
CLAUSE_RANKERS = {"outcomes": OUTCOME, "calls": CALL, "own_side": OWN_SIDE}
"""The rankers of clauses, and the intent of the lines that each learns from."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentRanker(GraphComponent):
    """Ranks all intents, combining linear rankers with the sentence encoder.

    The rankers are stored as word lists and weights, the encoder as a graph of matrices, without
    pickling. `make tune` makes what the encoder has learned.
    """

    def __init__(
        self,
        storage: ModelStorage,
        resource: Resource,
        rankers: Mapping[str, Ranker] | None = None,
        encoder: Encoder | None = None,
        replies: Mapping[str, ReplyRanker] | None = None,
        kinds: MeaningRanker | None = None,
    ) -> None:
        """Keep what Rasa's graph provides and, once trained or loaded, the rankers by name."""
        self._storage = storage
        self._resource = resource
        self._rankers = dict(rankers or {})
        self._encoder = encoder
        self._replies = dict(replies or {})
        self._kinds = kinds
        self._graph = b""

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
        """Fit the rankers to the intent examples and store them."""
        # Several learn from the same lines, whose features are worked out once.
        with one_message():
            self._fit(training_data)
        with self._storage.write_to(self._resource) as folder:
            for name, ranker in self._rankers.items():
                write_ranker(folder, name, ranker)
            for intent, replies in self._replies.items():
                write_replies(folder, intent, replies)
            if self._kinds:
                write_by_meaning(folder, KINDS_MEANT, self._kinds)
            (folder / GRAPH).write_bytes(self._graph)
        return self._resource

    def _fit(self, training_data: TrainingData) -> None:
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
        # Only here, since the guide itself does without onnx.
        from bot.understanding.model.graph import make_graph

        self._graph = make_graph()
        encoder = load_encoder(self._graph)
        for intent in REPLIES:
            lines = clause_examples(training_data, intent)
            if lines:
                self._replies[intent] = train_replies(lines, intent, encoder)
        self._kinds = train_kinds(*kind_examples(training_data), encoder)

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
            rankers, replies, kinds = read_rankers(folder)
            encoder = load_encoder((folder / GRAPH).read_bytes())
        return cls(model_storage, resource, rankers, encoder, replies, kinds)

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
        rankers = self._rankers["intents"], self._rankers["danger"]
        return rank_joined(text, *rankers, scores, self._kinds)


def read_rankers(
    folder: Path,
) -> tuple[dict[str, Ranker], dict[str, ReplyRanker], MeaningRanker | None]:
    """Return the stored rankers of messages and clauses, those of replies, and that of kinds."""
    stored = {path.stem for path in folder.glob("*.json")}
    names = ("intents", "danger", "topics", *CLAUSE_RANKERS)
    return (
        {name: read_ranker(folder, name) for name in names if name in stored},
        {name: read_replies(folder, name) for name in REPLIES if name in stored},
        read_by_meaning(folder, KINDS_MEANT),
    )


def _text(message: Message) -> str:
    """Return what the person wrote: an e-mail's body, and an answer without what it quotes.

    A command in Rasa's notation is nothing that a person says, and answers no question.
    """
    text = str(message.get(TEXT) or "")
    return "" if COMMAND.fullmatch(text) else without_own_words(body_text(text))


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
            return self._on_rungs(reading)
        except Exception:  # Danger must be looked for in every message: a failure is not "safe".
            log.exception("A message could not be read; it is treated as urgent.")
            return UNREADABLE

    def _on_rungs(self, reading: Reading) -> Reading:
        """Name the levels of the stages told by number, once the policy is known."""
        stages = self._stages.get(reading.partnership or "", {})
        wish, facts = reading.wish, reading.facts
        if wish and not wish["level"]:
            wish = {**wish, "level": stages.get(wish["stage"])}
        steps = steps_at_stages(facts.get("steps") or (), reading.raised, stages)
        if steps:
            facts = {**facts, "steps": steps}
        return msgspec.structs.replace(reading, wish=wish, facts=facts)


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
