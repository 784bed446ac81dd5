"""The advice record: the facts, the advice and how each date was counted, on one page."""

from collections.abc import Iterable

from bot.core.cards.lines import due_item
from bot.core.letters.account import fact_items, step_items
from bot.core.policy.model import Source
from bot.core.rules.deadlines import show_day
from bot.core.rules.duties import seen_from
from bot.documents.case import Case
from bot.documents.numbered import NumberedSources
from bot.documents.page import Block, Bullets, Heading, Page, PageTable, Paragraph, Strong, Text


def advice_record(case: Case) -> Page:
    """Lay the advice out as a record. Every statement has the number of its source."""
    say = case.phrases.say
    sources = NumberedSources(case.phrases, "record_cited")
    advice = advice_blocks(case, sources)
    blocks: list[Block] = [
        Paragraph((say("record_made", day=show_day(case.day)),)),
        Heading(say("record_told")),
        _told(case),
        Heading(say("record_advice")),
        *advice,
        Heading(say("record_sources")),
        Bullets(tuple((line,) for line in sources.lines())),
        Paragraph((_version(case),), note=True),
        Paragraph((say("record_not_a_decision"),), note=True),
    ]
    return Page(say("record_title"), tuple(blocks), small=True)


def advice_blocks(case: Case, sources: NumberedSources) -> list[Block]:
    """Return what the guide advises, with its dates and how each was counted."""
    return [*_advice(case, sources), *_dates(case, sources)]


def _told(case: Case) -> PageTable:
    say = case.phrases.say
    lines = fact_items(case.facts, case.policy, case.phrases, case.not_known)
    rows: list[tuple[Text, ...]] = [((line.label,), (line.text,)) for line in lines]
    steps = "\n".join(step_items(case.facts, case.policy, case.phrases))
    rows.append(((say("record_steps"),), (steps or say("record_no_steps"),)))
    header = (say("record_column_fact"), say("record_column_answer"))
    return PageTable(say("record_told"), header, tuple(rows), (2, 5))


def _advice(case: Case, sources: NumberedSources) -> list[Block]:
    say = case.phrases.say
    advice = case.advice
    blocks: list[Block] = []
    if advice.stage:
        stage = f"{advice.stage.label}: {advice.stage.title}"
        blocks.append(Paragraph((Strong(say("record_stage", stage=stage)),)))
    blocks.append(Paragraph((advice.next.summary.strip(),)))
    parts: dict[str, Iterable[tuple[str, Source]]] = {
        "next": ((statement.what, statement.source) for statement in advice.guidance),
        "contacts": (
            (
                _addressed(
                    say(
                        f"card_contact_{seen_from(case.facts.me.side, contact.party).value}",
                        role=contact.role,
                    ),
                    contact.address,
                ),
                contact.source,
            )
            for contact in advice.contacts
        ),
        "notify": (
            (
                _addressed(say("card_told", who=notice.who, what=notice.what), notice.address),
                notice.source,
            )
            for notice in advice.notify
        ),
        "forms": (
            (
                _addressed(say("card_form", name=form.name, what=form.what), form.address),
                form.source,
            )
            for form in advice.forms
        ),
        "records": ((record.what, record.source) for record in advice.records),
        "warnings": ((warning.what, warning.source) for warning in advice.warnings),
        "not_stated": ((statement.what, statement.source) for statement in advice.not_stated),
    }
    items: list[Text] = [
        (Strong(f"{say(f'card_heading_{name}')}: "), sources.cited(text, source))
        for name, statements in parts.items()
        for text, source in statements
    ]
    return [*blocks, Bullets(tuple(items))] if items else blocks


def _addressed(text: str, address: str | None) -> str:
    return f"{text} ({address})" if address else text


def _dates(case: Case, sources: NumberedSources) -> list[Block]:
    say = case.phrases.say
    if not case.advice.deadlines:
        return [Heading(say("record_dates")), Paragraph((say("record_no_dates"),))]
    rows = tuple(
        (
            (show_day(deadline.due),),
            (due_item(deadline, case.phrases, case.facts.me.side, urgent=case.urgent).text,),
            (deadline.working,),
            (sources.number(deadline.source),),
        )
        for deadline in case.advice.deadlines
    )
    header = tuple(say(f"record_column_{name}") for name in ("due", "what", "counted", "source"))
    return [
        Heading(say("record_dates")),
        PageTable(say("record_dates"), header, rows, (3, 6, 9, 2)),
    ]


def _version(case: Case) -> str:
    """Return the version of the policy and the fingerprint of its file."""
    say = case.phrases.say
    policy = case.policy
    if policy is None:
        return say("record_no_policy")
    document = policy.document
    reviewed = (
        say("record_reviewed", day=show_day(document.reviewed))
        if document.reviewed
        else say("record_no_review")
    )
    effective = (
        say("record_effective", day=show_day(document.effective_from))
        if document.effective_from
        else ""
    )
    dated = say("record_dated", dated=document.dated) if document.dated else ""
    return say(
        "record_version",
        document=document.title,
        dated=f"{dated}{effective}",
        reviewed=reviewed,
        fingerprint=case.fingerprint,
    )
