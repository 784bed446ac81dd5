"""The calendar file: what its events are called, and what they say of how they were counted."""

from datetime import date

import pytest
from icalendar import Calendar

from bot.core.policy.loader import load_policy
from bot.core.policy.model import Party, Strength
from bot.core.rules.facts import Facts, Step
from bot.core.vocabulary import Level, Outcome, Risk
from bot.documents.case import Case, case_from
from bot.documents.dates import calendar_file, dates_for
from bot.paths import ROOT
from tests.support.core import IDS, handbook
from tests.support.documents import DAY, KEY, RAISED, case, every_case

EXAMPLE = ROOT / "docs/keepers/example/ashdown_vale.yml"

UNSETTLED = Outcome.unresolved


def events(found: Case) -> list[tuple[str, str]]:
    """Return the name and the description of each event, as a calendar reads the file."""
    calendar = Calendar.from_ical(calendar_file(found))
    return [(str(event["summary"]), str(event["description"])) for event in calendar.walk("VEVENT")]


@pytest.mark.parametrize("partnership", IDS)
def test_a_guide_is_called_a_guide(partnership: str) -> None:
    """In the event's name and beside its date, and nothing else is."""
    for named, found in every_case(partnership):
        for deadline, (title, text) in zip(dates_for(found), events(found), strict=True):
            guide = deadline.strength is Strength.guide
            assert title.endswith("(a guide)") is guide, named
            assert ("as a guide" in text) is guide, named


@pytest.mark.parametrize("partnership", IDS)
def test_an_event_says_only_what_is_so(partnership: str) -> None:
    """Only bank holidays that were passed over are named, and no sentence ends twice."""
    for named, found in every_case(partnership):
        for deadline, (title, text) in zip(dates_for(found), events(found), strict=True):
            assert ".." not in text, named
            assert ("Bank holidays in England" in text) is bool(deadline.bank_holidays), named
            assert "No bank holiday" not in text
            theirs = deadline.who is not Party.raiser or deadline.shared
            counts = deadline.if_raised_today and theirs
            assert ("This counts on it being raised" in text) is counts, named
            assert deadline.what.rstrip(".") in text
            assert title.startswith(str(found.policy and found.policy.short_name))
            assert not title.startswith(("You", "The other agency"))


def test_an_event_is_named_as_a_person_would_name_it() -> None:
    """Whose answer is due, and at which stage of which policy."""
    waiting = Step(Level.line_manager, RAISED, Outcome.awaiting)
    talked = Step(Level.practitioner, RAISED, UNSETTLED)
    assert (
        events(case("kent", talked, waiting))[0][0] == "Kent Stage 1: their written answer is due"
    )
    shared = case("pan_dorset", talked, waiting)
    assert events(shared)[0][0] == (
        "Pan-Dorset Stage 2: the time for settling it together ends (a guide)"
    )


def test_an_event_is_called_after_what_is_due() -> None:
    """A talk is no answer, and a limit over all steps is no step's."""
    policy = load_policy(EXAMPLE)
    waiting = Step(Level.line_manager, RAISED, Outcome.awaiting)
    facts = Facts(partnership=policy.id, risk=Risk.concern, steps=(waiting,))
    found = case_from(facts, policy, handbook(), DAY, KEY)
    assert [title for title, _ in events(found)] == [
        "Ashdown Vale Step 2: the conversation is due",
        "Ashdown Vale: finish all the steps together (a guide)",
    ]


def test_a_due_day_that_is_a_bank_holiday_is_named() -> None:
    """24 hours from Christmas Eve fall on Christmas Day."""
    found = case("pan_bedfordshire", area="luton", day=date(2026, 12, 24))
    assert (
        "Fri 25 Dec 2026 is itself a bank holiday in England (Christmas Day)."
        in (events(found)[0][1])
    )
