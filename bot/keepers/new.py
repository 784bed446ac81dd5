"""`python -m bot policies new`: asks a few questions and begins a policy file and its cases."""

import argparse
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

from bot.core.policy.model import Nation
from bot.core.vocabulary import Level
from bot.paths import ROOT

CASES = ROOT / "tests/policies"
ID = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
MOST_STAGES = 12
LEVELS = [str(level) for level in Level]
WITHOUT_DIRECTOR = 4
"""So many stages usually lead from the senior managers straight to the partnership."""


def ladder(count: int) -> list[str]:
    """Return a first guess at the level of each stage; the file asks to check it.

    More stages than levels share a level with the one above, the lowest first.
    """
    if count == WITHOUT_DIRECTOR:
        return [level for level in LEVELS if level != Level.director]
    each, more = divmod(count, len(LEVELS))
    if not each:
        return LEVELS[:count]
    return [level for at, level in enumerate(LEVELS) for _ in range(each + (1 if at < more else 0))]


Check = Callable[[str], str | None]


def _an_id(value: str) -> str | None:
    ok = ID.fullmatch(value)
    return None if ok else "a short word in lower case, with _ for blanks, such as north_vale"


def _some_text(value: str) -> str | None:
    return None if value else "some text"


def _a_nation(value: str) -> str | None:
    known = [nation.value for nation in Nation]
    return None if value in known else f"one of {', '.join(known)}"


def _a_count(value: str) -> str | None:
    known = map(str, range(1, MOST_STAGES + 1))
    return None if value in known else f"a number from 1 to {MOST_STAGES}"


QUESTIONS: dict[str, tuple[str, str, Check]] = {
    "id": ("A short word for it, which names the file (north_vale)", "", _an_id),
    "name": ("The policy's name, as practitioners would say it", "", _some_text),
    "short-name": ("The same in one or two words (North Vale)", "", _some_text),
    "partnership": ("The safeguarding partnership's full name", "", _some_text),
    "title": ("The document's exact title", "", _some_text),
    "nation": ("Whose bank holidays count", "england", _a_nation),
    "label": ("What the policy calls its stages (Stage, Step, Level)", "Stage", _some_text),
    "stages": ("How many there are, from the first talk to the last", "4", _a_count),
}
"""The questions by flag: the wording, the default answer, and the check of an answer."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add a flag for each question; a question without its flag is asked."""
    for name, (question, usual, _) in QUESTIONS.items():
        parser.add_argument(f"--{name}", help=f"{question}{f' ({usual})' if usual else ''}")
    parser.add_argument("--cases", type=Path, default=CASES, help="where the case file goes")


def begin_policy(asked: argparse.Namespace) -> int:
    """Write the two files and say what to do next. Exit status 2 for a wrong answer."""
    answers = {name: getattr(asked, name.replace("-", "_")) for name in QUESTIONS}
    problems = [
        f"--{name}: expected {expected}; got {value!r}"
        for name, value in answers.items()
        if value is not None and (expected := QUESTIONS[name][2](value.strip()))
    ]
    if problems:
        print("\n".join(problems), file=sys.stderr)
        return 2
    try:
        told = {name: _answer(name, value) for name, value in answers.items()}
    except EOFError:
        missing = [f"--{name}" for name, value in answers.items() if value is None]
        print(f"\nNot everything was answered. Give {', '.join(missing)}.", file=sys.stderr)
        return 2
    policy = asked.folder / f"{told['id']}.yml"
    cases = asked.cases / f"{told['id']}.cases.yml"
    there = [str(path) for path in (policy, cases) if path.exists()]
    if there:
        print(f"{', '.join(there)}: already there; nothing was written", file=sys.stderr)
        return 2
    policy.write_text(policy_file(told), encoding="utf-8")
    cases.write_text(case_file(told), encoding="utf-8")
    print(f"{policy}\n{cases}")
    print(
        "Next: fill in every FILL IN, then run: python -m bot policies check\n"
        "What each key takes is in policies/template/partnership.yml and policies/README.md."
    )
    return 0


def _answer(name: str, given: str | None) -> str:
    """Return the answer from the command line, or ask until an answer is valid."""
    if given is not None:
        return given.strip()
    question, usual, check = QUESTIONS[name]
    while True:
        value = input(f"{question}{f' [{usual}]' if usual else ''}: ").strip() or usual
        wrong = check(value)
        if wrong is None:
            return value
        print(f"  That has to be {wrong}.")


def policy_file(told: dict[str, str]) -> str:
    """Return the text of a policy file with the answers filled in."""
    stages = "\n".join(
        STAGE.format(
            number=number,
            label=_quoted(f"{told['label']} {number}"),
            level=level,
            to=SIDES if level != "partnership" else "[partnership]",
        )
        for number, level in enumerate(ladder(int(told["stages"])), start=1)
    )
    return HEAD.format(
        id=told["id"],
        nation=told["nation"],
        stages=stages,
        **{
            name.replace("-", "_"): _quoted(told[name])
            for name in ("name", "short-name", "partnership", "title")
        },
    )


def case_file(told: dict[str, str]) -> str:
    """Return the text of an empty case file, with an example to copy."""
    return CASE_FILE.format(id=told["id"], title=told["title"])


def _quoted(text: str) -> str:
    """Return any text quoted for YAML."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False)


SIDES = "[raiser, receiver]"
HEAD = """\
# yaml-language-server: $schema=schema.json
# Begun with `python -m bot policies new`. Not signed by the partnership.
# Write in your own plain words; copy facts, figures, posts and addresses exactly. Give each its
# section. What the policy does not say goes under not_stated: never put in a usual value.
# Every key there is: policies/template/partnership.yml. What they mean: policies/README.md.
id: {id}
name: {name}
short_name: {short_name}
partnership: {partnership}
status: draft # then fact_checked, then signed
nation: {nation}
document:
  title: {title}
  effective_from: null # the day it takes effect, such as 2026-09-01; null when it gives none
  reviewed: null
  next_review: null
names: [{short_name}] # how people call it, in any spelling they use
places: [] # towns, boroughs and councils that name it; none that is also a first name

# The kinds of disagreement the policy lists, each beside the guide's own words for it. None: [].
own_areas: []

# The policy's own rule for a child at immediate risk. Without one, the guide's own rule holds:
# delete this part, and say under not_stated that the policy has none.
urgent:
  - what: "FILL IN: what to do today"
    rule: "FILL IN: the time in the policy's words, such as same working day"
    source: "FILL IN: section"

own_manager: # what it says for when one's own manager will not take it up, or that it does not say
  - what: "FILL IN: what the policy says, or that it does not say"
    source: "FILL IN: section, or whole document"

every_stage: # duties at every stage, such as records
  - what: "FILL IN: the duty"
    source: "FILL IN: section"
    when: [raised, unresolved, resolved]

# The level is the stage's place in any organisation: practitioner, line_manager, senior_manager,
# director, partnership. They are a guess here: look at each.
stages:
{stages}

remaining: # what the policy says when it is not settled after the last stage
  - what: "FILL IN: what it says, or that it says nothing"
    source: "FILL IN: section"

not_stated: # what you looked for in the whole document and did not find
  - what: "FILL IN: what the policy does not say, such as the date of its next review"
    source: whole document
"""
STAGE = """\
  - number: {number}
    label: {label}
    title: "FILL IN: a few words"
    level: {level}
    what: "FILL IN: who does what here"
    source: "FILL IN: section"
    roles: # who acts; add `agencies: [police]` for a post that only some agencies have
      - role: "FILL IN: the post"
        party: {to}
        source: "FILL IN: section"
    # to_answer: # a time limit; delete the signs before the lines, or say under not_stated
    #   - what: Answer the escalation
    #     who: receiver # raiser, receiver or partnership
    #     amount: 5
    #     unit: working_day # hour, calendar_day, working_week, same_working_day, without_delay
    #     readings: [{{counted_from: stage_start}}]
    #     source: section
    not_stated:
      - what: "FILL IN: what it does not say here, such as a time limit"
        source: "FILL IN: the section where one would expect it"
"""
CASE_FILE = """\
# Cases for "{title}", worked out by hand.
# How to read and add one: policies/README.md. `policies check` names those that are missing.
partnership: {id}
given:
  today: 2026-11-24 # a Tuesday
  risk: concern
  disagreement: threshold
  my_agency: education
  their_agency: childrens_social_care
  child_status: []
  steps: []

cases: []
# cases:
#   - case: Nothing has been tried, so a school first talks to the social worker
#     expect: {{route: staged, stage: 1, action: discuss, to_stage: null}}
"""
