"""`python -m bot documents FOLDER`: reads facts as JSON and writes every file for them.

For people who maintain a form, and for systems that fill one in. Beside the facts of `advise` there
may be "gaps": words for gaps of the forms, by their names in bot/documents/gaps.yml.
"""

import sys
from pathlib import Path

import msgspec

from bot.clock import today as clock_today
from bot.core.handbook.handbook import load_handbook
from bot.core.policy.loader import PolicyError, load_sound_library
from bot.core.rules.read_facts import FactsError, parse_facts, read_json
from bot.core.text import parse_day
from bot.documents.case import Case, case_from
from bot.documents.forms import FormError, forms
from bot.documents.library import file_offers
from bot.paths import POLICIES, ROOT, SOUND_POLICIES

USAGE = "usage: python -m bot documents FOLDER < facts.json"


def main(argv: list[str]) -> int:
    """Write the files and print their names. Exit status 2, with every problem, for wrong facts."""
    if len(argv) != 1 or argv[0].startswith("-"):
        print(USAGE, file=sys.stderr)
        return 2
    folder = Path(argv[0])
    try:
        made = file_offers(_case(sys.stdin.buffer.read()))
        folder.mkdir(parents=True, exist_ok=True)
        for one in made:
            (folder / one.name).write_bytes(one.make())
            print(one.name)
    except (FactsError, PolicyError, FormError) as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{folder}: {error.strerror}; expected a folder to write to", file=sys.stderr)
        return 2
    return 0


def _case(text: bytes) -> Case:
    library = load_sound_library(POLICIES, kept=SOUND_POLICIES)
    data = read_json(text)
    given = data.pop("gaps", {}) if isinstance(data, dict) else {}
    day = parse_day(data.get("today")) if isinstance(data, dict) else None
    day = day or clock_today()
    policies = library.on(day)
    facts = parse_facts(data, policies, day)
    policy = policies[str(facts.partnership)]
    case = case_from(facts, policy, load_handbook(ROOT), day, "command-line")
    return msgspec.structs.replace(case, written=_written(given))


def _written(given: object) -> dict[str, str]:
    """Return the words for gaps. Raises FactsError for a gap that no form has."""
    known = list(forms().gaps)
    if not isinstance(given, dict):
        raise FactsError(["gaps: is not an object; expected words by the gap's name"])
    problems = [
        f"gaps: {name} is not a gap; expected one of {', '.join(known)}"
        for name in given
        if name not in known
    ]
    problems += [
        f"gaps.{name}: is not a text; expected words to put into the form"
        for name, words in given.items()
        if not isinstance(words, str)
    ]
    if problems:
        raise FactsError(problems)
    return given
