"""Whom a time limit binds: whoever acts in the clause that the time stands in.

First what the clause names its subject; then its verb; where neither says, both sides share it.
"""

import re

import msgspec

from bot.core.policy.model import Party
from bot.core.vocabulary import Level
from bot.keepers.draft.doing import by_verb, done_to
from bot.keepers.draft.naming import (
    BOTH,
    OWN,
    PARTNERSHIP,
    RAISER,
    RECEIVER,
    TOGETHER,
    Bound,
    Said,
    has,
    one_side,
    owner,
    side,
)
from bot.keepers.draft.parse import Acting, acting, actor_in, is_sentence, named_in, reader_does
from bot.keepers.draft.rungs import Rung
from bot.keepers.draft.words import words

ON_CONDITION = re.compile(
    r"^\s*(?:if|where|when|should|once|unless)\b[^,;]*[,;]\s*|"
    r"^\s*(?:if|where|when) you are not satisfied with the \w+ ",
    re.IGNORECASE,
)
IN_CONDITION = re.compile(
    r"^\W*(?:if|where|unless|should (?:there|no|the)\b)(?:(?!\bthen\b)[^,;])*$|"
    r"\b(?:if|unless|where) (?:it is |there is |this is )?(?:not|un|no)\w*\b[^,;]*$",
    re.IGNORECASE,
)
"""A time that is itself part of the condition: "if no reply has come within 5 days"."""
DEMAND = re.compile(
    r"\b(?:must|shall|will|(?:is|are) to|(?:is|are) (?:required|expected))\b", re.IGNORECASE
)
"""What stands in no condition: "where the child is on a plan the manager must …"."""
EVENT_SAID = re.compile(r"^\s*(?:of|from|after|following)\b[^,;]*", re.IGNORECASE)
MODAL = re.compile(r"\b(?:must|should|will|shall|may|can|would|ought)\b", re.IGNORECASE)
PRONOUN = re.compile(
    r"(?:he|she|they|it|he or she|he/she|she/he|(?:both|each|either|neither|all) of them|who|which|"
    r"that|this (?:person|manager))",
    re.IGNORECASE,
)
THAT_ONE = re.compile(
    rf"(?:that|this|such an?|the latter)\s+(?:{'|'.join(words().post_heads)}|agency|service|person|"
    r"organisation|body)",
    re.IGNORECASE,
)
"""Whoever was named last: "They raise it with the other manager. That manager must reply"."""
BY_WHOM = re.compile(
    r"\b(?:by|from) (?!(?:the )?(?:end|close|start|noon|midday|date|day|receipt|telephone|phone|"
    r"letter|e-?mail|secure|no later|that|this|which|what)\b|\d)(?P<who>(?:the |an? |each |either |"
    r"their |his or her )?[A-Za-z][\w’' -]{2,70})",
    re.IGNORECASE,
)
"""Who does it, in words that the parse gives to nobody: "acknowledged by the Business Manager"."""
FRAGMENT = re.compile(
    r"(?:.*[.;:]\s+|\W*)(?P<theme>[A-Za-z][\w’'-]*(?: [\w’'-]+){0,2}?)\s+"
    r"(?:(?:due|sent|held|made|given)\s+)?(?:within|inside|in|by|no later than|due|:)\s+"
    r"(?:the |a )?",
    re.IGNORECASE | re.DOTALL,
)
"""What is due, where no sentence says so: "Reply due in 3 days; note within 2 days"."""
OPENINGS = {"", "within", "in", "no later than", "not later than", "inside", "by when: within"}
"""What stands before a time with which a sentence begins."""
DUE = ("answer_given", "challenge_made", "meeting_held")
"""The nouns of such a fragment."""
TOGETHER_AT_ONCE = re.compile(
    r"\W*(?:between (?:them|themselves|you)|together|jointly|both)\b", re.IGNORECASE
)
"""How a clause begins that binds both: "Between them they have three working days"."""
LABEL_OF_LINE = re.compile(r"^\W*[A-Z][\w ]{1,24}:\s*")
BARE_LEAD = re.compile(
    r"(?:.*[.;]\s*|[^,]{0,20},\s*)?(?:\W|\b(?:within|in|by|on|no|not|later|more|than|the|an?|end|close|of|play|business|"
    r"up|to|max\w*|about|normally|usually|ideally|inside|further|otherwise|then|or|and|due)\b)*",
    re.IGNORECASE,
)
"""What stands before a time of which nothing else is said."""
DO_SO = re.compile(r"(?<!\btry )\b(?:must|should|shall|will|to) do (?:so|this|it)\b", re.IGNORECASE)
"""What refers to whoever acts in the sentence's main clause."""
LET_KNOW = re.compile(r"\blet\b[^.;]{3,80}\bknow\b", re.IGNORECASE)
BY_THEM = re.compile(
    r"(?P<who>(?:\b(?:his or her|their|its|the|an?|your)\s+)?[\w’' -]{3,80}?),?\s+"
    r"by (?:whom|which)\b"
    r"(?:(?!,? and\b)[^;])*$",
    re.IGNORECASE,
)
"""Who does it, before "by whom"."""
RESPONSIBLE = re.compile(
    r"\b(?:responsibility|duty|task|job) of (?P<of>[^,;.]{3,90}?)(?= to\b|[,;.]|$)|"
    r"\b(?:it|this) is for (?P<to>[^,;.]{3,90}?) to\b|"
    r"\bfalls to (?P<falls>[^,;.]{3,90}?)(?= and\b|[,;.]|$)",
    re.IGNORECASE,
)
"""Whose it is said to be to do something."""
NEUTRAL = re.compile(r"\bindependent of\b|\b(?:not|un)\s?involved\b", re.IGNORECASE)
"""Somebody of neither side."""
NOBODY = Bound(Party.partnership, shared=True)
"""No side: what no phrase names."""
THE_OTHER = {Party.raiser: RECEIVER, Party.receiver: RAISER}
YOURS = re.compile(r"\byours?\b", re.IGNORECASE)
"""Whoever is spoken to raises it; "their manager" is then the other side's."""
COME_TO = {"have", "find", "reach", "get"}
"""Of "the managers should have an answer within 5 days" both are bound."""
TWO_DO_IT = {"talk", "meet", "discuss", "resolve", "settle", "agree", "find", "reach", "hold"}
"""What takes two, even where it is asked of the reader."""
MEET = {"meet", "confer", "speak", "talk", "discuss"}


def bound(rung: Rung, said: Said) -> Bound:
    """Return whom a time binds.

    Where the words leave it open, the time is said to be shared: it then makes nobody late.
    """
    if said.sentence == rung.whole_heading:
        return BOTH
    label = LABEL_OF_LINE.match(said.lead)
    said = msgspec.structs.replace(said, lead=LABEL_OF_LINE.sub("", said.lead))
    due = _due(label.group()) if label and BARE_LEAD.fullmatch(_before(said)) else None
    if due:
        return done_to(rung, due, said) or BOTH
    return _by_words(rung, said) or _by_parse(rung, said)


def _before(said: Said) -> str:
    """Return the clause before a time, without it."""
    return said.lead[: len(said.lead) - (said.end - said.start)]


def _due(text: str) -> Acting | None:
    """Return what is due by a label or a fragment: "Reply: 2 days", "note within 3 days"."""
    thing = text.strip(" :")
    named = any(has(name, thing.split()[-1]) for name in DUE) if thing else False
    return Acting("", "", theme=thing, verbless=True) if named else None


def _by_words(rung: Rung, said: Said) -> Bound | None:
    """Return whom a time binds where the words say so at once."""
    if IN_CONDITION.search(said.lead) and not DEMAND.search(said.lead):
        return _in_condition(rung, said.lead)
    clause = ON_CONDITION.sub("", said.lead)
    # Of "they tell their manager, who speaks to the other within 3 days" the manager is bound.
    if has("own_manager", re.split(r"\bwho\b", clause)[-1]):
        return RAISER
    if has("expects", said.lead + said.rest):
        return RECEIVER
    found = _by_row(rung, said, clause) or _responsible(rung, said) or _last_of_two(rung, clause)
    return found or (BOTH if TOGETHER_AT_ONCE.match(clause) else None)


def _by_parse(rung: Rung, said: Said) -> Bound:
    """Return whom a time binds by who acts in its clause."""
    clause = ON_CONDITION.sub("", said.lead)
    fragment = FRAGMENT.fullmatch(_before(said))
    told = _due(fragment["theme"]) if fragment else None
    told = told or acting(said.sentence, said.start, said.end)
    if told.condition:
        return _in_condition(rung, said.lead)
    if DO_SO.search(said.lead) or LET_KNOW.search(said.lead):
        told = Acting(actor_in(said.sentence), "do", before=named_in(said.before))
    following = EVENT_SAID.sub("", said.rest)
    return (
        _first_named(rung, said)
        or _by_actor(rung, told, said)
        or _by_whom(rung, told, clause)
        or _by_lead(rung, told, clause)
        or done_to(rung, told, said)
        or _other_than(rung, told, said.sentence)
        or _raised_by(rung, told)
        or _asked(rung, told, clause, said.rest)
        or _same_actor(rung, told, clause)
        or by_verb(rung, said.sentence, clause, following)
    )


def _in_condition(rung: Rung, lead: str) -> Bound:
    """Return who would have kept the time of "if no reply has come within 5 days"."""
    if has("answers", lead) or has("expects", lead):
        return RECEIVER
    return PARTNERSHIP if rung.level is Level.partnership else BOTH


def _by_actor(rung: Rung, told: Acting, said: Said) -> Bound | None:
    """Return whom a clause binds by who acts in it, or None where that says nothing."""
    actor = told.actor
    pointed = _by_pronoun(rung, told, said)
    if pointed is not NOBODY:
        return pointed
    if actor.lower().startswith("their ") and YOURS.search(f"{said.before} {said.sentence}"):
        return RECEIVER
    own = owner(rung, actor, said.sentence) if OWN.match(actor) else None
    found = own or side(rung, actor) or side(rung, re.split(r"\s+(?:and|or)\s+", actor)[0])
    answers = has("answers", told.what)
    together = TOGETHER.match(actor) or has("both", actor) or told.does in COME_TO
    if answers and ((found == BOTH and not together) or (actor and not found and not told.passive)):
        # "Heads of service respond within 5 days": those whom it was raised with.
        return PARTNERSHIP if rung.level is Level.partnership else RECEIVER
    if found or not actor:
        return found
    if told.passive:
        return RAISER if has("raises", told.verb) else None
    two = rung.level is not Level.partnership and rung.sides.is_one_of_two(actor)
    return RAISER if two else None


def _by_pronoun(rung: Rung, told: Acting, said: Said) -> Bound | None:
    """Return the side of "who", "they" or "that manager"; NOBODY where a clause has none."""
    actor = told.actor
    if actor.lower() in {"who", "which"} and NEUTRAL.search(said.lead):
        return PARTNERSHIP
    if told.does == "take" and told.theme == "place" and " which " in said.lead:
        return side(rung, actor_in(said.sentence))
    if actor.lower() == "they" and told.does in MEET:
        return PARTNERSHIP if rung.level is Level.partnership else BOTH
    if actor.lower() in {"it", "this"}:
        return side(rung, actor_in(said.before))
    if told.does == "know" or PRONOUN.fullmatch(actor) or THAT_ONE.fullmatch(actor):
        return _named_before(rung, told, said)
    return NOBODY


def _by_whom(rung: Rung, told: Acting, clause: str) -> Bound | None:
    """Return whom "by" or "from" names, where the parse gives no actor."""
    if told.actor or told.asks:
        return None
    whom = BY_THEM.search(clause)
    if whom:
        return side(rung, whom["who"].strip()) or owner(rung, whom["who"], clause)
    named = [found["who"] for found in BY_WHOM.finditer(clause)]
    return next((one for who in reversed(named) if (one := side(rung, who))), None)


def _responsible(rung: Rung, said: Said) -> Bound | None:
    """Return whose duty a sentence says it is: "it is the duty of the receiving manager to"."""
    told = RESPONSIBLE.search(said.sentence[: said.start]) or RESPONSIBLE.search(said.after)
    if told is None:
        return None
    return side(rung, next(filter(None, told.groups())).strip())


def _last_of_two(rung: Rung, clause: str) -> Bound | None:
    """Return who acts last: "the managers must talk, and the receiving manager must write"."""
    modals = list(MODAL.finditer(clause))
    if len(modals) < 2:  # noqa: PLR2004 - one is no choice
        return None
    lead = clause[modals[-2].end() : modals[-1].start()]
    phrase = re.split(r"[,;]\s*(?:and|but|or)\s+|\band\s+(?=the\b)", lead)[-1]
    return one_side(rung, phrase) if phrase != lead else None


def _by_row(rung: Rung, said: Said, clause: str) -> Bound | None:
    """Return who acts in the row of a table, for a time that says nothing itself."""
    lead = LABEL_OF_LINE.sub("", clause[: len(clause) - (said.end - said.start)])
    if not BARE_LEAD.fullmatch(lead) or not (said.who or said.does):
        return None
    if not said.who:
        return side(rung, actor_in(said.does))
    if is_sentence(said.who):
        # "The practitioner with the concern speaks to the other": whoever acts first.
        return side(rung, actor_in(said.who))
    halves = {rung.sides.of(half) for half in re.split(r"[;,/]|\band\b|\bto\b", said.who)}
    both = {Party.raiser, Party.receiver} <= halves
    found = side(rung, re.sub(r"^(?:the|an?)\s+", "", said.who, flags=re.IGNORECASE))
    if both or found == BOTH:
        # "Who: your manager and theirs. What: your manager rings theirs": whoever acts first.
        return one_side(rung, actor_in(said.does)) or BOTH
    if found or not said.does:
        return found
    alone = reader_does(said.does) not in {"", *TWO_DO_IT}
    return RAISER if alone else by_verb(rung, said.does, said.does, "")


def _first_named(rung: Rung, said: Said) -> Bound | None:
    """Return whom "Within 3 days of the decision the Scrutineer will write …" names at once."""
    if said.sentence[: said.start].strip().lower() not in OPENINGS:
        return None
    modal = MODAL.search(said.after)
    comma = said.after.find(",")
    begin = comma + 1 if modal and 0 <= comma < modal.start() else 0
    if not modal:
        return None
    phrase = said.after[begin : modal.start()]
    article = [found.start() for found in re.finditer(r"\b(?:the|an?|both|each|your)\b", phrase)]
    return side(rung, phrase[article[-1] :].strip()) if article else None


def _other_than(rung: Rung, told: Acting, sentence: str) -> Bound | None:
    """Return the side of an unknown actor by whom it is done to: "write to their equivalent"."""
    if not told.actor or told.passive or rung.level is Level.partnership:
        return None
    if has("together", told.verb) or told.does in MEET:
        return None
    behind = re.split(r"[.;]", sentence.partition(told.actor)[2])[0]
    party = (
        rung.sides.of(behind)
        if re.search(r"\b(?:to|with|contact|call|phone|ring)", behind)
        else None
    )
    return THE_OTHER.get(party) if party else None


def _raised_by(rung: Rung, told: Acting) -> Bound | None:
    """Return the raiser where somebody of no known side takes a challenge somewhere."""
    if not told.actor or told.passive:
        return None
    if rung.level is Level.partnership:
        # "A head of service may ask the Scrutineer": that of either side.
        one = re.match(r"(?:an?|any|either)\s", told.actor, re.IGNORECASE)
        return BOTH if one and rung.sides.of(told.actor) is None else None
    moves = has("raises", f"{told.verb} to") and has("challenge_made", told.theme)
    return RAISER if moves else None


def _asked(rung: Rung, told: Acting, clause: str, rest: str) -> Bound | None:
    """Return the raiser where the text tells its reader to do it, alone."""
    if told.asks and rung.either and rung.level is Level.partnership:
        return BOTH
    alone = not (has("both", clause + rest) or has("answers", clause))
    alone = alone and told.does not in TWO_DO_IT
    return RAISER if told.asks and alone else None


def _same_actor(rung: Rung, told: Acting, clause: str) -> Bound | None:
    """Return whoever a sentence named first, where "and must write" names nobody."""
    if told.actor or told.passive or told.asks or told.verbless or not told.before:
        return None
    return side(rung, told.before[0]) if MODAL.search(clause) else None


def _by_lead(rung: Rung, told: Acting, clause: str) -> Bound | None:
    """Return the side that stands before a clause's "must", where the parse found another word."""
    modal = None if told.passive or told.asks else MODAL.search(clause)
    return one_side(rung, clause[: modal.start()]) if modal else None


def _named_before(rung: Rung, told: Acting, said: Said) -> Bound | None:
    """Return the side of whoever was named last before "they" or "that manager"."""
    pointed = THAT_ONE.fullmatch(told.actor)
    noun = told.actor.split()[-1].lower() if pointed else ""
    sides: list[Bound] = []
    for phrase in told.before or named_in(said.before):
        if noun and noun not in phrase.lower():
            continue
        one_of_two = RAISER if rung.sides.is_one_of_two(phrase) else None
        found = side(rung, phrase) or one_of_two
        sides += [found] if found else []
    both_act = told.does in {*MEET, *TWO_DO_IT, *COME_TO}
    if (
        told.actor.lower() == "they"
        and both_act
        and {RAISER.party, RECEIVER.party} <= {one.party for one in sides}
    ):
        sides = [BOTH]
    if sides[:1] == [BOTH] and has("answers", told.what):
        return PARTNERSHIP if rung.level is Level.partnership else RECEIVER
    if sides:
        return sides[0]
    return RECEIVER if noun and rung.level is not Level.partnership else None
