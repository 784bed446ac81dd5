"""Which intent a message is acted on as, once it has been ranked and read."""

from typing import Any

from bot.core.handbook.topics import ABOUT_A_QUESTION, ABOUT_THE_GUIDE, OF_THE_GUIDE_FIRST, Topic
from bot.core.vocabulary import ABOUT_RAISING, URGENT_RISKS, Disagreement, Exit
from bot.understanding.account.cases import CASE, PART_OF_AN_ANSWER
from bot.understanding.hesitation import SURE, enough_for
from bot.understanding.model.ranker import DANGER, ENQUIRY
from bot.understanding.record import Reading
from bot.understanding.trained import Trained

INFORM = "inform"
DELETES = "delete_case"
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
SURELY_ELSEWHERE = 0.9
"""From this confidence on, a question is about the weather, and not about a term of the work."""
REQUESTED = {
    "help": "help",
    "answer": "ask_draft",
    "draft": "ask_draft",
    "briefing": "ask_files",
    "calendar": "ask_files",
    "practice": "practise",
    "answers": "change_answer",
    "record": "ask_files",
}
"""The intent of each request that is known by its words."""
TOLD = {*map(str, Disagreement), *map(str, Exit), INFORM}
"""Intents of messages that tell of a case."""
EXPLAINS = {"help", "out_of_scope"}
"""Intents that answer with what the guide is, or is not, for."""
NOTHING_TOLD = {"thank", "stages"}
"""Intents that are answered without a look at what is told beside them."""
REPLIES = {"affirm", "deny", "dont_know", "called_for_help", "not_happening_now"}
"""Intents that answer a question: the form uses them, with whatever else was said."""


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
    first = next(item for item in ranking if item["name"] != DANGER and _may_be(item, reading))
    reply = next((item for item in ranking if item["name"] == "ask_pushback"), None)
    if reading.pushback and reply and first["name"] in TO_SAY and reply["confidence"] >= REPLY_TOO:
        first = {**reply, "confidence": max(reply["confidence"], SURE)}
    if reading.says_only_where and not reading.urgent:
        return {"name": INFORM, "confidence": 1.0}
    if reading.deletes == PART_OF_AN_ANSWER and not reading.urgent:
        return {"name": "change_answer", "confidence": 1.0}
    if reading.request and not reading.urgent:
        return {"name": REQUESTED[reading.request], "confidence": 1.0}
    grave = reading.facts.get("risk") in URGENT_RISKS and first["name"] not in REPLIES
    if not reading.enquiry and (known := _known_by_words(first["name"], reading)):
        return {"name": known, "confidence": 1.0}
    does_more = first["name"] in ANSWERED_ELSEWHERE and first["confidence"] >= max(SURE, topic)
    topics = _topics_before(first["name"], first["confidence"])
    if reading.enquiry and (
        reading.enquiry.topic in topics or reading.enquiry.words in OF_THE_GUIDE_FIRST
    ):
        # "What is this?" and "what are my dates?" have answers of their own, unlike help's. "Do I
        # have to put it in writing?" asks for no draft.
        does_more = False
    if reading.enquiry and not grave and not does_more:
        return {"name": ENQUIRY, "confidence": 1.0}
    if first["name"] in set(map(str, Exit)) and reading.exit is None:
        # What is unsure sends nobody to another procedure.
        return {"name": INFORM, "confidence": first["confidence"]}
    enough = enough_for(first["name"], reading.worry, reading.pushback)
    if first["name"] in TOLD or (first["confidence"] >= enough and not grave):
        return first
    return {"name": INFORM, "confidence": first["confidence"]}


def _may_be(ranked: dict[str, Any], reading: Reading) -> bool:
    """Say whether the words allow an intent: nobody is offered to delete who did not ask for it."""
    return ranked["name"] != DELETES or reading.deletes == CASE


def _topics_before(ranked: str, confidence: float) -> frozenset[Topic]:
    """Return the topics that are answered as enquiries, whatever else the intent would do."""
    if ranked == "show_advice":
        # "What happens if we don't agree?" asks for less than the whole advice.
        return ABOUT_A_QUESTION | {Topic.remaining}
    if ranked not in EXPLAINS:
        return ABOUT_A_QUESTION
    if ranked == "help":
        # "What do you mean by significant harm?" asks what a term means, and not why it is asked.
        return ABOUT_A_QUESTION | {Topic.limits, Topic.counted, Topic.about}
    about_itself = (ABOUT_THE_GUIDE | {Topic.limits, Topic.counted}) - {Topic.unknown}
    # A term that is in no list is said to be in none, and is not "I didn't follow that".
    return about_itself | {Topic.about} if confidence < SURELY_ELSEWHERE else about_itself


def _known_by_words(ranked: str, reading: Reading) -> str | None:
    """Return the intent that the words tell, whatever was `ranked` first, or None."""
    wishes = reading.wish is not None and not reading.wish["asked"]
    if ranked in NOTHING_TOLD and (reading.outcomes or wishes):
        # "Sorted, thanks" and "stage 3 please" tell or want something: the form takes it.
        return INFORM
    if ranked == "thank" and {"partnership", "my_agency"} & set(reading.facts):
        # "TA, Luton" says who writes, and "thanks, im in Kent" where.
        return INFORM
    if reading.is_bare_reply and ranked not in REPLIES | {"thank", "stop"}:
        return INFORM
    if reading.worry in ABOUT_RAISING and ranked not in TOLD:
        return "ask_confidence"
    # The form knows whose side is meant, and answers it.
    return INFORM if reading.own_side else None
