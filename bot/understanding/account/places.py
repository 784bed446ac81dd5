"""Find the partnership that a message names: by council, town, borough or its own name.

The policies' places come from the policy files, all others from the gazetteer; the nearest
partnership is never guessed.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest

from bot.gazetteer.england import ELSEWHERE, partnerships, place_key, sheet
from bot.understanding.account.gazetteer import Gazetteer, Known, Where
from bot.understanding.account.roles import find_mentions
from bot.understanding.words.text import clean, normal

HERE = "here"

_LONGER = re.compile(
    r"^\s+(?:(?:road|rd|street|st|avenue|ave|lane|close|drive|crescent|way|place|terrace"
    r"|hill|square|rise|mews|row|walk|court|house|lodge|villas|parade|broadway|arms"
    # "Kent Town" is a place of its own; Bedford's town centre is in Bedford.
    r"|town(?!\s+(?:centre|center|hall|council)))\b|[-\s]+(?:upon|le|sub|juxta)[-\s])"
)
"""What follows the name of a street, a house or a longer name that only begins with the place."""
_FURNITURE = re.compile(
    r"\b(?:sle(?:ep|pt)\w*|lie|lying|put|wet\w*|shar\w+|bunk|no|their|the|of|have|has|more|hospital)"
    r"\s+(?:\w+\s+){0,3}?$"
)
"""What stands before "beds" where it is no county."""
_NEW = re.compile(r"\b(?:new|old|great|little|nether|long|market|saint|st)\s$")
"""What a longer name may begin with: "New Luton" is not Luton."""
_LEAD = re.compile(
    r"\b(?:in|at|from|near|around|outside|based\s+in|over\s+in|for|covering|of)\s+(?:the\s+)?$"
)
_OF_A_TOWN = re.compile(
    r"\s+(?:general\s+)?(?:hospital|council|borough|police|school|primary|academy|surgery)\b"
)
"""What has its town's name before its own: "Poole Hospital"."""
_NAMES_A_HOUSE = re.compile(
    r"\s+(?:\w+\s+){0,2}?(?:hospital|infirmary|school|primary|academy|college|surgery|nursery)"
    r"(?:\s*,\s*|\s+)(?:in|at|near)\s+"
)
"""What stands between a house's name and where it is: "St James's Hospital in Leeds"."""
_NO_PLACE = re.compile(r"\s+(?:with|to|of|on|for|out|the|a)\b")
# "Dorset not Kent": the second is denied.
_NOT_HERE = re.compile(r"\b(?:not|isnt|wasnt|rather\s+than|instead\s+of)\s+(?:in\s+)?$")
_INSTEAD = re.compile(
    r"\b(?:no|sorry|oops|wait|correction)\W+(?:(?:no|sorry|wait|actually)\W+)*"
    r"(?:its|it\s+is|thats|im\s+in|i\s+(?:mean|meant)|make\s+(?:that|it))\s+(?:(?:actually|really|in)\s+)*$"
)
"""Before a place: the ones named before it are taken back."""
_MOVED_FROM = re.compile(
    r"\b(?:moved|transferred|came|comes|relocated|arrived|originally|placed(?:\s+\w+)?|fled|known\s+to|previously|used\s+to\s+(?:live|be))"
    r"\s+(?:\w+\s+){0,4}?(?:from|in|to\s+us\s+from|by|of|here\s+from|at)?\s*(?:\w+\s+){0,2}?$"
)
_LIVES = re.compile(
    r"\b(?:lives?|living|resid\w+|home\s+address(?:\s+is)?|family\s+(?:is|are)|child\s+is|now|moved\s+to|placed)\s+"
    r"(?:\w+\s+){0,2}?(?:in|at|to)?\s*$"
)
_ONLY_WHERE = re.compile(
    r"(?:\b(?:in|at|near|the|its|it|is|im|i|am|we|are|were|based|live|lives|they|he|she|child|family|"
    r"school|area|council|county|borough|city|town|of|and|from|uk|england|here)\b|\W)*"
)
"""What may stand beside a place that says nothing more."""
_WORD = re.compile(r"[^\W_]+|&")
_ENDS = re.compile(r"\s*(?:[,.;:!?]|$)")
_ENDS_IN_S = re.compile(r"\b([a-z]{4,})s\b")
_GAP = re.compile(r"[\s-]*|\.\s+")
_MONTH = "march"
_TELLS_WHICH = re.compile(r"\s*(?:,\s*(?:in\s+)?|\(\s*|\s(?:in\s+)?)")
"""What may stand between a town and the county that tells which town is meant."""


@dataclass(frozen=True)
class Named:
    """A place named in a text: its words, where they stand, and what they can mean."""

    start: int
    end: int
    heard: str
    known: Known
    lives: bool = False

    @property
    def wheres(self) -> tuple[Where, ...]:
        """Return what it can mean."""
        return self.known.wheres

    @property
    def tells_which(self) -> bool:
        """Say whether it is a county or council, which tells which town before it is meant."""
        return bool(self.known.within)


@dataclass(frozen=True)
class FoundPlace:
    """`partnership` and `area` are ids. `outside_place` is a place that no policy covers.

    `partnerships` holds all that are named; if there are several, none is chosen. `authority` is
    the authority for children of the place outside, and `safeguarding` its partnership where that
    is not called after it. `unclear` is a name that several places have, if nothing else tells
    which, and `among` are the authorities they lie under. `nation` is that of a place outside
    England.
    """

    partnership: str | None
    area: str | None
    outside_place: str | None
    partnerships: tuple[str, ...] = ()
    authority: str | None = None
    unclear: str | None = None
    among: tuple[str, ...] = ()
    nation: str | None = None
    safeguarding: str | None = None


def find_place(text: str, known: Gazetteer) -> FoundPlace:
    """Return the place of a text, by the places that it names."""
    words = _without_possessives(normal(text), known)
    return _settle(_told_apart(_counted(text, words, known), words))


def _without_possessives(words: str, known: Gazetteer) -> str:
    """Return a normal text, as long as before, with "dorset" for "dorsets timescale".

    Only for places of a policy: elsewhere such an ending belongs to a word more often.
    """

    def bare(found: re.Match[str]) -> str:
        named = known.known.get(found[1])
        covered = named is not None and all(where.partnership for where in named.wheres)
        if named is None or named.word or not covered or found[0] in known.known:
            return found[0]
        return f"{found[1]} "

    return _ENDS_IN_S.sub(bare, words)


def _counted(text: str, words: str, known: Gazetteer) -> list[Named]:
    """Return the places that a text names as where somebody is."""
    shown = clean(text)
    found: list[Named] = []
    every = list(_named(words, known))
    for named, after in zip_longest(every, every[1:]):
        before = words[max(0, named.start - 60) : named.start]
        if _is_longer(named, words, before, shown):
            continue
        if named.heard == "beds" and _FURNITURE.search(before):
            continue
        if after and _NAMES_A_HOUSE.fullmatch(words[named.end : after.start]):
            continue
        told_which = after and after.tells_which and _stand_beside(named, after, words)
        if named.known.word and not (told_which or _named_as_place(named, before, words, shown)):
            continue
        lives = bool(_LIVES.search(before))
        if (_MOVED_FROM.search(before) and not lives) or _NOT_HERE.search(before):
            continue
        if _INSTEAD.search(before):
            found.clear()
        found.append(replace(named, lives=lives))
    return found


def _named(words: str, known: Gazetteer) -> Iterator[Named]:
    """Yield the names of places in a normal text, the longest at each word."""
    tokens = list(_WORD.finditer(words))
    at = 0
    while at < len(tokens):
        hyphened = words[: tokens[at].start()].endswith("-")
        length = 0 if hyphened else _length_at(tokens, at, words, known)
        if length:
            start, end = tokens[at].start(), tokens[at + length - 1].end()
            key = " ".join(_key(tokens[at : at + length]))
            yield Named(start, end, words[start:end], known.known[key])
        at += length or 1


def _length_at(tokens: Sequence["re.Match[str]"], at: int, words: str, known: Gazetteer) -> int:
    """Return of how many words the longest name is that begins with this one."""
    for name in known.starting.get(tokens[at].group(), ()):
        here = tokens[at : at + len(name)]
        spelt = _key(here) == name
        if spelt and all(
            _GAP.fullmatch(words[one.end() : two.start()]) for one, two in pairwise(here)
        ):
            return len(name)
    return 0


def _key(tokens: Sequence["re.Match[str]"]) -> tuple[str, ...]:
    """Return the words of a name as the gazetteer has them: "n yorks", "barking and dagenham"."""
    first, *rest = (token.group() for token in tokens)
    return (first, *("and" if word in {"&", "n"} else word for word in rest))


def without_places(words: str, known: Gazetteer, instead: str = HERE) -> str:
    """Return a normal text with places replaced by "here", without changing its length.

    A place whose name is also a word stays.
    """
    parts, at = [], 0
    for named in _named(words, known):
        kept = named.known.word or len(named.heard) < len(instead)
        parts += [words[at : named.start], named.heard if kept else instead.ljust(len(named.heard))]
        at = named.end
    return "".join((*parts, words[at:]))


def says_only_where(text: str, known: Gazetteer) -> bool:
    """Say whether a text names a place and says nothing else: "Chatham", "we're in Medway"."""
    words = normal(text)
    found = _counted(text, words, known)
    rest = words
    for named in found:
        rest = rest.replace(named.heard, " ", 1)
    return bool(found) and _ONLY_WHERE.fullmatch(rest) is not None


def _is_longer(named: Named, words: str, before: str, shown: str) -> bool:
    """Say whether a name is only a part of a longer one: a street's, a house's, another place's."""
    after = words[named.end :]
    if _LONGER.match(after):
        return True
    follows = re.match(r"\s+(\w+)", after)
    if follows and follows.group(1) in sheet().endings:
        return True
    leads = _NEW.search(before)
    return leads is not None and _capital(f"{leads.group().strip()} {named.heard}", shown)


def _capital(words: str, shown: str) -> bool:
    """Say whether words are written with capital letters, as a name is."""
    written = re.search(rf"\b{re.escape(words)}\b", shown, re.IGNORECASE)
    return written is not None and written.group()[0].isupper()


def _named_as_place(named: Named, before: str, words: str, shown: str) -> bool:
    """Say whether a word such as "deal" is a place: after "in" or a role, alone, or capitalised."""
    if words.strip(" .,!?") == named.heard:
        return True
    role = find_mentions(before)
    if role and not before[role[-1].end :].strip():
        # "HV Poole": whoever signs with a role and one word more says where.
        return True
    if role and before[role[-1].end :].strip() == "," and _ENDS.match(words[named.end :]):
        # "Teacher, poole.": between two marks it is nothing else.
        return True
    heard, large = named.heard, place_key(named.heard) in sheet().words
    if named.heard == _MONTH:
        return False
    if place_key(named.heard) in sheet().words and _OF_A_TOWN.match(words[named.end :]):
        return True
    if _LEAD.search(before) and not _NO_PLACE.match(words[named.end :]):
        return large or _capital(heard, shown)
    # After other words, or a sentence by itself.
    name = re.escape(heard.title())
    alone = rf"(?:(?<=[a-z,] ){name}\b|(?<=[.!?] ){name}\s*(?:[.!?]|$))"
    return large and re.search(alone, shown) is not None


def _told_apart(found: list[Named], words: str) -> list[Named]:
    """Return the places with each town narrowed down by what stands beside it.

    "Ashford, Surrey" is one place, and so is "Beckenham, Kent", which is in Bromley.
    """
    told: list[Named] = []
    for named in found:
        before = told[-1] if told else None
        if before is None or not _stand_beside(before, named, words):
            told.append(named)
        elif named.tells_which and (not before.tells_which or _both(before, named)):
            told[-1] = _narrowed(before, named)
        elif named.tells_which or _both(before, named) or not _is_several(before):
            told.append(named)
    return [_shared(named, told) for named in told]


def _stand_beside(town: Named, county: Named, words: str) -> bool:
    """Say whether a name stands behind a town as its county does."""
    return _TELLS_WHICH.fullmatch(words[town.end : county.start]) is not None


def _both(town: Named, county: Named) -> tuple[Where, ...]:
    """Return where a town can be that lies within a county, or that another place shares."""
    within = _apart(county.known.within or county.wheres)
    every = (*town.wheres, *town.known.besides)
    return tuple(where for where in every if _one((where,)) in within)


def _narrowed(town: Named, county: Named) -> Named:
    """Return a town with the county or council behind it.

    Where none of its name is known there, a county outside is believed, and one of a policy is
    asked about.
    """
    inside = any(where.partnership for where in county.wheres)
    neither = (*town.wheres, *county.wheres) if inside else county.wheres
    wheres = _both(town, county) or neither
    return replace(town, end=county.end, known=replace(town.known, wheres=wheres))


def _shared(named: Named, others: Sequence[Named]) -> Named:
    """Return a place of several, narrowed down to those that another place in the text shares."""
    if not _is_several(named):
        return named
    sure = {_one(other.wheres) for other in others if other is not named and not _is_several(other)}
    both = tuple(where for where in named.wheres if _one((where,)) in sure)
    return replace(named, known=replace(named.known, wheres=both)) if both else named


def _one(wheres: Iterable[Where]) -> tuple[str | None, str | None]:
    """Return the policy, or the authority outside, of the first of these places."""
    where = next(iter(wheres))
    return (where.partnership, None if where.partnership else where.authority)


def _is_several(named: Named) -> bool:
    """Say whether places under several policies or authorities have the name."""
    return len(_apart(named.wheres)) > 1


def _apart(wheres: Iterable[Where]) -> set[tuple[str | None, str | None]]:
    return {_one((where,)) for where in wheres}


def _settle(found: Sequence[Named]) -> FoundPlace:
    """Choose a place only if it stands out: "lives in" outweighs a mention in passing."""
    named = [one for one in found if one.lives] or list(found)
    ids = tuple(
        dict.fromkeys(
            where.partnership
            for one in found
            for where in one.wheres[:1]
            if where.partnership and not _is_several(one)
        )
    )
    unclear = next(filter(_is_several, named), None)
    sure = [one for one in named if not _is_several(one)]
    if unclear and not sure:
        among = tuple(dict.fromkeys(where.authority for where in unclear.wheres))
        return FoundPlace(None, None, None, ids, unclear=unclear.heard, among=among)
    chosen = {_one(one.wheres) for one in sure}
    if len(chosen) != 1:
        return FoundPlace(None, None, None, ids)
    where = sure[0].wheres[0]
    if where.partnership is None:
        outside = FoundPlace(None, None, sure[0].heard, ids, where.authority)
        if where.authority in ELSEWHERE:
            return replace(outside, nation=where.authority)
        return replace(outside, safeguarding=partnerships().get(where.authority))
    areas = {each.area for one in sure for each in one.wheres if each.area}
    return FoundPlace(where.partnership, areas.pop() if len(areas) == 1 else None, None, ids)
