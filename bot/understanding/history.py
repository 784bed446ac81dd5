"""What has been tried: with whom (level), when, and what came of it; and the child's plans.

A step is filled only when its level, its day and its outcome are all there. "Spoke to the social
worker on Monday and her manager on Thursday, still no reply" holds two: going on to the manager
says that the first was not settled.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.core.vocabulary import ChildStatus, Level, Outcome
from bot.understanding.dates import Dates
from bot.understanding.text import Span, around, normal, sentences

_THEIRS = r"(?:her|his|their|the|a|that|another|social\s+workers?|sws?|workers?|csc|mash|duty|police|camhs|team|ward|teachers?|schools?)"
_LEVELS: tuple[tuple[Level, str], ...] = (
    (
        Level.partnership,
        r"safeguarding\s+(?:childrens?\s+)?partnership(?:\s+\w+)?|safeguarding\s+board|lscp|lscb|kscmp|chscp|partnership\s+(?:team|business\s+manager|exec\w*)"
        r"|safeguarding\s+(?:childrens?\s+)?commissioner|independent\s+(?:child\s+)?safeguarding\s+commissioner|the\s+partnership|resolution\s+panel",
    ),
    (
        Level.director,
        r"(?:assistant|deputy|strategic)?\s*directors?|the\s+ad\b|dcs|detective\s+superintendent|superintendent|chief\s+(?:nurse|executive|super\w*)|det\s+supt|supt",
    ),
    (
        Level.senior_manager,
        r"senior\s+managers?|service\s+managers?|services?\s+mgrs?|heads?\s+of\s+(?:service|safeguarding)|group\s+managers?|area\s+managers?|detective\s+inspector"
        r"|det\s+insp|operations?\s+managers?|strategic\s+(?:lead|manager)|named\s+(?:nurse|doctor)|designated\s+(?:nurse|doctor)|matron|head\s?teacher|head(?=\s+at\s+the\s+school)"
        r"|(?:manager|managers|boss|bosss)\s+(?:manager|boss)|principal\s+social\s+worker",
    ),
    (
        Level.line_manager,
        rf"team\s+(?:manager|leader|lead|mgr)s?|\btm\b|atm|assistant\s+team\s+managers?|practice\s+(?:manager|supervisor|lead)|line\s+managers?|supervisors?|duty\s+managers?"
        rf"|mash\s+(?:manager|lead)|(?:{_THEIRS})\s+(?:\w+\s+)?(?:manager|mgr|supervisor|boss|sergeant)|manager\s+(?:in|at|of)\s+(?:the\s+)?\w+|detective\s+sergeant|det\s+sgt|sergeant|ward\s+(?:manager|sister)"
        r"|managers?",
    ),
    (
        Level.practitioner,
        r"social\s+work(?:er|ers)|sws?|soc(?:ial)?\s+wrkr|allocated\s+worker|case\s?worker|key\s?worker|(?:the|their|her|his|a)\s+worker|duty(?:\s+(?:team|desk|worker|sw|social\s+worker))?"
        r"|(?:the\s+)?mash(?:\s+team)?|front\s+door|csc|childrens?\s+services|social\s+care|social\s+services|edt|health\s+visitors?|hv|midwife|school\s+nurse|gp|camhs(?:\s+\w+)?"
        r"|the\s+school|the\s+dsl|dsl|teacher|class\s+teacher|paediatrician|consultant|nurse|psychiatrist|psychologist|police(?:\s+officer)?|officer(?:\s+in\s+the\s+case)?|oic|detective"
        r"|housing(?:\s+officer)?|probation(?:\s+officer)?|iro|cp\s+chair|conference\s+chair|practitioner|lead\s+professional|nursery|youth\s+worker|yot\s+worker|them",
    ),
)
_LEVEL = re.compile("|".join(f"(?P<{level.value}>\\b(?:{words})\\b)" for level, words in _LEVELS))
_OWN = re.compile(r"\b(?:my|our|my\s+own|im\s+(?:the|a)|i\s?am\s+(?:the|a)|as\s+a|as\s+the|were\s+a)\s+(?:\w+\s+){0,1}$")
_CONTACT = re.compile(
    r"\b(?:rang|ring|rung|phoned?|phoning|called|calling|call(?=\s+(?:with|to))|spoke|spoken|speaking|e-?mail(?:ed|s)?|wrote|written|messaged|texted|met|meeting\s+with|contact(?:ed)?"
    r"|discuss(?:ed|ion)?|rais(?:ed|ing)|escalat(?:ed|ing)|chas(?:ed|ing)|challeng(?:ed|ing)|asked|told|talked|complained|left\s+(?:a\s+)?(?:message|voicemail)s?|conversation"
    r"|took\s+it|taken\s+it|went|gone|reported|tried|saw|had\s+(?:a\s+)?(?:call|chat|meeting|word)|a\s+word|sent|put\s+it\s+to|passed\s+it|got\s+hold|disputed|queried|questioned|followed\s+up|flagged|visited)\b"
)
_IMPLIED = re.compile(r"\b(?:then|and|before|also|after\s+that|followed\s+by|next|finally)\b|,")
_WROTE = re.compile(r"\b(?:e-?mail(?:ed)?|wrote|messaged|texted|left\s+(?:a\s+)?(?:message|voicemail)s?|voicemail|sent)\b")
_OUTCOMES: tuple[tuple[Outcome, re.Pattern[str]], ...] = (
    (
        Outcome.no_response,
        re.compile(
            r"\b(?:no\s+(?:reply|response|answer|call\s?back|word|feedback|acknowledg\w+|contact\s+back|one\s+(?:has\s+)?(?:called|rang|replied|responded|got|come))|nothing\s+(?:back|since|heard|yet)"
            r"|(?:heard|hearing|had|got|received)\s+(?:absolutely\s+)?nothing(?!\s+(?:useful|new|but))|(?:not|havent|hasnt|never|nobody(?:\s+has)?|no\s?one(?:\s+has)?|didnt|dont|wont|doesnt|yet\s+to|hadnt|isnt|arent|not\s+been)\s+"
            r"(?:\w+\s+){0,2}?(?:heard|repl(?:y|ied|ying)|respond(?:ed|ing)?|(?:got|get|come|came|been)\s+back|c(?:alled|all)(?:ing)?\s+(?:me\s+|us\s+)?back|r(?:ang|ing|ung)\s+(?:me\s+|us\s+)?back|answer(?:ed|ing)?|return(?:ed|ing)?|acknowledg\w*|phoned?\s+(?:me\s+|us\s+)?back)"
            r"|radio\s+silence|ignor(?:ed|ing)|silence|unanswered|ghosted|tumbleweed|went\s+unanswered|goes\s+to\s+voicemail|(?:straight\s+)?to\s+voicemail|no\s+joy\s+getting\s+hold|still\s+waiting\s+(?:to\s+hear|for\s+(?:a|any)\s+(?:reply|response|call))|no\s+repl\w+)\b"
        ),
    ),
    (
        Outcome.unresolved,
        re.compile(
            r"\b(?:got\s+nowhere|(?:get|getting|gets|getting\s+us|goes|going|went)\s+nowhere|no\s+(?:joy|luck|further\s+forward|agreement|change|movement|resolution|better|shift|progress|success)|not?\s+(?:been\s+)?(?:agree[ds]?|resolved|settled|sorted|budging|budged|accepted|change[ds]?|moved?|shifted|happy\s+to|interested|helpful)"
            r"|(?:wont|wouldnt|didnt|doesnt|dont|havent|hasnt|isnt|wasnt|cant|couldnt|will\s+not|would\s+not|did\s+not|does\s+not|not)\s+(?:\w+\s+){0,2}?(?:budge|agree[ds]?|accept(?:ed)?|change|move|shift|resolve[d]?|settle[d]?|sort(?:ed)?|listen|help(?:ed)?|reconsider|review|take|open|hold|act|see\s+it|want\s+to\s+know|look\s+at|interested)"
            r"|refus(?:ed|es|ing|al)|said\s+no\b|says\s+no\b|(?:still\s+)?disagree[ds]?|unresolved|dismiss\w*|brush\w*\s+(?:me|us|it)?\s*off|fob\w*\s+(?:me|us)?\s*off|st(?:ood|ands|anding|uck|icking|icks|and)\s+(?:by|to|firm)|upheld|uphold|same\s+answer|knock\w*\s+(?:it|us|me)?\s*back|turned\s+(?:it|us|me)?\s*down"
            r"|shrug\w*|reject\w*|declin\w*|stalemate|dead\s?lock|impasse|brick\s+wall|back(?:ed|s|ing)\s+(?:the|her|his|up|their)|told\s+(?:me|us)\s+no|was\s+told\s+no|no\s+different|agree(?:d)?\s+to\s+(?:differ|disagree)|made\s+no\s+difference|didnt\s+get\s+(?:anywhere|far)|not\s+getting\s+anywhere|wasnt\s+having\s+it|not\s+having\s+it|cut\s+me\s+off|said\s+(?:it\s+)?(?:did\s?nt|doesnt|does\s+not)\s+meet|said\s+nfa|nfa\w*|no\s+good|to\s+no\s+avail|in\s+vain|unhelpful|sided\s+with|supported\s+(?:the|her|his)\s+decision)\b"
        ),
    ),
    (
        Outcome.awaiting,
        re.compile(
            r"\b(?:await\w*|waiting|(?:will|ll|would|going\s+to|promised\s+to|said\s+(?:he|she|they)d|due\s+to)\s+(?:\w+\s+){0,2}?(?:get|come|call|ring|phone|reply|respond|look|let|review|answer|speak|email)\s*(?:back|into|to|me|us|it)?"
            r"|expect\w*\s+(?:a|an|to|her|his|their)|looking\s+into\s+it|said\s+to\s+wait|gave\s+(?:her|him|them)\s+until|has\s+until|have\s+until|still\s+(?:considering|thinking)|considering\s+it|reviewing\s+it|(?:meeting|reply|response|answer)\s+(?:is\s+)?due)\b"
        ),
    ),
    (
        Outcome.resolved,
        re.compile(
            r"\b(?:(?:now\s+|been\s+|was\s+|is\s+|its\s+|got\s+it\s+|all\s+)?(?:resolved|sorted|settled)|(?:they|she|he|manager|csc|mash)\s+(?:have\s+|has\s+|now\s+|eventually\s+|finally\s+)*(?:agreed|accepted)(?!\s+to\s+(?:differ|disagree))|changed\s+(?:their|her|his)\s+(?:mind|decision)|came\s+round|come\s+round"
            r"|reversed|overturned|backed\s+down|(?:we|all)\s+(?:have\s+)?(?:now\s+)?(?:agreed|reached\s+agreement)(?!\s+to\s+(?:differ|disagree)))\b"
        ),
    ),
)
_NOT = re.compile(r"\b(?:not|never|isnt|wasnt|hasnt|havent|nothing|werent|arent|yet\s+to\s+be|couldnt\s+be|cant\s+be|un|didnt|couldnt|no)\s+(?:\w+\s+){0,2}$")

_STATUSES: tuple[tuple[ChildStatus, re.Pattern[str]], ...] = (
    (
        ChildStatus.child_protection_plan,
        re.compile(
            r"\b(?:(?:on|subject\s+(?:to|of)|under|has|have|had\s+been\s+on|with)\s+(?:a\s+|an\s+|the\s+)?(?:(?:current|active|second|third|joint|repeat)\s+)?(?:cp|child\s+protection|cpp)(?:\s+plans?)?\b(?!\s+(?:conference|procedures?|medical|chair|enquir|process))|cpp\b|cp\s+plan(?!\s+(?:ended|closed))|child\s+protection\s+plan"
            r"|on\s+cp\b|core\s+group|review\s+(?:child\s+protection\s+)?conference|rcpc)"
        ),
    ),
    (
        ChildStatus.looked_after,
        re.compile(
            r"\b(?:looked[\s-]after|(?:is|are|hes|shes|a|our)\s+(?:an?\s+)?(?:lac|cla)\b|(?:lac|cla)\s+(?:review|child|young|pupil|student|boy|girl)|in\s+(?:local\s+authority\s+)?care\b(?!\s+(?:of|proceedings|plan|home\s+visit))|foster(?:\s+(?:care|carers?|placement|home|family|mum))|in\s+foster|(?:full|interim)\s+care\s+order|section\s+20|s20|childrens?\s+home|residential\s+(?:placement|home|unit)|kinship\s+placement|child\s+in\s+care)"
        ),
    ),
    (
        ChildStatus.child_in_need,
        re.compile(
            r"\b(?:(?:on|under|has|have|subject\s+to|open\s+(?:as|to|under|on)|with)\s+(?:a\s+|an\s+|the\s+)?(?:cin|child\s+in\s+need|s17|section\s+17)|cin\s+(?:plan|meeting|review|case|child)|child\s+in\s+need\s+(?:plan|meeting|review|case)|(?:is|hes|shes|currently|already)\s+(?:a\s+)?(?:cin|child\s+in\s+need))\b"
        ),
    ),
    (
        ChildStatus.early_help,
        re.compile(
            r"\b(?:(?:on|under|open\s+to|has|have|had|receiving|getting|in|been\s+in|working\s+with|with)\s+(?:an?\s+|the\s+)?(?:early\s+help|eha|taf|ehm|ehap|team\s+around\s+the\s+family|caf)\b(?!\s+(?:they|should|instead))|taf\s+(?:meetings?|plan|reviews?)|early\s+help\s+(?:plan|is\s+in\s+place|in\s+place|worker|has\s+been\s+in))"
        ),
    ),
)  # fmt: skip
_NOT_STATUS = re.compile(
    r"\b(?:not|never|no\s+longer|isnt|arent|should\s+(?:be|have\s+been)|needs?(?:\s+to\s+be)?|want(?:ed|s)?|wants?\s+(?:\w+\s+){0,2}(?:on|to\s+be)|ought\s+to\s+be|go|going|put|place|placed|placing|back|refused?|recommend\w*|offer(?:ed|ing)?|suggest(?:ed|ing)?|told\s+(?:me|us|the\s+school)?\s*(?:to|its)|do|without|was|came\s+off|off|"
    r"request\w*|asked\s+for|into|instead\s+of|consider\w*|step(?:ped|ping)?\s+(?:\w+\s+){0,2}(?:down|up)\s+to|used\s+to\s+be|previously|closed\s+to|start(?:ed)?|complete|try|down\s+to|up\s+to|didnt\s+put|dont\s+put|wont\s+(?:put|go|hold)|from|about\s+to\s+be)\s+(?:\w+\s+){0,3}$"
)  # fmt: skip


@dataclass(frozen=True)
class Step:
    """Something tried with the other agency on a day, and what came of it."""

    level: Level
    on: date
    outcome: Outcome


@dataclass(frozen=True)
class History:
    """`steps` are whole ones, oldest first; `levels` and `outcomes` all that is mentioned."""

    steps: tuple[Step, ...]
    levels: tuple[Level, ...]
    outcomes: tuple[Outcome, ...]
    child_status: tuple[ChildStatus, ...]


@dataclass(frozen=True)
class _Met:
    level: Level
    at: Span
    wrote: bool


def find_history(text: str, dates: Dates, today: date) -> History:
    """Return what has been tried. `dates` are those of the same text, from `find_dates`."""
    words = normal(text)
    parts = list(sentences(words))
    if not parts:
        return History((), (), (), ())
    met = _met(words, parts)
    outcomes = _outcomes(words)
    days = [
        (found.start, found.on) for found in dates.found if found.on is not None and found.on <= today
    ]
    return History(
        steps=_steps(met, outcomes, _paired(met, days, parts)),
        levels=tuple(dict.fromkeys(item.level for item in met)),
        outcomes=tuple(dict.fromkeys(outcome for _, outcome in outcomes)),
        child_status=_child_status(words),
    )


def _met(words: str, parts: list[Span]) -> list[_Met]:
    """The people of the other agency that were spoken or written to, in order of mention."""
    found: dict[Level, _Met] = {}
    for part in parts:
        contact = _CONTACT.search(words, part.start, part.end)
        if not contact:
            continue
        for match in _LEVEL.finditer(words, part.start, part.end):
            level = Level(match.lastgroup)
            if _OWN.search(words, max(part.start, match.start() - 30), match.start()):
                continue
            verb = _verb_before(words, part, match.start())
            if verb is None:
                continue
            if match.group() == "them" and Level.practitioner in found:
                continue
            found.setdefault(
                level, _Met(level, Span(match.start(), match.end()), bool(_WROTE.search(verb)))
            )
        if not found and not re.search(r"\brefer", words[part.start : part.end]):
            verb_at = Span(contact.start(), contact.end())
            found[Level.practitioner] = _Met(
                Level.practitioner, verb_at, bool(_WROTE.search(contact.group()))
            )
    return sorted(found.values(), key=lambda item: item.at.start)


def _verb_before(words: str, part: Span, position: int) -> str | None:
    """The contact that a mention belongs to: a verb before it, or just after ("SW rang")."""
    verbs = [m for m in _CONTACT.finditer(words, part.start, position)]
    if verbs:
        return verbs[-1].group()
    after = _CONTACT.search(words, position, min(part.end, position + 60))
    return after.group() if after else None


def _outcomes(words: str) -> list[tuple[int, Outcome]]:
    found = []
    for outcome, pattern in _OUTCOMES:
        for match in pattern.finditer(words):
            negated = _NOT.search(words, max(0, match.start() - 25), match.start())
            if outcome is Outcome.resolved and negated:
                found.append((match.start(), Outcome.unresolved))
                continue
            if outcome is Outcome.awaiting and any(
                abs(match.start() - at) < 25 and kind is Outcome.no_response for at, kind in found
            ):
                continue
            found.append((match.start(), outcome))
    return sorted(found)


def _paired(met: list[_Met], days: list[tuple[int, date]], parts: list[Span]) -> dict[Level, date]:
    """Each person with a day: in order when there are as many of each, else by nearness."""
    if met and len(met) == len(days):
        return {item.level: on for item, (_, on) in zip(met, days, strict=True)}
    paired: dict[Level, date] = {}
    free = list(days)
    for item in met:
        near = [
            (abs(at - item.at.start), at, on)
            for at, on in free
            if around(parts, at) == around(parts, item.at.start) or len(parts) == 1 or len(days) == 1
        ]
        if near:
            _, at, on = min(near)
            paired[item.level] = on
            free.remove((at, on))
    return paired


def _steps(
    met: list[_Met], outcomes: list[tuple[int, Outcome]], days: dict[Level, date]
) -> tuple[Step, ...]:
    steps = []
    for index, item in enumerate(met):
        on = days.get(item.level)
        if on is None:
            continue
        later = met[index + 1 :]
        until = later[0].at.start if later else 1 << 30
        said = [outcome for at, outcome in outcomes if item.at.start < at < until]
        if not said and not later:
            said = [outcome for _, outcome in outcomes][-1:]
        outcome = said[-1] if said else None
        if outcome is None and any(other.level.rank > item.level.rank for other in later):
            outcome = Outcome.no_response if item.wrote else Outcome.unresolved
        if outcome is not None:
            steps.append(Step(item.level, on, outcome))
    return tuple(sorted(steps, key=lambda step: (step.on, step.level.rank)))


def _child_status(words: str) -> tuple[ChildStatus, ...]:
    """The plans the child has now: not those that somebody wants, or that have ended."""
    return tuple(status for status, pattern in _STATUSES if _held(words, pattern.finditer(words)))


def _held(words: str, matches: Iterable[re.Match[str]]) -> bool:
    return any(
        not _NOT_STATUS.search(words, max(0, match.start() - 45), match.start())
        for match in matches
    )
