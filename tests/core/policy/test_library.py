"""Which version of a policy holds: on a day, for a case, and for a region's areas."""

from datetime import date
from pathlib import Path

import pytest

from bot.core.policy.library import Library
from bot.core.policy.loader import load_library
from bot.core.policy.model import OfferedPolicy, Policy
from bot.core.rules.facts import Facts, Person, Step
from bot.core.rules.narrowing import narrowed
from bot.core.rules.results import Advice
from bot.core.vocabulary import Agency, Disagreement, Level, Outcome, Risk, Side
from bot.paths import ROOT
from tests.support.core import advised

SHAPES = ROOT / "tests/policies/shapes"
SIGNED = (
    "status: signed\n"
    "fact_checked: {role: safeguarding lead, day: 2025-12-01}\n"
    "signed: {role: business manager, day: %s}\n"
)


def put(folder: Path, name: str, signed: str | None = None, **changes: str) -> None:
    """Copy an invented policy, signed on a day or not at all, with texts replaced."""
    text = (SHAPES / f"{name}.yml").read_text("utf-8")
    for old, new in changes.items():
        text = text.replace(old, new)
    (folder / f"{name}.yml").write_text(text + (SIGNED % signed if signed else ""), "utf-8")


def asked(policy: Policy, today: date, *steps: Step, side: Side = Side.raiser) -> Advice:
    """Return the advice for a teacher, or for whoever answers the teacher."""
    agencies = (Agency.education, Agency.childrens_social_care)
    mine, theirs = agencies if side is Side.raiser else agencies[::-1]
    facts = Facts(
        partnership=policy.id,
        risk=Risk.concern,
        disagreement=Disagreement.threshold,
        my_agency=mine,
        their_agency=theirs,
        me=Person(side),
        steps=steps,
    )
    return advised(facts, policy, today)


def said(advice: Advice) -> str:
    """Return all warnings as one text."""
    return " ".join(warning.what for warning in advice.warnings)


TALK = Step(Level.practitioner, date(2027, 1, 12), Outcome.unresolved)


@pytest.mark.parametrize("side", Side)
def test_an_unsigned_newer_version_is_told_in_every_answer(tmp_path: Path, side: Side) -> None:
    """The signed one goes on being offered, and never in silence."""
    put(tmp_path, "penhallow", "2026-01-12")
    put(tmp_path, "penhallow.2027")
    library = load_library(tmp_path, drafts=False)
    before = library.on(date(2027, 1, 10))["penhallow"]
    assert "A newer version" not in said(asked(before, date(2027, 1, 10), side=side))
    after = library.on(date(2027, 1, 13))["penhallow"]
    assert after.document.title == before.document.title
    for steps in ((), (TALK,), (TALK, Step(Level.line_manager, TALK.on, Outcome.resolved))):
        told = said(asked(after, date(2027, 1, 13), *steps, side=side))
        assert "A newer version of this policy began on Mon 11 Jan 2027" in told
    assert [one.file for one in library.unsigned_in_force(date(2027, 1, 13))] == [
        "penhallow.2027.yml"
    ]


def test_a_signed_newer_version_is_offered_from_its_day(tmp_path: Path) -> None:
    """With nothing to warn of."""
    put(tmp_path, "penhallow", "2026-01-12")
    put(tmp_path, "penhallow.2027", "2026-12-14")
    after = load_library(tmp_path, drafts=False).on(date(2027, 1, 13))["penhallow"]
    assert "2027" in after.document.title
    assert "A newer version" not in said(asked(after, date(2027, 1, 13), TALK))


def offered(folder: Path) -> Library:
    """Return what practitioners are offered."""
    return load_library(folder, drafts=False)


def test_an_area_is_signed_only_with_its_regions_text(tmp_path: Path) -> None:
    """Its own signature covers no text of the region that nobody signed, or signed later."""
    put(tmp_path, "jurby")
    put(tmp_path, "kelderby", "2026-02-02")
    assert offered(tmp_path).newest() == {}
    put(tmp_path, "jurby", "2026-03-02")
    assert set(offered(tmp_path).newest()) == {"jurby"}
    put(tmp_path, "kelderby", "2026-03-02")
    assert set(offered(tmp_path).newest()) == {"jurby", "kelderby"}


def test_a_regions_new_version_puts_its_areas_out_of_date(tmp_path: Path) -> None:
    """Until the area signs again it goes by the old text, and says that there is a new one."""
    put(tmp_path, "jurby", "2026-03-02")
    put(tmp_path, "kelderby", "2026-03-02")
    put(tmp_path, "jurby.2027", "2026-12-14")
    area = offered(tmp_path).on(date(2027, 1, 13))["kelderby"]
    assert area.stages[0].to_answer[0].amount == 3
    assert "A newer version" in said(asked(area, date(2027, 1, 13), TALK))
    put(tmp_path, "kelderby", "2026-12-14")
    area = offered(tmp_path).on(date(2027, 1, 13))["kelderby"]
    assert area.stages[0].to_answer[0].amount == 1
    assert "A newer version" not in said(asked(area, date(2027, 1, 13), TALK))


def test_an_area_with_versions_of_its_own_meets_the_regions_versions(tmp_path: Path) -> None:
    """On each day the area's text in force stands with the region's text in force."""
    put(tmp_path, "jurby")
    put(tmp_path, "jurby.2027")
    put(tmp_path, "kelderby")
    text = (SHAPES / "kelderby.yml").read_text("utf-8").replace("amount: 2", "amount: 4")
    text = text.replace(
        "Kelderby Addendum to the Jurby Policy}", "New, effective_from: 2027-03-01}"
    )
    text += "replaces: {what: Stage 2 has 4 working days., source: K1}\n"
    (tmp_path / "kelderby.2027.yml").write_text(text, "utf-8")
    library = load_library(tmp_path)
    found = {
        day: [library.on(day)["kelderby"].stages[at].to_answer[0].amount for at in (0, 1)]
        for day in (date(2027, 1, 10), date(2027, 1, 11), date(2027, 3, 1))
    }
    assert list(found.values()) == [[3, 2], [1, 2], [1, 4]]


def test_a_case_may_go_by_the_version_before_the_last_two(tmp_path: Path) -> None:
    """Where each version keeps open cases, a case goes by the one under which it began."""
    put(tmp_path, "rookhope")
    put(tmp_path, "rookhope.2026")
    text = (SHAPES / "rookhope.2026.yml").read_text("utf-8")
    text = text.replace("December 2026", "2027").replace("2026-12-01", "2027-02-01")
    (tmp_path / "rookhope.2027.yml").write_text(text, "utf-8")
    policy = load_library(tmp_path).on(date(2027, 2, 2))["rookhope"]
    assert isinstance(policy, OfferedPolicy)
    days = {
        date(2026, 11, 18): "2024",
        date(2026, 12, 2): "December 2026",
        date(2027, 2, 1): "2027",
    }
    for began, title in days.items():
        step = Step(Level.practitioner, began, Outcome.awaiting)
        facts = Facts(partnership="rookhope", risk=Risk.concern, steps=(step,))
        assert narrowed(policy, facts).document.title == f"Rookhope Escalation Policy ({title})"
        again = narrowed(narrowed(policy, facts), facts)
        assert again.document.title == f"Rookhope Escalation Policy ({title})"


def test_where_the_policy_does_not_say_the_newer_version_holds_and_one_is_told_to_ask() -> None:
    """Silence about open cases is said, and never taken for a rule."""
    policy = load_library(SHAPES).on(date(2027, 1, 12))["penhallow"]
    step = Step(Level.practitioner, date(2027, 1, 8), Outcome.awaiting)
    told = said(asked(policy, date(2027, 1, 12), step))
    assert "If it is not clear which version your case goes by, ask" in told
