"""Fills a form with the known facts; everything else stays a visible, named gap."""

from bot.core.letters.account import has_ended, stages_used
from bot.core.rules.turn_to import each_once
from bot.documents.case import Case
from bot.documents.forms import Field, FormTemplate, Labels
from bot.documents.page import (
    Block,
    Bullets,
    Heading,
    Page,
    PageTable,
    Paragraph,
    Text,
    fill_gaps,
)
from bot.letters.files import letters

SHARES = (1, 2)


def fill_form(form: FormTemplate, case: Case, labels: Labels) -> Page:
    """Lay a form out, its fields filled as far as the case allows."""
    found = case.gaps()
    say = case.phrases.say
    blocks: list[Block] = [Paragraph((form.intro,))]
    source = _source(form, case)
    if source:
        name = "form_source_own" if form.own else "form_source"
        blocks.append(Paragraph((say(name, source=source),), note=True))
    for section in form.sections:
        if section.heading:
            blocks.append(Heading(section.heading))
        if section.calls:
            blocks.append(_calls(section.heading or form.title, case, found, labels))
            continue
        rows = tuple(
            (_label(field), _answer(field, form, case, found, labels)) for field in section.fields
        )
        caption = section.heading or form.title
        header = (say("form_column_field"), say("form_column_answer"))
        blocks.append(PageTable(caption, header, rows, SHARES))
    blocks += _asked_for(form, case)
    if form.closing:
        blocks.append(Paragraph((form.closing,)))
    blocks.append(Paragraph((say("form_made", day=found["today"]),), note=True))
    return Page(form.title, tuple(blocks))


CALL_COLUMNS = ("who", "when", "person", "said", "reference")
CALL_SHARES = (3, 2, 3, 4, 3)


def _calls(caption: str, case: Case, found: dict[str, str], labels: Labels) -> PageTable:
    """Return the table of today's calls: those told, and a row for the next one."""

    def row(who: str, said: str) -> tuple[Text, ...]:
        cells = (who, "{{call_time}}", "{{call_person}}", said, "{{call_reference}}")
        return tuple(fill_gaps(cell, found, labels) for cell in cells)

    words = letters().words
    told = [
        row(words[f"call_to_{call.to}"], f"{words[f'call_{call.outcome}']}. {{{{call_said}}}}")
        for call in each_once(case.facts.calls)
    ]
    header = tuple(case.phrases.say(f"form_column_{name}") for name in CALL_COLUMNS)
    rows = (*told, row("{{call_who}}", "{{call_said}}"))
    return PageTable(caption, header, rows, CALL_SHARES)


def _source(form: FormTemplate, case: Case) -> str:
    if form.source is None:
        return ""
    document = case.handbook.safety_guidance.document
    if case.policy and not case.urgent:
        document = case.policy.document.title
    return f"{document}, {form.source}"


def _label(field: Field) -> Text:
    return (f"{field.label}\n{field.help}",) if field.help else (field.label,)


def _answer(
    field: Field, form: FormTemplate, case: Case, found: dict[str, str], labels: Labels
) -> Text:
    unused = _unused_stage(field, case)
    if unused:
        return (unused,)
    return fill_gaps(field.answer, found, labels, required=field.required and _asks(form, case))


def _asks(form: FormTemplate, case: Case) -> bool:
    """Say whether required fields apply: on the guide's own form only if records are asked for."""
    return form.source is not None or bool(case.advice.records)


def _unused_stage(field: Field, case: Case) -> str:
    """Return the text for a field about a stage that was not used, or ""."""
    if field.stage is None or case.policy is None:
        return ""
    if field.stage in stages_used(case.facts, case.policy, case.advice):
        return ""
    name = "form_stage_not_used" if has_ended(case.advice) else "form_stage_not_reached"
    return case.phrases.say(name, stage=case.policy.stage(field.stage).label)


def _asked_for(form: FormTemplate, case: Case) -> list[Block]:
    """Return, for the guide's own form, the records that are asked for, with their sources."""
    if form.source is not None and not case.urgent:
        return []
    items = tuple(
        (f"{record.what} ({record.source.document}, {record.source.section})",)
        for record in case.advice.records
    )
    if not items:
        return []
    return [Heading(case.phrases.say("form_asked_for")), Bullets(items)]
