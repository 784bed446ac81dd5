"""How the keepers' pages look and are sent: under a content policy, and never kept by a cache."""

from base64 import b64encode
from collections.abc import Mapping
from datetime import date
from functools import cache
from hashlib import sha256
from html import escape
from pathlib import Path

import jinja2
from sanic.response import HTTPResponse

from bot.documents.webpage import STYLE

PAGES = Path(__file__).parent / "desk/pages"
FORMS = (PAGES / "forms.css").read_text(encoding="utf-8")


def _hash(style: str) -> str:
    return f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'"


HEADERS = {
    "Cache-Control": "no-store",
    # With no referrer at all, a browser says "null" of where one of these forms was sent from.
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": f"default-src 'none'; style-src {_hash(STYLE)} "
    f"{_hash(STYLE + FORMS)}; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
}


@cache
def templates() -> jinja2.Environment:
    """Return the templates of the desk. All that is filled in is escaped."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(PAGES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["day"] = _day
    return made


def _day(written: str) -> str:
    """Return a day of a file as people write it: "30 November 2026"."""
    return f"{date.fromisoformat(written):%-d %B %Y}"


def html_page(title: str, body: str) -> str:
    """Return a whole page; `body` is HTML."""
    return (
        '<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE + FORMS}</style></head><body><main>"
        f'<h1>{escape(title)}</h1>{body}<p><a href="/keepers/">All policies</a></p>'
        "</main></body></html>\n"
    )


def text_response(
    words: str, status: int, headers: Mapping[str, str] | None = None
) -> HTTPResponse:
    """Return a plain-text answer."""
    return HTTPResponse(
        body=words,
        status=status,
        headers={**HEADERS, **(headers or {})},
        content_type="text/plain; charset=utf-8",
    )


def page_response(
    body: str | bytes, media: str = "text/html; charset=utf-8", status: int = 200
) -> HTTPResponse:
    """Return a page or an image, with the content policy and without caching."""
    coded = body.encode() if isinstance(body, str) else body
    return HTTPResponse(body=coded, status=status, headers=HEADERS, content_type=media)


MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "yml": "text/yaml; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "svg": "image/svg+xml",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def file_response(content: bytes, name: str) -> HTTPResponse:
    """Return a file to keep. Its ending says what it is."""
    found = page_response(content, MEDIA[name.rpartition(".")[2]])
    found.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return found
