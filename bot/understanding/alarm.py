"""What is made of danger that a message tells of: whether it is danger, and whether it is now."""

import re

import msgspec

from bot.core.vocabulary import SOUNDS_SO, URGENT_RISKS, Risk
from bot.understanding.account.agencies import find_agencies
from bot.understanding.danger.red_flags import urgent_because
from bot.understanding.danger.signs import PLACEHOLDER, Signs, without_grade
from bot.understanding.model.decision import DONE, FEW_WORDS, Heard, load_decision
from bot.understanding.words.text import normal

SURE_ANYWAY = 2.0
"""Log odds of danger, by both rankers, that stand against somebody's word that it is less."""
STILL = {"going_on", "time_tonight"}
"""Signs that what somebody is accused of goes on, or is to come."""
FEWEST_WEIGHED = 3
"""Of fewer words the rules alone say whether they tell of danger."""
WORD = re.compile(r"\w{2,}")


class RedFlag(msgspec.Struct, frozen=True):
    """A red flag: its family, its words, and when it happens (now, today, recent, past, unknown).

    "now" means that the decision says so too: it is happening or about to.
    """

    family: str
    heard: str
    when: str


class Danger(msgspec.Struct, frozen=True):
    """What was decided about danger that was heard: whether it is now, and in which words."""

    now: bool
    because: str
    words: str


def says_enough(text: str) -> bool:
    """Say whether there are words to weigh, beside what was masked. A place or a slip is none."""
    return len(WORD.findall(PLACEHOLDER.sub(" ", text))) >= FEWEST_WEIGHED


def is_agency_alone(text: str, signs: Signs) -> bool:
    """Say whether a text is but an agency's name: "ambulance" may be where somebody works."""
    return FEW_WORDS in signs.by_name and find_agencies(text).is_name_alone


def decide(signs: Signs, heard: Heard | None, *, accuses: bool = False) -> Danger | None:
    """Return the danger that all signs together tell of, or None.

    What is said outright is danger, whatever else is heard, and so is harm that a rule calls
    urgent where a message `accuses` somebody who works with children and does not only ask.
    Without a model the rules alone decide.
    """
    urgent = signs.flags.urgent
    if heard is None:
        together, now = bool(urgent), False
    else:
        decision, by_name = load_decision(), {**signs.by_name, **heard.signs()}
        if accuses and not (signs.said_now or STILL.intersection(by_name)):
            by_name[DONE] = 1.0
        together = decision.danger.says_yes(by_name)
        # A grade that is for today stays what it is, if nothing else tells of danger.
        graded = signs.only_graded and without_grade(heard.worst) != normal(heard.worst)
        now = decision.says_now(by_name) and not (signs.seen_safe or graded)
        if signs.stated and signs.stated not in URGENT_RISKS and not urgent:
            # Of what no rule knows, somebody who says that it is less is believed.
            together = together and min(heard.meaning, heard.words) >= SURE_ANYWAY
    told = accuses and urgent and "asked" not in signs.by_name
    if not (together or signs.said_plainly or told):
        return None
    named = urgent_because(signs.flags)
    worst = heard.worst if heard else ""
    sounds = "something that sounds as if a child is in danger"
    return Danger(
        now or signs.said_now, named or (f"{sounds} (“{worst}”)" if worst else sounds), worst
    )


def flags_of(signs: Signs, danger: Danger | None) -> tuple[RedFlag, ...]:
    """Return the flags to hand on. With danger there is one, and "now" is what was decided."""
    found = signs.flags.found
    if danger is None:
        return tuple(RedFlag(flag.family, flag.heard, _not_now(flag.when)) for flag in found)
    if not signs.flags.urgent:
        heard = RedFlag(SOUNDS_SO, danger.words, "now" if danger.now else "unknown")
        return (heard, *(RedFlag(flag.family, flag.heard, flag.when) for flag in found))
    return tuple(
        RedFlag(
            flag.family,
            flag.heard,
            "now" if flag.urgent and danger.now else _not_now(flag.when),
        )
        for flag in found
    )


def _not_now(when: str) -> str:
    return "today" if when == "now" else when


def risk_told(stated: Risk | None, danger: Danger | None) -> Risk | None:
    """The risk that the text settles: an urgent one that is stated stays what it is.

    Danger that was heard never lowers a risk, and leaves a lesser one to be asked about.
    """
    if stated in URGENT_RISKS or danger is None:
        return stated
    if stated is not None:
        return None
    return Risk.immediate_danger if danger.now else Risk.immediate_harm
