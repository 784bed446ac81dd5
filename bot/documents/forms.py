"""Reads the form files. A wrong form, or a missing form that a policy names, is an error.

A form file holds the form's title, headings and fields in their original order. A field's answer
is a text with named gaps, {{like_this}}; gaps.yml lists them and says which the facts can fill.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec
import yaml

from bot.core.policy.model import Policy
from bot.documents.page import GAP
from bot.paths import POLICIES

FOLDER = Path(__file__).resolve().parent
STAGE = re.compile(r"stage_\d_")
Shape = TypeVar("Shape")


class FormPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of a form file. An unknown key is an error."""


class Field(FormPart, frozen=True, kw_only=True):
    """One field: its label as on the form, and the text with gaps that answers it.

    `required` marks fields that the policy itself asks for. `stage` ties the field to a stage: if
    the stage was not used, the field says so and has no gaps. `help` is shown by the label.
    """

    label: str
    answer: str
    required: bool = False
    stage: int | None = None
    help: str | None = None


class FormSection(FormPart, frozen=True, kw_only=True):
    """Fields under a heading of the form; the first section may have none.

    `each_call` are the columns of a table of today's calls: a row for each, and one for the next.
    """

    fields: tuple[Field, ...] = ()
    heading: str | None = None
    each_call: tuple[Field, ...] = ()


class FieldChange(FormPart, frozen=True, kw_only=True):
    """The changes to a field in a form that continues another."""

    required: bool | None = None
    answer: str | None = None
    help: str | None = None


class FormTemplate(FormPart, frozen=True, kw_only=True):
    """A form as its file holds it.

    `intro` says how to use it. A form without a `source`, or marked `own`, is the guide's own. A
    form that `continues` another has the other's sections, with `changes` to fields by their label.
    """

    title: str
    intro: str
    source: str | None = None
    own: bool = False
    sections: tuple[FormSection, ...] = ()
    continues: str | None = None
    changes: dict[str, FieldChange] = {}
    closing: str | None = None

    def fields(self) -> Iterator[Field]:
        """Yield every field in order."""
        for section in self.sections:
            yield from (*section.fields, *section.each_call)

    def stages(self) -> set[int]:
        """Return the numbers of the stages that fields or their gaps refer to."""
        tied = {field.stage for field in self.fields() if field.stage is not None}
        return tied | {
            int(number)
            for field in self.fields()
            for number in re.findall(r"\{\{stage_(\d)_", field.answer)
        }


class GapLabel(FormPart, frozen=True, kw_only=True):
    """A gap's label, and whether the guide fills it when the facts are known."""

    label: str
    fill: bool = False


class Forms(msgspec.Struct, frozen=True):
    """Every form by its file's name, and every gap's label by the gap's name."""

    forms: Mapping[str, FormTemplate]
    gaps: Mapping[str, GapLabel]

    def labels(self) -> "Labels":
        """Return the labels, to look a gap up by its name."""
        return Labels(self.gaps)


class Labels(dict[str, str]):
    """Labels by gap. `stage_2_raised` has the label of `stage_N_raised`, its number put in."""

    def __init__(self, gaps: Mapping[str, GapLabel]) -> None:
        super().__init__({name: gap.label for name, gap in gaps.items()})

    def __missing__(self, name: str) -> str:
        return self[listed_gap_name(name)].replace("N", name.split("_")[1])


class FormError(Exception):
    """Form files are wrong. The message lists each file, its problem and what was expected."""


def listed_gap_name(name: str) -> str:
    """Return the name of a gap in gaps.yml: `stage_N_raised` for `stage_2_raised`."""
    return STAGE.sub("stage_N_", name)


@cache
def forms() -> Forms:
    """Return all form files, read once. Raises FormError naming every problem."""
    return read_forms(FOLDER, POLICIES / "forms")


def read_forms(folder: Path, added: Path | None = None) -> Forms:
    """Read gaps.yml and forms/*.yml in `folder`, and the forms that keepers have `added`."""
    problems: list[str] = []
    gaps = _read(folder / "gaps.yml", dict[str, GapLabel], problems) or {}
    written = {
        path.stem: form
        for path in _form_files(folder / "forms", added)
        if (form := _read(path, FormTemplate, problems))
    }
    whole = {name: _continued(name, form, written, problems) for name, form in written.items()}
    problems += [
        f"{name}.yml: {field.label}: unknown gap {{{{{gap}}}}}; known gaps: {', '.join(gaps)}"
        for name, form in whole.items()
        for field in form.fields()
        for gap in GAP.findall(field.answer)
        if listed_gap_name(gap) not in gaps
    ]
    problems += [f"{name}.yml: no fields" for name, form in whole.items() if not form.sections]
    if problems:
        raise FormError("\n".join(problems))
    return Forms(whole, gaps)


def _form_files(*folders: Path | None) -> list[Path]:
    return [path for folder in folders if folder for path in sorted(folder.glob("*.yml"))]


def template_problems(policy: Policy, known: Forms) -> Iterator[tuple[str, str, str]]:
    """Yield a policy's form files that are missing or name stages it does not have.

    Each is told as the key, what was expected, and what there is.
    """
    numbers = {stage.number for stage in policy.stages}
    shared = [form.id for form in policy.forms]
    told: set[str] = set()
    for at, stage in enumerate(policy.stages):
        for place, asked in enumerate(stage.forms):
            if asked.template is None or asked.id in told:
                continue
            key = f"stages[{at}].forms[{place}].template"
            if asked.id in shared:
                told.add(asked.id)
                key = f"forms[{shared.index(asked.id)}].template"
            form = known.forms.get(asked.template)
            if form is None:
                listed = ", ".join(known.forms)
                yield key, f"a file in bot/documents/forms, one of {listed}", asked.template
                continue
            for number in sorted(form.stages() - numbers):
                listed = ", ".join(map(str, sorted(numbers)))
                yield key, f"a form for the stages {listed}", f"{asked.template}: stage {number}"


def usable_templates(policy: Policy, known: Forms) -> dict[str, str]:
    """Return the form files of a policy that can be filled in, by the form's id."""
    wrong = {got.partition(":")[0] for _, _, got in template_problems(policy, known)}
    return {
        form.id: form.template
        for stage in policy.stages
        for form in stage.forms
        if form.template and form.template not in wrong
    }


def _continued(
    name: str, form: FormTemplate, written: Mapping[str, FormTemplate], problems: list[str]
) -> FormTemplate:
    """Return a form with the sections of the form that it continues, and with its changes."""
    if form.continues is None:
        return form
    first = written.get(form.continues)
    if first is None or first.continues is not None or form.sections:
        problems.append(f"{name}.yml: continues: expected a form with sections of its own")
        return form
    labels = [field.label for field in first.fields()]
    problems += [
        f"{name}.yml: changes: {label!r}; expected the label of one field of {form.continues}.yml"
        for label in form.changes
        if labels.count(label) != 1
    ]
    sections = tuple(
        msgspec.structs.replace(
            section, fields=tuple(_changed(field, form.changes) for field in section.fields)
        )
        for section in first.sections
    )
    return msgspec.structs.replace(form, sections=sections)


def _changed(field: Field, changes: Mapping[str, FieldChange]) -> Field:
    change = changes.get(field.label)
    if change is None:
        return field
    wanted = {
        name: value
        for name in change.__struct_fields__
        if (value := getattr(change, name)) is not None
    }
    return msgspec.structs.replace(field, **wanted)


def _read(path: Path, kind: type[Shape], problems: list[str]) -> Shape | None:
    try:
        loaded = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        return msgspec.convert(loaded, kind)
    except (OSError, yaml.YAMLError, msgspec.ValidationError) as error:
        problems.append(f"{path.name}: {' '.join(str(error).split())}")
        return None
