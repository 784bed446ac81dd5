"""Codes on their way in and out of a channel."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest
from msgspec import to_builtins
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered
from sqlalchemy import select

from bot.channels.cases import BY_ADDRESS, BY_CONVERSATION, CaseService, perform_effects, with_case
from bot.channels.messages import NeutralOutput
from bot.channels.wording import Wording, load
from bot.core.conversation.figures import Row
from bot.core.vocabulary import Level, Route
from bot.figures.log import FigureLog
from bot.paths import ROOT
from bot.privacy.cases.codes import CodeMatch, format_code, new_code, redact_codes
from bot.privacy.cases.saved import CaseStore, OpenedCase
from bot.privacy.store.database import make_engine
from bot.privacy.store.tables import ESCALATIONS, EVENTS
from bot.privacy.store.tracker_store import GuideTrackerStore

ANSWERS: dict[str, Any] = {"on": "2026-11-20", "answers": {"partnership": "kent"}}
NOW = 1000.0


class Watched(CaseStore):
    """A store that counts how often it was asked."""

    asked = 0

    def open(self, code: str) -> OpenedCase | None:
        """Count, and open."""
        self.asked += 1
        return super().open(code)


@pytest.fixture
def tracker_store(tmp_path: Path) -> Iterator[GuideTrackerStore]:
    """A store of conversations, which masks nothing."""
    url = f"sqlite:///{tmp_path}/conversations.db"
    made = GuideTrackerStore(Domain.empty(), url=url, mask=lambda text: cast("Any", text))
    yield made
    made.close()


@pytest.fixture
def store(tracker_store: GuideTrackerStore) -> Watched:
    """A store of cases in the same database."""
    return Watched(tracker_store.engine, "k" * 40, 30)


@pytest.fixture
def service(store: Watched) -> CaseService:
    """A service whose clock stands still."""
    return CaseService(store, lambda: NOW)


@pytest.fixture(scope="module")
def wording() -> Wording:
    """The sentences that channels say by themselves."""
    return load(ROOT / "data/responses")


def typed(*codes: str) -> list[CodeMatch]:
    """Find codes as they are typed."""
    return redact_codes(" and ".join(map(format_code, codes)))[1]


def wrong(code: str) -> str:
    """Return another code that has no slip."""
    return next(other for other in iter(new_code, None) if other != code)


# Coming in.


def test_a_right_code_opens_its_case(service: CaseService) -> None:
    """Also when a wrong one was typed before it."""
    code = service.store.save("one", ANSWERS)
    opened = service.look_up(typed(wrong(code), code), "a", "address")
    assert opened == OpenedCase("one", ANSWERS)


def test_a_mistyped_code_never_reaches_the_store(service: CaseService, store: Watched) -> None:
    """It does not count as a try either, so somebody who mistypes is not slowed down."""
    code = store.save("one", ANSWERS)
    slip = [CodeMatch(0, 1, None)]
    for _ in range(BY_CONVERSATION.burst * 3):
        assert service.look_up(slip, "a", "address") == "slip"
    assert store.asked == 0
    assert isinstance(service.look_up(typed(code), "a", "address"), OpenedCase)


def test_wrong_codes_are_slowed_down_in_one_conversation(
    service: CaseService, store: Watched
) -> None:
    """After a few, none is looked up, not even a right one; other conversations go on."""
    code = store.save("one", ANSWERS)
    tries = [service.look_up(typed(new_code()), "a", "here") for _ in range(BY_CONVERSATION.burst)]
    assert set(tries) == {"unknown"}
    asked = store.asked
    assert service.look_up(typed(code), "a", "here") == "wait"
    assert service.look_up(typed(new_code()), "a", "here") == "wait"
    assert store.asked == asked
    assert isinstance(service.look_up(typed(code), "b", "there"), OpenedCase)


@pytest.mark.long
def test_wrong_codes_are_slowed_down_from_one_address(service: CaseService, store: Watched) -> None:
    """A new conversation for each code does not help."""
    code = store.save("one", ANSWERS)
    for number in range(BY_ADDRESS.burst):
        assert service.look_up(typed(new_code()), f"conversation {number}", "here") == "unknown"
    assert service.look_up(typed(code), "one more", "here") == "wait"
    assert isinstance(service.look_up(typed(code), "one more", "there"), OpenedCase)


def test_after_a_while_codes_may_be_tried_again(store: Watched) -> None:
    """The wait is that of the token bucket, and nobody else waits with it."""
    now = NOW
    service = CaseService(store, lambda: now)
    for _ in range(BY_CONVERSATION.burst):
        service.look_up(typed(new_code()), "a", "")
    assert service.look_up(typed(new_code()), "a", "") == "wait"
    now += 1 / BY_CONVERSATION.per_second
    assert service.look_up(typed(new_code()), "a", "") == "unknown"


def test_many_codes_in_one_message_are_as_many_tries(service: CaseService, store: Watched) -> None:
    """A list of guesses is slowed down like any others."""
    many = [new_code() for _ in range(BY_CONVERSATION.burst * 2)]
    assert service.look_up(typed(*many), "a", "here") == "wait"
    assert store.asked == BY_CONVERSATION.burst


class Reader:
    """Stands in for Rasa's processor: every text has one intent."""

    def __init__(self, intent: str) -> None:
        self.intent = intent

    async def parse_message(self, message: UserMessage) -> dict[str, Any]:
        """Give a reading of the text."""
        intent = {"name": self.intent, "confidence": 0.9}
        reading = {"dates": ["2026-11-24"]}
        return {"text": message.text, "intent": intent, "entities": [], "reading": reading}


async def read(looked_up: OpenedCase | str, intent: str = "communication") -> dict[str, Any]:
    """Return the parse data of a message with a code."""
    message = UserMessage("[case code] no reply since tuesday", NeutralOutput(), "a")
    made = await with_case(message, looked_up, cast("MessageProcessor", Reader(intent)))
    assert made.parse_data is not None
    return dict(made.parse_data)


async def test_the_rest_of_the_message_is_read_beside_the_case() -> None:
    """The case comes with its reference, and the dates of the sentence are there."""
    parsed = await read(OpenedCase("one", ANSWERS))
    assert parsed["intent"]["name"] == "case_opened"
    assert parsed["case"] == {"reference": "one", "saved": ANSWERS}
    assert parsed["reading"] == {"dates": ["2026-11-24"]}


@pytest.mark.parametrize("why", ["unknown", "slip", "wait"])
async def test_only_the_reason_is_passed_on_if_no_case_is_opened(why: str) -> None:
    """Each reason has its own answer, and no case is opened."""
    parsed = await read(why)
    assert parsed["intent"]["name"] == "return_case"
    assert parsed["entities"] == [{"entity": "value", "value": why}]
    assert "case" not in parsed


async def test_danger_stays_danger_whatever_the_code() -> None:
    """And a case that was opened comes back as well."""
    parsed = await read(OpenedCase("one", ANSWERS), "danger")
    assert parsed["intent"]["name"] == "danger"
    assert parsed["case"]["reference"] == "one"
    assert (await read("unknown", "danger"))["intent"]["name"] == "danger"


async def test_another_language_is_answered_in_it_whatever_the_code() -> None:
    """What that answer is made from is kept, and the case comes back as well."""
    meaning = {"text": "[language]", "intent": {"name": "other_language"}, "entities": ["pl"]}
    message = UserMessage("[language]", NeutralOutput(), "a", parse_data=meaning)
    reader = cast("MessageProcessor", Reader("communication"))
    made = await with_case(message, OpenedCase("one", ANSWERS), reader)
    assert made.parse_data == {**meaning, "case": {"reference": "one", "saved": ANSWERS}}


# Going out.


async def output(wording: Wording, effect: dict[str, Any]) -> NeutralOutput:
    """Gather what an action says that has an effect."""
    placeholder = wording.say("case_code_shown")
    gathered = NeutralOutput()
    card = {"kind": "case", "code": placeholder, "title": "Saved"}
    said = {"text": f"Your code: {placeholder}", "custom": {"card": card, "effect": effect}}
    await gathered.send_response("a", {"text": "Before."})
    await gathered.send_response("a", said)
    return gathered


async def test_the_code_is_in_the_answer_and_nowhere_else(
    wording: Wording, store: Watched, tracker_store: GuideTrackerStore
) -> None:
    """Text and card show it; what the action said, which is stored, does not."""
    gathered = await output(wording, {"what": "save", "reference": "one", "answers": ANSWERS})
    stored = gathered.messages[1]
    before, live = perform_effects(gathered, "a", store, tracker_store, wording)
    assert before.text == "Before."
    assert live.card is not None
    code = live.card["code"]
    assert live.text == f"Your code: {code}"
    assert store.open(typed_one(code)) == OpenedCase("one", ANSWERS)
    assert code not in repr(stored)


def typed_one(code: str) -> str:
    """Return the code that was shown, as the store knows it."""
    (found,) = redact_codes(code)[1]
    assert found.code is not None
    return found.code


async def test_saving_again_keeps_the_code_and_a_new_one_ends_it(
    wording: Wording, store: Watched, tracker_store: GuideTrackerStore
) -> None:
    """Only what is asked for as new is shown."""
    code = store.save("one", {})
    again = await output(wording, {"what": "save", "reference": "one", "answers": ANSWERS})
    shown_again = perform_effects(again, "a", store, tracker_store, wording)
    assert shown_again == again.messages
    assert store.open(code) == OpenedCase("one", ANSWERS)
    renewed = await output(wording, {"what": "renew", "reference": "one", "answers": ANSWERS})
    live = perform_effects(renewed, "a", store, tracker_store, wording)[1]
    assert live.card is not None
    assert store.open(code) is None
    assert store.open(typed_one(live.card["code"])) == OpenedCase("one", ANSWERS)


async def test_keeping_up_to_date_says_nothing_and_makes_nothing(
    wording: Wording, store: Watched, tracker_store: GuideTrackerStore
) -> None:
    """A case that was deleted elsewhere stays deleted."""
    gathered = NeutralOutput()
    effect = {"what": "keep", "reference": "gone", "answers": ANSWERS}
    await gathered.send_response("a", {"custom": {"effect": effect}})
    assert perform_effects(gathered, "a", store, tracker_store, wording) == []
    assert not store.keep("gone", {})


# Two people with one code.


def knowing(tracker_store: GuideTrackerStore, conversation: str, *cases: dict[str, Any]) -> None:
    """Store a conversation that opened or changed cases."""
    events: list[dict[str, Any]] = []
    for case in cases:
        if "what" in case:
            events.append(BotUttered("Said.", {"custom": {"effect": case}}).as_dict())
        else:
            parsed: Any = {"text": "", "intent": {"name": "case_opened"}, "entities": []}
            parsed["case"] = case
            events.append(UserUttered("", {}, [], parsed).as_dict())
    rows = [
        {"sender_id": conversation, "type_name": e["event"], "data": json.dumps(e)} for e in events
    ]
    with tracker_store.engine.begin() as connection:
        connection.execute(EVENTS.insert(), rows)


@pytest.mark.parametrize("what", ["keep", "save", "renew"])
async def test_who_comes_second_with_a_code_is_told_and_overwrites_nothing(
    wording: Wording, store: Watched, tracker_store: GuideTrackerStore, what: str
) -> None:
    """B opened the case, A changed it: whatever B then does, A's change stays under its code."""
    code = store.save("one", {"on": "before"}, "first")
    opened = store.open(code)
    assert opened is not None
    assert opened.revision == "first"
    both = {"reference": "one", "saved": opened.answers, "revision": "first"}
    knowing(tracker_store, "A", both)
    knowing(tracker_store, "B", both)
    change = {"what": "keep", "reference": "one", "answers": ANSWERS, "revision": "by A"}
    assert told(wording, await output(wording, change), "A", store, tracker_store) is False
    knowing(tracker_store, "A", change)
    late = {"what": what, "reference": "one", "answers": {"on": "late"}, "revision": "by B"}
    gathered = await output(wording, late)
    knowing(tracker_store, "B", late)
    assert told(wording, gathered, "B", store, tracker_store)
    assert store.open(code) == OpenedCase("one", ANSWERS, "by A")
    # A goes on, and the same message sent again is no other person's.
    for _ in range(2):
        assert not told(wording, await output(wording, change), "A", store, tracker_store)
    # Once B has opened what A made of it, B may go on from there.
    knowing(tracker_store, "B", {"reference": "one", "saved": ANSWERS, "revision": "by A"})
    assert not told(wording, await output(wording, late), "B", store, tracker_store)


async def test_what_is_not_saved_over_theirs_is_not_counted_over_theirs(
    wording: Wording, store: Watched, tracker_store: GuideTrackerStore, tmp_path: Path
) -> None:
    """B is told that A changed the case: B's row does not take the place of A's, then or later."""
    figures = FigureLog(make_engine(f"sqlite:///{tmp_path}/figures.db"), lambda: date(2026, 11, 30))
    code = store.save("one", {"on": "before"}, "first")
    opened = store.open(code)
    assert opened
    rows = {
        who: Row(month="2026-11", policy="kent", route=Route.staged, level=level)
        for who, level in (("A", Level.director), ("B", Level.line_manager))
    }
    for who in "AB":
        first = {"reference": "one", "saved": opened.answers, "revision": "first"}
        knowing(tracker_store, who, first)
    for who in "AB":
        row = {"what": "log_saved", "reference": "one", "answers": to_builtins(rows[who])}
        change = {"what": "keep", "reference": "one", "answers": ANSWERS, "revision": f"by {who}"}
        knowing(tracker_store, who, change)
        for effect in (change, row, row):
            gathered = await output(wording, effect)
            perform_effects(gathered, who, store, tracker_store, wording, figures)
    figures.close()
    with figures.engine.connect() as connection:
        assert connection.execute(select(ESCALATIONS.c.level)).scalars().all() == ["director"]


def told(
    wording: Wording,
    gathered: NeutralOutput,
    conversation: str,
    store: Watched,
    tracker_store: GuideTrackerStore,
) -> bool:
    """Perform the effects; whether the person is told that the case was changed elsewhere."""
    said = perform_effects(gathered, conversation, store, tracker_store, wording)
    changed = said[-1].text == wording.say("case_changed_elsewhere")
    # It is not said that a case is saved which is not.
    assert any((message.card or {}).get("kind") == "case" for message in said) is not changed
    return changed
