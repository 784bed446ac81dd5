"""Places that a policy is not for, and places that it says something else of."""

import re
from collections.abc import Iterator, Sequence

from bot.keepers.draft.draft import Kind
from bot.keepers.draft.entries import Entry
from bot.keepers.draft.rungs import Passage

PLACE = r"(?P<place>(?-i:[A-Z][\w’'-]+(?: (?:of |upon |the )?[A-Z][\w’'-]+){0,3}))"
KIND = (
    r"(?:(?:unitary |rural )?(?:area|district|borough|city|county|parish|isle|island|vale)s? of )?"
)
LEFT_OUT = re.compile(
    rf"\b(?:except(?: for| in)?|excluding|other than|apart from|but not(?: in)?|"
    rf"does not apply (?:in|to)|do not apply (?:in|to)|not (?:cover|for)) (?:the )?{KIND}{PLACE}",
    re.IGNORECASE,
)
"""A place that the policy says it is not for."""
OWN = r"(?:protocol|policy|procedures?|guidance|arrangements?|process|ladder)\b"
ELSEWHERE = re.compile(
    rf"\b(?:in|lives? in|living in|for|of) (?:the )?{KIND}{PLACE}\b[^.]{{0,160}}?"
    r"\b(?:own|partnership[’']?s?|different|national|followed in place of|instead of)\b[^.]{0,60}?"
    rf"{OWN}|"
    rf"\b(?:use|follow) {PLACE.replace('place', 'own_place')}[’']s own (?:\w+ )?{OWN}",
    re.IGNORECASE,
)
"""A place that another procedure may hold for: a person has to say."""
NO_PLACE = re.compile(r"(?:Stage|Step|Level|Rung|The|This|If|Where|When|A|An|Form|Working)\b")


def left_out(passages: Sequence[Passage]) -> Iterator[Entry]:
    """Yield each place that the policy is not for, as an area that it excludes."""
    known: set[str] = set()
    for passage in passages:
        for place in _places(LEFT_OUT, passage):
            if place not in known:
                known.add(place)
                value = {
                    "id": "_".join(re.findall(r"[a-z0-9]+", place.lower())),
                    "name": place,
                    "places": [place],
                    "excluded": {"what": passage.text, "source": passage.source},
                }
                yield Entry(Kind.exclusion, "areas.", value, passage)


def questions_of_places(passages: Sequence[Passage]) -> Iterator[str]:
    """Yield what a keeper has to answer of places that are left out, or that differ."""
    asked: set[str] = set()
    for passage in passages:
        places = list(_places(LEFT_OUT, passage)) or list(_places(ELSEWHERE, passage))
        for place in places:
            if place not in asked:
                asked.add(place)
                yield (
                    f"“{passage.text}” ({passage.source}): is the policy for {place}? If not, keep "
                    "it as an area that is left out, and say whose policy holds there. If it only "
                    "differs there, say at each stage what is different."
                )


def _places(pattern: re.Pattern[str], passage: Passage) -> Iterator[str]:
    for found in pattern.finditer(passage.text):
        named = found.groupdict()
        place = named.get("place") or named.get("own_place") or ""
        if place and not NO_PLACE.match(place):
            yield place
