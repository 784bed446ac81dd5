"""The decision about danger: what is heard, and by which rules, weighed together.

`decision.json` holds a weight for every sign, twice: for whether there is danger, and for whether
it is happening now, should there be any. `make tune` learns the weights from what encoders and
rankers say of lines whose authors they had not seen, so the shares mean what they say.
"""

from collections.abc import Mapping
from functools import cache
from math import exp, log
from pathlib import Path

import msgspec

from bot.core.vocabulary import Risk

WEIGHTS = Path(__file__).with_name("decision.json")
FURTHEST = 8.0
"""The log odds beyond which surer is no surer."""
_SMALLEST = 1e-6


HAPPENING = "happening"
"""The sign of how much it sounds as if danger were happening now."""
RULE, FEW_WORDS, MASKED, HESITATES = "rule", "few words", "masked", "hesitates"
"""The signs that a rule finds danger, that the text is short, that something in it is masked, and
that somebody is afraid to challenge: who quotes "you're worrying over nothing" is not talking
about a child."""
SET_ASIDE_ONLY = "set aside only"
"""The sign that all that rules found is denied, past, supposed or about somebody else."""
ONLY_OF_CALLS = "only of calls"
"""The sign that a text says nothing but that somebody rang, will ring or is pregnant."""
SHORT = "short"
"""The sign that a text is a sentence or two. What is danger in so few words is said in those that a
rule knows, or is heard for sure; the news of an ordinary day ("her nan has her") is short too."""
DOUBTS = {HESITATES: 0.35, SET_ASIDE_ONLY: 0.35, SHORT: 0.3}
"""How likely danger without a rule must be where somebody hesitates, where all that rules found is
set aside, and in a short text. Chosen, like the marks, where no line with danger is lost."""
LIKELY_NOW = 0.2
"""Danger must be so likely for it to be danger now; below it the guide asks."""


COMES_LATER = "comes_later"
"""The sign that what is feared comes on a day after today, and nothing is told that is going on."""
SURELY_NOW = 0.8
DONE = "done"
"""The sign that somebody who works with children is accused of what they did, and nothing says that
it goes on."""
LESS_THAN_NOW = {COMES_LATER, DONE, f"stated {Risk.concern}", f"stated {Risk.no_harm}"}
"""What speaks against 999: neither tomorrow nor what was done is now, and who says that it is not
immediate is believed, unless it is so likely to be happening all the same."""
CASE_CODE = "case code"
"""The sign that somebody comes back with the code of their case."""
SURE_IN_FEW = 0.8
"""In few words, one of them masked, danger without a rule must be surer: gaps weigh too much."""
UNHEARD, SURE_UNHEARD = -3.0, 0.3
"""The log odds below which neither encoder nor ranker hears danger, and how likely it must be then
where a rule names it. None of 1,200 lines of danger that a rule names is heard so little, and of
the calm ones with the same words ("box 4 says 'immediate danger Y/N'") three in five."""


class Weighing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A weight for every sign, and the least share that counts as yes.

    Where a rule finds danger `mark_of_rule` is enough.
    """

    bias: float
    weights: dict[str, float]
    mark: float = 0.5
    mark_of_rule: float = 0.5

    def share(self, signs: Mapping[str, float]) -> float:
        """Return the share of texts with such signs for which the answer is yes."""
        odds = self.bias + sum(self.weights.get(name, 0.0) * size for name, size in signs.items())
        return 1 / (1 + exp(-max(-30.0, min(30.0, odds))))

    def enough(self, signs: Mapping[str, float]) -> float:
        """Return the least share that counts as yes."""
        return self.mark_of_rule if RULE in signs else self.mark

    def says_yes(self, signs: Mapping[str, float]) -> bool:
        """Say whether the answer is yes. A rule is believed in few words: nothing gainsays it.

        Without a rule, a text whose every word is accounted for as news of a call is not danger.
        """
        if RULE in signs and FEW_WORDS in signs:
            return True
        if ONLY_OF_CALLS in signs and RULE not in signs:
            return False
        enough = self.enough(signs)
        if RULE in signs:
            enough = max(enough, SURE_UNHEARD if _is_unheard(signs) else 0.0)
        else:
            enough = max(enough, *(DOUBTS.get(name, 0.0) for name in signs))
            enough = max(enough, SURE_IN_FEW if _is_full_of_gaps(signs) else 0.0)
        return self.share(signs) >= enough


def _is_full_of_gaps(signs: Mapping[str, float]) -> bool:
    """Say whether what is masked weighs more than the words: a name in few, or a case code."""
    return CASE_CODE in signs or {FEW_WORDS, MASKED} <= signs.keys()


def _is_unheard(signs: Mapping[str, float]) -> bool:
    """Say whether neither the encoder nor the ranker hears danger in the text as a whole."""
    return max(signs.get("meaning", 0.0), signs.get("words", 0.0)) < UNHEARD


class Decision(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Both weighings."""

    danger: Weighing
    now: Weighing

    def says_now(self, signs: Mapping[str, float]) -> bool:
        """Say whether danger is now: likely enough to be danger at all, and to be happening."""
        enough = self.now.enough(signs)
        if LESS_THAN_NOW & signs.keys():
            enough = max(enough, SURELY_NOW)
        return self.now.share(signs) >= enough and self.danger.share(signs) >= LIKELY_NOW


class Heard(msgspec.Struct, frozen=True):
    """What the trained parts hear, in log odds.

    `meaning` and `now` are the encoder's, of danger and of its being now; `words` is the ranker's
    of the whole text, and `clause` of the clause that sounds worst, whose words are `worst`.
    """

    meaning: float
    words: float
    clause: float
    now: float
    worst: str = ""

    def signs(self) -> dict[str, float]:
        """Return the signs that these are."""
        return {
            "meaning": _kept(self.meaning),
            "words": _kept(self.words),
            "clause": _kept(max(self.clause, self.words)),
            "sure of both": _kept(min(self.meaning, self.words)),
            HAPPENING: _kept(self.now),
        }


def log_odds(share: float) -> float:
    """Return the log odds of a share."""
    kept = min(max(share, _SMALLEST), 1 - _SMALLEST)
    return log(kept / (1 - kept))


def _kept(odds: float) -> float:
    return max(-FURTHEST, min(FURTHEST, odds))


@cache
def load_decision(path: Path = WEIGHTS) -> Decision:
    """Return the decision that `make tune` wrote."""
    return msgspec.json.decode(path.read_bytes(), type=Decision)
