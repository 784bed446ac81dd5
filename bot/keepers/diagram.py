"""`python -m bot policies diagram ID`: the stages with their limits, as a picture.

SVG for a page or a document, Mermaid for a README. Both are drawn from the same boxes.
"""

import itertools
from collections.abc import Iterator
from html import escape
from textwrap import wrap

import msgspec

from bot.core.handbook.handbook import Handbook
from bot.core.policy.model import Limit, Party, Policy, Stage, Strength
from bot.core.rules.limit_words import or_sooner
from bot.keepers.statements import amount_text, counted_from_text
from bot.keepers.words import SIDES, condition, labels

WIDTH, MARGIN, PAD = 720, 24, 14
LINE, HEADING = 20, 24
ARROW = 46
LETTERS = 88
"""Letters that fit on a line of a box."""
INK, PAPER, EDGE, URGENT = "#0b0c0c", "#ffffff", "#1d70b8", "#d4351c"
NOT_SETTLED = "not settled, or the time has passed"


class Box(msgspec.Struct, frozen=True):
    """A box of the picture: its text, and whether it is urgent or may be left out."""

    id: str
    heading: str
    lines: tuple[str, ...]
    urgent: bool = False
    optional: bool = False


def boxes(policy: Policy, handbook: Handbook) -> list[Box]:
    """Return the boxes from top to bottom: danger, each stage, and what follows the last."""
    urgent = tuple(f"{rule.what} ({rule.rule})" for rule in policy.urgent)
    own = urgent or ("The guide's own standing rule: act today.",)
    first = Box("danger", "A child at immediate risk: not by stages, today", own, urgent=True)
    after = tuple(statement.what for statement in policy.remaining) or ("The policy does not say.",)
    last = Box("after", "Still not settled", after)
    return [first, *(_stage_box(stage, policy, handbook) for stage in policy.stages), last]


def _stage_box(stage: Stage, policy: Policy, handbook: Handbook) -> Box:
    return Box(
        id=f"stage_{stage.number}",
        heading=f"{stage.label}: {stage.title}",
        lines=tuple(_stage_lines(stage, policy, handbook)),
        optional=stage.may_skip is not None,
    )


def _stage_lines(stage: Stage, policy: Policy, handbook: Handbook) -> Iterator[str]:
    if stage.must_follow:
        needed = labels(stage.must_follow.stages, policy)
        yield f"Not without {needed}{condition(stage.must_follow.applies, policy)}"
    if stage.may_skip:
        yield f"May be left out{condition(stage.may_skip.applies, policy)}"
    limits = [*stage.to_begin, *stage.to_answer, *stage.to_close]
    yield from (_limit(limit, policy, handbook) for limit in limits)
    if not limits:
        yield "No time limit"


def _limit(limit: Limit, policy: Policy, handbook: Handbook) -> str:
    who = "you" if limit.who is Party.raiser else SIDES[limit.who]
    guide = " (a guide)" if limit.strength is Strength.guide else ""
    rule = f"{amount_text(limit, handbook)} for {who}{guide}"
    text = f"{or_sooner(rule, limit, handbook.phrases)}: {limit.what}"
    if limit.amount is None:
        return text
    counted = counted_from_text(limit, policy, handbook)
    return f"{text}, from {counted}{condition(limit.applies, policy)}"


def diagram_mermaid(policy: Policy, handbook: Handbook) -> str:
    """Return the picture as a Mermaid flowchart."""
    drawn = boxes(policy, handbook)
    lines = ["flowchart TD"]
    for box in drawn:
        text = "<br/>".join(
            _mermaid_text(line) for line in (f"<b>{_mermaid_text(box.heading)}</b>", *box.lines)
        )
        lines.append(f'    {box.id}["{text}"]')
    stages = drawn[1:]
    lines += [
        f'    {box.id} -->|"{NOT_SETTLED}"| {other.id}' for box, other in itertools.pairwise(stages)
    ]
    lines.append("    classDef urgent stroke:#d4351c,stroke-width:3px")
    lines.append("    class danger urgent")
    optional = [box.id for box in drawn if box.optional]
    if optional:
        lines.append("    classDef optional stroke-dasharray:6 4")
        lines.append(f"    class {','.join(optional)} optional")
    return "\n".join(lines) + "\n"


def _mermaid_text(text: str) -> str:
    """Return a text with the signs escaped that mean something in Mermaid."""
    if text.startswith("<b>"):
        return text
    return (
        text.replace("#", "#35;").replace('"', "#quot;").replace("<", "&lt;").replace(">", "&gt;")
    )


def diagram_svg(policy: Policy, handbook: Handbook) -> str:
    """Return the picture as SVG: its text can be read aloud, and it needs no other file."""
    drawn = boxes(policy, handbook)
    parts: list[str] = []
    top = MARGIN + HEADING
    for index, box in enumerate(drawn):
        shapes, height = _box(box, top)
        parts += shapes
        top += height
        if index == len(drawn) - 1:
            break
        parts += _arrow(top) if index else []
        top += ARROW if index else LINE
    title = f"{policy.name}: the stages and their time limits"
    told = "; ".join(f"{box.heading}: {', '.join(box.lines)}" for box in drawn)
    return "\n".join(
        [
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top + MARGIN}" '
                f'width="{WIDTH}" height="{top + MARGIN}" role="img" aria-labelledby="title desc" '
                'font-family="Arial, Helvetica, sans-serif" font-size="14">'
            ),
            f'<title id="title">{escape(title)}</title>',
            f'<desc id="desc">{escape(told)}</desc>',
            f'<rect width="{WIDTH}" height="{top + MARGIN}" fill="{PAPER}"/>',
            _text(MARGIN, MARGIN + 8, policy.name, bold=True, size=17),
            *parts,
            "</svg>\n",
        ]
    )


def _box(box: Box, top: int) -> tuple[list[str], int]:
    lines = [piece for line in box.lines for piece in _wrapped(line)]
    height = PAD * 2 + HEADING + LINE * len(lines) - 6
    edge = URGENT if box.urgent else EDGE
    dashes = ' stroke-dasharray="7 4"' if box.optional else ""
    shapes = [
        (
            f'<rect x="{MARGIN}" y="{top}" width="{WIDTH - 2 * MARGIN}" height="{height}" rx="4" '
            f'fill="{PAPER}" stroke="{edge}" stroke-width="2.5"{dashes}/>'
        ),
        _text(MARGIN + PAD, top + PAD + 13, box.heading, bold=True, size=15),
    ]
    for number, (first, line) in enumerate(lines):
        left = MARGIN + PAD + (0 if first else 14)
        shapes.append(_text(left, top + PAD + 13 + HEADING + number * LINE, line))
    return shapes, height


def _wrapped(line: str) -> list[tuple[bool, str]]:
    pieces = wrap(f"• {line}", LETTERS, break_on_hyphens=False)
    return [(number == 0, piece) for number, piece in enumerate(pieces)]


def _arrow(top: int) -> list[str]:
    middle, tip = WIDTH // 2, top + ARROW
    head = f"M{middle - 7} {tip - 11} L{middle} {tip - 1} L{middle + 7} {tip - 11} Z"
    return [
        f'<path d="M{middle} {top} V{tip - 10}" stroke="{INK}" stroke-width="2" fill="none"/>',
        f'<path d="{head}" fill="{INK}"/>',
        _text(middle + 14, top + ARROW // 2 + 4, NOT_SETTLED),
    ]


def _text(left: int, base: int, text: str, *, bold: bool = False, size: int = 14) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{left}" y="{base}" fill="{INK}" font-size="{size}"{weight}>{escape(text)}</text>'
    )
