"""Features by which the learned weights decide whether a doubtful word is a name.

A feature is a short string such as "n=said" (the next word is "said"). `bench/learn_names.py`
learns a weight for each; `weights.py` adds up the weights of a word's features.
"""

from collections.abc import Iterator

from bot.privacy.masking import context, cue_words
from bot.privacy.masking.tokens import Token
from bot.privacy.masking.word_kinds import WordKinds

_NEAR = 3
_PAIR = 2
# A pronoun within so many words may refer to somebody named here.
_SOON = 9


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_IRREGULAR = _set(
    "was were had did went came told said took gave got made ran saw left kept felt found "
    "lost sent bit hit fell broke drew wrote spoke rang threw slept met knew thought brought "
    "bought caught ate drank drove hid hurt cut put set let shut read led fed fled fought "
    "taught stood sat won held heard stuck swore stole woke wore tore grew flew blew began "
    "became forgot rode sang sank swam shook spent lent meant paid laid lay rose froze chose "
    "built burnt dealt dug hung shot slid spat stung swung"
)
_MODALS = _set(
    "will would can could may might must shall should wont won't cant can't couldnt couldn't "
    "wouldnt wouldn't shouldnt shouldn't cannot mustnt ll"
)
_BE_HAVE = _set(
    "is isnt isn't was wasnt wasn't has hasnt hasn't had hadnt hadn't does doesnt doesn't did "
    "didnt didn't 's"
)
_PLURAL_VERBS = _set("are arent aren't were werent weren't have havent haven't do dont don't")
_DETERMINERS = _set(
    "the a an this that these those each every some any no another all both what which more "
    "most less much many few several little such own other same next last first second third"
)
_POSSESSIVES = _set("my your his her its our their whose mum's mums dad's dads")
_SUBJECTS = _set("i we you they he she it who ive weve theyve youve im were id ill")
_OBJECTS = _set("me him them us myself himself herself themselves")
_PREPOSITIONS = _set(
    "of in on at to for with w from by about re regarding into over under after before during "
    "without via per against between through around near than since until till off up down "
    "out like as outside inside behind beside towards"
)
_CONJUNCTIONS = _set("and & or but nor + n plus")
_CLAUSE = _set(
    "that if when because cos cus coz while since where so then although though whether why "
    "how says said think thinks thought reckon reckons believe sure say tell told know knows "
    "ok okay well yes no hi hello just also sadly apparently today yesterday now basically "
    "update"
)
_TEMPERED = _set("not never always also just still only really already even ever now then")
_OF_SOMEBODY = _set("he she his her him hes shes he's she's himself herself")
_ADJECTIVE_ENDS = ("ful", "ous", "able", "ible", "ive", "less", "ish", "ic", "al")
_NOUN_ENDS = ("tion", "sion", "ment", "ness", "ity", "ance", "ence", "ship", "hood", "age", "ism")


GRAMMAR = (
    _MODALS | _BE_HAVE | _PLURAL_VERBS | _DETERMINERS | _POSSESSIVES | _SUBJECTS | _OBJECTS
) | (_PREPOSITIONS | _CONJUNCTIONS | _CLAUSE | _TEMPERED)
_NEVER = (
    (GRAMMAR | cue_words.COMPASS | cue_words.TITLES | cue_words.KIN | cue_words.ROLES)
    | (cue_words.DAYS | cue_words.AGE_WORDS | cue_words.CLASS_WORDS)
    | _set("said i've i'm i'd i'll just in to hi best yes no please neighbor neighbour there here")
) - _set("will may can an guardian")
_SIGNS = {".": "stop", "!": "stop", "?": "stop", ",": ",", ":": ":", "(": "(", ")": ")"}
_TIMES = cue_words.SEASONS | {"dawn"}
_WEIGHED = _set("doubtful first last place-first place-last unknown slip rare rarer")


def may_be_name(kinds: WordKinds, index: int) -> bool:
    """Whether the weights decide: not for everyday words, professional terms or certain names."""
    tokens, token = kinds.tokens, kinds.tokens.at(index)
    if token.kind != "word" or token.protected or len(token.base) == 1 or token.base in _NEVER:
        return False
    if not _could_be(kinds, index):
        return False
    if context.is_institution(tokens, index):
        return False
    beside = (tokens.at(index - 1), tokens.at(index + 1))
    if any(word.kind == "number" for word in beside) and not context.child_follows(tokens, index):
        return token.base not in cue_words.MONTHS and beside[1].kind != "number"
    if kinds.place(token):
        joined = any(word.is_name for word in beside) or context.is_titled(tokens, index)
        placed = context.in_place(tokens, index, place=True) and not token.possessive
        if not joined and (placed or token.base not in kinds.words.first_places):
            return False
    return _kind(kinds, token) in _WEIGHED


def _could_be(kinds: WordKinds, index: int) -> bool:
    """Whether its form allows a name: not an abbreviation, not a noun by its ending."""
    tokens, token = kinds.tokens, kinds.tokens.at(index)
    kind = _kind(kinds, token)
    if kinds.stays(token) and token.base not in cue_words.MONTHS:
        return False
    if token.base == "mark" and tokens.base(index + 1) in cue_words.WHERE_ON_A_BODY:
        return False  # An injury must stay visible to the red flags.
    contracted = token.base.partition("'")[2] in {"ve", "re", "ll", "d", "m"}
    if contracted or (kinds.in_capitals(token) and len(token.base) > _PAIR):
        return False
    if kind in {"unknown", "slip"}:
        built = token.base.endswith(cue_words.ENGLISH_ENDS) or token.base.startswith(
            cue_words.ENGLISH_STARTS
        )
        placed = tokens.base(index - 1) in cue_words.PLACE_ONLY and not token.possessive
        return kinds.mostly_english() and not placed and (token.capital or not built)
    if kind in {"rare", "rarer"}:
        return kinds.clear_capital(index) or (token.capital and tokens.at(index + 1).is_name)
    if token.base in _TIMES and tokens.base(index - 1) in cue_words.TIME_BEFORE | {"at"}:
        return False
    if token.base in cue_words.MONTHS:
        others = {word.base for word in tokens.all} & (cue_words.MONTHS - {token.base})
        possible = token.base in cue_words.MONTH_NAMES and not others
        return possible and tokens.base(index - 1) not in cue_words.TIME_BEFORE
    if kind == "last":
        titled = context.is_titled(tokens, index) or tokens.at(index + 1).is_name
        placed = tokens.base(index - 1) in cue_words.PLACE_ONLY
        return titled or tokens.at(index - 1).is_name or (kinds.clear_capital(index) and not placed)
    return kind in {"doubtful", "first"} or not kinds.short_form(token)


def word_features(kinds: WordKinds, index: int, *, word: bool = True) -> list[str]:
    """The features of one word; `word` adds the word itself."""
    tokens, token = kinds.tokens, kinds.tokens.at(index)
    kind, case, form = _kind(kinds, token), _case(kinds, index), word_form(kinds, token)
    before, before2 = _class(kinds, index - 1), _class(kinds, index - 2)
    after, after2 = _class(kinds, index + 1), _class(kinds, index + 2)
    found = [
        "bias",
        f"k={kind}",
        f"c={case}",
        f"r={form}",
        f"kc={kind},{case}",
        f"rc={form},{case}",
        f"p={tokens.base(index - 1)}",
        f"n={tokens.base(index + 1)}",
        f"P={before}",
        f"N={after}",
        f"PP={before2},{before}",
        f"NN={after},{after2}",
        f"PN={before},{after}",
        f"kP={kind},{before}",
        f"kN={kind},{after}",
        f"rP={form},{before}",
        f"rN={form},{after}",
        f"cP={case},{before}",
        f"cN={case},{after}",
        f"rPN={form},{before},{after}",
        f"rcP={form},{case},{before}",
        f"rcN={form},{case},{after}",
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
    found += _flags(kinds, index, form=form, after=after)
    return found


def _flags(kinds: WordKinds, index: int, *, form: str, after: str) -> Iterator[str]:
    tokens, token = kinds.tokens, kinds.tokens.at(index)
    if token.possessive:
        yield from ("poss", f"possN={after}", f"possr={form}")
    if context.child_follows(tokens, index):
        yield "child"
    if context.owns(tokens, index):
        yield from ("owns", f"ownsr={form}")
    if context.is_called(tokens, index):
        yield "called"
    if context.is_titled(tokens, index):
        yield "titled"
    if context.in_place(tokens, index, place=kinds.place(token)):
        yield "placed"
    if any(t.is_name and t.kind == "word" and t.base == token.base for t in tokens.all):
        yield "again"
    near = {tokens.base(index + step) for step in range(1, _SOON)}
    if _OF_SOMEBODY & near:
        yield from ("pronoun", f"pronounr={form}")


def _kind(kinds: WordKinds, token: Token) -> str:
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


def word_form(kinds: WordKinds, token: Token) -> str:
    """What part of speech the word is if it is not a name, judged by its forms."""
    base, english = token.base, kinds.words.english
    if base in _MODALS:
        return "modal"
    if base in cue_words.MONTHS or base in cue_words.SEASONS:
        return "time"
    if base in _IRREGULAR:
        return "past"
    if base not in kinds.words.frequent:
        return "rare"
    verb = _has_ing(base, kinds)
    compared = f"{base}er" in english and f"{base}est" in english
    if compared or f"{base}ly" in english:
        return "quality"
    if base.endswith("y") and f"{base[:-1]}iest" in english:
        return "quality"
    return "verb" if verb else "noun"


def _has_ing(base: str, kinds: WordKinds) -> bool:
    stems = (base, base[:-1], base + base[-1:])
    return any(f"{stem}ing" in kinds.words.english for stem in stems)


def _case(kinds: WordKinds, index: int) -> str:
    tokens, token = kinds.tokens, kinds.tokens.at(index)
    if token.shouted:
        return "all" if tokens.shouting else "capitals"
    if not token.capital:
        return "small"
    if not tokens.cased:
        return "headline"
    return "start" if tokens.starts_sentence(index) else "inside"


# Classes of the neighbouring word, in order of precedence.
_CLASSES: tuple[tuple[str, frozenset[str]], ...] = (
    ("title", cue_words.TITLES),
    ("modal", _MODALS),
    ("is", _BE_HAVE),
    ("are", _PLURAL_VERBS),
    ("the", _DETERMINERS),
    ("his", _POSSESSIVES),
    ("i", _SUBJECTS),
    ("him", _OBJECTS),
    ("told", cue_words.SPOKEN_TO - {"with", "about", "regarding", "concerning"}),
    ("said", cue_words.SAYING),
    ("of", _set("of in on at")),
    ("with", _set("with w re about")),
    ("to", _PREPOSITIONS),
    ("and", _CONJUNCTIONS),
    ("that", _CLAUSE),
    ("not", _TEMPERED),
    ("kin", cue_words.KIN),
    ("role", cue_words.ROLES),
    ("month", cue_words.MONTHS),
    ("class", cue_words.CLASS_WORDS | cue_words.AGE_WORDS),
)
_CLASS_OF = {word: name for name, words in reversed(_CLASSES) for word in words}


def _class(kinds: WordKinds, index: int) -> str:
    """The class of the word there."""
    token = kinds.tokens.at(index)
    own = "'s" if token.possessive and token.kind == "word" else ""
    if token.is_name:
        return "NAME" + own
    if token.kind == "sign":
        return _SIGNS.get(token.text, "sign")
    if token.kind != "word":
        return "none" if token.kind == "line" else token.kind
    known = _CLASS_OF.get(token.base)
    if known:
        return known + own if known == "kin" else known
    return "place" if token.base in kinds.words.places else _form(kinds, token)


def _form(kinds: WordKinds, token: Token) -> str:
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
        verb = _has_ing(base[:-1], kinds)
        return "verbs" if verb else "nouns" + capital
    if base in kinds.words.frequent:
        return "word" + capital
    return "other" + capital
