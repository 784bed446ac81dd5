"""A page as a single HTML file that loads nothing, runs nothing and prints well.

It is opened from a disk, so it carries its own content policy: nothing may be loaded, and the only
style allowed is the block with the hash in the policy.
"""

from base64 import b64encode
from hashlib import sha256
from html import escape

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
    Text,
)
from bot.documents.plain import clean_text, one_line

MEDIA = "text/html; charset=utf-8"
STYLE = """
body { color: #0b0c0c; background: #fff; font: 1rem/1.45 Arial, sans-serif;
  max-width: 62rem; margin: 1rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin: 1.2em 0 .3em; }
p, ul { margin: .3em 0; }
table { border-collapse: collapse; width: 100%; margin: .3em 0; }
caption { text-align: left; position: absolute; clip-path: inset(50%); }
th, td { border: 1px solid #505a5f; padding: .3em .5em; text-align: left;
  vertical-align: top; white-space: pre-line; }
thead th { background: #f3f2f1; }
.note { font-size: .875rem; }
img { max-width: 100%; height: auto; }
textarea { width: 100%; box-sizing: border-box; font: inherit; } button { font: inherit; }
h1, h2, h3, .leads { break-after: avoid; } .keep { break-inside: avoid; }
.hidden { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden;
  white-space: nowrap; }
.wide { overflow-x: auto; } .wide table { min-width: 34rem; }
.box { display: block; }
@media screen and (max-width: 38rem) {
  .stacked, .stacked tbody { display: block; }
  .stacked tr, .stacked th, .stacked td { display: block; border: 0; padding: .1em 0; }
  .stacked tr { border-bottom: 1px solid #505a5f; padding: .4em 0; }
  .stacked thead { position: absolute; clip-path: inset(50%); }
  .stacked .box { display: inline-block; margin-right: 1em; }
}
.slide { display: none; } @media (max-width: 38rem) { .slide { display: block; } }
@media print {
  @page { size: A4; margin: 10mm; }
  body { font-size: 8pt; line-height: 1.2; margin: 0; padding: 0; max-width: none; }
  h1 { font-size: 14pt; margin: 0; } h2 { font-size: 10pt; margin: .6em 0 .1em; }
  p, ul, table { margin: .15em 0; } th, td { padding: .15em .35em; }
  .wide table { min-width: 0; } img { max-height: 90mm; }
  .screen, .slide { display: none; }
  .note { font-size: 7pt; } thead { display: table-header-group; } tr { break-inside: avoid; }
}
@media (prefers-color-scheme: dark) { @media screen {
  body { color: #fff; background: #0b0c0c; } thead th { background: #303335; }
  a { color: #8ec5ff; }
} }
"""


def web_file(page: Page, marks: Marks) -> bytes:
    """Return the page as the bytes of an HTML file; `marks` says how open gaps are shown."""
    digest = b64encode(sha256(STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    title = escape(one_line(page.title))
    body = "\n".join(
        _block(block, marks, at if page.contents else None) for at, block in enumerate(page.blocks)
    )
    if page.contents:
        body = f"{_contents(page)}\n{body}"
    return (
        "<!DOCTYPE html>\n"
        '<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n<h1>{title}</h1>\n{body}\n</main>\n</body>\n</html>\n"
    ).encode()


def _contents(page: Page) -> str:
    links = "".join(
        f'<li><a href="#part-{at}">{escape(one_line(block.text))}</a></li>'
        for at, block in enumerate(page.blocks)
        if isinstance(block, Heading)
    )
    title = escape(one_line(page.contents))
    return f'<nav aria-label="{title}" class="screen"><p>{title}</p><ul>{links}</ul></nav>'


def _block(block: Block, marks: Marks, at: int | None) -> str:
    """Return a block; `at` is its place in a document with contents, where links lead to it."""
    if isinstance(block, Heading):
        place = "" if at is None else f' id="part-{at}"'
        return f"<h{block.level}{place}>{escape(one_line(block.text))}</h{block.level}>"
    if isinstance(block, Paragraph):
        kind = ' class="note"' if block.note else ""
        return f"<p{kind}>{_text(block.text, marks)}</p>"
    if isinstance(block, Bullets):
        items = "\n".join(f"<li>{_text(item, marks)}</li>" for item in block.items)
        return f"<ul>\n{items}\n</ul>"
    return _table(block, marks, stacked=at is not None)


def _table(table: PageTable, marks: Marks, *, stacked: bool = False) -> str:
    """Return a table; in a long document its cells stand below each other on a phone.

    Its roles are written out then: a browser forgets them with the look of a table.
    """
    looks, row, head, cell = (
        (' class="stacked" role="table"', ' role="row"', ' role="rowheader"', ' role="cell"')
        if stacked
        else ("", "", "", "")
    )
    header = "".join(f'<th scope="col">{escape(one_line(name))}</th>' for name in table.header)
    rows = "\n".join(
        f'<tr{row}><th scope="row"{head}>{_text(cells[0], marks)}</th>'
        + "".join(f"<td{cell}>{_text(one, marks)}</td>" for one in cells[1:])
        + "</tr>"
        for cells in table.rows
    )
    whole = sum(table.shares)
    columns = "".join(f'<col width="{share * 100 // whole}%">' for share in table.shares)
    return (
        f"<table{looks}>\n<caption>{escape(one_line(table.caption))}</caption>\n"
        f"<colgroup>{columns}</colgroup>\n"
        f"<thead><tr>{header}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"
    )


def _text(text: Text, marks: Marks) -> str:
    return "".join(_part(part, marks) for part in text)


def _part(part: object, marks: Marks) -> str:
    if isinstance(part, PageGap):
        return f"<em>{escape(one_line(marks.show(part)))}</em>"
    if isinstance(part, Box):
        label = escape(one_line(part.label))
        return f'<label class="box"><input type="checkbox" autocomplete="off"> {label}</label>'
    if isinstance(part, Strong):
        return f"<strong>{escape(clean_text(part.text))}</strong>"
    return escape(clean_text(str(part)))
