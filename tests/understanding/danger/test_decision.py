"""The decision about danger, made from all signs together."""

from itertools import combinations

import msgspec
import pytest

from bench import measure_understanding as measure
from bot.understanding.alarm import decide
from bot.understanding.danger.red_flags import SET_ASIDE
from bot.understanding.danger.signs import find_signs
from bot.understanding.model.decision import (
    FEW_WORDS,
    HAPPENING,
    RULE,
    SHORT,
    Decision,
    Heard,
    Weighing,
    load_decision,
)
from bot.understanding.model.lines import (
    Example,
    authors,
    heard_unseen,
    line_key,
    parts,
    training_lines,
)
from bot.understanding.model.ranker import CLAUSES

CALM = Heard(-8.0, -8.0, -8.0, -8.0)
LOUD = Heard(8.0, 8.0, 8.0, 8.0, "the words that sound worst")


@pytest.mark.parametrize(
    "text",
    [
        "the child is at immediate risk of significant harm",
        "there is a child in danger here",
        "he wants to die and has the tablets",
        "Yes, in danger now",
        "yes, immediate risk of significant harm",
        "she is not safe there",
    ],
)
def test_what_is_said_outright_is_never_gainsaid(text: str) -> None:
    """However calm all else is heard, a plain statement is danger."""
    assert decide(find_signs(text, measure.TODAY), CALM) is not None


@pytest.mark.parametrize(
    "text",
    ["if a child were in danger, who would I ring?", "nobody is in danger", "no immediate risk"],
)
def test_what_is_denied_or_supposed_is_not_said_outright(text: str) -> None:
    """A denial or a supposition is left to be weighed."""
    assert not find_signs(text, measure.TODAY).said_plainly


def test_a_rule_alone_is_weighed_and_not_believed() -> None:
    """A rule that takes a figure of speech for danger is outweighed by all that sounds calm."""
    signs = find_signs(
        "he fractured the group again and we all had to start from nothing", measure.TODAY
    )
    assert signs.flags.urgent
    assert decide(signs, CALM) is None
    assert decide(signs, LOUD) is not None


def test_few_words_that_a_rule_hears_are_believed() -> None:
    """In few words there is nothing that could gainsay a rule."""
    assert decide(find_signs("mum hit ty", measure.TODAY), CALM) is not None


def test_danger_without_a_rule_quotes_what_sounds_worst() -> None:
    """An alarm without words that a rule names quotes the person's own."""
    danger = decide(find_signs("the dog knows", measure.TODAY), LOUD)
    assert danger is not None
    assert "the words that sound worst" in danger.because


def test_said_outright_to_be_now_it_is_now() -> None:
    """What calls for 999 and is said to happen now needs no weighing."""
    signs = find_signs("he is hitting her right now", measure.TODAY)
    heard = msgspec.structs.replace(CALM, meaning=8.0, words=8.0)
    danger = decide(signs, heard)
    assert danger is not None
    assert danger.now


@pytest.mark.parametrize(
    "text",
    [
        "the little lad's in my office right now and he has a bruise on his ear",
        "bruising to a five month old, mum is walking out with him as I type",
        "a registered offender is in the house with the twins this minute",
    ],
)
def test_words_that_mean_nothing_but_this_moment_are_now(text: str) -> None:
    """Whatever the weighing of time says, once there is danger."""
    danger = decide(find_signs(text, measure.TODAY), msgspec.structs.replace(LOUD, now=-8.0))
    assert danger is not None
    assert danger.now


@pytest.mark.parametrize(
    "text",
    [
        "she is safe right now",
        "not right now, she was hit on monday",
        "I'm with him this minute and he is safe, he says his dad burned him",
        "nothing is happening right now, but she goes home to him at four",
    ],
)
def test_right_now_that_is_denied_or_safe_is_not_this_moment(text: str) -> None:
    """Neither says that danger is happening."""
    assert not find_signs(text, measure.TODAY).at_once


def test_less_is_enough_where_a_rule_names_the_danger() -> None:
    """Who says plainly what happens is believed sooner to mean now."""
    weighing = Weighing(0.0, {}, 0.6, 0.4)
    assert weighing.enough({RULE: 1.0}) == 0.4
    assert weighing.enough({}) == 0.6


@pytest.mark.parametrize(
    "text",
    [
        "a night worker has been having a relationship with a 16 year old, the LA say HR first",
        "x ray shows healing ribs, the consultant says discharge",
        "there is an allegation against a foster carer and they say it is no threshold",
    ],
)
def test_what_the_other_side_said_is_no_hesitation(text: str) -> None:
    """A reply that was given stands beside real danger, which must not be likelier for it."""
    assert "hesitates" not in find_signs(text, measure.TODAY).by_name


@pytest.mark.parametrize(
    "text", ["he is bound to say we're worrying over nothing", "she'll ask what evidence i've got"]
)
def test_a_reply_that_is_expected_is_hesitation(text: str) -> None:
    """Nobody there talks about a child."""
    assert "hesitates" in find_signs(text, measure.TODAY).by_name


@pytest.mark.parametrize(
    "text",
    ["she said she would call me back by tomorrow", "mum is pregnant again", "told to wait"],
)
def test_news_of_a_call_is_known_by_every_word(text: str) -> None:
    """Nothing is left that could tell of a child."""
    assert "only of calls" in find_signs(text, measure.TODAY).by_name


@pytest.mark.parametrize(
    "text",
    [
        "she said she would call me back, he has her",
        "mum is pregnant, 13",
        "he rang me and has not been seen since",
        "what now",
    ],
)
def test_one_word_more_and_it_is_weighed(text: str) -> None:
    """A text is set aside only where each word is accounted for."""
    assert "only of calls" not in find_signs(text, measure.TODAY).by_name


@pytest.mark.parametrize(
    "text", ["who's on call tonight in hackney", "who is on duty for kent this evening"]
)
def test_a_question_who_can_be_reached_is_no_danger(text: str) -> None:
    """Neither the night nor the place of an office tells of a child."""
    places = measure.everything_named().places
    assert "only of calls" in find_signs(text, measure.TODAY, places).by_name
    assert not measure.reader()(text).urgent


def test_in_a_sentence_or_two_without_a_rule_more_is_needed() -> None:
    """The news of an ordinary day is short; the same doubt in an account is danger."""
    weighing = Weighing(0.0, {"meaning": 1.0}, 0.1, 0.1)
    signs = {"meaning": -1.0}
    assert weighing.says_yes(signs)
    assert not weighing.says_yes({**signs, SHORT: 1.0})
    assert weighing.says_yes({**signs, SHORT: 1.0, RULE: 1.0})


def test_where_nothing_is_heard_a_rule_must_weigh_more() -> None:
    """A form's box says 'immediate danger' too; one sentence that sounds so is enough to say it."""
    weighing = Weighing(0.0, {"meaning": 0.5, "words": 0.0, RULE: 0.6}, 0.1, 0.05)
    calm = {RULE: 1.0, "meaning": -4.0, "words": -5.0}
    assert not weighing.says_yes(calm)
    assert weighing.says_yes({**calm, "words": -2.0})
    assert weighing.says_yes({**calm, FEW_WORDS: 1.0})


def test_what_is_hardly_danger_is_not_danger_now() -> None:
    """Then the guide asks whether it is happening now."""
    sure = Weighing(0.0, {HAPPENING: 1.0}, 0.5)
    decision = Decision(Weighing(0.0, {"meaning": 1.0}, 0.1), sure)
    assert decision.says_now({"meaning": 2.0, HAPPENING: 2.0})
    assert not decision.says_now({"meaning": -2.0, HAPPENING: 2.0})


def test_without_a_model_the_rules_decide() -> None:
    """A reading without trained parts is urgent where a rule says so."""
    assert decide(find_signs("dad kicked her", measure.TODAY), None) is not None
    assert decide(find_signs("they have not replied", measure.TODAY), None) is None


def test_more_signs_of_danger_never_make_it_less_likely() -> None:
    """The surer the trained parts, the likelier is danger; context can only take from a rule."""
    weights = load_decision().danger.weights
    assert all(weights[name] > 0 for name in ("meaning", "clause", "rule", "sure of both"))
    assert all(weights.get(f"set aside {reason}", 0.0) <= 0 for reason in (*SET_ASIDE, "only"))


def test_a_share_is_between_none_and_all() -> None:
    """Whatever the signs, the share can be told and compared."""
    weighing = Weighing(0.0, {"one": 1000.0}, 0.5)
    assert 0 < weighing.share({"one": -1.0}) < 0.5 < weighing.share({"one": 1.0}) < 1.0000001
    assert weighing.share({"unknown": 3.0}) == 0.5


def test_the_parts_share_no_author() -> None:
    """What is held out was written by nobody whose lines were learned from."""
    found = parts(training_lines())
    named = [set(authors(part)) - {""} for part in found]
    assert all(one.isdisjoint(other) for one, other in combinations(named, 2))
    assert sum(map(len, found)) == len(training_lines())


def test_every_part_is_heard_by_somebody_who_learned_danger_and_calm_now_and_today() -> None:
    """Each encoder that hears unseen lines has learned every side from a few authors."""
    found = parts(training_lines())
    for part in found:
        others = [line for other in found if other is not part for line in other]
        for intent, when in (("danger", "now"), ("danger", "today"), ("no_danger", "")):
            hands = {line.by for line in others if (line.intent, line.when) == (intent, when)}
            assert len(hands) > 1


def test_lines_of_nobody_named_are_parted_by_place() -> None:
    """The first lines of an intent are apart from its last, which another may have written."""
    lines = [Example(str(number), "greet") for number in range(6)]
    assert parts(lines) == [lines[:2], lines[2:4], lines[4:]]


@pytest.mark.long
def test_of_a_line_that_may_hold_danger_neither_yes_nor_no_is_learned() -> None:
    """A disagreement beside a bruise is no example of calm."""
    lines = training_lines()
    told = [line for line in lines if line.open]
    assert told
    assert all(find_signs(line.text, measure.TODAY).flags.urgent for line in told)
    assert not {line.intent for line in told} & {"danger", "no_danger"}


def test_nearly_every_line_was_heard_by_an_encoder_that_had_not_seen_it() -> None:
    """After many new lines `make tune` is due."""
    heard = heard_unseen()
    # Of clauses and replies danger is not learned.
    lines = [line for line in training_lines() if line.intent not in {"enquiry", *CLAUSES}]
    known = sum(line_key(line.text) in heard for line in lines)
    assert known >= 0.9 * len(lines)


@pytest.mark.parametrize(
    "text",
    [
        "worried, not immediate. he hits them",
        "immediate risk, he hits them",
        "it isn't happening right now but he hits them",
        "he hits them. so it's not this minute",
        "she is with me right now, dad hit her last night",
        "he is playing in the sand as i type, dad hit him last night",
        "dad hit him last night and he is in school now",
    ],
)
def test_who_says_that_it_is_not_this_moment_is_no_sign_that_it_is(text: str) -> None:
    """Nor who says that the child is in safe hands."""
    signs = find_signs(text, measure.TODAY)
    assert "time_at_once" not in signs.by_name
    assert not signs.said_now


@pytest.mark.parametrize(
    "text",
    [
        "worried, not immediate, he has hit her and he is on the register",
        "he gets out of prison tomorrow and will hurt them",
        "the man who raped her is released next week",
    ],
)
def test_999_is_for_now_and_neither_for_tomorrow_nor_against_what_is_stated(text: str) -> None:
    """Unless it is as good as certain that it is happening all the same."""
    heard = Heard(4.0, 4.0, 4.0, 0.5, text)
    decision, signs = load_decision(), find_signs(text, measure.TODAY).by_name
    assert not decision.says_now({**signs, **heard.signs()})
    assert decision.says_now({**signs, **LOUD.signs()})


def test_harm_by_a_colleague_is_never_weighed_away() -> None:
    """What a rule calls urgent is danger where somebody who works with children is accused."""
    signs = find_signs("our manager force feeds the babies", measure.TODAY)
    assert decide(signs, CALM) is None
    assert decide(signs, CALM, accuses=True) is not None
    assert decide(find_signs("our manager is rude", measure.TODAY), CALM, accuses=True) is None
