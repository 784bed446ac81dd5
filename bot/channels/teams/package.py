"""Make the app that an IT department uploads to Teams: a zip file of a manifest and two icons."""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema

from bot.channels.teams import icons

HERE = Path(__file__).parent
MANIFEST = "manifest.json"
COLOR, OUTLINE = "color.png", "outline.png"
PARTS = (MANIFEST, COLOR, OUTLINE)
_MADE = (2026, 1, 1, 0, 0, 0)
"""A fixed time in the zip file, so that the same input gives the same bytes."""


@dataclass(frozen=True)
class Publisher:
    """Who publishes the app, and the https addresses of the pages about it."""

    name: str
    website: str
    privacy: str
    terms: str


def make_manifest(app_id: str, version: str, publisher: Publisher) -> dict[str, Any]:
    """Return the app's manifest."""
    made: dict[str, Any] = json.loads((HERE / "manifest.template.json").read_text("utf-8"))
    made["id"] = made["bots"][0]["botId"] = app_id.lower()
    made["version"] = version
    made["developer"] = {
        "name": publisher.name,
        "websiteUrl": publisher.website,
        "privacyUrl": publisher.privacy,
        "termsOfUseUrl": publisher.terms,
    }
    return made


def make_package(made: dict[str, Any]) -> bytes:
    """Return the zip file that is uploaded."""
    content = {
        MANIFEST: (json.dumps(made, indent=2, ensure_ascii=False) + "\n").encode(),
        COLOR: icons.color_icon(),
        OUTLINE: icons.outline_icon(),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in PARTS:
            archive.writestr(zipfile.ZipInfo(name, _MADE), content[name])
    return file.getvalue()


def package_problems(content: bytes) -> list[str]:
    """Return all problems of a package, by Microsoft's schema and the guide's own rules.

    The schema is that of manifest version 1.30.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    except zipfile.BadZipFile:
        return ["It is not a zip file."]
    if sorted(parts) != sorted(PARTS):
        return [f"It holds {', '.join(sorted(parts))}, and must hold {', '.join(PARTS)}."]
    return [*_icon_problems(parts), *_manifest_problems(parts[MANIFEST])]


def _icon_problems(parts: dict[str, bytes]) -> Iterator[str]:
    for name, side in ((COLOR, icons.COLOR_SIZE), (OUTLINE, icons.OUTLINE_SIZE)):
        try:
            width, height = icons.png_size(parts[name])
        except ValueError as wrong:
            yield f"{name}: {wrong}"
            continue
        if (width, height) != (side, side):
            yield f"{name}: {width} x {height} points, and must be {side} x {side}."


def _manifest_problems(content: bytes) -> Iterator[str]:
    try:
        made = json.loads(content)
    except ValueError:
        yield f"{MANIFEST}: it is not JSON."
        return
    schema = json.loads((HERE / "manifest.schema.json").read_text("utf-8"))
    errors = jsonschema.Draft4Validator(schema).iter_errors(made)
    found = [f"{'.'.join(map(str, error.path)) or MANIFEST}: {error.message}" for error in errors]
    yield from found
    if found:
        return
    version = schema["properties"]["manifestVersion"]["const"]
    if made["manifestVersion"] != version:
        yield f"manifestVersion: it is {made['manifestVersion']}, and must be {version}."
    yield from (
        f"developer.{name}: it must begin with https://."
        for name, value in made["developer"].items()
        if name.endswith("Url") and not value.startswith("https://")
    )
    bots = made.get("bots") or []
    if not bots or any(bot["scopes"] != ["personal"] for bot in bots):
        yield "bots: the guide is for private chats, so that its only scope must be personal."
    if any(bot.get("supportsFiles") for bot in bots):
        yield "bots: the guide takes in no files, so that supportsFiles must be false."
