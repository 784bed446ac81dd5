"""Which words of a text are names of people: lists, and what stands around a word.

The rules are ordered and named; the first that holds makes a word a name. They run over the
text until nothing more is found, since one name vouches for the word beside it.
"""

import re
from collections.abc import Callable

from bot.privacy import cues
from bot.privacy.lexicon import Lexicon, fold
from bot.privacy.tokens import Token, Tokens

# A name vouches for the next, that one for the one after; more than this is no sentence.
ROUNDS = 6
_SURNAME_START = re.compile(r"(?:O['’‘`]|D['’‘`]|Mc|Mac)[A-Z]|(?:[Aa]l|[Ee]l)-[A-Z]")
_SHORT_INITIALS = re.compile(r"[A-Z]{1,3}")
# What is written with full stops although it is nobody: e.g., G.P., P.E.
_DOTTED = set(
    "uk us eg ie am pm nb ps gp cp ta hv sw re pe id dv da pc dc ad bc ed ht cc tv na".split()
)
_FAMILIAR = {"uk", "us", "eg", "ie", "am", "pm", "nb", "ps", "dob", "phd", "tv", "no", "etc", "ok"}
# Between two names these join them; they belong to neither.
_NOT_FIRST = cues.KIN | cues.MONTHS | cues.TITLES | {"sunday", "monday", "tuesday", "friday"}
_HINGES = (
    cues.TITLES
    | cues.FINITE
    | cues.AFTER_NAME
    | cues.KIN
    | cues.CONTACT
    | cues.GREETINGS
    | cues.ROLES
)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"

# Of its words, how many English knows in a text that is English.
ENGLISH_SHARE = 0.6

Rule = Callable[["People", int], bool]


class People:
    """The rules, over the tokens of one text."""

    def __init__(self, tokens: Tokens, words: Lexicon) -> None:
        self.tokens = tokens
        self.words = words
        self._english: bool | None = None
        self._unknown: dict[str, bool] = {}
        self._slips: dict[str, bool] = {}

    def find(self) -> None:
        """Mark the tokens that are names of people."""
        everywhere = range(len(self.tokens.all))
        for _ in range(ROUNDS):
            found = [index for index in everywhere if self._decide(index)]
            found += [index for index in reversed(everywhere) if self._decide(index)]
            if not found:
                return

    def _decide(self, index: int) -> bool:
        token = self.tokens.at(index)
        if token.is_name or token.protected:
            return False
        if token.kind == "initials":
            letters = _plain(token.base)
            known = letters in self.words.stay and len(letters) > 2  # noqa: PLR2004
            token.is_name = letters not in _DOTTED and not known
        elif token.kind == "word":
            token.is_name = any(rule(self, index) for rule in RULES)
        return token.is_name

    # ------------------------------------------------------------ what a word is

    def sure(self, token: Token) -> bool:
        """Whether it is a name by itself."""
        base = token.base
        if self.words.is_name(base) or self.words.is_name(_joined(base)):
            return True
        if _SURNAME_START.match(token.text) or (base.startswith("mc") and len(base) > 4):  # noqa: PLR2004
            return not self.words.is_ordinary(base)
        if "-" in base:
            return self._double(base.split("-"))
        stem = base[:-1]
        return (
            base.endswith("s")
            and stem in self.words.first
            and len(stem) > 2  # noqa: PLR2004
            and not self.words.is_ordinary(base)
        )

    def _double(self, parts: list[str]) -> bool:
        names = [self.words.is_name(part) or part in self.words.doubtful for part in parts]
        strong = [self.words.is_name(part) for part in parts]
        ordinary = [
            self.words.is_ordinary(part) and part not in self.words.common_too for part in parts
        ]
        return all(names) or (
            any(strong) and not any(one and not name for one, name in zip(ordinary, names))
        )

    def first_too(self, token: Token) -> bool:
        """Whether it is an everyday word first, a season or a title, and a first name too."""
        return token.base in self.words.first_too and token.capital and self.tokens.cased

    def doubtful(self, token: Token) -> bool:
        """Whether it is a first name and an everyday word."""
        return token.base in self.words.doubtful

    def common(self, token: Token) -> bool:
        """Whether it is an everyday word or a place that somebody may be called."""
        words = self.words
        return any(
            token.base in one for one in (words.common_too, words.first_places, words.last_places)
        )

    def place(self, token: Token) -> bool:
        """Whether it is a place."""
        return token.base in self.words.places

    def unknown(self, token: Token) -> bool:
        """Whether no list holds it, whole or in parts."""
        if token.protected or len(token.base) < 2:  # noqa: PLR2004
            return False
        known = self._unknown.get(token.base)
        if known is None:
            known = self._unknown[token.base] = not (
                self.place(token)
                or self.words.is_ordinary(token.base)
                or self.sure(token)
                or self._known_ending(token.base)
            )
        return known

    def _known_ending(self, base: str) -> bool:
        if "-" in base or "'" in base:
            return all(
                self.words.is_ordinary(part)
                or self.words.is_name(part)
                or len(part) < 3  # noqa: PLR2004
                or part in self.words.places
                for part in re.split("[-']", base)
            )
        return base.endswith("s") and (
            base[:-1] in self.words.stay or base[:-1] in self.words.english
        )

    def mostly_english(self) -> bool:
        """Whether the text is English, so that a word unknown to English stands out."""
        if self._english is None:
            words = [token for token in self.tokens.all if token.kind == "word"]
            known = sum(not self.unknown(token) for token in words)
            self._english = known >= ENGLISH_SHARE * len(words)
        return self._english

    def slip(self, base: str) -> bool:
        """Whether it is one slip of the finger from an everyday word ("sayd")."""
        if base not in self._slips:
            self._slips[base] = len(base) < 4 or self._is_slip(base)  # noqa: PLR2004
        return self._slips[base]

    def _is_slip(self, base: str) -> bool:
        cuts = [(base[:place], base[place:]) for place in range(len(base) + 1)]
        near = [a + b[1:] for a, b in cuts if b]
        near += [a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1]
        near += [a + letter + b[1:] for a, b in cuts if b for letter in _LETTERS]
        near += [a + letter + b for a, b in cuts for letter in _LETTERS]
        # A long word so near to any other is a slip; a short one must be near to a frequent one.
        known = self.words.english if len(base) > 6 else self.words.frequent  # noqa: PLR2004
        return any(
            (one in known or one in self.words.stay) and not self.words.is_name(one) for one in near
        )

    def nameable(self, token: Token) -> bool:
        """Whether it could be a name where the context asks for one."""
        if (
            token.kind != "word"
            or token.protected
            or token.shouted
            and token.base in self.words.stay
        ):
            return False
        return self.sure(token) or self.doubtful(token) or self.unknown(token)

    def clear_capital(self, index: int) -> bool:
        """Whether its capital letter can only be that of a name or a title."""
        token = self.tokens.at(index)
        return self.tokens.cased and token.capital and not self.tokens.starts_sentence(index)

    # ------------------------------------------------------------ what stands around it

    def in_place(self, index: int) -> bool:
        """Whether the words around it make it a place or an institution."""
        after = self.tokens.base(index + 1)
        before = self.tokens.base(index - 1)
        second = self.tokens.base(index + 2)
        if after in cues.INSTITUTIONS and after not in cues.OWNED:
            return True
        if second in {"council", "hospital", "police", "mash", "partnership", "school"}:
            return not self.tokens.at(index + 1).kind == "sign" and self.place(
                self.tokens.at(index)
            )
        return before in cues.PLACE_BEFORE and after not in cues.SAYING

    def institution(self, index: int) -> bool:
        """Whether a hospital or a school is called after that name ("St Mary's")."""
        token = self.tokens.at(index)
        before, after = self.tokens.base(index - 1), self.tokens.base(index + 1)
        if before == ".":
            before = self.tokens.base(index - 2)
        if before in {"st", "saint", "sts"} and not self.tokens.at(index - 1).is_name:
            return True
        royal = before in {"queen", "king", "princess", "prince", "royal"} and token.capital
        if royal or token.base.rstrip("s") in cues.PATRONS or token.base in cues.PATRONS:
            second = self.tokens.base(index + 2)
            return (
                (after in cues.INSTITUTIONS and after not in cues.OWNED)
                or (second in cues.INSTITUTIONS and royal)
                or (after in {"hospital", "school", "primary", "infirmary", "academy", "college"})
            )
        return False

    def child_follows(self, index: int) -> bool:
        """Whether an age or a class comes next: "X (7)", "X aged 7", "X in year 4"."""
        one, two, three = (self.tokens.at(index + step) for step in (1, 2, 3))
        if one.base in cues.AGE_WORDS:
            return True
        if one.text in {"(", ",", "-", "–"}:
            if two.base in cues.AGE_WORDS or (
                two.base in cues.CLASS_WORDS and three.kind == "number"
            ):
                return True
            small = two.kind == "number" and len(two.text) < 3 and int_or(two.text) < 19  # noqa: PLR2004
            return small and (
                one.text == "("
                or three.text in {",", ".", "-", ")"}
                or three.kind == "none"
                or three.base in {"and", "yrs", "years", "year", "months", "is", "has", "was"}
            )
        if one.base in {"in", "from", "of"} and two.base in cues.CLASS_WORDS:
            return (
                three.kind == "number"
                or three.base in cues.NUMBER_WORDS | {"r", "reception"}
                or two.base in {"reception", "nursery"}
            )
        if one.base in cues.CLASS_WORDS and one.base != "set":
            return two.kind == "number"
        if one.base in {"is", "was", "turns", "turned", "just"}:
            age = two.kind == "number" and len(two.text) < 3 or two.base in cues.NUMBER_WORDS  # noqa: PLR2004
            return age and self.tokens.base(index + 3) not in {
                "minutes",
                "days",
                "weeks",
                "hours",
                "of",
                "miles",
            }
        return False

    def owner(self, index: int) -> bool:
        """Whether something of a person follows: "X's mum", "Xs mum"."""
        token = self.tokens.at(index)
        after = self.tokens.at(index + 1)
        if after.text in {"'", "’"}:
            after = self.tokens.at(index + 2)
        elif not token.possessive and not token.base.endswith("s"):
            return False
        if after.base in {
            "older",
            "younger",
            "little",
            "big",
            "own",
            "foster",
            "last",
            "new",
            "step",
            "half",
            "birth",
            "maternal",
            "paternal",
        }:
            return True
        return after.base in cues.OWNED

    def beside_name(self, index: int) -> bool:
        """Whether a name is joined to it by "and", "&" or a comma before "and"."""
        for step in (1, -1):
            link, other = self.tokens.at(index + step), self.tokens.at(index + 2 * step)
            if link.text.lower() in cues.CONJUNCTIONS and other.is_name:
                return True
            if link.text == "," and other.is_name:
                beyond = self.tokens.at(index + 3 * step)
                return (
                    self.clear_capital(index)
                    or beyond.text.lower() in cues.CONJUNCTIONS | {","}
                    or self.tokens.base(index + 1) in cues.CONJUNCTIONS
                )
        return False

    def verb_follows(self, index: int) -> bool:
        """Whether a verb of people, a sign or the end comes next."""
        after = self.tokens.at(index + 1)
        return after.kind in {"none", "line", "sign"} or after.base in cues.FINITE

    def called(self, index: int) -> bool:
        """Whether the words before announce a name ("called", "his name is", "surname:")."""
        back = index - 1
        while self.tokens.at(back).text in {":", "-", '"', "'", "“", "‘", "("} and index - back < 4:  # noqa: PLR2004
            back -= 1
        before, second = self.tokens.base(back), self.tokens.base(back - 1)
        if before in cues.CALLED:
            return True
        if before in {"name", "names"} and back < index - 1:
            return True
        if before == "as" and second in {"known", "named"}:
            return True
        if second in {"call", "calls", "called", "named"} and before in {
            "him",
            "her",
            "them",
            "me",
        }:
            return self.tokens.at(index).capital
        named = self.tokens.at(back - 1).base in {"name", "names", "initials", "surname"}
        return before in {"is", "was", "are", "s", "changed"} and named

    def titled(self, index: int) -> bool:
        """Whether a title stands before, with or without its full stop."""
        back = index - 1
        if (
            self.tokens.at(back).text == "."
            and self.tokens.at(back).start == self.tokens.at(back - 1).end
        ):
            back -= 1
        return (
            self.tokens.base(back) in cues.TITLES
            and not self.tokens.at(back).possessive
            and not (
                self.tokens.base(back) == "miss"
                and self.tokens.base(back - 1)
                in {"to", "will", "would", "don't", "dont", "i", "not", "they", "he", "she", "and"}
            )
        )


def int_or(text: str) -> int:
    """The number, or a large one where it is no whole number."""
    return int(text) if text.isdecimal() else 1000


def _plain(base: str) -> str:
    return base.replace(".", "").replace(" ", "")


def _joined(base: str) -> str:
    return base.replace("'", "").replace("-", "")


# ---------------------------------------------------------------- the rules, in order


def _listed(people: People, index: int) -> bool:
    """A name and nothing else, unless a hospital or a school is called so."""
    token = people.tokens.at(index)
    return people.sure(token) and not people.institution(index)


def _announced(people: People, index: int) -> bool:
    """After "called", "named", "his name is"."""
    token = people.tokens.at(index)
    if not people.called(index) or people.place(token) and not people.common(token):
        return False
    if people.sure(token) or people.unknown(token):
        return True
    child = (
        people.tokens.base(index - 1) in cues.CALLED and people.tokens.base(index - 2) in cues.KIN
    )
    rare = token.base not in people.words.frequent and token.base not in people.words.stay
    if child and (rare or people.doubtful(token) or people.clear_capital(index)):
        return True
    if people.doubtful(token):
        return token.base not in cues.AUXILIARY or token.capital or people.verb_follows(index)
    return (
        people.first_too(token) or token.base in people.words.first_places
    ) and people.clear_capital(index)


def _titled(people: People, index: int) -> bool:
    """After a title: any word that is not one of grammar."""
    token = people.tokens.at(index)
    if not people.titled(index) or token.shouted and token.base in people.words.stay:
        return False
    if people.nameable(token):
        return True
    if token.base in cues.AFTER_NAME or token.base in people.words.stay:
        return False
    if token.capital and token.base not in cues.ROLES | cues.KIN:
        return True
    title = people.tokens.base(index - 1)
    return title in {"mr", "mrs"} or (people.common(token) and people.verb_follows(index))


def _of_the_family(people: People, index: int) -> bool:
    """After "mum", "brother", "pupil", "social worker"."""
    token = people.tokens.at(index)
    before = people.tokens.at(index - 1)
    if before.text in {":", "-", ",", "("}:
        before = (
            people.tokens.at(index - 2)
            if people.tokens.at(index - 1).text in {":", "("}
            else before
        )
    kin = before.base in cues.KIN and not before.possessive
    if not (kin or before.base in cues.ROLES) or people.place(token) and not people.common(token):
        return False
    if people.unknown(token):
        if token.capital and people.tokens.cased:
            return True
        return not people.slip(token.base) and (kin or people.verb_follows(index))
    if people.doubtful(token):
        return people.clear_capital(index) or people.verb_follows(index)
    return people.common(token) and people.clear_capital(index) and not people.institution(index)


def _owner(people: People, index: int) -> bool:
    """Before "'s mum", "'s school"."""
    token = people.tokens.at(index)
    if not people.owner(index) or people.place(token) and not people.doubtful(token):
        return False
    if people.unknown(token):
        return token.possessive or token.capital or not people.slip(token.base)
    if people.doubtful(token) or (people.first_too(token) and token.base not in cues.KIN):
        ordinary = {"date", "conference", "review", "figures", "report", "plan", "attendance"}
        return people.tokens.base(index + 1) not in ordinary or token.base not in cues.MONTHS
    stem, owned = token.base[:-1], people.tokens.base(index + 1)
    if stem in people.words.first_places:
        return token.base.endswith("s") and owned in cues.OWNED
    return (
        token.base.endswith("s")
        and stem in people.words.doubtful
        and owned in cues.KIN
        and not token.possessive
        and people.tokens.base(index - 1) not in cues.DETERMINERS
    )


def _with_age(people: People, index: int) -> bool:
    """Before an age or a class."""
    token = people.tokens.at(index)
    if not people.child_follows(index) or people.place(token) and not people.common(token):
        return False
    if people.unknown(token) or people.doubtful(token):
        return people.tokens.base(index - 1) not in cues.DETERMINERS
    return people.common(token) and people.clear_capital(index) and token.base not in cues.MONTHS


def _surname(people: People, index: int) -> bool:
    """Right after a name."""
    token, before = people.tokens.at(index), people.tokens.at(index - 1)
    if (
        not before.is_name
        or before.possessive
        or before.kind == "word"
        and token.start - before.end > 2
    ):  # noqa: PLR2004
        return False
    base = token.base
    if len(base) == 1:
        return (
            token.capital
            and base not in {"i", "a"}
            or people.verb_follows(index)
            and base not in "aiukry"
        )
    if token.shouted and base in people.words.stay or base in people.words.stay:
        return False
    if people.tokens.cased and token.capital:
        return (
            people.unknown(token)
            or people.doubtful(token)
            or people.common(token)
            or base in people.words.surnames
            or people.place(token)
        )
    if people.unknown(token):
        return people.verb_follows(index) and not people.slip(base)
    if people.doubtful(token) or people.common(token):
        ends = people.tokens.at(index + 1)
        said = ends.base in cues.SAYING | cues.COPULAS
        return base not in cues.FINITE | cues.AFTER_NAME and said
    return False


def _before_surname(people: People, index: int) -> bool:
    """Right before a name: an initial, or a capital letter."""
    token, after = people.tokens.at(index), people.tokens.at(index + 1)
    if token.base in cues.MONTHS and people.tokens.base(index - 1) in cues.DETERMINERS | {
        "by",
        "on",
    }:
        return False
    dotted = len(token.base) == 1 and after.text == "."
    if dotted:
        after = people.tokens.at(index + 2)
    if not after.is_name or token.possessive or after.kind == "mask" and not token.capital:
        return False
    if len(token.base) == 1:
        return token.capital and (dotted or token.base not in {"i", "a"})
    between = people.tokens.at(index - 1).is_name and not people.tokens.at(index - 1).possessive
    if (
        token.base in cues.PARTICLES
        and token.capital
        and len(token.base) > 2
        and people.tokens.cased
    ):  # noqa: PLR2004
        return True
    if between and (
        token.base in cues.PARTICLES or (people.common(token) and token.base not in _HINGES)
    ):
        return True
    if not token.capital or not people.tokens.cased:
        return False
    if people.unknown(token) or people.doubtful(token):
        return True
    if token.base not in people.words.known and token.base in people.words.english:
        return not people.place(token) and token.base not in people.words.stay | _HINGES
    rare = token.base not in people.words.frequent and token.base not in people.words.stay
    forename = token.base in people.words.first_places or people.first_too(token)
    return (
        people.clear_capital(index)
        and token.base not in _HINGES
        and (forename or rare)
        and not (people.place(token) and not forename)
    )


def _joined_to_name(people: People, index: int) -> bool:
    """ "X and" a name, a name "and X"."""
    token = people.tokens.at(index)
    if not people.beside_name(index) or people.place(token) and not people.common(token):
        return False
    if people.unknown(token):
        return (token.capital and people.tokens.cased) or not people.slip(token.base)
    if not people.doubtful(token):
        return False
    return people.clear_capital(index) or (
        token.base not in cues.AUXILIARY or people.verb_follows(index)
    )


def _pair(people: People, index: int) -> bool:
    """Two first names with capitals, each an everyday word: "Will and May"."""
    first = [people.tokens.base(index + step) in cues.CONJUNCTIONS for step in (1, -1)]
    other = people.tokens.at(index + 2 if first[0] else index - 2)
    pair = (people.tokens.at(index), other)
    both = all(
        one.capital and not one.protected and (people.doubtful(one) or people.first_too(one))
        for one in pair
    )
    ordinary = cues.KIN | cues.TITLES | {"monday", "tuesday", "friday", "sunday", "spring"}
    seasons = cues.MONTHS | {"summer", "autumn", "winter", "spring"}
    return (
        any(first)
        and both
        and people.tokens.cased
        and not (
            all(one.base in seasons for one in pair) or any(one.base in ordinary for one in pair)
        )
    )


def _initials(people: People, index: int) -> bool:
    """Initials beside a class, a child or something of a child."""
    token = people.tokens.at(index)
    bare = token.text[: token.end - token.start]
    if not _SHORT_INITIALS.fullmatch(bare) or token.base in people.words.stay | _FAMILIAR:
        return False
    if len(bare) == 1:
        return (bare not in "AI" and people.child_follows(index)) or (
            token.possessive and people.owner(index)
        )
    if token.base in people.words.english and token.base in cues.FINITE | cues.AFTER_NAME:
        return False
    before = people.tokens.base(index - 1)
    return (
        people.child_follows(index)
        or people.owner(index)
        or before in cues.KIN | cues.CALLED
        or people.called(index)
    )


def _greeted(people: People, index: int) -> bool:
    """After "Hi", "Dear", or "Regards," at the end of a letter."""
    token = people.tokens.at(index)
    back = index - 1
    while people.tokens.at(back).text in {",", ":"} or people.tokens.at(back).kind == "line":
        back -= 1
    if people.tokens.base(back) not in cues.GREETINGS or index - back > 3:  # noqa: PLR2004
        return False
    if people.place(token) and not people.common(token):
        return False
    if people.unknown(token):
        return token.capital or (
            not people.slip(token.base) and people.tokens.base(back) not in {"from"}
        )
    return people.doubtful(token) and (token.capital or people.verb_follows(index))


def _met(people: People, index: int) -> bool:
    """After "spoke to", "told", "worried about"."""
    token = people.tokens.at(index)
    if people.tokens.base(index - 1) not in cues.CONTACT or people.place(token):
        return False
    after = people.tokens.at(index + 1)
    clear = after.kind in {"none", "line", "sign"} or after.base in cues.AFTER_NAME
    if people.unknown(token):
        return (
            clear
            and not people.slip(token.base)
            and people.tokens.base(index - 1) not in {"by", "to", "and", "for"}
        )
    verb = people.tokens.base(index - 1) in {
        "told",
        "rang",
        "phoned",
        "emailed",
        "texted",
        "asked",
        "with",
        "about",
    } or people.tokens.base(index - 2) in {
        "spoke",
        "speak",
        "spoken",
        "talk",
        "talked",
        "speaking",
        "talking",
    }
    return (
        people.doubtful(token)
        and clear
        and verb
        and token.base not in cues.AUXILIARY - {"sue", "rose", "pat"}
    )


def _speaks(people: People, index: int) -> bool:
    """Before "said", "told", "lives"."""
    token = people.tokens.at(index)
    after, before = people.tokens.base(index + 1), people.tokens.at(index - 1)
    if before.base in cues.DETERMINERS or people.place(token) and not people.common(token):
        return False
    if after in cues.SAYING:
        if people.unknown(token):
            return (token.capital and people.tokens.cased) or not people.slip(token.base)
        if people.doubtful(token):
            return token.capital or token.base != "hope" or before.base not in {"i", "we", "they"}
        return people.first_too(token) and token.base not in _NOT_FIRST
    if token.base == "will" and after in {"is", "was", "has", "had", "doesnt", "isnt", "wasnt"}:
        return True
    if not token.capital:
        return _is_somewhere(people, index)
    if not (people.tokens.cased and people.tokens.starts_sentence(index)):
        return False
    if people.unknown(token):
        return after in cues.FINITE and not people.slip(token.base)
    if after not in cues.COPULAS:
        return False
    if people.doubtful(token) and token.base not in cues.ABSTRACT:
        return True
    weak = people.doubtful(token) or (people.first_too(token) and token.base not in _NOT_FIRST)
    return weak and people.tokens.base(index + 2) in cues.BEING


def _is_somewhere(people: People, index: int) -> bool:
    """In lower case: "grace is at home", "jade was crying", where a clause begins."""
    token, before = people.tokens.at(index), people.tokens.at(index - 1)
    clause = before.kind != "word" or before.base in cues.CLAUSE_STARTS
    return (
        clause
        and people.doubtful(token)
        and token.base not in cues.ABSTRACT | cues.THINGS
        and people.tokens.base(index + 1) in cues.COPULAS
        and people.tokens.base(index + 2) in cues.BEING - {"on"}
    )


def _capital(people: People, index: int) -> bool:
    """A capital letter inside a sentence, on a word that no list of other things holds."""
    token = people.tokens.at(index)
    if not people.clear_capital(index) or people.institution(index):
        return False
    before = people.tokens.at(index - 1)
    if people.unknown(token):
        surname = people.tokens.base(index - 1)
        initial = len(surname) == 1 and people.tokens.at(index - 1).capital and surname not in "ai"
        return initial or not (people.in_place(index) or people.slip(token.base))
    if people.doubtful(token):
        return (
            not people.in_place(index)
            and before.base not in {"a", "an", "the", "rated", "rag", "level", "status"}
            and not (
                before.capital
                and before.kind == "word"
                and not people.tokens.starts_sentence(index - 1)
                and not before.is_name
                and before.base not in cues.ROLES | cues.KIN
            )
        )
    if token.base in people.words.first_places:
        return not people.in_place(index) and people.tokens.base(index + 1) in cues.FINITE
    return False


def _strange(people: People, index: int) -> bool:
    """A word that English does not know, and that is not built like English, in English."""
    token = people.tokens.at(index)
    base = token.base
    if len(base) < 3 or not people.unknown(token) or not people.mostly_english():  # noqa: PLR2004
        return False
    if token.shouted and (not people.tokens.shouting or len(base) < 4):  # noqa: PLR2004
        return False
    if people.tokens.base(index - 1) in cues.PLACE_ONLY or people.institution(index):
        return False
    if people.tokens.base(index + 1) in cues.INSTITUTIONS - cues.OWNED:
        return False
    built = base.startswith(tuple(cues.ENGLISH_STARTS)) or base.endswith(tuple(cues.ENGLISH_ENDS))
    return not built and not people.slip(base)


def _rare_capital(people: People, index: int) -> bool:
    """A rare word of English with a capital letter inside a sentence, alone or beside a name."""
    token, before = people.tokens.at(index), people.tokens.at(index - 1)
    after = people.tokens.at(index + 1)
    if not people.clear_capital(index) or token.base in people.words.stay | cues.INSTITUTIONS:
        return False
    if token.base not in people.words.english or token.base in people.words.known:
        return False
    alone = not before.capital and not (after.capital and not after.is_name)
    return (
        alone
        and not people.in_place(index)
        and not people.place(token)
        and not token.base.endswith(tuple(cues.ENGLISH_ENDS))
    )


RULES: tuple[Rule, ...] = (
    _listed,
    _announced,
    _titled,
    _of_the_family,
    _owner,
    _with_age,
    _surname,
    _before_surname,
    _joined_to_name,
    _pair,
    _initials,
    _greeted,
    _met,
    _speaks,
    _capital,
    _strange,
    _rare_capital,
)
"""Checked in this order; the first that holds makes the word a name."""

__all__ = ["People", "RULES", "fold"]
