"""`python -m bot advise`: facts as JSON on standard input, advice as JSON on standard output."""

import sys

import msgspec

from bot.clock import today as clock_today
from bot.core.handbook.handbook import load_handbook
from bot.core.policy.loader import PolicyError, load_sound_library
from bot.core.rules.advice import advise
from bot.core.rules.cautions import handed_over
from bot.core.rules.duties import cited_items
from bot.core.rules.narrowing import narrowed
from bot.core.rules.read_facts import FactsError, parse_facts, read_json
from bot.core.text import parse_day
from bot.paths import POLICIES, ROOT, SOUND_POLICIES

USAGE = "usage: python -m bot advise < facts.json"


def main(argv: list[str]) -> int:
    """Advise on one set of facts. Exit status 2, with every problem, for wrong facts."""
    if argv:
        print(USAGE, file=sys.stderr)
        return 2
    try:
        answer = _answer(sys.stdin.buffer.read())
    except (FactsError, PolicyError) as error:
        print(error, file=sys.stderr)
        return 2
    sys.stdout.buffer.write(answer + b"\n")
    sys.stdout.flush()
    return 0


def _answer(text: bytes) -> bytes:
    library = load_sound_library(POLICIES, kept=SOUND_POLICIES)
    for problem in library.left_out:
        print(problem, file=sys.stderr)
    try:
        data = read_json(text)
        given = parse_day(data.get("today")) if isinstance(data, dict) else None
        today = given or clock_today()
        policies = library.on(today)
        facts = parse_facts(data, policies, today)
    except RecursionError as error:
        told = "facts: lists or objects too deep inside each other; expected one JSON object"
        raise FactsError([told]) from error
    if facts.partnership is None:
        raise FactsError(["partnership: is missing"])
    policy = narrowed(policies[facts.partnership], facts)
    advice = advise(facts, policy, today, load_handbook(ROOT))
    handed = cited_items(handed_over(data, facts.partnership, policies))
    advice = msgspec.structs.replace(advice, warnings=(*handed, *advice.warnings))
    return msgspec.json.format(msgspec.json.encode(advice), indent=2)
