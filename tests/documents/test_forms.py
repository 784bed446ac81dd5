"""Forms: the partnerships' own fields in their own order, and files that are wrong."""

from pathlib import Path

import msgspec
import pytest

from bot.core.policy.model import Form as PolicyForm
from bot.core.rules.facts import Call, Step
from bot.core.vocabulary import CallOutcome, CallTo, Level, Outcome, Risk
from bot.documents.forms import (
    FOLDER,
    FormError,
    forms,
    read_forms,
    template_problems,
    usable_templates,
)
from bot.documents.library import file_offers
from tests.support.core import policies
from tests.support.documents import DAY, RAISED, case, document_words, file_of, rows_of

KENT = [
    "Date of alert:", "From:", "Service:", "To:", "Service:", "Name of Child (if applicable):",
    "DOB (if applicable):", "Practitioner:", "Service:", "Line Manager:",
    "Date escalation raised:", "Name of team manager:", "Date response received:",
    "Date escalation raised:", "Name of DSL/Service manager:", "Date response received:",
    "Summary of concern(s) remaining from Stage 2:", "Requested action:",
    "Name of Assistant Director/ Headteacher/ equivalent:", "Response:", "Resolution of alert:",
    "Date of response:", "Form sent to KSCMP (KSCMP@kent.gov.uk):", "Date sent:",
    "Summary of concern(s) remaining from Stage 3:",
]  # fmt: skip
"""The fields of Kent's Appendix One, in its order."""
KENT_HEADINGS = [
    "Stage One – Team Manager",
    "Stage Two – Designated Safeguarding Lead / Service Manager",
    "Stage Three – Assistant Director / Headteacher/ equivalent",
    "Stage four - KSCMP",
]
DORSET = [
    "Name of child/young person:", "Date of birth:", "Concern at stage 2 escalated by:", "To:",
    "Concern at stage 3 escalated by:", "To:", "Date escalation commenced",
    "Date escalation completed", "Reason", "Resolution", "Stage at conclusion",
    "Outstanding concerns",
]  # fmt: skip
"""The fields of Dorset's Appendix Two; the last four answer its three headings."""
UNSETTLED = Outcome.unresolved


def kent_at(level: Level, outcome: Outcome = UNSETTLED) -> list[Step]:
    """Return Kent's steps up to a level, a day apart, each unsettled but the last."""
    below = [one for one in Level if one.rank < level.rank]
    steps = [Step(one, RAISED.replace(day=1 + one.rank), UNSETTLED) for one in below]
    return [*steps, Step(level, RAISED.replace(day=10), outcome)]


@pytest.mark.parametrize("name", ["kent_stage_3", "kent_stage_4"])
def test_kents_form_has_kents_fields_in_kents_order(name: str) -> None:
    """Both moments of it have the same fields and headings."""
    form = forms().forms[name]
    assert [field.label for field in form.fields()] == KENT
    assert [section.heading for section in form.sections if section.heading] == KENT_HEADINGS


def test_dorsets_template_has_dorsets_fields_in_dorsets_order() -> None:
    """As in Appendix Two."""
    assert [field.label for field in forms().forms["dorset_recording"].fields()] == DORSET


def test_kents_stage_3_form_is_filled_with_what_is_known() -> None:
    """Dates, roles, agencies and the summary are there; a reply that never came is said."""
    made = file_of(case("kent", *kent_at(Level.senior_manager, Outcome.no_response)), "kent-stage")
    rows = rows_of(made)
    answers = {row[0].split("\n")[0]: row[1] for row in reversed(rows)}
    assert answers["Date of alert:"] == "Tue 22 Dec 2026"
    assert answers["To:"].startswith("Assistant Director or Deputy Director, [Fill in, the policy")
    raised = [row[1] for row in rows if row[0] == "Date escalation raised:"]
    assert raised == ["Wed 2 Dec 2026", "Thu 10 Dec 2026"]
    came = [row[1] for row in rows if row[0] == "Date response received:"]
    assert came[0].startswith("[Fill in, the policy asks for it: the day their answer at Stage 1")
    assert came[1] == "None had come by Tue 22 Dec 2026"
    concern = answers["Summary of concern(s) remaining from Stage 2:"]
    assert "this child's level of need" in concern
    assert "Stage 2 (designated safeguarding lead or service manager) began on" in concern
    assert "Stage 3 (" not in concern
    assert answers["Name of Child (if applicable):"].startswith("[Fill in: the child's name")
    assert answers["Requested action:"].startswith("We ask for [Fill in, the policy asks")
    assert answers["Summary of concern(s) remaining from Stage 3:"] == (
        "Stage 4 has not been reached."
    )


def test_kents_form_goes_on_at_stage_4() -> None:
    """The response and the concerns that remain are asked for now, by the policy."""
    at_four = case("kent", *kent_at(Level.director))
    made = document_words(file_of(at_four, "kent-stage-4"))
    assert "[Fill in, the policy asks for it: what they answered]" in made
    assert "Stage 4 has not been reached" not in made
    assert "None had come" not in made
    rows = {row[0].split("\n")[0]: row[1] for row in rows_of(file_of(at_four, "kent-stage-4"))}
    left = rows["Summary of concern(s) remaining from Stage 3:"]
    assert left.startswith("Stage 3 (assistant director, headteacher or equivalent) began on")
    assert "[Fill in, the policy asks for it: the concerns that are left" in left
    before = rows["Summary of concern(s) remaining from Stage 2:"]
    assert "Stage 3 (" not in before
    silent = case("kent", *kent_at(Level.director, Outcome.no_response), day=RAISED.replace(day=31))
    made = document_words(file_of(silent, "kent-stage-4"))
    assert "None had come by Thu 31 Dec 2026" in made


def test_dorsets_template_says_which_stage_was_not_used() -> None:
    """Settled at Stage 2: Stage 3's rows say so and ask for nothing."""
    steps = (
        Step(Level.practitioner, RAISED.replace(day=1), UNSETTLED),
        Step(Level.line_manager, RAISED.replace(day=4), Outcome.resolved),
    )
    rows = rows_of(file_of(case("pan_dorset", *steps), "dorset-recording"))
    answers = {row[0].split("\n")[0]: row[1] for row in rows}
    assert answers["Concern at stage 3 escalated by:"] == "Stage 3 was not used."
    assert answers["Concern at stage 2 escalated by:"].endswith(
        "Line manager or safeguarding lead, Health"
    )
    assert answers["Date escalation commenced"] == "Fri 4 Dec 2026"
    assert answers["Outstanding concerns"].count("[Fill in") == 1
    assert answers["Stage at conclusion"] == "Stage 2 (manager to manager)"


@pytest.mark.parametrize("partnership", sorted(policies()))
def test_nothing_is_stated_of_a_stage_that_was_only_supposed(partnership: str) -> None:
    """Of a lower stage without a day nobody told what came of it, and no file says it."""
    stages = policies()[partnership].stages
    last = [stage for stage in stages if stage.level is Level.senior_manager][-1]
    below = [stage for stage in stages if stage.number < last.number]
    steps = [
        *(Step(stage.level, None, UNSETTLED, stage.number) for stage in below),
        Step(last.level, RAISED, UNSETTLED, last.number),
    ]
    asked = case(partnership, *steps)
    word = [offer for offer in file_offers(asked) if offer.name.endswith(".docx")]
    made = [document_words(offer.make()) for offer in word]
    assert not any("day not known: it did not settle it" in words for words in made)
    told = [words for words in made if "when it was tried" in words]
    assert told, [offer.name for offer in word]
    assert not any("began and did not settle it" in words for words in made)


@pytest.mark.parametrize(
    ("partnership", "steps", "form"),
    [
        ("kent", kent_at(Level.senior_manager), "kent-stage-3"),
        ("kent", kent_at(Level.director), "kent-stage-4"),
        ("kent", kent_at(Level.partnership, Outcome.awaiting), "kent-stage-4"),
        ("pan_dorset", [Step(Level.line_manager, RAISED, Outcome.resolved)], "dorset-recording"),
        ("pan_dorset", [Step(Level.senior_manager, RAISED, UNSETTLED)], "dorset-recording"),
        ("pan_dorset", [Step(Level.senior_manager, RAISED, Outcome.resolved)], "dorset-recording"),
    ],
)
def test_a_form_comes_at_the_moment_the_policy_names(
    partnership: str, steps: list[Step], form: str
) -> None:
    """The policy's own form is the first file offered."""
    first = file_offers(case(partnership, *steps))[0]
    assert first.name == f"{form}-{DAY.isoformat()}.docx"


@pytest.mark.parametrize(
    ("partnership", "steps"),
    [
        ("kent", kent_at(Level.line_manager)),
        ("pan_dorset", [Step(Level.practitioner, RAISED, UNSETTLED)]),
        ("city_and_hackney", [Step(Level.director, RAISED, UNSETTLED)]),
    ],
)
def test_elsewhere_the_general_record_comes_first(partnership: str, steps: list[Step]) -> None:
    """Where the policy has no form at this stage the record for the child's file is offered."""
    first = file_offers(case(partnership, *steps))[0]
    assert first.name == f"escalation-record-{DAY.isoformat()}.docx"


def test_the_general_record_says_what_the_policy_wants_recorded() -> None:
    """Each record that the policy asks for is there with its section."""
    found = case("city_and_hackney", Step(Level.line_manager, RAISED, UNSETTLED))
    made = document_words(file_of(found, "escalation-record"))
    for record in found.advice.records:
        assert f"{record.what} ({record.source.document}, {record.source.section})" in made
    assert "the policy asks for it: what was agreed or decided" in made


def test_the_urgent_record_is_the_standing_guidances() -> None:
    """It says that calls come first, and marks what the guide's own guidance asks for."""
    made = document_words(file_of(case("kent", risk="immediate_harm"), "urgent-record"))
    assert made.index("Make the calls first") < made.index("What you saw or heard")
    assert made.index("Call to 999") < made.index("the time of the call and the incident number")
    assert "Escalation Guide standing guidance, Immediate risk of significant harm" in made
    assert "the standing guidance asks for it" in made
    assert "the policy asks for it" not in made
    assert "partnership's own copy" not in made


def test_the_urgent_record_has_a_row_for_each_call_and_for_the_next() -> None:
    """What was told of a call stands there; the time, the person and the reference are gaps."""
    before = document_words(file_of(case("kent", risk="immediate_harm"), "urgent-record"))
    calls = (
        Call(CallTo.police, CallOutcome.refused),
        Call(CallTo.other, CallOutcome.no_answer),
    )
    urgent = case("kent", risk=Risk.immediate_harm, calls=calls)
    after = document_words(file_of(urgent, "urgent-record"))
    assert "the police" not in before
    assert "the police (refused)" in after
    assert "somebody else (no answer)" in after
    for gap in ("the time", "their name and role", "incident or reference number"):
        assert after.count(gap) == before.count(gap) + 2


def folder_with(tmp_path: Path, **files: str) -> Path:
    """Copy the gaps, and write form files."""
    (tmp_path / "forms").mkdir()
    gaps = (FOLDER / "gaps.yml").read_text(encoding="utf-8")
    (tmp_path / "gaps.yml").write_text(gaps, encoding="utf-8")
    for name, text in files.items():
        (tmp_path / "forms" / f"{name}.yml").write_text(text, encoding="utf-8")
    return tmp_path


GOOD = """
title: A form
intro: How to use it
sections: [{fields: [{label: "Date:", answer: "{{today}} {{stage_2_raised}}"}]}]
"""


def test_a_new_form_is_a_file(tmp_path: Path) -> None:
    """A good file needs nothing else, and a stage's gap is labelled with its number."""
    read = read_forms(folder_with(tmp_path, mine=GOOD))
    assert read.forms["mine"].title == "A form"
    assert read.labels()["stage_2_raised"] == "the day Stage 2 was raised"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (GOOD.replace("today", "todya"), r"mine.yml: Date:: unknown gap \{\{todya\}\}; known gaps"),
        (GOOD.replace("title", "titel"), "mine.yml: .*titel"),
        ("title: A form\nintro: How", "mine.yml: no fields"),
        ("title: [", "mine.yml: "),
        ("title: A\nintro: B\ncontinues: nowhere", "mine.yml: continues: expected a form"),
        (
            "title: A\nintro: B\ncontinues: other\nchanges: {'Day:': {required: true}}",
            "mine.yml: changes: 'Day:'; expected the label of one field of other.yml",
        ),
    ],
)
def test_a_form_that_is_wrong_is_named(tmp_path: Path, text: str, told: str) -> None:
    """File, place and what was expected, for every mistake at once."""
    with pytest.raises(FormError, match=told):
        read_forms(folder_with(tmp_path, mine=text, other=GOOD))


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    """Two wrong files give two lines."""
    wrong = folder_with(tmp_path, one=GOOD.replace("today", "x"), two="title: [")
    with pytest.raises(FormError) as raised:
        read_forms(wrong)
    assert {line.split(":")[0] for line in str(raised.value).splitlines()} == {"one.yml", "two.yml"}


def test_a_policys_form_without_its_file_is_named() -> None:
    """By its key, and the form is not offered; a set message needs no file."""
    for policy in policies().values():
        assert list(template_problems(policy, forms())) == []
    kent = policies()["kent"]
    stage = kent.stage(3)
    lost = msgspec.structs.replace(stage.forms[0], template="kent_stage_9")
    assert isinstance(lost, PolicyForm)
    wrong = msgspec.structs.replace(kent, stages=(msgspec.structs.replace(stage, forms=(lost,)),))
    ((key, expected, got),) = template_problems(wrong, forms())
    assert (key, got) == ("stages[0].forms[0].template", "kent_stage_9")
    assert "kent_stage_3" in expected
    assert usable_templates(wrong, forms()) == {}


def test_a_form_for_stages_that_the_policy_lacks_is_named() -> None:
    """Dorset has no Stage 4, so Kent's form cannot be its form."""
    dorset = policies()["pan_dorset"]
    stage = dorset.stage(3)
    wrong_form = msgspec.structs.replace(stage.forms[0], template="kent_stage_3")
    stages = (dorset.stage(2), msgspec.structs.replace(stage, forms=(wrong_form,)))
    wrong = msgspec.structs.replace(dorset, stages=stages)
    found = [(expected, got) for _, expected, got in template_problems(wrong, forms())]
    assert ("a form for the stages 2, 3", "kent_stage_3: stage 1") in found
    assert "kent_stage_3" not in usable_templates(wrong, forms()).values()
