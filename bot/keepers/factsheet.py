"""`python -m bot policies factsheet ID`: a page for checking and signing a policy.

It has every statement that the guide makes, by stage, with its source and boxes to tick; worked
dates; what is not stated; and room for two signatures.
"""

from collections.abc import Iterator
from datetime import date

from bot.core.handbook.handbook import Handbook
from bot.core.policy.model import Policy
from bot.core.rules.deadlines import Anchors, Deadline, show_day, stage_deadlines
from bot.documents.page import (
    Block,
    Box,
    Bullets,
    Heading,
    Marks,
    Page,
    PageGap,
    PageTable,
    Paragraph,
    Strong,
)
from bot.documents.plain import dated_name
from bot.documents.webpage import web_file
from bot.documents.word import word_file
from bot.keepers.statements import (
    StatementGroup,
    StatementText,
    bound_text,
    file_details,
    statement_groups,
)

MARKS = Marks(gap="[{label}]", required="[{label}]")
BOXES = (Box("right"), Box("wrong"))
SILENT = (Box("it is silent"), Box("it is not"))
CONTENTS = "On this page"
STEPS = (
    "Lay the published document beside this page.",
    (
        "For each line, open the section that it names and tick a box. Is every number, post and "
        "address the same? A line that is wrong is put right in the file, never here."
    ),
    "Where the page says that the policy is silent, look for it once more.",
    (
        "Read the document from the first line to the last: is anything missing here that a "
        "practitioner has to do?"
    ),
    "Work out two or three of the dates yourself.",
)


def factsheet_page(policy: Policy, handbook: Handbook, today: date) -> Page:
    """Return the fact sheet of a policy."""
    blocks: list[Block] = [
        Bullets(tuple((Strong(f"{name}: "), value) for name, value in file_details(policy))),
        Heading("How to check it"),
        Bullets(tuple((step,) for step in STEPS)),
    ]
    for group in statement_groups(policy, handbook):
        blocks += [Heading(group.title), _table(group, policy)]
    blocks += [Heading("Dates, worked out"), *_dates(policy, handbook, today)]
    blocks += [Heading("Who checked and who signed"), *_signatures(policy)]
    return Page(title=f"Fact sheet: {policy.name}", blocks=tuple(blocks), contents=CONTENTS)


def factsheet_files(page: Page, name: str, today: date) -> dict[str, bytes]:
    """Return the page as files, by name: for the web and for Word."""
    return {
        dated_name(name, "factsheet", today, "html"): web_file(page, MARKS),
        dated_name(name, "factsheet", today, "docx"): word_file(page, today, MARKS),
    }


def _table(group: StatementGroup, policy: Policy) -> PageTable:
    says = "What the policy is said not to state" if group.silent else "What the guide says"
    sources = [policy.cite(statement.source) for statement in group.stated]
    other = any(source.document != policy.document.title for source in sources)
    return PageTable(
        caption=group.title,
        header=(says, "Where the document has it, and its own words", "Checked"),
        rows=tuple(
            (
                (f"{statement.kind}: {statement.text}" if statement.kind else statement.text,),
                (
                    _passage(
                        statement,
                        f"{source.document}, {source.section}" if other else source.section,
                    ),
                ),
                SILENT if group.silent else BOXES,
            )
            for statement, source in zip(group.stated, sources, strict=True)
        ),
        shares=(46, 38, 16),
    )


def _passage(statement: StatementText, section: str) -> str:
    """Return the section, and below it the passage that the statement comes from."""
    return f'{section}\n"{statement.quote}"' if statement.quote else section


def _dates(policy: Policy, handbook: Handbook, today: date) -> Iterator[Block]:
    """Yield the due date of each limit if everything began on one day."""
    started: dict[int, date | None] = {stage.number: today for stage in policy.stages}
    anchors = Anchors(today, today, started)
    rows = [
        (f"{stage.label}: {deadline.what}", bound_text(deadline).removeprefix("binds "), deadline)
        for stage in policy.stages
        for deadline in stage_deadlines(
            (*stage.to_begin, *stage.to_answer, *stage.to_close),
            stage,
            policy,
            anchors,
            handbook.phrases,
        )
    ]
    if not rows:
        yield Paragraph(("The policy gives no time limits.",))
        return
    yield Paragraph((f"As if everything that is counted from had happened on {show_day(today)}.",))
    yield PageTable(
        caption="Time limits worked out for one day",
        header=("Time limit", "Binds", "Due, and how it was counted", "Checked"),
        rows=tuple(((what,), (who,), (_due(deadline),), BOXES) for what, who, deadline in rows),
        shares=(32, 16, 36, 16),
    )


def _due(deadline: Deadline) -> str:
    return f"{show_day(deadline.due)}. {deadline.working}"


def _signatures(policy: Policy) -> Iterator[Block]:
    yield Paragraph(
        ("By role, never by name. It then goes into the file, as fact_checked and signed.",)
    )
    rows = []
    for called, done in (
        ("Compared with the document", policy.fact_checked),
        (f"Signed for {policy.partnership}", policy.signed),
    ):
        role = done.role if done else PageGap("role")
        day = show_day(done.day) if done else PageGap("date")
        rows.append(((called,), (role,), (day,), (PageGap("signature"),)))
    yield PageTable(
        caption="Who checked and who signed",
        header=("What", "Role", "Date", "Signature"),
        rows=tuple(rows),
        shares=(40, 24, 16, 20),
    )
