"""Find the side, the rung somebody wishes to go to, and whether they speak of emergencies."""

import re
from dataclasses import dataclass
from functools import partial

from bot.core.text import (
    ALL_STAGES,
    STAGE_LISTED,
    STAGE_NTH,
    STAGE_SAID,
    STAGES_LISTED,
    stage_number,
)
from bot.core.vocabulary import Level, Side
from bot.understanding.account.agencies import Agencies
from bot.understanding.account.history import History
from bot.understanding.account.roles import Mention
from bot.understanding.words.patterns import pattern
from bot.understanding.words.text import normal

_words = partial(pattern, "position")
_STOP = re.compile(r"[.;!?\n]+(?=\s|$)")
REACH = 60
"""Characters before a rung in which a wish for it stands."""


@dataclass(frozen=True)
class Wish:
    """The rung somebody wants to go to: a stage's number, or a level where they name a person.

    `up`: the next one, whichever that is.
    """

    stage: int | None = None
    level: Level | None = None
    up: bool = False


def find_side(text: str, history: History, agencies: Agencies) -> Side | None:
    """Return the side that the words say. With steps taken, whoever took them raised it."""
    said = said_side(text, agencies) or (Side.receiver if history.received else None)
    raised = history.steps or _words("raiser").search(normal(text))
    return said or (Side.raiser if raised else None)


def said_side(text: str, agencies: Agencies) -> Side | None:
    """Return the side that somebody says they are on: "they escalated against us"."""
    words = normal(text)
    if _words("own_staff").search(words) or _words("goes_with_me").search(words):
        return Side.raiser
    challenged = _words("receiver").finditer(words)
    raised = any(not _is_their_answer(words, found) for found in challenged)
    received = raised or _goes_past_me(words, agencies) or _others_raised_a_stage(words, agencies)
    return Side.receiver if received else None


def _goes_past_me(words: str, agencies: Agencies) -> bool:
    """Say whether somebody of the other side takes it past the writer, and no manager of theirs."""
    ours = any(one.is_person and one.is_ours for one in agencies.mentions)
    return not ours and bool(_words("goes_past_me").search(words))


def _is_their_answer(words: str, found: re.Match[str]) -> bool:
    """Say whether what came answers a stage of the writer's own: "we got a stage 2 reply"."""
    stage = words.rfind("stage", found.start(), found.end())
    return stage >= 0 and bool(_words("their_answer").match(words, stage))


def _others_raised_a_stage(words: str, agencies: Agencies) -> bool:
    """Say whether a stage was raised by somebody else: "school wrote under stage 2".

    Whoever raised something themselves may tell what the others wrote under it.
    """
    if agencies.mine is None or _words("raiser").search(words):
        return False
    return any(
        _words("raised_under").match(words, one.end)
        or _words("raised_by").search(words[: one.start])
        for one in agencies.mentions
        if one not in agencies.own and one.agency not in {agencies.mine, None} and not one.is_ours
    )


def is_asked_to_act(text: str, agencies: Agencies) -> bool:
    """Say whether it has come to the writer: from another agency, or from their own staff."""
    words = normal(text)
    above = any(_words(name).search(words) for name in ("own_staff", "their_superior"))
    return above or said_side(text, agencies) is Side.receiver


def owes_answer(text: str) -> bool:
    """Say whether somebody who has been challenged says, or asks, that they owe an answer still."""
    words = normal(text)
    return bool(_words("not_answered").search(words))


def written_to_me(text: str) -> bool:
    """Say whether a challenge came to the one who writes: "a school raised stage 2 with me"."""
    return bool(_words("to_me").search(normal(text)))


def is_only_a_talk(text: str) -> bool:
    """Say whether what came was no stage but a talk: "just a chat, not stage 1"."""
    words = normal(text)
    denied = all(
        _words("not_a_stage").search(words[: found.start()]) for found in stages_named(words)
    )
    return denied and bool(_words("only_a_talk").search(words))


def was_rung_back(text: str) -> bool:
    """Say whether the other side came back to the writer, who so had gone to them first."""
    return bool(_words("rung_back").search(normal(text)))


def takes_over(text: str) -> bool:
    """Say whether whoever writes has the case from somebody else: "ive taken this over"."""
    return bool(_words("taken_over").search(normal(text)))


def says_not_the_lead(text: str) -> bool:
    """Say whether whoever writes says that somebody else is the safeguarding lead."""
    return bool(_words("not_the_lead").search(normal(text)))


def says_who_is_away(text: str) -> bool:
    """Say whether some word tells that somebody is away or cannot be reached."""
    return bool(_words("away").search(normal(text)))


def passed_over(text: str) -> bool:
    """Say whether it went past whoever writes: "they have gone over my head"."""
    return bool(_words("over_me").search(normal(text)))


def tells_what_staff_told(text: str) -> bool:
    """Say whether somebody of the writer's own tells them, who has a title of another rung."""
    return bool(_words("staff_told").search(normal(text)))


def title_said(agencies: Agencies) -> str | None:
    """Return the title that somebody gives themselves: "headteacher"."""
    own = [one for one in agencies.mentions if one in agencies.own and one.is_person]
    return next((one.word for one in own if one.level is agencies.level), None)


def introduces_title(text: str, agencies: Agencies) -> bool:
    """Say whether somebody gives themselves a title above a practitioner's: "im a matron"."""
    words = normal(text)
    return own_title(agencies) is not None and any(
        one in agencies.own
        and one.is_person
        and one.level is agencies.level
        and (not words[: one.start].strip() or _words("i_am").search(words[: one.start]))
        for one in agencies.mentions
    )


def raised_with_ours(text: str, agencies: Agencies) -> Level | None:
    """Return the rung of whom a challenge came to, where it was a colleague: "to our manager"."""
    words = normal(text)
    came = [
        one.level
        for one in agencies.mentions
        if one.is_person and one.is_ours and _words("raised_with").search(words[: one.start])
    ]
    return came[0] if len(came) == 1 else None


def own_title(agencies: Agencies) -> Level | None:
    """Return the rung above the practitioners that somebody's own title names, or None."""
    return None if agencies.level is Level.practitioner else agencies.level


def find_own_level(text: str, agencies: Agencies) -> Level | None:
    """Return the rung that somebody says they stand on: their job's, or "im her manager"."""
    above = {None, Level.practitioner}
    said = said_level(text)
    if said and (agencies.level in above or _words("their_superior").search(normal(text))):
        return said
    return agencies.level


def said_level(text: str) -> Level | None:
    """Return the rung of whoever says whose manager they are, or that their staff came to them.

    "I manage a team of school nurses" names a practitioner, and is no word of one.
    """
    words = normal(text)
    superior = _words("their_superior").search(words)
    if superior:
        senior = {"service", "head"} & set(superior["rung"].split())
        return Level.senior_manager if senior else Level.line_manager
    manages = any(_words(name).search(words) for name in ("own_staff", "in_charge"))
    return Level.line_manager if manages else None


def is_raised(words: str, found: re.Match[str]) -> bool:
    """Say whether a stage was raised, and is not to be raised."""
    start = max((cut.end() for cut in _STOP.finditer(words, 0, found.start())), default=0)
    before = words[max(start, found.start() - REACH) : found.start()]
    after = words[found.end() :].lstrip()
    if _words("stage_if").search(before):
        return False
    refused = _words("stage_refused").search(before)
    if refused:
        return not _words("own_side_before").search(before[: refused.start()])
    raised = _words("raised_after").match(after)
    if raised and raised["told"]:
        return True
    if _words("wish").search(before) or pattern("history", "planned").search(before):
        return False
    ended = raised or _words("stage_ended").match(after) or _words("stage_with").match(after)
    return bool(ended or _words("raised_stage").search(before))


def stands_by_itself(words: str, found: re.Match[str]) -> bool:
    """Say whether a stage stands between two marks: "referral refused, stage 1." tells of it.

    A message that is nothing else may be an answer, or a question.
    """
    if words.strip(" .,") == found.group().strip():
        return False
    start = max((cut.end() for cut in _STOP.finditer(words, 0, found.start())), default=0)
    alone = _words("stage_alone").search(words, 0, found.start())
    told = _words("asked_or_wanted").search(words, start, found.start()) is None
    return bool(alone and told and _words("ends_there").match(words, found.end()))


def is_wished(words: str, found: re.Match[str]) -> bool:
    """Say whether somebody wants to go to a stage."""
    before = words[max(0, found.start() - REACH) : found.start()]
    return bool(_words("wish").search(before) or _words("wish_after").match(words[found.end() :]))


def stages_named(words: str) -> list[re.Match[str]]:
    """Return the stages named by number, in order. A level alone may be one of need."""
    said = [found for found in STAGE_SAID.finditer(words) if found["word"] != "level"]
    begun = {found.end("number") for found in said}
    # "Stage one two and three" names three, and "the three rungs" the last of them.
    listed = [
        found
        for several in STAGES_LISTED.finditer(words)
        for found in STAGE_LISTED.finditer(words, several.start("first"), several.end())
        if found.end() not in begun
    ]
    every = [*said, *listed, *STAGE_NTH.finditer(words), *ALL_STAGES.finditer(words)]
    return sorted(every, key=lambda found: found.start())


def find_wish(text: str, agencies: Agencies) -> Wish | None:
    """Return the rung that somebody wants to go to, or None. A wish is no step."""
    words = normal(text)
    for match in stages_named(words):
        left_out = _words("left_out").search(words[: match.start()])
        if is_wished(words, match) and not (left_out or is_raised(words, match)):
            return Wish(stage=stage_number(match))
    wanted = [one.level for one in agencies.mentions if _is_wanted(words, one)]
    if wanted:
        return Wish(level=max(wanted, key=lambda level: level.rank))
    return Wish(up=True) if _words("wish_up").search(words) else None


def _is_wanted(words: str, one: Mention) -> bool:
    """Say whether somebody wants to go to this person, not only a call from them."""
    if one.level is Level.practitioner or one.is_ours or _words("i_am").search(words[: one.start]):
        return False
    start = max((cut.end() for cut in _STOP.finditer(words, 0, one.start)), default=0)
    before, after = words[max(start, one.start - REACH) : one.start], words[one.end :]
    if _words("call_us").match(after):
        return False
    return bool(_words("wish").search(before) or _words("wish_after").match(after))


def stands_alone(words: str, one: Mention) -> bool:
    """Say whether a mention, with perhaps a place, is all that stands between two marks."""
    before = words[: one.start].rstrip(" ")
    after = words[one.end :].lstrip(" ")
    begins = not before or before[-1] in MARKS
    return begins and bool(_words("ends").match(after))


MARKS = ",.;:!?\n("


def names_emergency(text: str) -> bool:
    """Say whether a text speaks of a service for emergencies: calls to it are today's."""
    return bool(_words("emergency").search(normal(text)))
