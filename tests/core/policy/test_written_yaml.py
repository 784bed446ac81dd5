"""YAML that people really write: tabs, anchors, encodings and days, each named with its line."""

import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from bot.core.policy import loader
from bot.core.policy.loader import PolicyError, load_policies, load_policy
from bot.paths import POLICIES
from tests.support.small_policy import Plain, load_problems, problems, put, written


def test_tabs_are_named_with_their_line(tmp_path: Path) -> None:
    """A tab looks like blanks; the line says where it is."""
    (tmp_path / "vale.yml").write_text("id: vale\ndocument:\n\ttitle: Vale\n", "utf-8")
    (problem,) = load_problems(tmp_path)
    assert str(problem) == "vale.yml:3: (file): expected spaces to indent with; got a tab"


@pytest.mark.parametrize("sign", ["a: &name [1]\nb: *name", "a: &x {b: 1}\nc:\n  <<: *x"])
def test_anchors_and_aliases_are_refused(tmp_path: Path, sign: str) -> None:
    """The person who signs a file must see each text in its place."""
    (tmp_path / "vale.yml").write_text(sign, "utf-8")
    (problem,) = load_problems(tmp_path)
    assert (problem.line, problem.expected) == (1, "every text written out where it belongs")


def test_aliases_that_would_grow_without_end_are_refused_at_once(tmp_path: Path) -> None:
    """Ten lines that would become a thousand million texts."""
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    (tmp_path / "vale.yml").write_text("\n".join(lines), "utf-8")
    (problem,) = load_problems(tmp_path)
    assert "anchor" in problem.got


@pytest.mark.parametrize(
    "tag", ["object/apply:pathlib.Path.touch", "object/new:pathlib.Path", "name:os.system"]
)
def test_a_file_that_would_run_something_is_refused(tmp_path: Path, tag: str) -> None:
    """YAML with Python's own tags is refused."""
    path = tmp_path / "evil.yml"
    path.write_text(f"id: !!python/{tag} [{tmp_path}/ran]\n")
    with pytest.raises(PolicyError):
        load_policy(path)
    assert not (tmp_path / "ran").exists()


def test_an_ampersand_in_a_name_is_not_an_anchor(tmp_path: Path) -> None:
    """City & Hackney, and R&D, are names."""
    assert problems(tmp_path, put("name", "Vale & Hill R&D *policy*")) == []


def test_a_huge_file_is_refused_by_its_size(tmp_path: Path) -> None:
    """It is not even read."""
    (tmp_path / "vale.yml").write_bytes(b"# x\n" * 300_000)
    (problem,) = load_problems(tmp_path)
    assert (problem.expected, problem.got) == (
        "a policy of at most 1,000,000 bytes",
        "1,200,000 bytes",
    )


def test_another_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    """A dash as an old Windows program saves it."""
    text = yaml.dump(written(), Dumper=Plain, sort_keys=False).replace("They talk.", "They – talk.")
    (tmp_path / "vale.yml").write_bytes(text.encode("cp1252"))
    (problem,) = load_problems(tmp_path)
    line = next(n for n, line in enumerate(text.splitlines(), 1) if "–" in line)
    assert problem.line == line
    assert "save the file again as UTF-8" in problem.got


def test_a_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    """Notepad writes one."""
    text = yaml.dump(written(), Dumper=Plain)
    (tmp_path / "vale.yml").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert load_policy(tmp_path / "vale.yml").id == "vale"


@pytest.mark.parametrize("day", ["1 January 2026", "2026-13-01", "01/02/2026", "2026-1-5"])
def test_a_date_in_words_is_refused_with_the_right_format(tmp_path: Path, day: str) -> None:
    """The problem says how a date is written."""
    (problem,) = problems(tmp_path, put("document.reviewed", day))
    assert problem.key == "document.reviewed"
    assert "YYYY-MM-DD" in problem.expected
    assert day in problem.got


def test_a_date_in_quotation_marks_is_accepted(tmp_path: Path) -> None:
    """Quotation marks around a date change nothing."""
    text = yaml.dump(written(), Dumper=Plain)
    text = text.replace("document:\n", 'document:\n  reviewed: "2026-01-05"\n')
    (tmp_path / "vale.yml").write_text(text, "utf-8")
    assert load_policy(tmp_path / "vale.yml").document.reviewed == date(2026, 1, 5)


def test_problems_come_in_the_order_of_their_lines(tmp_path: Path) -> None:
    """Whoever corrects a file goes through it once."""
    found = problems(
        tmp_path,
        put("stages.2.level", "boss"),
        put("nation", "cornwall"),
        put("stages.0.to_answer.0.unit", "fortnight"),
    )
    assert len(found) == 3
    lines = [problem.line or 0 for problem in found]
    assert lines == sorted(lines)
    text = (tmp_path / "vale.yml").read_text("utf-8").splitlines()
    for problem in found:
        assert re.sub(r"['\"]", "", problem.got) in text[(problem.line or 0) - 1]


def test_lines_cost_a_good_file_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The loader looks lines up only after a problem: it reads a good file once."""
    read: list[str] = []
    monkeypatch.setattr(loader, "read_marked", lambda path: read.append(path.name))
    assert load_policies(POLICIES)
    assert read == []
