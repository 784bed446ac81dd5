"""Fills a form with the known facts; everything else stays a visible, named gap."""

from bot.core.letters.account import has_ended, stages_used
from bot.core.letters.calls import call_in_words
from bot.core.rules.ladder import each_once
from bot.documents.case import Case
from bot.documents.forms import Field, FormSection, FormTemplate, Labels
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
        if section.each_call:
            blocks.append(_calls(section, case, found, labels))
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


def _calls(section: FormSection, case: Case, found: dict[str, str], labels: Labels) -> PageTable:
    """Return the table of today's calls: a row for each that was told, and one for the next."""
    next_one, *cells = (fill_gaps(field.answer, found, labels) for field in section.each_call)
    calls = [call for call in each_once(case.facts.calls) if not call.unnamed]
    told = [call_in_words(call, letters()) for call in calls]
    rows = tuple((who, *cells) for who in (*((who,) for who in told), next_one))
    header = tuple(field.label for field in section.each_call)
    return PageTable(section.heading or "", header, rows, (1,) * len(header))


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
