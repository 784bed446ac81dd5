"""Find the question whom to tell about somebody who works with children, and whom it is about.

"What if it's the head?" is about whom to tell only where such a worry was told before: that the
conversation knows.
"""

from collections.abc import Iterator
from functools import partial

from bot.core.vocabulary import Agency
from bot.understanding.account.roles import find_mentions
from bot.understanding.words.patterns import pattern
from bot.understanding.words.text import normal, once_a_message

_words = partial(pattern, "colleagues")
MOST_WORDS = 12
"""A longer message tells more than whom it is about."""
AROUND = 120
"""So many letters before somebody can say that they are accused."""
CASEWORK = {Agency.childrens_social_care, Agency.police}
"""Agencies that decide where a child sleeps."""
CONFLICT, HEAD, LEAD, ME = "conflict", "head", "lead", "me"
CASES = (CONFLICT, HEAD, LEAD)
"""What changes whom to tell; the first that is found holds."""


def asks_whom_to_tell(text: str) -> bool:
    """Say whether a message asks whom to tell, or what to do with what it tells.

    Who asks whether to report somebody who is accused asks that too.
    """
    words = normal(text)
    return bool(
        _words("whom").search(words) or (_words("whether").search(words) and find_accused(text))
    )


def tells_who_harms(text: str) -> bool:
    """Say whether a message tells of somebody accused, and does not ask whether to report them."""
    return bool(find_accused(text)) and not _words("whether").search(normal(text))


def asks_of_fgm(text: str) -> bool:
    """Say whether a message asks who has to report FGM that it tells of."""
    words = normal(text)
    return tells_of_fgm(text) and bool(_words("duty").search(words))


def asks_only_of_fgm(text: str) -> bool:
    """Say whether a message only asks about the duty, and tells of no child."""
    return bool(_words("duty_alone").fullmatch(normal(text)))


def tells_of_fgm(text: str) -> bool:
    """Say whether a message speaks of FGM: no worry about somebody who works with children."""
    return bool(_words("fgm").search(normal(text)))


def asks_about_somebody(text: str) -> bool:
    """Say whether a message asks what holds in one case: "what if it's the head"."""
    return bool(_words("asked").search(normal(text)))


@once_a_message
def find_accused(text: str) -> tuple[Agency | None, ...]:
    """Return the agency of everybody who works with children and is said to harm a child.

    "My DSL is the one who hit him", "she was slapped by a teacher", "the allegation is about my
    manager": one's own lead and manager as well as anybody else, and whoever writes that it is
    about them. Nobody who only tells of it.
    """
    return tuple(agency for _, agency in _accused(normal(text)))


def tells_of_misconduct(text: str) -> bool:
    """Say whether somebody at work is said to be unfit for it: "she smelt of drink"."""
    words = normal(text)
    return any(
        _words("misbehaves").match(words, end)
        for end in [
            *(one.end for one in find_mentions(words) if one.is_person),
            *(found.end() for found in _words("colleague").finditer(words)),
        ]
    )


def names_a_colleague(text: str) -> bool:
    """Say whether a message names somebody at work by a word that stands for no agency."""
    return bool(_words("colleague").search(normal(text)))


def tells_of_a_childs_act(text: str) -> bool:
    """Say whether a child is who does harm or could: "a boy at our club carries a knife"."""
    return bool(_words("childs_act").search(normal(text)))


def tells_only_of_a_talk(text: str) -> bool:
    """Say whether somebody of the writer's own spoke to another agency, and nothing else."""
    words = normal(text)
    return any(
        one.agency is not None
        and _words("staff_talked").search(words[: one.start])
        and _words("only_when").match(words[one.end :])
        for one in find_mentions(words)
    )


def asks_what_is_said_of_allegations(text: str) -> bool:
    """Say whether a message asks what some guidance says about people who are accused."""
    words = normal(text)
    said = _words("says_about").search(words)
    of_it = words[said.end() :] if said else ""
    return bool(_words("allegations").search(of_it) or find_accused(of_it))


def whom_it_is_about(text: str) -> str | None:
    """Return whom such a worry is about: the head, whoever writes, or what a short message adds.

    That is "what if it's the head", or that whoever would be told is close to them.
    """
    words = normal(text)
    if any(_words("is_head").fullmatch(title) for title, _ in _accused(words)):
        return HEAD
    if _words("about_me").search(words):
        return HEAD if _words("i_am_head").search(words) else ME
    if len(words.split()) > MOST_WORDS:
        return None
    return next((case for case in CASES if _words(case).search(words)), None)


def _accused(words: str) -> Iterator[tuple[str, Agency | None]]:
    """Yield the title and the agency of everybody who is said to harm a child."""
    for found in _words("about_me").finditer(words):
        yield found.group(), None
    people = [(one.start, one.end, one.agency) for one in find_mentions(words) if one.is_person]
    people += [(*found.span(), None) for found in _words("colleague").finditer(words)]
    colleagues = {start for start, _, agency in people if agency is None}
    for start, end, agency in people:
        before = words[max(0, start - AROUND) : start]
        harmed = _words("harmed_by").search(before) or _words("does_harm").match(words, end)
        pointed_at = _words("pointed_at").search(before) and _words("then_harms").match(words, end)
        # Whom a social worker or an officer lets sleep over is a decision on a case.
        at_home = agency not in CASEWORK and _words("has_them_home").match(words, end)
        owns_up = start in colleagues and _words("owns_up").match(words, end)
        # "The social worker told me she hit her own child" may tell of a mother.
        owns_up = owns_up or (agency not in CASEWORK and _words("own_child").match(words, end))
        if harmed or pointed_at or at_home or owns_up:
            yield words[start:end], agency
