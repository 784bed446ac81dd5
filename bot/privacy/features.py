"""What is looked at when the weights decide whether a doubtful word is a name.

A feature is a short string such as "n=said" (the next word is "said"). The list of them for one
word is what `tests/privacy/learn.py` learns from and what `weights.py` adds up.
"""

from collections.abc import Iterator

from bot.privacy import around, cues
from bot.privacy.kinds import Kinds
from bot.privacy.tokens import Token

# Words after the most frequent so many are rather rare; people hardly write them by chance.
_RARE = 12_000
_NEAR = 3

_IRREGULAR = frozenset(
    "was were had did went came told said took gave got made ran saw left kept felt found lost sent"
    " bit hit fell broke drew wrote spoke rang threw slept met knew thought brought bought caught"
    " ate drank drove hid hurt cut put set let shut read led fed fled fought taught stood sat won"
    " held heard stuck swore stole woke wore tore grew flew blew began became forgot rode sang"
    " sank swam shook spent lent meant paid laid lay rose froze chose built burnt dealt dug hung"
    " shot slid spat stung swung".split()
)
_MODALS = frozenset(
    "will would can could may might must shall should wont won't cant can't couldnt couldn't wouldnt"
    " wouldn't shouldnt shouldn't cannot mustnt ll".split()
)
_BE_HAVE = frozenset(
    "is isnt isn't was wasnt wasn't has hasnt hasn't had hadnt hadn't does doesnt doesn't did didnt"
    " didn't 's".split()
)
_PLURAL_VERBS = frozenset("are arent aren't were werent weren't have havent haven't do dont don't".split())
_DETERMINERS = frozenset(
    "the a an this that these those each every some any no another all both what which more most"
    " less much many few several little such own other same next last first second third".split()
)
_POSSESSIVES = frozenset("my your his her its our their whose mum's mums dad's dads".split())
_SUBJECTS = frozenset("i we you they he she it who ive weve theyve youve im were id ill".split())
_OBJECTS = frozenset("me him them us myself himself herself themselves".split())
_PREPOSITIONS = frozenset(
    "of in on at to for with w from by about re regarding into over under after before during"
    " without via per against between through around near than since until till off up down out"
    " like as outside inside behind beside towards".split()
)
_CONJUNCTIONS = frozenset("and & or but nor + n plus".split())
_CLAUSE = frozenset(
    "that if when because cos cus coz while since where so then although though whether why how"
    " says said think thinks thought reckon reckons believe sure say tell told know knows ok okay"
    " well yes no hi hello just also sadly apparently today yesterday now basically update".split()
)
_TEMPERED = frozenset("not never always also just still only really already even ever now then".split())
_ADJECTIVE_ENDS = ("ful", "ous", "able", "ible", "ive", "less", "ish", "ic", "al")
_NOUN_ENDS = ("tion", "sion", "ment", "ness", "ity", "ance", "ence", "ship", "hood", "age", "ism")
_UNTITLED = "none"


_NEVER = (
    (_MODALS | _BE_HAVE | _PLURAL_VERBS | _DETERMINERS | _POSSESSIVES | _SUBJECTS | _OBJECTS)
    | (_PREPOSITIONS | _CONJUNCTIONS | _CLAUSE | _TEMPERED | cues.TITLES | cues.KIN | cues.ROLES)
    | frozenset("just in to hi best yes no please neighbor neighbour there here".split())
) - frozenset("will may can an guardian".split())
_WEIGHED = frozenset(
    "doubtful first last place-first place-last unknown slip rare rarer".split()
)


def may_be_name(kinds: Kinds, index: int) -> bool:
    """Whether the word is one for the weights: no everyday word, no word of the work, no sure name."""
    tokens, token = kinds.tokens, kinds.tokens.at(index)
    if token.kind != "word" or token.protected or len(token.base) == 1 or token.base in _NEVER:
        return False
    beside = (tokens.at(index - 1), tokens.at(index + 1))
    if any(each.kind == "number" for each in beside) and not around.child_follows(tokens, index):
        return token.base not in cues.MONTHS and beside[1].kind != "number"
    if kinds.place(token):
        joined = any(each.is_name for each in beside)
        if not joined and (
            kinds.only_place(token) or around.in_place(tokens, index, place=True)
        ):
            return False
    return _kind(kinds, token) in _WEIGHED


def features(kinds: Kinds, index: int, *, word: bool = True) -> list[str]:
    """The features of one word. `word` adds the word itself."""
    tokens, token = kinds.tokens, kinds.tokens.at(index)
    kind, case, role = _kind(kinds, token), _case(kinds, index), _role(kinds, token)
    before, before2 = _class(kinds, index - 1), _class(kinds, index - 2)
    after, after2 = _class(kinds, index + 1), _class(kinds, index + 2)
    found = [
        "bias",
        f"k={kind}",
        f"c={case}",
        f"r={role}",
        f"kc={kind},{case}",
        f"rc={role},{case}",
        f"p={tokens.base(index - 1)}",
        f"n={tokens.base(index + 1)}",
        f"P={before}",
        f"N={after}",
        f"PP={before2},{before}",
        f"NN={after},{after2}",
        f"PN={before},{after}",
        f"kP={kind},{before}",
        f"kN={kind},{after}",
        f"rP={role},{before}",
        f"rN={role},{after}",
        f"cP={case},{before}",
        f"cN={case},{after}",
        f"rPN={role},{before},{after}",
        f"rcP={role},{case},{before}",
        f"rcN={role},{case},{after}",
        f"N2={after2}",
        f"P2={before2}",
        f"pn={tokens.base(index - 1)},{after}",
        f"Pn={before},{tokens.base(index + 1)}",
        f"p2p={tokens.base(index - 2)},{tokens.base(index - 1)}",
        f"nn2={tokens.base(index + 1)},{tokens.base(index + 2)}",
    ]
    if word:
        found.append(f"w={token.base}")
        found.append(f"wc={token.base},{case}")
    found += _flags(kinds, index, role=role, after=after)
    return found


def _flags(kinds: Kinds, index: int, *, role: str, after: str) -> Iterator[str]:
    tokens, token = kinds.tokens, kinds.tokens.at(index)
    if token.possessive:
        yield from ("poss", f"possN={after}", f"possr={role}")
    if around.child_follows(tokens, index):
        yield "child"
    if around.owns(tokens, index):
        yield from ("owns", f"ownsr={role}")
    if around.is_called(tokens, index):
        yield "called"
    if around.is_titled(tokens, index):
        yield "titled"
    if around.in_place(tokens, index, place=kinds.place(token)):
        yield "placed"
    if any(t.is_name and t.kind == "word" and t.base == token.base for t in tokens.all):
        yield "again"
    pronouns = {"he", "she", "his", "her", "him", "hes", "shes", "he's", "she's", "himself", "herself"}
    near = {tokens.base(index + step) for step in range(1, 9)}
    if pronouns & near:
        yield from ("pronoun", f"pronounr={role}")


def _kind(kinds: Kinds, token: Token) -> str:
    words, base = kinds.words, token.base
    if kinds.sure(token):
        return "sure"
    if base in words.doubtful:
        return "doubtful"
    if base in words.first_too:
        return "first"
    if base in words.common_too:
        return "last"
    if base in words.places:
        person = base in words.people_first or base in words.first_places
        return "place-first" if person else "place-last" if base in words.last_places else "place"
    if base in words.stay or base in words.short:
        return "stay"
    if kinds.unknown(token):
        return "slip" if kinds.slip(base) else "unknown"
    if base in words.english:
        return "english" if base in words.frequent else "rare" if base in words.known else "rarer"
    return "parts"


def _role(kinds: Kinds, token: Token) -> str:
    """What the word is when it is no name: as far as its forms tell."""
    base, english = token.base, kinds.words.english
    if base in _MODALS:
        return "modal"
    if base in cues.MONTHS or base in cues.SEASONS:
        return "time"
    if base in _IRREGULAR:
        return "past"
    if base not in kinds.words.frequent:
        return "rare"
    verb = f"{base}ing" in english or f"{base[:-1]}ing" in english or f"{base}{base[-1:]}ing" in english
    if f"{base}er" in english and f"{base}est" in english or f"{base}ly" in english:
        return "quality"
    if base.endswith("y") and f"{base[:-1]}iest" in english:
        return "quality"
    return "verb" if verb else "noun"


def _case(kinds: Kinds, index: int) -> str:
    tokens, token = kinds.tokens, kinds.tokens.at(index)
    if token.shouted:
        return "all" if tokens.shouting else "capitals"
    if not token.capital:
        return "small"
    if not tokens.cased:
        return "headline"
    return "start" if tokens.starts_sentence(index) else "inside"


def _class(kinds: Kinds, index: int) -> str:  # noqa: PLR0911, PLR0912, C901 - one question a line
    """What kind of word stands there."""
    tokens, token = kinds.tokens, kinds.tokens.at(index)
    base = token.base
    if token.is_name:
        return "NAME's" if token.possessive else "NAME"
    if token.kind == "mask":
        return "mask"
    if token.kind in {"none", "line"}:
        return "none"
    if token.kind == "sign":
        return {".": "stop", "!": "stop", "?": "stop", ",": ",", ":": ":", "(": "(", ")": ")"}.get(
            token.text, "sign"
        )
    if token.kind in {"number", "initials"}:
        return token.kind
    if base in cues.TITLES:
        return "title"
    if base in _MODALS:
        return "modal"
    if base in _BE_HAVE:
        return "is"
    if base in _PLURAL_VERBS:
        return "are"
    if base in _DETERMINERS:
        return "the"
    if base in _POSSESSIVES:
        return "his"
    if base in _SUBJECTS:
        return "i"
    if base in _OBJECTS:
        return "him"
    if base in cues.SPOKEN_TO and base not in {"with", "about", "regarding", "concerning"}:
        return "told"
    if base in cues.SAYING:
        return "said"
    if base in _PREPOSITIONS:
        return "of" if base in {"of", "in", "on", "at"} else "with" if base in {"with", "w", "re", "about"} else "to"
    if base in _CONJUNCTIONS:
        return "and"
    if base in _CLAUSE:
        return "that"
    if base in _TEMPERED:
        return "not"
    if base in cues.KIN:
        return "kin's" if token.possessive else "kin"
    if base in cues.ROLES:
        return "role"
    if base in cues.MONTHS:
        return "month"
    if base in cues.CLASS_WORDS | cues.AGE_WORDS:
        return "class"
    if base in kinds.words.places:
        return "place"
    return _form(kinds, token)


def _form(kinds: Kinds, token: Token) -> str:
    base, english = token.base, kinds.words.english
    capital = "^" if token.capital and kinds.tokens.cased else ""
    if base in _IRREGULAR:
        return "past"
    if base.endswith("ed") and len(base) > _NEAR + 1 and base in english:
        return "past"
    if base.endswith("ing") and len(base) > _NEAR + 1:
        return "ing"
    if base.endswith("ly") and base in english:
        return "ly"
    if base.endswith(_ADJECTIVE_ENDS):
        return "adj" + capital
    if base.endswith(_NOUN_ENDS):
        return "noun" + capital
    if base.endswith("s") and base[:-1] in english:
        verb = any(f"{stem}ing" in english for stem in (base[:-1], base[:-2], base[:-1] + base[-2:-1]))
        return "verbs" if verb else "nouns" + capital
    if base in kinds.words.frequent:
        return "word" + capital
    return "other" + capital
