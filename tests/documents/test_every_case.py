"""Every policy, stage and outcome gives every file that applies, filled as far as the facts go."""

import re
from pathlib import Path

import pytest

from bot.core.vocabulary import Route
from bot.documents import filling
from bot.documents.case import Case
from bot.documents.filling import fill_form
from bot.documents.forms import FormTemplate, forms, listed_gap_name
from bot.documents.library import file_offers, marks
from bot.documents.page import Marks, PageGap, PageTable
from bot.documents.record import advice_record
from bot.documents.word import word_file
from tests.support.core import IDS
from tests.support.documents import DAY, KEY, document_words, every_case, open_gaps

pytestmark = pytest.mark.long

IDENTIFIERS = re.compile(
    r"\b[A-Z]{1,2}\d{1,2}[A-Z]? ?\d[A-Z]{2}\b"  # a postcode
    r"|\b\d{3} ?\d{3} ?\d{4}\b"  # an NHS number
    r"|\b\d{1,2}/\d{1,2}/\d{2,4}\b"  # a date of birth as it is typed
    r"|web-[0-9a-f]{32}"  # the conversation
)
GENERAL = ("escalation_record", "urgent_record")
LABELS = forms().labels()


def forms_of(case: Case) -> list[FormTemplate]:
    """Return the forms of the case's policy, whatever the stage, and the guide's own."""
    stages = case.policy.stages if case.policy else ()
    named = {form.template for stage in stages for form in stage.forms if form.template}
    return [forms().forms[name] for name in (*sorted(named), *GENERAL)]


@pytest.mark.parametrize("partnership", IDS)
def test_every_case_has_its_files(partnership: str) -> None:
    """Each can be made, twice with the same bytes; none holds an identifier or half a gap."""
    for named, case in every_case(partnership):
        found = {offer.name: offer for offer in file_offers(case)}
        assert len(found) == len(file_offers(case)), named
        assert {"escalation-advice-2026-12-22.docx", "escalation-advice-2026-12-22.html"} <= set(
            found
        )
        # The next message: to the other side, or first to one's own manager where the policy says.
        mails = [name for name in found if name.startswith("escalation-email-")]
        assert bool(mails) is (case.advice.route is not Route.exit), named
        for one in found.values():
            made = one.make()
            text = document_words(made) if one.name.endswith(".docx") else made.decode()
            assert not IDENTIFIERS.search(text), (named, one.name)
            assert KEY not in text
            assert "{" not in text.partition("</style>")[2 if "<style>" in text else 0], named
            assert not re.search(r"\bNone\b(?! had)", text), (named, one.name)
        again = {offer.name: offer for offer in file_offers(case)}
        for name, one in found.items():
            if not name.endswith(".docx"):
                assert again[name].make() == one.make(), name


@pytest.mark.parametrize("partnership", IDS)
def test_no_gap_is_open_that_the_facts_could_fill(partnership: str) -> None:
    """What is open in a form is what the facts do not hold, and it is named."""
    for named, case in every_case(partnership):
        known = case.gaps()
        for form in forms_of(case):
            opened = {gap.label for gap in open_gaps(fill_form(form, case, LABELS))}
            could = {LABELS[name] for name in known}
            assert not opened & could, (named, form.title)
            assert all(opened)


@pytest.mark.parametrize("partnership", IDS)
def test_no_form_grades_the_risk_or_holds_a_label_as_prose(partnership: str) -> None:
    """Nobody is told in the raiser's name that it is not urgent; what is said is a sentence."""
    labels = {
        *(f"{who}:" for who in ("Raised by", "Raised with", "Tried so far")),
        "as it was stated",
    }
    for named, found in every_case(partnership):
        gaps = found.gaps()
        risk = found.phrases.say(f"told_risk_{found.facts.risk}")
        for form in forms_of(found):
            text = " ".join(
                part
                for block in fill_form(form, found, LABELS).blocks
                if isinstance(block, PageTable)
                for row in block.rows
                for cell in row
                for part in cell
                if isinstance(part, str)
            )
            assert risk not in text, (named, form.title)
            assert not [label for label in labels if label in text], (named, form.title)
        for name in ("summary", "steps"):
            assert gaps.get(name, "It.")[0].isupper()
            assert gaps.get(name, "It.").endswith("."), (named, name)


@pytest.mark.parametrize("partnership", IDS)
def test_a_record_tells_each_date_in_a_sentence(partnership: str) -> None:
    """Who is to do what, and no "The other agency: Respond"."""
    for named, found in every_case(partnership):
        tables = [one for one in advice_record(found).blocks if isinstance(one, PageTable)]
        dates = tables[1:]
        assert bool(dates) is bool(found.advice.deadlines), named
        for row in (row for table in dates for row in table.rows):
            said = str(row[1][0])
            assert said.endswith("."), (named, said)
            assert not re.search(r"\b(?:You|The other agency|The partnership): ", said), named


def test_every_gap_that_the_facts_may_fill_is_filled_by_some() -> None:
    """`fill` in gaps.yml promises nothing that the core does not keep, and forgets nothing."""
    known = {
        listed_gap_name(name)
        for partnership in IDS
        for _, case in every_case(partnership)
        for name in case.gaps()
    }
    assert known == {name for name, gap in forms().gaps.items() if gap.fill}


def test_every_gap_is_used_by_some_form() -> None:
    """A gap that neither a form nor the table of calls names is a dead line."""
    used = {
        listed_gap_name(gap)
        for form in forms().forms.values()
        for field in form.fields()
        for gap in re.findall(r"\{\{(\w+)\}\}", field.answer)
    }
    used |= set(re.findall(r"\{\{(\w+)\}\}", Path(filling.__file__).read_text(encoding="utf-8")))
    assert set(forms().gaps) - used == set()


@pytest.mark.parametrize("partnership", IDS)
def test_the_same_case_gives_the_same_word_file(partnership: str) -> None:
    """Twice the same bytes; another day or another gap gives others."""
    _, case = next(every_case(partnership))
    page = advice_record(case)
    first = word_file(page, DAY, marks(case))
    assert word_file(advice_record(case), DAY, marks(case)) == first
    assert word_file(page, DAY.replace(day=23), marks(case)) != first


def test_a_gap_is_marked_in_words() -> None:
    """What the policy asks for says so; no colour is needed to tell."""
    shown = Marks("[Fill in: {label}]", "[Fill in, the policy asks for it: {label}]")
    assert shown.show(PageGap("the day")) == "[Fill in: the day]"
    assert (
        shown.show(PageGap("the day", required=True))
        == "[Fill in, the policy asks for it: the day]"
    )
