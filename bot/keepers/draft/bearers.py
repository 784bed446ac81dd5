"""Whom a time limit binds: whoever acts in the clause that the time stands in.

First what the clause names its subject; then its verb; where neither says, both sides share it.
"""

import re

import msgspec

from bot.core.policy.model import Party
from bot.core.vocabulary import Level
from bot.keepers.draft.parse import Acting, acting, actor_in, named_in
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
FORM = re.compile(r"(?:the |form )*[A-Z]{1,4}-?\d")
TOGETHER = re.compile(
    r"(?:both|each|either|neither|all|the two|between them)\b|.*\b(?:each|both)$", re.IGNORECASE
)
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
DO_SO = re.compile(r"\b(?:must|should|shall|will|to) do (?:so|this|it)\b", re.IGNORECASE)
"""What refers to whoever acts in the sentence's main clause."""
BY_THEM = re.compile(
    r"(?P<who>(?:\b(?:his or her|their|its|the|an?|your)\s+)?[\w’' -]{3,80}?),?\s+by (?:whom|which)\b"
    r"(?:(?!,? and\b)[^;])*$",
    re.IGNORECASE,
)
"""Who does it, before "by whom"."""
RESPONSIBLE = re.compile(
    r"\b(?:responsibility|duty|task|job) of (?P<of>[^,;.]{3,90}?)(?= to\b|[,;.]|$)|"
    r"\b(?:it|this) is for (?P<to>[^,;.]{3,90}?) to\b|\bfalls to (?P<falls>[^,;.]{3,90}?)(?= and\b|[,;.]|$)",
    re.IGNORECASE,
)
"""Whose it is said to be to do something."""
OWN = re.compile(r"(?:his or her|her or his|his/her|their|its|his|her)\b", re.IGNORECASE)
"""How a phrase begins that is somebody's own: "his or her supervisor"."""
NEUTRAL = re.compile(r"\bindependent of\b|\b(?:not|un)\s?involved\b", re.IGNORECASE)
"""Somebody of neither side."""
COME_TO = {"have", "find", "reach", "get"}
"""Of "the managers should have an answer within 5 days" both are bound."""
TWO_DO_IT = {"talk", "meet", "discuss", "resolve", "settle", "agree", "find", "reach", "hold"}
"""What takes two, even where it is asked of the reader."""
MEET = {"meet", "confer", "speak", "talk", "discuss"}
MANY = re.compile(r"\b\w+(?:s|people|staff)\b(?=$|\s+(?:of|in|from|for|with|at|on|who|will)\b)")


class Bound(msgspec.Struct, frozen=True):
    """Whom a limit binds. `shared`: both sides have the time together."""

    party: Party
    shared: bool = False


RAISER, RECEIVER = Bound(Party.raiser), Bound(Party.receiver)
PARTNERSHIP, BOTH = Bound(Party.partnership), Bound(Party.raiser, shared=True)


def _has(name: str, text: str) -> re.Match[str] | None:
    return words().pattern(*words().bound[name]).search(text)


class Said(msgspec.Struct, frozen=True):
    """A time in its sentence: `start` and `end` are its places there.

    `lead` is the clause before it, with it; `after` what follows; `before` the sentence before.
    `who` acts, and what it `does`, by the row of a table that it stands in.
    """

    sentence: str
    start: int
    end: int
    lead: str
    after: str
    before: str = ""
    who: str = ""
    does: str = ""


def bound(rung: Rung, said: Said) -> Bound:
    """Return whom a time binds.

    Where the words leave it open, the time is said to be shared: it then makes nobody late.
    """
    if said.sentence == rung.whole_heading:
        return BOTH
    label = LABEL_OF_LINE.match(said.lead)
    said = msgspec.structs.replace(said, lead=LABEL_OF_LINE.sub("", said.lead))
    if label and BARE_LEAD.fullmatch(said.lead[: len(said.lead) - (said.end - said.start)]):
        due = label.group().strip(" :")
        if any(_has(name, due.split()[-1]) for name in DUE):
            told = Acting("", "", theme=due, verbless=True)
            return _done_to(rung, told, said) or BOTH
    rest = re.split(r"[.;]", said.after)[0]
    if IN_CONDITION.search(said.lead) and not DEMAND.search(said.lead):
        return _in_condition(rung, said.lead)
    clause = ON_CONDITION.sub("", said.lead)
    # Of "they tell their manager, who speaks to the other within 3 days" the manager is bound.
    if _has("own_manager", re.split(r"\bwho\b", clause)[-1]):
        return RAISER
    if _has("expects", said.lead + rest):
        return RECEIVER
    found = _by_row(rung, said, clause) or _responsible(rung, said) or _last_of_two(rung, clause)
    if found:
        return found
    if TOGETHER_AT_ONCE.match(clause):
        return BOTH
    fragment = FRAGMENT.fullmatch(said.lead[: len(said.lead) - (said.end - said.start)])
    if fragment and any(_has(name, fragment["theme"].split()[-1]) for name in DUE):
        told = Acting("", "", theme=fragment["theme"].strip(), verbless=True)
    else:
        told = acting(said.sentence, said.start, said.end)
    if told.condition:
        return _in_condition(rung, said.lead)
    if DO_SO.search(said.lead):
        told = Acting(actor_in(said.sentence), "do", before=named_in(said.before))
    first = _first_named(rung, said)
    if first:
        return first
    following = EVENT_SAID.sub("", rest)
    return (
        _by_actor(rung, told, said)
        or _by_whom(rung, told, clause)
        or _by_lead(rung, told, clause)
        or _done_to(rung, told, said)
        or _other_than(rung, told, said.sentence)
        or _raised_by(rung, told)
        or _asked(rung, told, clause, rest)
        or _same_actor(rung, told, clause)
        or _by_verb(rung, said.sentence, clause, following)
    )


def _in_condition(rung: Rung, lead: str) -> Bound:
    """Return who would have kept the time of "if no reply has come within 5 days"."""
    if _has("answers", lead) or _has("expects", lead):
        return RECEIVER
    return PARTNERSHIP if rung.level is Level.partnership else BOTH


def _by_actor(rung: Rung, told: Acting, said: Said) -> Bound | None:
    """Return whom a clause binds by who acts in it, or None where that says nothing."""
    actor = told.actor
    if actor.lower() in {"who", "which"} and NEUTRAL.search(said.lead):
        return PARTNERSHIP
    if told.verb.startswith("take") and told.theme == "place" and " which " in said.lead:
        return _side(rung, actor_in(said.sentence))
    if actor.lower() == "they" and told.verb.split(" ")[0] in MEET:
        return PARTNERSHIP if rung.level is Level.partnership else BOTH
    if actor.lower() in {"it", "this"}:
        return _side(rung, actor_in(said.before))
    if told.verb.startswith("know") or PRONOUN.fullmatch(actor) or THAT_ONE.fullmatch(actor):
        return _named_before(rung, told, said)
    own = _owner(rung, actor, said.sentence) if OWN.match(actor) else None
    found = own or _side(rung, actor) or _side(rung, re.split(r"\s+(?:and|or)\s+", actor)[0])
    answers = _has("answers", told.what)
    if found == BOTH and told.verb.split(" ")[0] in COME_TO:
        return BOTH
    if found == BOTH and answers and not TOGETHER.match(actor) and not _has("both", actor):
        # "Heads of service respond within 5 days": those whom it was raised with.
        return PARTNERSHIP if rung.level is Level.partnership else RECEIVER
    if found or not actor:
        return found
    if told.passive:
        return RAISER if _has("raises", told.verb) else None
    if answers:
        return PARTNERSHIP if rung.level is Level.partnership else RECEIVER
    if rung.level is not Level.partnership and rung.sides.is_one_of_two(actor):
        return RAISER
    return None


def _by_whom(rung: Rung, told: Acting, clause: str) -> Bound | None:
    """Return whom "by" or "from" names, where the parse gives no actor."""
    if told.actor or told.asks:
        return None
    whom = BY_THEM.search(clause)
    if whom:
        return _side(rung, whom["who"].strip()) or _owner(rung, whom["who"], clause)
    named = [found["who"] for found in BY_WHOM.finditer(clause)]
    return next((side for who in reversed(named) if (side := _side(rung, who))), None)


def _responsible(rung: Rung, said: Said) -> Bound | None:
    """Return whose duty a sentence says that it is: "it is the duty of the receiving manager to"."""
    told = RESPONSIBLE.search(said.sentence[: said.start]) or RESPONSIBLE.search(said.after)
    if told is None:
        return None
    return _side(rung, next(filter(None, told.groups())).strip())


def _last_of_two(rung: Rung, clause: str) -> Bound | None:
    """Return who acts last: "the managers must talk, and the receiving manager must write"."""
    modals = list(MODAL.finditer(clause))
    if len(modals) < 2:  # noqa: PLR2004 - one is no choice
        return None
    lead = clause[modals[-2].end() : modals[-1].start()]
    phrase = re.split(r"[,;]\s*(?:and|but|or)\s+|\band\s+(?=the\b)", lead)[-1]
    party = rung.sides.of(phrase) if phrase != lead else None
    return {Party.raiser: RAISER, Party.receiver: RECEIVER}.get(party) if party else None


def _by_row(rung: Rung, said: Said, clause: str) -> Bound | None:
    """Return who acts in the row of a table, for a time that says nothing itself."""
    lead = LABEL_OF_LINE.sub("", clause[: len(clause) - (said.end - said.start)])
    if not said.who or not BARE_LEAD.fullmatch(lead):
        return None
    halves = {rung.sides.of(half) for half in re.split(r"[;,/]|\band\b|\bto\b", said.who)}
    if {Party.raiser, Party.receiver} <= halves:
        return BOTH
    found = _side(rung, re.sub(r"^(?:the|an?)\s+", "", said.who, flags=re.IGNORECASE))
    if found or not said.does:
        return found
    return _by_verb(rung, said.does, said.does, "")


def _owner(rung: Rung, phrase: str, text: str) -> Bound | None:
    """Return the side of "his or her supervisor": of whoever the text names before."""
    own = OWN.search(phrase)
    if own is None:
        return None
    before = text[: text.find(phrase) + own.start()]
    return _side(rung, before) if rung.sides.of(before) else None


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
    return _side(rung, phrase[article[-1] :].strip()) if article else None


def _other_than(rung: Rung, told: Acting, sentence: str) -> Bound | None:
    """Return the side of an unknown actor by whom it is done to: "write to their equivalent"."""
    if not told.actor or told.passive or rung.level is Level.partnership:
        return None
    if _has("together", told.verb) or told.verb.split(" ")[0] in MEET:
        return None
    behind = re.split(r"[.;]", sentence.partition(told.actor)[2])[0]
    party = (
        rung.sides.of(behind)
        if re.search(r"\b(?:to|with|contact|call|phone|ring)", behind)
        else None
    )
    return {Party.raiser: RECEIVER, Party.receiver: RAISER}.get(party) if party else None


def _raised_by(rung: Rung, told: Acting) -> Bound | None:
    """Return the raiser where somebody of no known side takes a challenge somewhere."""
    if not told.actor or told.passive:
        return None
    if rung.level is Level.partnership:
        # "A head of service may ask the Scrutineer": that of either side.
        one = re.match(r"(?:an?|any|either)\s", told.actor, re.IGNORECASE)
        return BOTH if one and rung.sides.of(told.actor) is None else None
    moves = _has("raises", f"{told.verb} to") and _has("challenge_made", told.theme)
    return RAISER if moves else None


def _asked(rung: Rung, told: Acting, clause: str, rest: str) -> Bound | None:
    """Return the raiser where the text tells its reader to do it, alone."""
    if told.asks and rung.either and rung.level is Level.partnership:
        return BOTH
    alone = not (_has("both", clause + rest) or _has("answers", clause))
    alone = alone and told.verb.split(" ")[0] not in TWO_DO_IT
    return RAISER if told.asks and alone else None


def _same_actor(rung: Rung, told: Acting, clause: str) -> Bound | None:
    """Return whoever a sentence named first, where "and must write" names nobody."""
    if told.actor or told.passive or told.asks or told.verbless or not told.before:
        return None
    return _side(rung, told.before[0]) if MODAL.search(clause) else None


def _by_lead(rung: Rung, told: Acting, clause: str) -> Bound | None:
    """Return the side that stands before a clause's "must", where the parse found another word."""
    modal = None if told.passive or told.asks else MODAL.search(clause)
    party = rung.sides.of(clause[: modal.start()]) if modal else None
    return {Party.raiser: RAISER, Party.receiver: RECEIVER}.get(party) if party else None


def _done_to(rung: Rung, told: Acting, said: Said) -> Bound | None:
    """Return whose it is to do what a clause in the passive leaves open, by what it is done to."""
    thing = told.theme if not told.actor else told.actor
    if told.verb.startswith(("feed", "share")):
        one = _side(rung, actor_in(said.before))
        return one if one in {RAISER, RECEIVER} else None
    if told.asks or (told.passive and told.actor):
        return None
    if not thing and told.passive:
        return _side(rung, actor_in(said.before))
    if thing.lower() in {"it", "this", "that", "they"}:
        party = rung.sides.of(said.lead)
        if party:
            return {Party.raiser: RAISER, Party.receiver: RECEIVER}.get(party)
    if thing.lower() in {"it", "this", "that"} or thing.lower().startswith("this "):
        actor = actor_in(said.before)
        return _side(rung, actor) or (RAISER if rung.sides.is_one_of_two(actor) else None)
    if _has("settled_together", told.verb) or _has("both", thing) or " between " in f" {thing} ":
        return BOTH
    thing = re.sub(r"^(?:that|this|these|those|such)\s+", "", thing, flags=re.IGNORECASE)
    noun = re.split(r"\b(?:of|from|to|with|for|in)\b", thing)[0].split()[-1:]
    if noun and re.search(rf"\b{re.escape(noun[0])}\b", said.before) and told.passive:
        # "They write a report. The report must be sent within 3 days": whoever writes it.
        one = BOTH if _has("both", said.before) else _side(rung, actor_in(said.before))
        if one:
            return one
    subject = re.split(r"\b(?:of|from|to|with|for|in|about|which|that|at)\b", thing)[0]
    ours = rung.level is Level.partnership
    if _has("told_of_it", subject) and _has("raises", said.sentence):
        return RAISER
    if _has("answer_given", subject):
        return PARTNERSHIP if ours else RECEIVER
    if _has("challenge_made", subject) or FORM.match(subject):
        return BOTH if ours and rung.either else RAISER
    if _has("meeting_held", subject):
        # Of "the officer arranges a meeting, which takes place within 7 days" the officer is bound.
        calls = actor_in(said.sentence)
        one = _side(rung, calls) if calls and calls not in thing else None
        return PARTNERSHIP if ours else (one or BOTH)
    return None


def _side(rung: Rung, phrase: str) -> Bound | None:
    """Return the side that a phrase names: one, both, the partnership, or none."""
    if not phrase:
        return None
    if TOGETHER.match(phrase) or _has("both", phrase):
        return BOTH
    if "@" in phrase:
        # "Send it to escalations@vale.example, who will pass it on": that is the partnership's own.
        return PARTNERSHIP
    halves = {rung.sides.of(half) for half in re.split(r"\s+(?:and|or)\s+", phrase)}
    if {Party.raiser, Party.receiver} <= halves:
        return BOTH
    party = rung.sides.of(phrase)
    body = _has("bodies", phrase)
    if body and (party is None or not _has(party.value, phrase[: body.start()])):
        return PARTNERSHIP
    if party:
        return RAISER if party is Party.raiser else RECEIVER
    if _has("sides", phrase) or MANY.search(phrase.partition(",")[0]):
        return BOTH
    return None


def side_named(rung: Rung, phrase: str) -> Party | None:
    """Return the one side, or the partnership, that a phrase names, or None."""
    found = _side(rung, phrase)
    return None if found is None or found.shared else found.party


def _named_before(rung: Rung, told: Acting, said: Said) -> Bound | None:
    """Return the side of whoever was named last before "they" or "that manager"."""
    pointed = THAT_ONE.fullmatch(told.actor)
    noun = told.actor.split()[-1].lower() if pointed else ""
    sides: list[Bound] = []
    for phrase in told.before or named_in(said.before):
        if noun and noun not in phrase.lower():
            continue
        one_of_two = RAISER if rung.sides.is_one_of_two(phrase) else None
        found = _side(rung, phrase) or one_of_two
        sides += [found] if found else []
    both_act = told.verb.split(" ")[0] in {*MEET, *TWO_DO_IT, *COME_TO}
    if (
        told.actor.lower() == "they"
        and both_act
        and {RAISER.party, RECEIVER.party} <= {one.party for one in sides}
    ):
        sides = [BOTH]
    if sides[:1] == [BOTH] and _has("answers", told.what):
        return PARTNERSHIP if rung.level is Level.partnership else RECEIVER
    if sides:
        return sides[0]
    return RECEIVER if noun and rung.level is not Level.partnership else None


def _by_verb(rung: Rung, sentence: str, clause: str, following: str) -> Bound:
    """Return whom a clause binds by what is done in it."""
    answers = _has("answers", clause + following)
    receiving = _has("receiving", clause)
    body = _has("bodies", clause)
    acts = body and re.search(
        r"\b(?:will|must|should|shall|to)\b", clause[body.end() :], re.IGNORECASE
    )
    if acts and not receiving:
        return PARTNERSHIP
    if receiving or answers:
        return RECEIVER
    raised = [found.end() for found in _all("raises", clause)]
    if rung.level is Level.partnership and not raised:
        return PARTNERSHIP
    together = [found.end() for found in _all("together", clause)]
    contacts = _has("contacts", clause)
    if raised and (not together or contacts or raised[-1] > together[-1]):
        return RAISER
    if together or _has("together", sentence):
        return BOTH
    return RAISER if raised else BOTH


def _all(name: str, text: str) -> list[re.Match[str]]:
    return list(words().pattern(*words().bound[name]).finditer(text))
