"""The posts that a stage names: who acts there, and at which agencies."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import msgspec

from bot.core.policy.model import Party
from bot.core.vocabulary import Agency, Level
from bot.keepers.draft.actors import actors_of
from bot.keepers.draft.rungs import Passage, Rung
from bot.keepers.draft.words import Post, agency_of, posts_in, words

LEADS_IN = re.compile(
    r"(?:e\.g\.?|for example|such as|equivalent\b.{0,60}|including|i\.e\.?|following)\s*:?\s*$",
    re.IGNORECASE,
)
ARTICLE = re.compile(r"^(?:(?:an?|the|their|her/his|his/her|your)\s+)+", re.IGNORECASE)
AT_A_PLACE = re.compile(
    r"\b(?:in|for) (?:an?|the|all)?\s*(?P<place>[\w’' ]{2,30}?)(?: sector| service| team)?,? "
    r"(?:(?:it|this|the \w+) is )?(?:an?|the|their|your)\s+$",
    re.IGNORECASE,
)
"""What stands before a post that is one agency's: "in the police, a", "In schools it is the"."""
MOST = 40
"""Posts at one stage: no policy has more."""
FEWEST_LISTED = 3
"""Posts in a row, as in "Service Manager/ Detective Inspector/ Headteacher"."""
DASH = re.compile(r"\s+[–—-]\s+")
ROW = (
    r"[\w’' -]{0,24}\s*/\s*(?:[\w’'-]+ ){0,3}|\s*[,(]\s*(?:(?:the|and|or)\s+)*(?:[\w’'-]+ ){0,2}|"
    r"\s*,?\s*(?:and|or)\s+(?:the\s+)?(?:[\w’'-]+ ){0,2}"
)
"""What stands between two posts of one row."""
ANSWERS = re.compile(
    r"(?:(?:\s*,|\s+and|\s+or)\s+(?:the\s+)?[\w’' ]{3,40}?){0,2}\s+"
    r"(?:(?:to|must|will|should|(?:is|are) to)\s+(?:respond|reply|answer|act|meet|decide)|act)\b",
    re.IGNORECASE,
)
ADDRESSED = re.compile(
    r"\b(?:(?:escalat\w+|reports?|report(?:ed|s)? \w+|referred)\s+"
    r"(?:\w+\s+)?to|involve)\s+(?:the\s+|their\s+)?$",
    re.IGNORECASE,
)
RAISED_WITH = re.compile(
    r"\b(?:rais\w+|discuss\w*|liais\w+|speak\w*|contact\w*)\b"
    r"[^.;]{0,40}\b(?:with|to)\b[^.,;]{0,50}$|\b(?:receiving|responding)\s$",
    re.IGNORECASE,
)
GENERAL = {"manager", "worker", "practitioner", "professional", "supervisor", "lead"}
"""Titles of anybody's, which say nothing of whose."""
SAME_RUNG = {
    Level.practitioner: {"practitioner"},
    Level.line_manager: {"line_manager", "safeguarding_lead"},
    Level.senior_manager: {"senior_manager", "safeguarding_lead"},
    Level.director: {"director", "senior_manager"},
    Level.partnership: {"partnership"},
}


class Named(msgspec.Struct, frozen=True):
    """A post as the policy file has it, with the passage that names it."""

    value: dict[str, Any]
    passage: Passage


def roles_of(rung: Rung, told: Iterable[str]) -> list[Named]:
    """Return who acts at a stage. `told` are those who are only to be told."""
    members = [role for passage in rung.passages for role in _members(passage)]
    members += [role for passage in rung.passages for role in _at_a_place(passage)]
    named = [*_listed(rung), *_in_rows(rung), *members]
    only_told = {who.lower() for who in told}
    found = [] if _complete(named) else _single(rung, only_told)
    found = [*found, *_acting(rung, [*named, *found], only_told)]
    unique: dict[str, Named] = {}
    for role in [*named, *found]:
        unique.setdefault(_plain(role.value["role"]), role)
    kept = _without_shorter(list(unique.values())[:MOST])
    return _with_sides(kept, rung)


def _acting(rung: Rung, known: Sequence[Named], only_told: set[str]) -> Iterator[Named]:
    """Yield who acts by the parse, and is not among the posts that are known already."""
    names = [_plain(role.value["role"]) for role in known]
    # "Manager" alone is any: it is no reason to leave the setting manager out.
    titles = [name for name in names if name not in GENERAL]
    for actor in actors_of(rung):
        name = _plain(actor.role)
        same = any(re.search(rf"\b{re.escape(name)}\b", other) for other in names)
        longer = any(re.search(rf"\b{re.escape(other)}\b", name) for other in titles)
        if actor.role.lower() not in only_told and not same and not longer:
            yield _named(actor.role, (), actor.passage, actor.party)


def _complete(named: Sequence[Named]) -> bool:
    return any(not role.value.get("agencies") for role in named)


def _plain(role: str) -> str:
    return ARTICLE.sub("", re.sub(r"[^\w ]+", "", role.lower())).rstrip("s")


def _without_shorter(roles: list[Named]) -> list[Named]:
    """Return the roles without those that another of the same agencies holds whole."""
    names = [_plain(role.value["role"]) for role in roles]
    return [
        role
        for at, role in enumerate(roles)
        if _everybodys(role)
        or not any(
            other != names[at]
            and re.search(rf"\b{re.escape(names[at])}\b", other)
            and roles[place].value.get("agencies") == role.value.get("agencies")
            for place, other in enumerate(names)
        )
    ]


def _everybodys(role: Named) -> bool:
    """Say whether a title is of both sides: "managers", for which one of theirs does not stand."""
    said = role.value["role"].lower()
    return bool(said.endswith("s") and said.removesuffix("s") in GENERAL)


def _listed(rung: Rung) -> Iterator[Named]:
    """Yield the posts of a list that names who the equivalents are."""
    for passage in rung.passages:
        if not passage.listed or not LEADS_IN.search(passage.behind):
            continue
        posts = posts_in(passage.text)
        agencies = _agencies(passage.text, posts)
        if posts or agencies:
            yield _named(ARTICLE.sub("", passage.text.rstrip(" .;,")), agencies, passage)


def _in_rows(rung: Rung) -> Iterator[Named]:
    """Yield the posts of "Service Manager/ Detective Inspector/ Headteacher or equivalent"."""
    for passage in rung.passages:
        if passage.listed and LEADS_IN.search(passage.behind):
            continue
        for row in _rows(passage.text, posts_in(passage.text)):
            for post in row:
                # Between commas everybody's title stays everybody's; between slashes each has one.
                slashes = "/" in passage.text[row[0].end : row[-1].start]
                own = (post.agency,) if post.agency else ()
                agencies = own if slashes else _own_agency(passage.text, post)
                yield _named(_whole(passage.text, post), agencies, passage)
            if "equivalent" in passage.text and all(post.agency for post in row):
                yield _named(f"{_whole(passage.text, row[0])} or equivalent", (), passage)


def _members(passage: Passage) -> Iterator[Named]:
    """Yield the posts of "The senior managers are: the Director of …, the Chief Nurse"."""
    lead, colon, rest = passage.text.partition(": ")
    if not colon or not posts_in(lead):
        return
    split = ";" if ";" in rest else r",\s*|\s+and\s+(?=the\b)"
    told = [said.strip() for said in re.split(split, rest.rstrip(" ]."))]
    posts = {said: posts_in(said) for said in told}
    placed = {said: _agencies(said, posts[said]) for said in told}
    if not lead.endswith(" are") and sum(map(bool, placed.values())) < FEWEST_LISTED:
        return
    for said, agencies in placed.items():
        if agencies and (posts[said] or DASH.search(said)):
            # Of "Police – Detective Chief Inspector" the agency is the first.
            yield _named(ARTICLE.sub("", DASH.split(said)[-1].strip()), agencies, passage)


def _at_a_place(passage: Passage) -> Iterator[Named]:
    """Yield the posts of "in health, the Designated Nurse; in the voluntary sector, the …"."""
    for post in posts_in(passage.text):
        told = AT_A_PLACE.search(passage.text[: post.start])
        agency = agency_of(told["place"]) if told else None
        # Of "in health the manager is the Named Nurse" the second is health's.
        if agency and not re.match(r"\s+(?:is|are)\b", passage.text[post.end :]):
            yield _named(_whole(passage.text, post), (agency,), passage)


def _rows(text: str, posts: Sequence[Post]) -> Iterator[list[Post]]:
    row: list[Post] = []
    for post in posts:
        if row and not re.fullmatch(ROW, text[row[-1].end : post.start]):
            if len(row) >= FEWEST_LISTED:
                yield row
            row = []
        row.append(post)
    if len(row) >= FEWEST_LISTED:
        yield row


def _single(rung: Rung, only_told: set[str]) -> list[Named]:
    """Return the posts of a stage's own level that its sentences name."""
    found: list[tuple[bool, Named]] = []
    sentences = (
        [Passage(rung.heading, rung.source), *rung.passages] if rung.heading else rung.passages
    )
    for passage in sentences:
        if passage.listed and LEADS_IN.search(passage.behind):
            continue
        for post in posts_in(passage.text):
            title = _whole(passage.text, post)
            same = post.level in SAME_RUNG[rung.level] or _answers(passage.text, post)
            if title.lower() in only_told and not same:
                continue
            agencies = _own_agency(passage.text, post)
            found.append((same, _named(title, agencies, _spoken(passage, rung))))
    own = [role for same, role in found if same]
    return own or [role for _, role in found][:1]


def _answers(text: str, post: Post) -> bool:
    """Say whether a sentence makes somebody answer, or makes them whom it goes to."""
    before = text[: post.start]
    if ANSWERS.match(text[post.end :]) or ADDRESSED.search(before):
        return True
    settled_here = not words().topic("not_resolved").search(text)
    return settled_here and bool(RAISED_WITH.search(before))


def _own_agency(text: str, post: Post) -> tuple[Agency, ...]:
    """Return the agency of a post that a sentence names, unless every agency has such a post.

    In a list beside a Detective Inspector, a Service Manager is the one of social care. Alone, it
    is the service manager of whichever agency.
    """
    if post.agency is None:
        return ()
    anybodys = words().pattern(*words().everywhere).fullmatch(post.title)
    if anybodys and not _places()[post.agency].search(text):
        return ()
    return (post.agency,)


def _spoken(passage: Passage, rung: Rung) -> Passage:
    """Return the passage, or for a heading the first sentence below it, which can be quoted."""
    if passage.text == rung.heading and rung.passages:
        named = passage.text.lower()
        same = [other for other in rung.passages if named in other.text.lower()]
        return (same or list(rung.passages))[0]
    return passage


def _whole(text: str, post: Post) -> str:
    """Return a title with the words that belong to it: "Strategic Safeguarding Manager"."""
    before = re.search(
        r"(?:\b(?:[A-Z][\w’'-]+|senior|assistant|deputy|designated|named|lead|first|relevant|other|"
        r"local authority|frontline|equivalent)\s+){0,4}$",
        text[: post.start],
    )
    first = before.start() if before else post.start
    said = text[first : post.end]
    said = re.sub(
        r"^(?:The|A|An|Between|Direct|Involve|If|Where|When|In|Most|Any|These|Each|Once|"
        r"Line managers? and)\s+",
        "",
        said,
    )
    return ARTICLE.sub("", said).strip(" '’\"")


def _named(
    role: str, agencies: Iterable[Agency], passage: Passage, party: Party | None = None
) -> Named:
    value: dict[str, Any] = {"role": role[:1].upper() + role[1:]}
    if party:
        value["party"] = [party.value]
    listed = [str(agency) for agency in dict.fromkeys(agencies)]
    if listed:
        value["agencies"] = listed
    return Named(value, passage)


def _agencies(text: str, posts: Sequence[Post]) -> tuple[Agency, ...]:
    """Return the agency of a list's item: of its post, else of the place that it names."""
    places = [agency for agency, pattern in _places().items() if pattern.search(text)]
    if places:
        return (places[0],)
    return tuple(post.agency for post in posts if post.agency)[:1]


@cache
def _places() -> dict[Agency, re.Pattern[str]]:
    return {agency: words().pattern(*named) for agency, named in words().work_places.items()}


def _with_sides(roles: list[Named], rung: Rung) -> list[Named]:
    """Return the roles with whose they are: a partnership's own are neither side's."""
    if rung.level is Level.practitioner:
        return [_with(role, {"party": role.value.get("party", ["receiver"])}) for role in roles]
    if rung.level is not Level.partnership:
        return roles
    placed = []
    for role in roles:
        if "party" in role.value:
            placed.append(role)
            continue
        agencies = role.value.get("agencies")
        applies = {"applies": {"their_agency": agencies}} if agencies else {}
        placed.append(_with(role, {"party": ["partnership"]} | applies))
    return placed


def _with(role: Named, more: dict[str, Any]) -> Named:
    kept = {
        key: value
        for key, value in role.value.items()
        if "applies" not in more or key != "agencies"
    }
    return msgspec.structs.replace(role, value=kept | more)
