"""Find talk of another child or dispute in the same conversation, and of one's own cases."""

from functools import partial

from bot.understanding.words.patterns import pattern
from bot.understanding.words.text import normal, sentences

_words = partial(pattern, "cases")
PAIRS = ({"older", "younger"}, {"first", "second"}, {"girl", "boy"})
RELATED = "related"
OTHER = "other"
KINDS = ("list", "apart", "another", "several")
CASE, PART_OF_AN_ANSWER = "case", "part_of_an_answer"
"""What somebody may want deleted."""
NAMED = ("children", "child", "which", "two")
"""Words that are read as one: whether a lad or a sister, whether the other or the younger."""


def find_case_talk(text: str) -> str | None:
    """Return "another" where a second child or dispute is told of, "list" for one's own cases.

    "begun" is where a message begins with it, and all that follows is about it.
    "same" is where a brother or sister is named, and nothing of another dispute.
    "several" is where somebody says that there are two, or which comes first; "apart" where they
    ask how two are kept apart.
    """
    words = normal(text)
    if _words("same_case").fullmatch(words):
        return "same"
    if any(_words(name).match(words) for name in ("new_child", "other_child")):
        return "begun"
    words = _named(text)
    return next((kind for kind in KINDS if _words(kind).search(words)), None)


def find_deletion(text: str) -> str | None:
    """Return whether a case or only part of an answer is to be deleted, or None for neither."""
    words = normal(text)
    if _words("part_of_an_answer").search(words):
        return PART_OF_AN_ANSWER
    return CASE if _words("deletes").search(words) else None


def tells_of_each(text: str) -> bool:
    """Say whether what was tried is told of two children, each apart: no one ladder holds both."""
    words = normal(text)
    found = list(_words("of_a_child").finditer(words))
    told: set[str] = set()
    for number, child in enumerate(found):
        part = next(one for one in sentences(words) if one.start < child.end() <= one.end)
        begin = max([part.start, *(one.end() for one in found[:number])])
        end = min([part.end, *(one.start() for one in found[number + 1 :])])
        contact = pattern("party", "contact").search(words, begin, end)
        if contact or _words("tried").search(words, begin, end):
            told.add(str(child.lastgroup))
    return any(pair <= told for pair in PAIRS) or (RELATED in told and len(told) > 1)


def tells_of_several(text: str) -> bool:
    """Say whether a text tells of more than one child or dispute, in whatever words."""
    told = find_case_talk(text) in {"several", "another", "begun"} or tells_of_each(text)
    return (
        told or len(children_told(text)) > 1 or bool(_words("told_of_several").search(_named(text)))
    )


def children_told(text: str) -> tuple[str, ...]:
    """Return the words that tell apart the children of a text, in order, each once."""
    found = _words("one_child").finditer(normal(text))
    return tuple(dict.fromkeys(str(one.lastgroup) for one in found if one.lastgroup != OTHER))


def child_alone(text: str) -> str | None:
    """Return which child it is, where a message says no more: "now the baby", "the other one"."""
    said = _words("only_which_child").fullmatch(normal(text))
    child = said and _words("one_child").fullmatch(said["which"].strip())
    return child.lastgroup if child else None


def without_case_talk(text: str) -> str:
    """Return the text without such talk: what is left may tell of danger."""
    words = _named(text)
    if not any(_words(kind).search(words) for kind in KINDS):
        return normal(text)
    for kind in KINDS:
        words = _words(kind).sub(" ", words)
    return words


def _named(text: str) -> str:
    words = normal(text)
    for name in NAMED:
        words = _words(name).sub(name.upper(), words)
    return words
