"""Which agency is the practitioner's own and which one they disagree with."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.vocabulary import Agency
from bot.understanding.text import normal

_WORDS: Mapping[Agency, str] = {
    Agency.childrens_social_care: r"""
        (?:childrens?|child)\s+social\s+(?:care|services|work(?:ers?)?)|social\s+care|social\s+services
        |childrens?\s+services|csc|csws?|social\s+work(?:ers?|\s+team)|soc(?:ial)?\s+wrks?|sws?
        |(?:the\s+)?mash(?:\s+team)?|multi[\s-]agency\s+safeguarding\s+hub|front\s+door|ifd
        |duty(?:\s+(?:team|desk|worker|social\s+worker|and\s+assessment(?:\s+team)?))?|edt|emergency\s+duty(?:\s+team)?
        |out\s+of\s+hours\s+team|iros?|independent\s+reviewing\s+officers?|(?:cp|conference|child\s+protection)\s+chair
        |assessment\s+team|first\s+response|referral\s+(?:and\s+assessment\s+)?team|cin\s+team|lac\s+team
        |looked\s+after\s+(?:childrens?\s+)?team|leaving\s+care(?:\s+team)?|fostering\s+team|adolescent\s+team
        |local\s+authority|(?:the\s+)?council|allocated\s+worker|safeguarding\s+hub|family\s+safeguarding\s+team
        |childrens?\s+(?:hub|team)|0-25\s+team|disabled\s+childrens?\s+team""",
    Agency.health: r"""
        health\s+visit(?:ors?|ing(?:\s+team)?)|hvs?|midwi(?:fe|ves|fery)|school\s+nurs(?:es?|ing)|nurs(?:es?|ing)(?!ery)
        |gps?|doctors?|pa?ediatrician|pa?ediatrics?|consultant|registrar|camhs|cypmhs|hospital|a\s?&\s?e|a\s+and\s+e|ward
        |nhs(?:\s+trust)?|named\s+(?:nurse|doctor)|mental\s+health\s+(?:team|service|nurse)|crisis\s+team|psychiatrist
        |psychologist|surgery|practice\s+manager|gp\s+practice|health\s+(?:team|service|colleagues?|professionals?|worker|trust)
        |health(?=\s+(?:wont|say|said|says|are|have|refuse|never|didnt|will))|perinatal(?:\s+team)?|maternity|icb|paramedics?
        |ambulance(?:\s+(?:service|crew))?|speech\s+(?:and|&)\s+language|salt|occupational\s+therapist|physio(?:therapist)?
        |dieti[ct]ian|dentist|sexual\s+health(?:\s+(?:clinic|nurse|service))?|community\s+child\s+health|medics?|clinic""",
    Agency.early_years: r"""
        nurser(?:y|ies)(?:\s+(?:manager|nurse|worker|practitioner|teacher|setting))?|pre[\s-]?school|child\s?minders?
        |early\s+years(?:\s+(?:setting|practitioner|worker|teacher))?|play\s?group|day\s?care|childrens?\s+cent(?:re|er)
        |family\s+hub|reception\s+nursery|creche""",
    Agency.education: r"""
        d?dsls?|designated\s+safeguarding\s+lead|teachers?|head\s?teachers?|head\s+of\s+(?:year|school|house)|schools?|academy
        |colleges?|send?co|pastoral(?:\s+(?:lead|manager|team))?|teaching\s+assistant|sixth\s+form|pru|pupil\s+referral\s+unit
        |alternative\s+provision|ewo|education(?:\s+welfare(?:\s+officer)?)?|attendance\s+officer|virtual\s+school|principal
        |deputy\s+head|assistant\s+head|form\s+tutor|learning\s+mentor|safeguarding\s+lead\s+at\s+(?:a|the)\s+school|lecturer|elsa""",
    Agency.police: r"""
        police(?:\s+(?:officers?|force|constable))?|polic|detectives?|pcs?o?|dcs?|ppu|cid|public\s+protection(?:\s+unit)?|det\s+sgt
        |officer\s+in\s+(?:the\s+)?case|oic|the\s+force|safer\s+schools\s+officer|child\s+abuse\s+investigation|cait|missing\s+persons\s+unit""",
    Agency.youth_justice: r"yot|yos|yjs|youth\s+(?:justice|offending)(?:\s+(?:team|service|worker|officer))?",
    Agency.probation: r"probation(?:\s+(?:officer|service|team))?|offender\s+manager|nps",
    Agency.housing: r"""
        housing(?:\s+(?:officers?|team|association|department|provider|options|services?))?|landlord|homeless(?:ness)?\s+(?:team|officer|unit)
        |tenancy\s+(?:team|officer|sustainment)""",
    Agency.adult_services: r"""
        adult\s+(?:social\s+care|services|mental\s+health(?:\s+(?:team|service|worker))?|safeguarding(?:\s+team)?|team)|cmht
        |(?:drug|alcohol|substance\s+(?:mis)?use|drugs?\s+(?:and|&)\s+alcohol)\s+(?:and\s+alcohol\s+)?(?:service|team|worker)|recovery\s+worker
        |drug\s+worker|cgl|change\s+grow\s+live|community\s+mental\s+health\s+team|(?:mums?|dads?)\s+(?:cpn|care\s+coordinator)""",
    Agency.voluntary: r"""
        charit(?:y|ies)|voluntary\s+(?:sector|organisation|agency)|barnardo\w*|nspcc|womens?\s+aid|refuge(?:\s+worker)?|idva
        |youth\s+(?:club|workers?|centre)|home[\s-]?start|(?:football|sports?|boxing|swimming)\s+club|church|mosque|scouts?
        |action\s+for\s+children|domestic\s+(?:abuse|violence)\s+(?:worker|advocate|service|support\s+worker)|vcs|young\s+carers\s+(?:service|project)
        |mentoring\s+(?:charity|project)|food\s?bank""",
    Agency.other: r"cafcass|fire\s+(?:service|brigade)|immigration|home\s+office|prison|border\s+force|dwp|job\s?centre",
}  # fmt: skip
_NAMED = {agency: f"a_{agency.value}" for agency in _WORDS}


def _alternatives() -> str:
    """One pattern for all agencies. Where two begin at one place the longer one is taken."""
    return "|".join(
        f"(?P<{_NAMED[agency]}>{''.join(words.split())})" for agency, words in _WORDS.items()
    )


# An agency's own name can begin like another's ("school nurse"): these are read first.
_FIRST = (
    r"(?P<f_health>school\s+nurs(?:es?|ing)|nursing|mental\s+health\s+(?:nurse|team)|sexual\s+health\s+\w+"
    r"|health\s+(?:and\s+)?social\s+care\s+trust|hospital\s+school\s+nurse|practice\s+nurse)"
    r"|(?P<f_early_years>nursery\s+(?:nurse|teacher|manager|school|practitioner|worker))"
    r"|(?P<f_adult_services>adult\s+(?:social\s+(?:care|worker|services)|mental\s+health|services))"
    r"|(?P<f_education>safeguarding\s+lead\s+(?:at|in|for)\s+(?:a|an|the|our|my)\s+(?:\w+\s+){0,2}(?:school|academy|college)"
    r"|education\s+safeguarding|hospital\s+school|school\s+(?:social\s+worker|counsellor))"
    r"|(?P<f_police>police\s+(?:social|child)\s+\w+)"
    r"|(?P<f_youth_justice>youth\s+(?:justice|offending)(?:\s+social\s+worker)?)"
    r"|(?P<f_education2>(?<=\bwe\s)(?:at|in)\s+school|(?<=\bus\s)(?:at|in)\s+school|(?<=\bhere\s)at\s+school)"
    r"|(?P<f_skip>school\s+(?:run|gates?|uniform|day|holidays?|term|place|attendance|work)|out\s+of\s+school|missing\s+school"
    r"|at\s+school|to\s+school|in\s+school|from\s+school|after\s+school|off\s+school|before\s+school|school\s+age|high\s+school\s+age"
    r"|back\s+to\s+school|primary\s+school\s+(?:age|child)|school\s+child(?:ren)?|health\s+(?:needs?|assessment|plan|check|issues?)"
    r"|mental\s+health(?:\s+(?:needs?|issues?|problems?|is|has))?|education\s+(?:plan|needs?)|police\s+(?:check|record)"
    r"|section\s+47|council\s+(?:house|flat|estate|tax)|to\s+hospital|in\s+hospital|into\s+hospital|out\s+of\s+hospital"
    r"|from\s+hospital|duty\s+(?:to|of|under)|a\s+duty|statutory\s+duty|legal\s+duty|housing\s+(?:benefit|issues?|need|situation)"
    r"|family\s+hub\s+session|church\s+hall|in\s+prison|in\s+nursery|to\s+nursery|at\s+nursery|child\s+health\s+record)"
)
_AGENCY = re.compile(rf"\b(?:{_FIRST}|{_alternatives()})\b")
_MINE = re.compile(
    r"\b(?:(?:i\s?am|im|i\s+m|were|we\s+are|i\s+was|speaking\s+as|me\s+as|i\s+work(?:ing)?\s+(?:as|for|in|at|with)"
    r"|we\s+work\s+(?:for|in|at)|my\s+(?:role|job)\s+is|writing\s+as|calling\s+from|ringing\s+from"
    r"|(?:we|us|me|i)\s*,?\s*(?:here\s+)?(?:at|in|from)|as\s+(?=(?:a|an|the|dsl|school|health|gp)\b)|here\s+at|on\s+behalf\s+of|based\s+(?:at|in)"
    r"|from\s+(?=(?:a|an)\s))"
    r"\s*(?:just\s+)?(?:from\s+|with\s+|at\s+|in\s+|for\s+)?(?:a|an|the|our|one\s+of\s+the|also|now|currently)?\s*"
    r"(?:(?!\b(?:with|to|by|told|that|because|waiting|worried|not|asking|getting|having|trying|being|ringing|chasing|still|so|and|who|whose|when|think|feel|say|believe|know|disagree|agree|asked|rang|said|want|need|cant|wont|referred|sent|made|see|like)\b)[\w&'/-]+\s+){0,4}?|our\s+|my\s+(?=(?:school|nursery|practice|surgery|college|academy|setting|ward|clinic|service|charity|pru|preschool)\b)|my\s+own\s+)$"
)
_MINE_AFTER = re.compile(r"^\s*(?:here\b(?!\s+(?:is|are|was))|\(me\)|,?\s*which\s+is\s+me)")
_OUR_PLACE = re.compile(
    r"^(?:schools?|nursery|practice|surgery|gp\s+practice|college|academy|ward|hospital|clinic|charity|refuge|youth\s+(?:club|centre)"
    r"|pre[\s-]?school|pru|dsls?|pastoral|housing\s+association|service|trust|maternity|head\s?teacher|ddsl|deputy\s+head|church|sixth\s+form)"
)
_ACTS = re.compile(
    r"^(?:\s+(?:team|manager|service|duty|there|in\s+\w+))?,?\s*(?:(?:just|now|still|have|has|had|are|is|keep|keeps|simply|also|then|both)\s+)*"
    r"(?:wont|will\s+not|refus\w*|said|say|says|saying|decided|clos\w*|den\w+|disagree\w*|declin\w*|reject\w*|dont|doesnt|didnt|arent|isnt"
    r"|havent|hasnt|never|not|knock\w*|turn\w*|sent|send\w*|shrug\w*|told|tell\w*|think\w*|want\w*|insist\w*|ignor\w*|fail\w*|step\w*"
    r"|nfa\w*|cant|cannot|without|reckon\w*|stopp\w*|drop\w*|bounc\w*|screen\w*|held|holding|cancel\w*|missed|keep\w*|feel\w*|argu\w*"
    r"|believ\w*|claim\w*|consider\w*|conclud\w*|assess\w*|made|withdr\w*|pass\w*|push\w*|change\w*|move\w*|took|taking|stuck|gave|given)"
)
_ADDRESSED = re.compile(
    r"\b(?:with|by|from|to|rang|phoned|called|told|asked|emailed|e-mailed|contacted|chased|challenge\w*|against|at|escalat\w*)\s+"
    r"(?:the|their|a|an|our\s+local|local|her|his)?\s*(?:\w+\s+){0,1}?$"
)


@dataclass(frozen=True)
class Agencies:
    """`mine` and `theirs` are None unless the words say so; `mentioned` is in order, each once."""

    mine: Agency | None
    theirs: Agency | None
    mentioned: tuple[Agency, ...]


def find_agencies(text: str) -> Agencies:
    """Return the agencies a text names and whose they are."""
    words = normal(text)
    mine: Agency | None = None
    others: dict[Agency, int] = {}
    mentioned: dict[Agency, None] = {}
    for match in _AGENCY.finditer(words):
        agency = _which(match)
        if agency is None:
            continue
        mentioned.setdefault(agency)
        before, after = words[max(0, match.start() - 80) : match.start()], words[match.end() :]
        if _is_mine(before, match.group(), after):
            mine = mine or agency
        else:
            weight = 3 if _ACTS.match(after) else 2 if _ADDRESSED.search(before) else 1
            others[agency] = others.get(agency, 0) + weight
    others.pop(mine, 0) if mine else None
    return Agencies(mine, _theirs(others), tuple(mentioned))


def _which(match: re.Match[str]) -> Agency | None:
    name = match.lastgroup or ""
    if name == "f_skip":
        return None
    return Agency(name.split("_", 1)[1].rstrip("2"))


def _is_mine(before: str, word: str, after: str) -> bool:
    if word.endswith(("in school", "at school")):
        return True
    own = _MINE.search(before)
    if own and own.group().startswith("our"):
        return bool(_OUR_PLACE.match(word))
    return bool(own) or bool(_MINE_AFTER.match(after))


def _theirs(others: Mapping[Agency, int]) -> Agency | None:
    """The agency that the words set against the practitioner, if one stands out."""
    if not others:
        return None
    best, *rest = sorted(others, key=lambda agency: -others[agency])
    if rest and others[rest[0]] == others[best]:
        return None
    return best
