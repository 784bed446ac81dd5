"""Find the practitioner's own agency, their own rung, and the agency they disagree with."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from bot.core.vocabulary import Agency, Level
from bot.gazetteer.england import place_key, places
from bot.understanding.account.own_setting import own_setting
from bot.understanding.account.roles import SAFEGUARDING_LEAD, Mention, find_mentions
from bot.understanding.words.patterns import pattern
from bot.understanding.words.text import cased, normal, once_a_message

PLACE_AND_WORK = 3
"""A place of work with its town has no more words."""
_words = partial(pattern, "agencies")
_SENTENCE = re.compile(r"[.;!?\n]+(?=\s|$)|\s-+\s|\(|\)")
_SEGMENT = re.compile(r"[.;!?\n:]+(?=\s|$)|\s-+\s|,|\(|\)")
_PLACE = re.compile(r"\s(?P<name>[A-Z][a-z]+)\b")
BARE_MANAGERS = ("line manager", "manager")
"""Without "the" or "her" these are one's own: "spoke to line manager"."""
LONGEST_INTRODUCTION = 8
"""Words in which somebody says no more than what they are and where."""
LONGEST_PLACE = 4
"""Words of a place at the start of a message."""
NAMED_AFTER_A_PLACE = {"hospital", "hospitals", "church"}
"""Alone with a place they say where a child was treated or lives, and not who is on which side."""
OPPOSED, ACTS = 4, 3
"""How surely somebody is disagreed with of whom words say it, and who does something."""
IN_PASSING = 1
"""How surely somebody is disagreed with of whom nothing more is said."""
WE = ("we ", "us ", "here ", "i ", "my ", "our ")
"""Roles of the list that begin so say whose they are: "we at school"."""


@dataclass(frozen=True)
class Agencies:
    """`mine` and `theirs` are None unless the words say so; `mentioned` is in order, each once.

    `level` is the rung that the practitioner says they stand on; `own` are the mentions of
    themselves and their colleagues.
    """

    mine: Agency | None
    theirs: Agency | None
    mentioned: tuple[Agency, ...]
    level: Level | None = None
    own: frozenset[Mention] = frozenset()
    mentions: tuple[Mention, ...] = ()
    is_lead: bool = False
    """Whether they say that they are the safeguarding lead."""
    is_introduction: bool = False
    """Whether the text says no more than what they are, and perhaps where."""
    is_name_alone: bool = False
    """Whether it is the name of an agency and nothing else, so may be either side's."""
    opening: Mention | None = None
    """The post that the text opens with and that is the practitioner's own: "SW on call, kent"."""
    workplace: Mention | None = None
    """The place of work that is the whole first sentence: "oak rd school kent. …"."""
    is_backed: bool = False
    """Whether a lead or manager of theirs agrees with them: "DSL agrees with me"."""


@once_a_message
def find_agencies(text: str) -> Agencies:
    """Return the agencies a text names and whose they are."""
    words = normal(text)
    mentions = find_mentions(words)
    selves = [mention for mention in mentions if _is_self(words, mention)]
    selves += [one for one in _introduced(words, mentions) if one not in selves]
    selves += [one for one in _titled(cased(text), mentions) if one not in selves]
    colleagues = [one for one in mentions if _is_colleague(one) or _backs_me(words, one)]
    if not (selves or colleagues):
        selves = own_setting(words, _segments(words, _SEGMENT), mentions)
    told = [mention.agency for mention in (*selves, *colleagues) if mention.agency]
    mine = told[0] if told else _lead_of(selves, mentions)
    own = frozenset(
        mention
        for mention in mentions
        if mention in selves
        or mention.is_ours
        or (mention.word in BARE_MANAGERS and not mention.owner and mention.agency is None)
        or (mine and mention.agency is mine and mention.owner not in {"their", "her", "his"})
    )
    others: dict[Agency, int] = {}
    for mention in mentions:
        agency = mention.agency
        if agency is None or agency is mine or mention in own or _sent_a_referral(words, mention):
            continue
        if _words("greeting").fullmatch(words.strip(" .!")):
            # "Ta" is thanks as well: by itself it says nothing of the other side.
            continue
        weight = _weight(words, mention)
        if mention.word in NAMED_AFTER_A_PLACE and weight == IN_PASSING:
            continue
        others[agency] = others.get(agency, 0) + weight
    person = next((mention for mention in selves if mention.is_person), None)
    # "Wont budge: team manager. im a nurse": the first is somebody else.
    said = {one.agency for one in mentions if _is_self(words, one)}
    opening = next(
        (
            one
            for one in mentions[:1]
            if one in selves and one.is_person and (not said or one.agency in said)
        ),
        None,
    )
    workplace = next(
        (one for one in mentions[:1] if one in selves and _stands_first(words, one)), None
    )
    lead = any(
        one.rung == SAFEGUARDING_LEAD
        and (one is person or _words("and_the").search(words[: one.start]))
        for one in selves
        if one.is_person
    )
    level = Level.line_manager if lead else person.level if person else None
    named = tuple(dict.fromkeys(mention.agency for mention in mentions if mention.agency))
    alone = bool(selves or colleagues) and not others and _only_introduces(words, mentions)
    bare = [one.word for one in mentions if not one.is_person] == [words.strip(" .,!?")]
    theirs = _theirs(others)
    rest = [one for one in mentions if one not in selves]
    if mine and theirs is None and any(_is_another(words, one, mine) for one in rest):
        theirs = mine
    backed = any(_backs_me(words, one) for one in mentions)
    return Agencies(
        mine,
        theirs,
        named,
        level,
        own,
        tuple(mentions),
        lead,
        alone,
        bare,
        opening,
        workplace,
        backed,
    )


def _is_another(words: str, mention: Mention, mine: Agency) -> bool:
    """Say whether another body of their own kind is meant: "another social care team".

    So it is where somebody of their kind is disagreed with in so many words, or where it is the
    child's own worker who does something, to a colleague who looks after the foster carers.
    """
    if mention.agency is not mine or mention.is_ours or _sent_a_referral(words, mention):
        return False
    before = words[max(0, mention.start - 40) : mention.start]
    another = not mention.is_person and _words("another").search(before) is not None
    weight = _weight(words, mention)
    childs = weight >= ACTS and _words("childs").search(before) is not None
    return another or childs or weight >= OPPOSED


def _only_introduces(words: str, mentions: Sequence[Mention]) -> bool:
    """Say whether a text only says what somebody is, and perhaps where: "im a teacher in kent"."""
    left = list(words)
    for one in mentions:
        left[one.start : one.end] = "," * (one.end - one.start)
    return bool(_words("only_who_and_where").fullmatch("".join(left)))


def _lead_of(selves: Sequence[Mention], mentions: Sequence[Mention]) -> Agency | None:
    """The school of somebody who only says that they are the safeguarding lead."""
    lead = any(mention.rung == SAFEGUARDING_LEAD for mention in selves)
    school = any(mention.agency is Agency.education for mention in mentions)
    return Agency.education if lead and school else None


def _is_self(words: str, mention: Mention) -> bool:
    """Say whether the practitioner says that they are this: "im a midwife", "we at the school"."""
    before = words[max(0, mention.start - 90) : mention.start]
    after = words[mention.end : mention.end + 60]
    # "My class teacher came to me" is about a colleague.
    colleague = mention.is_person and mention.word.startswith(("my ", "our "))
    if _words("mine_after").match(after) or (mention.word.startswith(WE) and not colleague):
        return True
    return bool(_words("mine").search(before))


def _is_colleague(mention: Mention) -> bool:
    """Say whether "our" or "my" makes it the practitioner's own agency.

    "My school", "our inspector" are; "our social worker" may be the family's.
    """
    above = mention.level is not Level.practitioner
    return (
        mention.is_ours
        and (above or not mention.is_person or mention.rung == SAFEGUARDING_LEAD)
        and mention.agency is not None
    )


def _backs_me(words: str, mention: Mention) -> bool:
    """Say whether a lead or manager is on the writer's side: "DSL agrees with me its wrong"."""
    theirs = mention.owner in {"their", "her", "his", "that", "another"}
    above = mention.rung == SAFEGUARDING_LEAD or mention.level is not Level.practitioner
    return (
        mention.is_person
        and above
        and not theirs
        and bool(_words("backs_me").match(words[mention.end : mention.end + 60]))
    )


def _introduced(words: str, mentions: Sequence[Mention]) -> list[Mention]:
    """The roles in a sentence or segment that only says what somebody is: "HV in Sandy"."""
    for start, end in _where_people_say_who_they_are(words, mentions):
        here = [one for one in mentions if start <= one.start < end]
        if here and _is_introduction(words, start, end, here):
            return here
    return []


def _titled(typed: str, mentions: Sequence[Mention]) -> Sequence[Mention]:
    """The title that a text begins with, and a place with it: "HV Beds ref'd to MASH Tues"."""
    first = mentions[:1]
    if not first or first[0].start or not first[0].is_person or first[0].agency is None:
        return ()
    place = _PLACE.match(typed, first[0].end)
    return () if place is None or _words("does").match(place["name"].casefold()) else first


def _where_people_say_who_they_are(
    words: str, mentions: Sequence[Mention]
) -> list[tuple[int, int]]:
    """The first segment, the second after a bare place, a role with its place, every sentence."""
    segments = _segments(words, _SEGMENT)
    sentences = _segments(words, _SENTENCE)
    first = segments[:1]
    if first and len(words[first[0][0] : first[0][1]].split()) <= LONGEST_PLACE:
        first = segments[:2]
    placed = [
        part
        for part in segments
        if _words("role_and_place").search(words[slice(*part)])
        or _is_post_and_place(words, part, mentions)
    ]
    leads = _leads_somewhere(words, segments, sentences, mentions)
    return first + placed + leads + sentences + _before_we(words, sentences)


def _leads_somewhere(
    words: str,
    segments: Sequence[tuple[int, int]],
    sentences: Sequence[tuple[int, int]],
    mentions: Sequence[Mention],
) -> list[tuple[int, int]]:
    """Leads who say where at the start of a sentence: "Worried. DSL at a primary in Deal, I …"."""
    begun = {start for start, _ in sentences}
    found = []
    for start, end in segments:
        here = [one for one in mentions if start <= one.start < end]
        first = start in begun and here and not words[start : here[0].start].strip()
        if first and here[0].rung == SAFEGUARDING_LEAD:
            where = _words("at_a_place").match(words[here[0].end : end])
            known = where and (len(here) > 1 or place_key(where["place"]) in places())
            found += [(start, end)] if known else []
    return found


def _is_post_and_place(words: str, part: tuple[int, int], mentions: Sequence[Mention]) -> bool:
    """Say whether a segment is a post and a known place, and nothing else: "…, GP Luton"."""
    here = [one for one in mentions if part[0] <= one.start < part[1]]
    if len(here) != 1 or not here[0].is_person or words[part[0] : here[0].start].strip():
        return False
    return place_key(words[here[0].end : part[1]]) in places()


def _before_we(words: str, sentences: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Roles at the start of a sentence that goes on with "we" or "I": "HV Hackney, we are …"."""
    found = []
    for start, end in sentences:
        comma = words.find(",", start, end)
        if comma > 0 and _words("goes_on_with_us").match(words[comma + 1 : end]):
            found.append((start, comma))
    return found


def _is_introduction(words: str, start: int, end: int, here: Sequence[Mention]) -> bool:
    """Say whether a segment only names a role: it has no verb and speaks of nobody else.

    "Health visitor. She wont come" is about somebody else.
    """
    # A title may hold a word that elsewhere is a verb: "missing persons officer".
    said = words[start : here[0].start] + words[here[0].end : end]
    owners = {"the", "their", "her", "his", "that", "another"}
    return not (
        len(said.split()) > LONGEST_INTRODUCTION
        or (here[0].agency is None and not _stands_before_its_place(words, here))
        or here[0].owner in owners
        # "My head" is somebody else, and "our school" is oneself.
        or (here[0].is_person and here[0].is_ours)
        or (
            not any(one.is_person for one in here)
            and (start > 0 or not _is_bare_name(words, start, end, here))
        )
        or _words("does").search(said)
        or _words("of_another").search(words[start : here[0].start])
        or _words("addressed").search(words[start : here[0].start])
        or (
            _words("goes_on_about").match(words, _next_word(words, end))
            and not _words("not_sure").match(words, _next_word(words, end))
        )
    )


def _stands_before_its_place(words: str, here: Sequence[Mention]) -> bool:
    """Say whether a title of many agencies opens a text, with where: "team manager Luton MASH".

    Between the title and the place of work is no more than a town.
    """
    title, *places_of_work = here
    if words[: title.start].strip() or len(places_of_work) != 1 or not title.is_person:
        return False
    (work,) = places_of_work
    between = _words("on_the_way").sub(" ", words[title.end : work.start]).strip()
    known = not between or place_key(between) in places()
    return work.agency is not None and not work.is_person and known


def _is_bare_name(words: str, start: int, end: int, here: Sequence[Mention]) -> bool:
    """Say whether an agency stands with no more than where it is: "police, Luton", "A&E reg".

    "Police came" and "EDT just voicemail" tell of somebody else.
    """
    before, after = words[start : here[0].start], words[here[-1].end : end]
    return not all(one.word in NAMED_AFTER_A_PLACE for one in here) and all(
        _words(beside).fullmatch(said) or place_key(said) in places()
        for beside, said in (("before_a_name", before), ("after_a_name", after))
    )


def _stands_first(words: str, one: Mention) -> bool:
    """Say whether a place of work is all that the first sentence says: "oak rd school kent. …"."""
    start, end = next(iter(_segments(words, _SENTENCE)), (0, 0))
    return not one.is_person and one.end <= end and _is_bare_name(words, start, end, [one])


def _segments(words: str, cuts: re.Pattern[str]) -> list[tuple[int, int]]:
    """The stretches between marks, without greetings."""
    found, begin = [], 0
    for cut in (*cuts.finditer(words), None):
        end = cut.start() if cut else len(words)
        said = words[begin:end].strip()
        if said and not _words("greeting").fullmatch(said):
            found.append((begin, end))
        begin = cut.end() if cut else end
    return found


def _next_word(words: str, position: int) -> int:
    found = re.compile(r"\w").search(words, position)
    return found.start() if found else len(words)


def _sent_a_referral(words: str, mention: Mention) -> bool:
    """Say whether they referred: whoever refers is not the one who is disagreed with."""
    before = words[max(0, mention.start - 80) : mention.start]
    after = words[mention.end : mention.end + 120]
    return bool(_words("their_referral").match(after) or _words("referred_by").search(before))


def _weight(words: str, mention: Mention) -> int:
    """How surely somebody mentioned is the one who is disagreed with."""
    before = words[max(0, mention.start - 40) : mention.start]
    after = words[mention.end : mention.end + 120]
    if _words("against").search(before) or _words("at_odds").match(after):
        sure = OPPOSED
    elif _words("acts").match(after):
        sure = ACTS
    else:
        sure = 2 if _words("addressed").search(before) else IN_PASSING
    return sure


def _theirs(others: Mapping[Agency, int]) -> Agency | None:
    """The agency that the practitioner disagrees with, if one stands out."""
    if not others:
        return None
    best, *rest = sorted(others, key=lambda agency: -others[agency])
    if rest and others[rest[0]] == others[best]:
        return None
    return best


def says_only_who(text: str, agencies: Agencies) -> bool:
    """Say whether a text says who somebody is, and no more: "Kent primary school"."""
    at_work = agencies.workplace is not None and len(text.split()) <= PLACE_AND_WORK
    return agencies.is_introduction or at_work
