"""`python -m bot teams-manifest`: the app for Teams, made and checked."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.channels.teams.command import main
from bot.channels.teams.package import package_problems

APP_ID = "11111111-2222-3333-4444-555555555555"
GIVEN = {
    "--app-id": APP_ID,
    "--organisation": "Example County Council",
    "--website": "https://www.example.org/guide",
    "--privacy": "https://www.example.org/privacy",
    "--terms": "https://www.example.org/terms",
}


def make(output: Path, **changed: str) -> int:
    """Make the package with arguments changed."""
    given = GIVEN | {f"--{name}": value for name, value in changed.items()}
    return main(["make", "--output", str(output), *[part for one in given.items() for part in one]])


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A package as it is uploaded."""
    output = tmp_path / "new" / "teams.zip"
    assert make(output) == 0
    return output


@pytest.mark.long
def test_the_package_is_what_teams_takes(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A manifest for private chats only, with both icons in their sizes, and it checks itself."""
    assert main(["check", str(made)]) == 0
    assert "is valid" in capsys.readouterr().out
    with zipfile.ZipFile(made) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        color = Image.open(io.BytesIO(archive.read("color.png")))
        outline = Image.open(io.BytesIO(archive.read("outline.png")))
    (bot,) = manifest["bots"]
    assert (bot["botId"], bot["scopes"], bot["supportsFiles"]) == (APP_ID, ["personal"], False)
    assert manifest["developer"]["name"] == "Example County Council"
    assert manifest["permissions"] == ["identity"]
    assert color.size == (192, 192)
    assert color.getpixel((0, 0)) == (0x14, 0x52, 0x8A, 255)
    assert outline.size == (32, 32)
    points = set(zip(*[iter(outline.tobytes())] * 4, strict=True))
    assert outline.mode == "RGBA"
    assert {point[:3] for point in points} == {(255, 255, 255)}
    assert {0, 255} <= {point[3] for point in points}


@pytest.mark.long
def test_the_same_facts_give_the_same_bytes(made: Path, tmp_path: Path) -> None:
    """So that a department can see that nothing changed."""
    make(tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == made.read_bytes()


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"app-id": "the bot"}, "botId"),
        ({"organisation": "A council with a very long name indeed"}, "developer.name"),
        ({"website": "http://www.example.org"}, "developer.websiteUrl"),
        ({"privacy": "www.example.org"}, "developer.privacyUrl"),
    ],
)
def test_an_invalid_package_is_not_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], changed: dict[str, str], named: str
) -> None:
    """It exits with status 1 and names the field."""
    assert make(tmp_path / "teams.zip", **changed) == 1
    assert named in capsys.readouterr().err
    assert not (tmp_path / "teams.zip").exists()


def changed_package(made: Path, change: dict[str, Any]) -> bytes:
    """The package with parts changed: bytes are a file, all else is a field of the manifest."""
    file = io.BytesIO()
    with zipfile.ZipFile(made) as before, zipfile.ZipFile(file, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name == "manifest.json":
                fields = {k: v for k, v in change.items() if not isinstance(v, bytes)}
                content = json.dumps(json.loads(content) | fields).encode()
            after.writestr(name, change.get(name, content))
    return file.getvalue()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"manifest.json": b"{"}, "not JSON"),
        ({"manifest.json": b"{}"}, "required"),
        ({"color.png": b"GIF89a"}, "color.png: It is not a PNG"),
        ({"bots": [{"botId": APP_ID, "scopes": ["personal", "team"]}]}, "only scope"),
        ({"bots": [{"botId": APP_ID, "scopes": ["personal"], "supportsFiles": True}]}, "no files"),
        ({"bots": []}, "only scope"),
        ({"manifestVersion": "1.5"}, "manifestVersion"),
        ({"name": {"short": "x" * 31, "full": "y"}}, "name.short"),
        ({"unknown": 1}, "unknown"),
    ],
    ids=str,
)
def test_an_invalid_package_is_refused(made: Path, change: dict[str, Any], said: str) -> None:
    """By Microsoft's schema, and by what the guide is: private, and without files."""
    assert said in "\n".join(package_problems(changed_package(made, change)))


def test_icons_that_are_swapped_are_found(made: Path) -> None:
    """Swapped icons are found by their sizes."""
    with zipfile.ZipFile(made) as archive:
        outline = archive.read("outline.png")
    said = package_problems(changed_package(made, {"color.png": outline}))
    assert said == ["color.png: 32 x 32 points, and must be 192 x 192."]


def test_a_file_that_is_not_a_package_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A missing file and a file that is not a zip are both reported."""
    assert main(["check", str(tmp_path / "none.zip")]) == 1
    assert "cannot be read" in capsys.readouterr().err
    (tmp_path / "text.zip").write_text("x", encoding="utf-8")
    assert main(["check", str(tmp_path / "text.zip")]) == 1
    assert "not a zip file" in capsys.readouterr().err
