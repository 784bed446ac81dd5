"""Mistakes that a schema cannot find, reported with file, line, key and what was expected."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.core.policy import loader
from bot.core.policy.checks import Problem
from bot.core.policy.loader import PolicyError, load_library, load_policies, load_policy, notes_on
from bot.paths import POLICIES

TODAY = date(2026, 11, 24)


def written() -> dict[str, Any]:
    """Return a small policy that is right."""
    return {
        "id": "vale",
        "name": "Vale Escalation Policy",
        "short_name": "Vale",
        "partnership": "Vale Safeguarding Partnership",
        "nation": "england",
        "document": {"title": "Vale Escalation Policy"},
        "names": ["Vale"],
        "places": ["Vale"],
        "own_areas": [{"kinds": ["threshold"], "what": "Thresholds", "source": "1"}],
        "stages": [stage(1, "practitioner"), stage(2, "line_manager"), stage(3, "partnership")],
    }


def stage(number: int, level: str) -> dict[str, Any]:
    """Return a stage with a post and a limit."""
    return {
        "number": number,
        "label": f"Stage {number}",
        "title": "A stage",
        "level": level,
        "what": "They talk.",
        "source": "2",
        "roles": [{"role": "A post", "source": "2", "party": ["raiser", "receiver"]}],
        "to_answer": [limit()],
    }


def limit(**other: Any) -> dict[str, Any]:
    """Return a limit of five working days."""
    return {
        "what": "Answer",
        "who": "receiver",
        "amount": 5,
        "unit": "working_day",
        "readings": [{"counted_from": "stage_start"}],
        "source": "2",
        **other,
    }


def cap(**other: Any) -> dict[str, Any]:
    """Return a cap over all three stages."""
    readings = [{"counted_from": "escalation_start", "stage": 1}]
    return {**limit(amount=15, readings=readings), "stages": [1, 2, 3], **other}


def notice(**other: Any) -> dict[str, Any]:
    """Return a notification."""
    return {"who": "The partnership", "what": "Tell it.", "source": "2", **other}


FORM = {
    "id": "f", "name": "F", "what": "Send.", "send_to": "It", "source": "2", "from_stage": 9,
}  # fmt: skip


def put(path: str, value: object) -> Callable[[dict[str, Any]], None]:
    """Return a change that sets one key, such as "stages.1.level"."""

    def change(data: Any) -> None:
        *steps, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        for part in steps:
            data = data[part]
        data[last] = value

    return change


def problems(folder: Path, *changes: Callable[[dict[str, Any]], None]) -> list[Problem]:
    """Write the policy with changes and return what is wrong with it."""
    data = written()
    for change in changes:
        change(data)
    (folder / "vale.yml").write_text(yaml.dump(data, Dumper=Plain), "utf-8")
    try:
        load_policy(folder / "vale.yml")
    except PolicyError as error:
        return error.problems
    return []


class Plain(yaml.SafeDumper):
    """Writes what stands in two places twice, as people do."""

    def ignore_aliases(self, data: object) -> bool:
        """Never write an anchor."""
        return data is not NotImplemented


def test_the_small_policy_is_right(tmp_path: Path) -> None:
    """What the other tests break is whole before."""
    assert problems(tmp_path) == []


@pytest.mark.parametrize(
    ("path", "value", "key", "expected", "got"),
    [
        ("stages.0.roles", [], "stages[0].roles", "somebody to go to", "nobody"),
        (
            "stages.1.roles",
            [{"role": "A post", "source": "2", "agencies": ["police", "health"]}],
            "stages[1].roles",
            "whatever the two agencies are",
            "none for childrens_social_care with childrens_social_care",
        ),
        (
            "stages.1.roles",
            [
                {"role": "A", "source": "2", "applies": {"their_agency": ["health"]}},
                {"role": "B", "source": "2", "applies": {"not_their_agency": ["health", "police"]}},
            ],
            "stages[1].roles",
            "whatever the two agencies are",
            "with police",
        ),
        (
            "stages.0.notify",
            [notice(applies={"my_agency": ["police"], "not_my_agency": ["police"]})],
            "stages[0].notify[0].applies",
            "no agency in both my_agency and not_my_agency",
            "police",
        ),
        (
            "stages.0.notify",
            [notice(applies={"priority": ["high"]})],
            "stages[0].notify[0].applies.priority",
            "a priority of this policy",
            "high",
        ),
        ("stages.0.notify", [notice(who="tbc")], "stages[0].notify[0].who", "a person", "tbc"),
        ("stages.0.notify", [notice(when=[])], "stages[0].notify[0].when", "at least one", "never"),
        (
            "stages.0.notify",
            [notice(), notice()],
            "stages[0].notify[1]",
            "each entry once, unlike notify[0]",
            "Tell it.",
        ),
        (
            "stages.0.notify",
            [notice(address="office at vale")],
            "stages[0].notify[0].address",
            "an e-mail address, a web page or a telephone number",
            "office at vale",
        ),
        ("stages.0.roles.0.party", [], "stages[0].roles[0].party", "at least one of", "none"),
        (
            "stages.1.to_answer.0.readings.0.counted_from",
            "decision",
            "stages[1].to_answer[0].readings[0].counted_from",
            "a day that stays",
            "decision",
        ),
        (
            "stages.1.to_begin",
            [limit()],
            "stages[1].to_begin[0].readings[0].counted_from",
            "an event before this stage",
            "stage_start",
        ),
        (
            "stages.0.to_answer.0.readings.0",
            {"counted_from": "escalation_start", "stage": 2},
            "stages[0].to_answer[0].readings[0].stage",
            "a stage up to this one, 1",
            "2",
        ),
        ("caps", [cap(stages=[1, 7])], "caps[0].stages", "two or more stages of this", "[1, 7]"),
        ("caps", [cap(amount=14)], "caps[0].amount", "at least the 15 working days", "14 work"),
        ("caps", [cap(amount=2, unit="working_week")], "caps[0].amount", "15 working", "2 working"),
        (
            "caps",
            [cap(readings=[{"counted_from": "stage_start"}])],
            "caps[0].readings[0].counted_from",
            "escalation_start or concern",
            "stage_start",
        ),
        (
            "forms",
            [FORM],
            "forms[0].from_stage",
            "a stage of this policy, from [1, 2, 3]",
            "9",
        ),
        (
            "other_procedures",
            [{"what": "Elsewhere.", "source": "2"}],
            "other_procedures[0]",
            "either an exit or kinds of disagreement",
            "neither",
        ),
        (
            "other_procedures",
            [{"kinds": ["threshold"], "what": "Elsewhere.", "source": "2"}],
            "own_areas[0].kinds",
            "no kind that other_procedures sends elsewhere",
            "threshold",
        ),
        ("status", "signed", "status", "who did it and when", "signed"),
        (
            "signed",
            {"role": "Business manager", "day": "2026-11-01"},
            "signed",
            "`status: signed` beside it",
            "draft",
        ),
        (
            "document",
            {"title": "V", "effective_from": "2026-01-01", "next_review": "2025-01-01"},
            "document.next_review",
            "a day after effective_from, 2026-01-01",
            "2025-01-01",
        ),
        ("contact", "ring us", "contact", "an e-mail address", "ring us"),
        (
            "remaining",
            [{"what": "It ends.", "source": "guidanc: 3.2"}],
            "remaining[0].source",
            "`documents` with its word",
            "guidanc",
        ),
        ("instead", ["remaining"], "instead", "unless the file `extends` another", "remaining"),
    ],
)
def test_each_contradiction_is_reported_with_key_and_line(
    tmp_path: Path, path: str, value: object, key: str, expected: str, got: str
) -> None:
    """Gaps, overlaps, dead conditions and missing notifications: key, expected, got and line."""
    changes = [put(path, value)]
    if path == "contact":
        changes.append(put("contact_source", "2"))
    found = [problem for problem in problems(tmp_path, *changes) if problem.key == key]
    assert len(found) == 1, problems(tmp_path, *changes)
    assert expected in found[0].expected
    assert got in found[0].got
    assert found[0].line is not None


def test_limits_for_a_priority_leave_none_out_and_none_twice(tmp_path: Path) -> None:
    """With two priorities, limits for one are a gap, and two for the same thing an overlap."""
    both = [
        {"id": priority, "name": priority, "what": "Agreed.", "source": "2"}
        for priority in ("high", "low")
    ]
    high_only = limit(applies={"priority": ["high"]})
    found = problems(tmp_path, put("priorities", both), put("stages.0.to_answer", [high_only]))
    assert [(each.key, each.got) for each in found] == [("stages[0].to_answer", "none for low")]
    again = limit(applies={"priority": ["high", "low"]}, amount=2)
    found = problems(
        tmp_path, put("priorities", both), put("stages.0.to_answer", [high_only, again])
    )
    assert [each.key for each in found] == ["stages[0].to_answer[1].applies"]
    assert "never hold together" in found[0].expected


def test_a_limit_is_not_counted_from_a_stage_that_may_be_left_out(tmp_path: Path) -> None:
    """Counted from a stage that need not happen it would never begin, unless read otherwise too."""
    skip = put("stages.1.may_skip", {"what": "May be left out.", "source": "2"})
    alone = [{"counted_from": "earlier_stage_start", "stage": 2}]
    found = problems(tmp_path, skip, put("stages.2.to_answer", [limit(readings=alone)]))
    assert [problem.key for problem in found] == ["stages[2].to_answer[0].readings[0].stage"]
    both = [*alone, {"counted_from": "stage_start"}]
    assert problems(tmp_path, skip, put("stages.2.to_answer", [limit(readings=both)])) == []


def test_a_stage_that_has_to_come_first_may_not_be_left_out(tmp_path: Path) -> None:
    """The two rules contradict each other."""
    skip = put("stages.0.may_skip", {"what": "May be left out.", "source": "2"})
    rule = {"stages": [1], "what": "Stage 1 comes first.", "source": "2"}
    found = problems(tmp_path, skip, put("stages.1.must_follow", rule))
    assert [problem.key for problem in found] == ["stages[1].must_follow.stages"]


def test_a_cap_that_the_policy_itself_makes_small_is_kept(tmp_path: Path) -> None:
    """With a reason, a cap smaller than its parts is accepted; the earlier date counts."""
    readings = [{"counted_from": "escalation_start", "stage": 1, "because": "so in section 9"}]
    assert problems(tmp_path, put("caps", [cap(amount=3, readings=readings)])) == []


def test_what_is_left_from_the_template_stops_a_checked_file_and_no_draft(tmp_path: Path) -> None:
    """For a draft it is a note; a file that claims to be checked is refused."""
    left = put("stages.0.title", "FILL IN: a few words")
    assert problems(tmp_path, left) == []
    (note,) = notes_on(tmp_path / "vale.yml", TODAY)
    assert (note.key, note.expected) == ("stages[0].title", "your own words")
    done = {"role": "Business manager", "day": "2026-11-01"}
    found = problems(tmp_path, left, put("status", "fact_checked"), put("fact_checked", done))
    assert [problem.key for problem in found] == ["stages[0].title"]


def test_a_review_that_has_passed_is_a_note_and_stops_nothing(tmp_path: Path) -> None:
    """The policy still works."""
    document = {"title": "V", "next_review": "2026-11-23"}
    assert problems(tmp_path, put("document", document)) == []
    (note,) = notes_on(tmp_path / "vale.yml", TODAY)
    assert note.key == "document.next_review"
    assert note.got == "2026-11-23, which has passed"
    (near,) = notes_on(tmp_path / "vale.yml", date(2026, 8, 25))
    assert near.got == "2026-11-23, in 90 days"
    assert notes_on(tmp_path / "vale.yml", date(2026, 8, 24)) == []


def test_a_limit_on_a_party_without_a_role_is_noted(tmp_path: Path) -> None:
    """A limit on the partnership at a stage without a partnership role is a note."""
    problems(tmp_path, put("stages.1.to_answer.0.who", "partnership"))
    (note,) = notes_on(tmp_path / "vale.yml", TODAY)
    assert note.key == "stages[1].to_answer[0].who"


def test_an_area_without_the_entry_that_the_others_have_is_noted(tmp_path: Path) -> None:
    """Of three areas only two have somebody to notify."""
    areas: list[dict[str, Any]] = [
        {"id": area, "name": area, "places": [], "source": "1"}
        for area in ("north", "south", "east")
    ]
    told = [notice(applies={"area": ["north"]}), notice(applies={"area": ["south"]})]
    problems(tmp_path, put("areas", areas), put("stages.0.notify", told))
    (note,) = notes_on(tmp_path / "vale.yml", TODAY)
    assert (note.key, note.got) == ("stages[0].notify", "none for east")


# YAML that people really write.


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


def load_problems(folder: Path) -> list[Problem]:
    """Return what is wrong with the files in a folder."""
    with pytest.raises(PolicyError) as caught:
        load_policies(folder)
    return caught.value.problems


# Versions and areas.


def save(folder: Path, name: str, *changes: Callable[[dict[str, Any]], None]) -> None:
    """Write the policy with changes under a name."""
    data = written()
    for change in changes:
        change(data)
    (folder / name).write_text(yaml.dump(data, Dumper=Plain), "utf-8")


def begins(day: str) -> Callable[[dict[str, Any]], None]:
    """Return a change of the day a version takes effect."""
    return put("document", {"title": f"Vale of {day}", "effective_from": day})


CHANGED = put("replaces", {"what": "Stage 2 is new.", "source": "0"})


def test_two_versions_in_force_at_once_are_refused(tmp_path: Path) -> None:
    """Neither of two versions with the same day, or with none, could be chosen."""
    save(tmp_path, "vale.yml", begins("2026-01-01"))
    save(tmp_path, "vale.second.yml", begins("2026-01-01"), CHANGED)
    (problem,) = load_problems(tmp_path)
    assert (problem.key, problem.got) == ("document.effective_from", "2026-01-01")
    assert "on which no other version begins" in problem.expected
    save(tmp_path, "vale.yml")
    save(tmp_path, "vale.second.yml", CHANGED)
    (problem,) = load_problems(tmp_path)
    assert problem.got == "no day in either"


def test_a_new_version_must_say_what_changed(tmp_path: Path) -> None:
    """A case that began under the old version has to learn of the change."""
    save(tmp_path, "vale.yml", begins("2026-01-01"))
    save(tmp_path, "vale.2027.yml", begins("2027-01-01"))
    (problem,) = load_problems(tmp_path)
    assert (problem.file, problem.key) == ("vale.2027.yml", "replaces")


def test_the_version_in_force_on_the_day_is_used(tmp_path: Path) -> None:
    """The day before the change the old one, on the day the new one; before both the first."""
    save(tmp_path, "vale.yml", begins("2026-01-01"))
    save(tmp_path, "vale.2027.yml", begins("2027-01-01"), CHANGED)
    library = load_library(tmp_path)
    titles = {
        day: library.on(date.fromisoformat(day))["vale"].document.title
        for day in ("2025-06-01", "2026-12-31", "2027-01-01")
    }
    assert titles == {
        "2025-06-01": "Vale of 2026-01-01",
        "2026-12-31": "Vale of 2026-01-01",
        "2027-01-01": "Vale of 2027-01-01",
    }
    assert library.newest()["vale"].document.title == "Vale of 2027-01-01"


def test_only_signed_policies_are_offered_without_drafts(tmp_path: Path) -> None:
    """A draft and a file that was only checked stay with those who keep them."""
    done = {"role": "Business manager", "day": "2026-11-01"}
    lead = {"role": "Safeguarding lead", "day": "2026-10-30"}
    checked = put("fact_checked", lead)
    save(tmp_path, "vale.yml", put("status", "signed"), checked, put("signed", done))
    save(tmp_path, "hill.yml", put("id", "hill"))
    save(
        tmp_path,
        "dale.yml",
        put("id", "dale"),
        put("status", "fact_checked"),
        put("fact_checked", done),
    )
    assert set(load_library(tmp_path).newest()) == {"vale", "hill", "dale"}
    assert set(load_library(tmp_path, drafts=False).newest()) == {"vale"}


def test_a_mistake_in_what_an_area_adds_is_reported_at_its_line(tmp_path: Path) -> None:
    """Lines are those of the area's own file, also where the region's list comes first."""
    save(tmp_path, "vale.yml")
    (tmp_path / "hill.yml").write_text(
        "id: hill\nextends: vale\nname: Hill\nshort_name: Hill\npartnership: Hill\n"
        "document: {title: Hill}\nnames: [Hill]\nplaces: [Hill]\n"
        "own_areas:\n  - kinds: [roles]\n    what: Roles\n    source: '1'\n",
        "utf-8",
    )
    (problem,) = load_problems(tmp_path)
    assert (problem.file, problem.line) == ("hill.yml", 10)
    assert problem.key == "own_areas[1].kinds[0]"


@pytest.mark.parametrize(
    ("named", "expected"),
    [("dale", "the name of another policy file, from ['vale']"), ("hill", "another policy file")],
)
def test_a_policy_that_extends_a_missing_file_is_refused(
    tmp_path: Path, named: str, expected: str
) -> None:
    """The region's file has to be there, and to be another one."""
    save(tmp_path, "vale.yml")
    save(tmp_path, "hill.yml", put("id", "hill"), put("extends", named))
    (problem,) = load_problems(tmp_path)
    assert (problem.key, problem.got) == ("extends", named)
    assert expected in problem.expected
