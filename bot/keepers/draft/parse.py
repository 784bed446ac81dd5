"""Who acts in the clause that a time stands in, by spaCy's parse of the sentence."""

import re
import threading
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Optional

import msgspec

from bot.without_tensorflow import english_model

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Span, Token

NOT_NEEDED = ["ner", "senter"]
ONE_WORD = ("e-mail", "e-mails", "e-mailed")
VERBS = {"VERB", "AUX"}
SUBJECTS = {"nsubj", "nsubjpass", "csubj"}
WHO = {"who", "which", "that", "whom"}
NO_AGENT = {
    "end",
    "close",
    "start",
    "noon",
    "midday",
    "day",
    "phone",
    "telephone",
    "letter",
    "e-mail",
}
HAVE = {"has", "have", "had"}
SINCE = {"after", "before", "once", "since", "from", "following"}
DONE_WITH = {"by", "to", "with"}
IF = {"if", "where", "when", "unless", "should"}
LINE = re.compile(r"^\W*[A-Z][\w ]{1,24}:\s")
"""How a line of a form begins."""
BRACKETS = re.compile(r"\([^()]*\)")
_one_at_a_time = threading.Lock()


class Acting(msgspec.Struct, frozen=True):
    """Who acts in a clause, in the text's words: "" where it names nobody.

    `verb` is what is done, with its particle; `passive` says that it is done to the subject, which
    is then `theme`. `asks`: it tells the reader to do it. `condition`: it is what may have
    happened, and asks nobody. `before` are the subjects and then the objects before it.
    """

    actor: str
    verb: str
    theme: str = ""
    passive: bool = False
    asks: bool = False
    condition: bool = False
    verbless: bool = False
    before: tuple[str, ...] = ()

    @property
    def does(self) -> str:
        """The verb without its particle."""
        return self.verb.partition(" ")[0]

    @property
    def what(self) -> str:
        """What is done, without the verb's particle."""
        thing = re.split(r"\b(?:from|after|following|within|by)\b", self.theme)[0]
        return f"{self.verb.partition(' ')[0]} {thing}"


@lru_cache(maxsize=1)
def _model() -> "Language":
    model = english_model(without=NOT_NEEDED)
    tokenizer: Any = model.tokenizer
    for word in ONE_WORD:
        tokenizer.add_special_case(word, [{"ORTH": word}])
    return model


@lru_cache(maxsize=512)
def _parsed(text: str) -> "Doc":
    with _one_at_a_time:
        return _model()(text)


def acting(sentence: str, start: int, end: int) -> Acting:
    """Return who acts in the clause of the time between two places of a sentence."""
    doc = _parsed(_without_brackets(sentence, start))
    span: Span | None = doc.char_span(start, end, alignment_mode="expand")
    if span is None:
        return Acting("", "")
    verb = _governing(span.root)
    if verb is None:
        head = _noun(span.root)
        return Acting("", head.lemma_.lower(), theme=_before(head, span), verbless=True)
    subject, verb_of_subject = _subject(verb)
    passive = _is_passive(verb)
    agent = _agent(verb)
    before = _named(doc[: verb.i])
    asks = subject is None and not passive and _tells(verb_of_subject) and not _has_modal(verb)
    said = _phrase(subject, span) if subject is not None else ""
    if subject is not None and verb_of_subject.dep_ == "relcl" and subject == verb_of_subject.head:
        # Of "the manager, who contacts the other agency" the manager acts.
        said = str(doc[subject.left_edge.i : verb_of_subject.left_edge.i].text).strip(" ,")
    actor = said
    if passive:
        actor = _phrase(agent, span) if agent is not None else ""
    return Acting(
        actor=actor,
        verb=_doing(verb),
        theme=said if passive else _object(verb),
        passive=passive,
        asks=asks,
        condition=_only_if(verb, span.root),
        before=before,
    )


def _without_brackets(sentence: str, start: int) -> str:
    """Return a sentence, as long as it was, without what stands in brackets beside a time."""

    def blank(found: re.Match[str]) -> str:
        return found.group() if found.start() <= start < found.end() else " " * len(found.group())

    return LINE.sub(blank, BRACKETS.sub(blank, sentence))


def is_sentence(text: str) -> bool:
    """Say whether a few words are a sentence, and no title: they have a verb that is bent."""
    return any(token.tag_ in {"VBZ", "VBP", "VBD", "MD"} for token in _parsed(text))


def named_in(text: str) -> tuple[str, ...]:
    """Return those whom a sentence names, those who act first."""
    if not text:
        return ()
    return _named(_parsed(text)[:])


def _named(part: "Span") -> tuple[str, ...]:
    """Return the subjects and then the objects of a part of a text, the last one first."""
    nouns = [token for token in reversed(list(part)) if token.pos_ in {"NOUN", "PROPN"}]
    subjects = [token for token in nouns if token.dep_ in SUBJECTS]
    objects = [token for token in nouns if token.dep_ in {"dobj", "pobj"}]
    return tuple(map(_phrase, [*subjects, *objects]))


def people_in(text: str) -> Iterator[str]:
    """Yield the nouns of a sentence, each with what belongs to it."""
    for token in _parsed(text):
        if token.pos_ not in {"NOUN", "PROPN"}:
            continue
        if token.dep_ != "compound":
            yield _name(token)


def _name(noun: "Token") -> str:
    """Return a noun with what belongs to its name: no clause, no list and no second noun."""
    left = min((w.i for w in noun.lefts for w in w.subtree), default=noun.i)
    right = noun.i
    for child in noun.rights:
        if child.dep_ != "prep" or child.lower_ not in {"of", "for"} or child.i != right + 1:
            break
        inner = [word for word in child.subtree if word.dep_ not in {"relcl", "acl"}]
        right = max(
            (w.i for w in inner if not any(_told(up) for up in (w, *w.ancestors))), default=right
        )
    return str(noun.doc[left : right + 1].text)


def _told(word: "Token") -> bool:
    return word.dep_ in {"relcl", "acl", "appos", "cc"}


def actor_in(text: str) -> str:
    """Return who acts in a sentence: the agent of its main verb, else its subject."""
    if not text:
        return ""
    root = next(token for token in _parsed(text) if token.dep_ == "ROOT")
    verb = _of_copula(root)
    passive = _is_passive(verb)
    found = _agent(verb) if passive else _subject(verb)[0]
    if found is None:
        return ""
    return f"{_phrase(found)} {_behind_agent(verb, found)}".strip() if passive else _phrase(found)


def _behind_agent(verb: "Token", agent: "Token") -> str:
    """Return "receiving the challenge" of "it is called by the head receiving the challenge"."""
    last = max(word.i for word in agent.subtree)
    told = (c for c in verb.children if c.tag_ == "VBG" and c.left_edge.i == last + 1)
    return next(map(_phrase, told), "")


def reader_does(text: str) -> str:
    """Return what a sentence tells its reader to do, by its verb, or ""."""
    root = next((token for token in _parsed(text) if token.dep_ == "ROOT"), None) if text else None
    return str(root.lemma_.lower()) if root is not None and _orders(root) else ""


def _orders(verb: "Token") -> bool:
    return _tells(verb) and not _has_modal(verb) and _subject(verb)[0] is None


def _governing(time: "Token") -> Optional["Token"]:
    """Return the verb whose clause a word stands in, or None in a sentence without one."""
    token = time
    while True:
        verbal = token.pos_ in VERBS and token.dep_ not in {"amod", "compound"}
        if verbal and _own_clause(token) and not _only_since(token, time):
            return _of_copula(token)
        if token.head == token:
            return None
        token = token.head


def _own_clause(verb: "Token") -> bool:
    """Say whether a verb tells what is due, and not only of whom: "to whom it is addressed"."""
    if verb.dep_ in {"acl", "pcomp"} and verb.tag_ in {"VBG", "VBN"}:
        return False
    past = verb.tag_ == "VBD" or any(child.lower_ in HAVE for child in verb.children)
    if past and verb.dep_ not in {"ROOT", "conj"} and not _is_passive(verb):
        # Nothing is due in the past: "the worker who made the decision within one day".
        return False
    if verb.dep_ == "relcl" and _is_passive(verb) and _agent(verb) is None:
        led = any(t.lower_ in WHO and t.dep_ == "pobj" for t in verb.subtree)
        return not (led or any(t.lower_ == "whose" for t in verb.subtree))
    return not (verb.dep_ in {"aux", "auxpass"} and verb.head.pos_ in VERBS)


def _only_since(verb: "Token", time: "Token") -> bool:
    """Say whether a verb only tells since when: "within 24 hours after the managers speak"."""
    return any(
        child.lower_ in SINCE and child.dep_ in {"mark", "prep", "advmod"} and child.i > time.i
        for child in verb.children
        if child.i < verb.i
    )


def _of_copula(verb: "Token") -> "Token":
    """Return "sent" of "is to be sent" where a time was placed at "is"."""
    if verb.lemma_ == "be":
        for child in verb.children:
            if child.dep_ in {"xcomp", "ccomp"} and child.pos_ in VERBS:
                return child
    return verb


def _subject(verb: "Token") -> tuple[Optional["Token"], "Token"]:
    """Return the subject of a verb, its own or that of the verb it goes on from."""
    at = verb
    for _ in range(6):
        own = [child for child in at.children if child.dep_ in SUBJECTS or _stands_for_two(child)]
        if own:
            who = own[0]
            if who.lower_ in WHO and at.dep_ == "relcl":
                return at.head, at
            return who, at
        if at.dep_ == "relcl" and any(child.lower_ in WHO for child in at.subtree):
            return at.head, at
        if at.dep_ not in {"conj", "xcomp", "advcl", "ccomp", "dep", "acl"} or at.head == at:
            return None, at
        if at.head.pos_ not in VERBS:
            return (at.head, at) if at.dep_ == "acl" else (None, at)
        at = at.head
    return None, at


def _stands_for_two(word: "Token") -> bool:
    """Say whether "either" is who acts: of "either can ask" the parse makes a conjunction."""
    behind = word.doc[word.i + 1 : word.i + 2]
    return word.lower_ in {"either", "each", "both"} and any(after.tag_ == "MD" for after in behind)


def _is_passive(verb: "Token") -> bool:
    if any(child.dep_ in {"auxpass", "nsubjpass"} for child in verb.children):
        return True
    if verb.tag_ in {"VBD", "VBN"} and verb.dep_ == "ROOT" and not _has_aux(verb):
        # A row of a table leaves "is" out: "Form PD2 sent within two days".
        return True
    if verb.tag_ == "VBN" and not any(c.dep_ in {"aux", *SUBJECTS} for c in verb.children):
        return verb.dep_ != "conj" or _is_passive(verb.head)
    has_own = any(child.dep_ in {"aux", "dobj"} for child in verb.children)
    return verb.tag_ == "VBN" and not has_own


def _has_aux(verb: "Token") -> bool:
    return any(child.dep_ == "aux" for child in verb.children)


def _has_modal(verb: "Token") -> bool:
    return any(child.tag_ == "MD" and child.i < verb.i for child in verb.children)


def _agent(verb: "Token") -> Optional["Token"]:
    for child in verb.children:
        if child.dep_ == "agent" or (child.lower_ == "by" and child.dep_ == "prep"):
            for named in child.children:
                if named.dep_ == "pobj" and named.lemma_.lower() not in NO_AGENT:
                    return verb.head if named.lower_ in WHO else named
    if verb.dep_ == "conj" and verb.head.pos_ in VERBS and _is_passive(verb.head):
        return _agent(verb.head)
    return None


def _object(verb: "Token") -> str:
    found = [child for child in verb.children if child.dep_ in {"dobj", "attr"}]
    return _phrase(found[0]) if found else ""


def _phrase(token: "Token", time: Optional["Span"] = None) -> str:
    """Return a noun with all that belongs to it, word for word, as far as a time behind it."""
    words = sorted(token.subtree, key=lambda word: word.i)
    if time is not None and token.i < time.start:
        words = [word for word in words if word.i < time.start]
    return str(token.doc[words[0].i : words[-1].i + 1].text).strip()


def _noun(token: "Token") -> "Token":
    """Return the noun that a clause without a verb is about: "Written reply within 2 days"."""
    while token.head != token:
        token = token.head
    return token


def _before(head: "Token", time: "Span") -> str:
    """Return what stands before a time in a clause without a verb."""
    first = min(word.i for word in head.subtree)
    return str(head.doc[first : time.start].text) if first < time.start else ""


def _doing(verb: "Token") -> str:
    particles = [c.text for c in verb.children if c.dep_ in {"prt", "acomp", "prep"}][:1]
    return " ".join([str(verb.lemma_.lower()), *particles])


def _tells(verb: "Token") -> bool:
    return verb.tag_ in {"VB", "VBP"} and verb.dep_ in {"ROOT", "conj"}


def _only_if(verb: "Token", time: "Token") -> bool:
    """Say whether a time stands in what may have happened: "if no reply has come within 2 days"."""
    for at in (verb, *verb.ancestors):
        if at.dep_ not in {"advcl", "ROOT", "conj", "ccomp"}:
            continue
        if at.dep_ != "advcl":
            return False
        first = min(at.subtree, key=lambda word: word.i)
        if first.lower_ in IF and time in at.subtree:
            return True
    return False
