"""`python -m bot advise`: facts as JSON on standard input, advice as JSON on standard output."""

import json
import sys

import msgspec

from bot.clock import today as clock_today
from bot.core.advice import advise
from bot.core.facts import FactsError, parse_day, parse_facts
from bot.core.loader import PolicyError, load_policies
from bot.core.standing import load_handbook
from bot.paths import POLICIES, ROOT

USAGE = "usage: python -m bot advise < facts.json"


def main(argv: list[str]) -> int:
    """Answer one set of facts. Exit status 2, with every problem, when they are wrong."""
    if argv:
        print(USAGE, file=sys.stderr)
        return 2
    try:
        return _answer(sys.stdin.read())
    except (FactsError, PolicyError) as error:
        print(error, file=sys.stderr)
        return 2


def _answer(text: str) -> int:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        told = f"facts: not JSON ({error}); expected one JSON object"
        raise FactsError([told]) from error
    policies = load_policies(POLICIES)
    given = data.get("today") if isinstance(data, dict) else None
    today = clock_today() if given is None else parse_day(given)
    if today is None:
        told = f"today: {given!r} is not a date; expected a date that exists, as YYYY-MM-DD"
        raise FactsError([told])
    facts = parse_facts(data, policies, today)
    if facts.partnership is None:
        raise FactsError(["partnership: is missing"])
    advice = advise(facts, policies[facts.partnership], today, load_handbook(ROOT))
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(advice), indent=2).decode() + "\n")
    return 0
