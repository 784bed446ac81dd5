"""How much there is to read: the action first, and no more words open than there is time for."""

import re
from datetime import date
from functools import cache
from itertools import islice, product
from statistics import median

import pytest
from textstat import textstat

from bot.core.cards.advice import advice_card
from bot.core.cards.card import Card
from bot.core.cards.confidence import confidence_card
from bot.core.conversation.questions.spec import Menu, Question
from bot.core.conversation.questions.table import question_gaps, question_response
from bot.core.conversation.state import State
from bot.core.handbook.wording import load_sentences
from bot.core.letters.confidence import Scene
from bot.core.policy.model import Party, Policy
from bot.core.rules.facts import Facts, Person, Step
from bot.core.rules.headline import bare
from bot.core.rules.narrowing import narrowed
from bot.core.rules.results import Advice
from bot.core.vocabulary import (
    Agency,
    Disagreement,
    Exit,
    Level,
    Outcome,
    Risk,
    Side,
)
from bot.letters.files import confidence, letters
from bot.paths import ROOT
from tests.support.core import IDS, TODAY, advised, handbook, policies
from tests.support.each import each
from tests.support.reading import (
    ADVICE,
    ANSWER,
    HEADLINE,
    QUESTION,
    SENTENCES,
    open_words,
    shown,
    words,
)

AGENCIES = (
    (Agency.education, Agency.childrens_social_care),
    (Agency.health, Agency.police),
    (Agency.childrens_social_care, Agency.other),
)
LABEL = re.compile(r"[A-Z][\w', ]{2,40}: ")
"""What a form has before its fields, and no sentence begins with."""
STEPS = (None, *product(Level, Outcome, (None, date(2026, 11, 23), date(2026, 11, 2))))


@cache
def every_card(partnership: str) -> list[tuple[Facts, Advice, Card]]:
    """Return a card for each side, post, stage, outcome and day, and for pairs of agencies."""
    policy, cards = policies()[partnership], []
    for side, level, step, (mine, theirs) in product(Side, (None, *Level), STEPS, AGENCIES):
        facts = Facts(
            partnership=partnership,
            risk=Risk.concern,
            disagreement=Disagreement.threshold,
            my_agency=mine,
            their_agency=theirs,
            me=Person(side, level),
            steps=() if step is None else (Step(step[0], step[2], step[1]),),
        )
        advice = advised(facts, policy)
        cards.append((facts, advice, advice_card(advice, policy, handbook().phrases, side)))
    return cards


@pytest.mark.long
@pytest.mark.parametrize("partnership", IDS)
def test_advice_opens_with_the_action_and_stays_short(partnership: str) -> None:
    """Every policy, side, post, stage and outcome: the headline, 120 words, and nothing lost."""
    for facts, advice, card in every_card(partnership):
        assert advice.headline is not None
        assert card.title == advice.headline.do
        assert open_words(card) <= ADVICE, facts
        # What would make it urgent is never folded away.
        assert "call 999" in shown(card, folded=False), facts
        everything = shown(card, folded=True) + shown(card, folded=False)
        lists = (advice.records, advice.warnings, advice.not_stated)
        for item in (item for listed in lists for item in listed):
            assert item.what in everything, facts
        for contact in advice.contacts:
            assert contact.role in everything, facts
        for deadline in advice.deadlines:
            assert f"{deadline.due:%b} {deadline.due.year}" in everything, facts


@pytest.mark.long
@pytest.mark.parametrize("partnership", IDS)
def test_a_headline_can_be_read_standing(partnership: str) -> None:
    """At most thirty words, and nobody is asked to ask somebody to ask a third, for any agency."""
    policy = policies()[partnership]
    steps = (None, *product(Level, Outcome))
    for side, level, step, theirs in product(Side, (None, *Level), steps, Agency):
        others = [agency for agency in Agency if agency is not theirs]
        facts = Facts(
            partnership=partnership,
            risk=Risk.concern,
            disagreement=Disagreement.threshold,
            my_agency=others[(level.rank if level else 0) % len(others)],
            their_agency=theirs,
            me=Person(side, level),
            steps=() if step is None else (Step(step[0], date(2026, 11, 23), step[1]),),
        )
        headline = advised(facts, policy).headline
        assert headline is not None
        assert words(headline.do) <= HEADLINE, (facts, headline.do)
        assert len(re.findall(r"\byour\b", headline.do.partition(",")[0])) <= 1, headline.do


@pytest.mark.long
@pytest.mark.parametrize("partnership", IDS)
def test_who_acts_stands_below_a_headline_without_room_for_them(partnership: str) -> None:
    """Going on: whom it is raised with stands open, in the headline or below it."""
    for facts, advice, card in every_card(partnership):
        opened = f"{card.title}\n{shown(card, folded=False)}"
        assert all(item.what in opened for item in advice.acting), facts
        if facts.me.side is Side.receiver or advice.next.to_stage is None:
            continue
        stage = policies()[partnership].stage(advice.next.to_stage)
        if any(condition.first for condition in stage.conditions):
            continue
        apart = {one.party: one for one in reversed(advice.contacts)}
        one = apart.get(Party.partnership) or apart[Party.receiver]
        assert bare(one.post or one.role) in opened, (facts, opened)


def test_whoever_takes_it_on_for_a_school_is_named_on_the_way_to_the_last_stage() -> None:
    """The practitioner asks the lead; the Chair of Governors alongside the Head refers it."""
    steps = [
        Step(level, date(2026, 11, day), Outcome.unresolved)
        for level, day in ((Level.line_manager, 11), (Level.senior_manager, 16))
    ]
    facts = Facts(
        partnership="pan_bedfordshire",
        risk=Risk.concern,
        disagreement=Disagreement.threshold,
        my_agency=Agency.education,
        their_agency=Agency.health,
        steps=tuple(steps),
    )
    advice = advised(facts, policies()["pan_bedfordshire"])
    assert [item.what for item in advice.acting] == [
        "Your Chair of Governors alongside the Head refers it."
    ]


BEGINS = {
    *(
        "Agree",
        "Answer",
        "Arrange",
        "Ask",
        "Be",
        "Contact",
        "Expect",
        "Find",
        "Give",
        "Make",
        "Refer",
        "Send",
        "Settle",
        "Take",
    ),
    *("Talk", "Tell", "Write"),
}
"""The words that a headline begins with: each says what to do."""
STRIDE = 11
HARDEST, MIDDLE, HARDEST_SENTENCE = 10.5, 7.5, 9.9
"""School years by Flesch and Kincaid: 5 is an age of about ten. Posts and names count as hard."""


@pytest.mark.long
@pytest.mark.parametrize("partnership", IDS)
def test_advice_reads_as_people_speak(partnership: str) -> None:
    """The action first, at a reading age of about eleven, no sentence twice, no label for prose."""
    grades = []
    for facts, _, card in islice(every_card(partnership), 0, None, STRIDE):
        assert card.title.split()[0] in BEGINS, card.title
        lines = shown(card, folded=False).split("\n")
        grades.append(textstat.flesch_kincaid_grade(" ".join([card.title, *lines])))
        assert grades[-1] <= HARDEST, (facts, card.title)
        said = [one for line in lines for one in SENTENCES.split(line)]
        assert len(said) == len(set(said)), (facts, said)
        assert not [line for line in lines if LABEL.match(line)], facts
    assert median(grades) <= MIDDLE


def sentences_of_the_guide() -> list[tuple[str, str]]:
    """Return every response of ten words or more, without its gaps, with its name."""
    found = []
    for name, text in load_sentences(ROOT / "data/responses").items():
        plain = re.sub(r"\{\w+\}", "it", text).replace("*", "")
        # Welsh has a reading age of its own, and so has every other language.
        if words(plain) >= 10 and not name.startswith("utter_language"):
            found.append((name, plain))
    return found


@each(("name", "text"), sentences_of_the_guide())
def test_what_the_guide_says_can_be_read_at_once(name: str, text: str) -> None:
    """No response is harder than a newspaper, names of posts included."""
    assert textstat.flesch_kincaid_grade(text) <= HARDEST_SENTENCE, f"{name}: {text}"


@pytest.mark.parametrize("partnership", IDS)
@pytest.mark.parametrize("name", Exit)
def test_another_procedure_is_named_first_and_shortly(partnership: str, name: Exit) -> None:
    """Where it goes is the heading; the explanation stands open with its source."""
    policy = policies()[partnership]
    facts = Facts(partnership=partnership, risk=Risk.no_harm, exit=name)
    advice = advised(facts, policy)
    card = advice_card(advice, policy, handbook().phrases)
    assert advice.headline is not None
    assert card.title == advice.headline.do
    assert open_words(card) <= ADVICE


@pytest.mark.parametrize("partnership", [None, *IDS])
@each("worry", [None, *confidence().worries])
def test_should_i_is_answered_in_few_words(partnership: str | None, worry: str | None) -> None:
    """At most a hundred words stand open, whatever the disagreement."""
    for kind in (None, *Disagreement):
        facts = Facts(partnership=partnership, risk=Risk.concern, disagreement=kind)
        policy = narrowed(policies()[partnership], facts) if partnership else None
        scene = Scene(facts, policy, None, TODAY)
        card = confidence_card(worry, scene, confidence(), letters(), handbook())
        assert open_words(card) <= ANSWER, kind


@pytest.mark.parametrize("partnership", IDS)
def test_whether_to_raise_it_is_answered_by_the_policy(partnership: str) -> None:
    """A listed reason is answered with yes, in the policy's words and with its source."""
    policy = policies()[partnership]
    kind = policy.own_areas[0].kinds[0] if policy.own_areas else Disagreement.threshold
    facts = Facts(partnership=partnership, risk=Risk.concern, disagreement=kind)
    scene = Scene(facts, narrowed(policy, facts), None, TODAY)
    card = confidence_card("scope", scene, confidence(), letters(), handbook())
    assert card.title.startswith("Yes, this is what the")
    first, start = card.sections[0].items
    assert first.source is not None
    assert first.source.document == policy.document.title
    assert "can end there" in start.text
    away = Facts(partnership=partnership, risk=Risk.concern, exit=Exit.whistleblowing)
    scene = Scene(away, narrowed(policy, away), None, TODAY)
    card = confidence_card("scope", scene, confidence(), letters(), handbook())
    assert card.title.startswith("Another procedure fits better")


@pytest.mark.parametrize("side", Side)
@each("question", Question)
def test_a_question_is_at_most_forty_words(question: Question, side: Side) -> None:
    """Every question, in every policy and for both sides, without what a policy adds to it."""
    if question in {Question.rehearsal, Question.exit_check}:
        return  # They hold what the other side says, or what another procedure is for.
    asks = question is Question.earlier_followed
    for partnership in ["kent"] if asks else IDS:  # Kent alone forbids a stage without others.
        state = State(
            partnership=partnership,
            side=str(side),
            risk=Risk.concern,
            my_agency=Agency.health,
            their_agency=Agency.health,
            reached="senior_manager",
            step_outcome="awaiting",
        )
        menu = Menu(state, policies(), TODAY, handbook().phrases)
        gaps = question_gaps(question, menu, handbook().safety_guidance)
        asked = handbook().phrases.say(question_response(question, menu), **gaps)
        assert words(asked) - sum(map(words, gaps.values())) <= QUESTION, asked


def owed(policy: Policy) -> Advice:
    """Return the advice of a receiver who owes an answer to a line manager."""
    step = Step(Level.line_manager, date(2026, 11, 23), Outcome.awaiting)
    return advised(
        Facts(
            partnership=policy.id,
            risk=Risk.concern,
            disagreement=Disagreement.threshold,
            my_agency=Agency.childrens_social_care,
            their_agency=Agency.education,
            me=Person(Side.receiver, Level.line_manager),
            steps=(step,),
        ),
        policy,
    )


@pytest.mark.parametrize("partnership", IDS)
def test_a_receiver_reads_their_own_limit_as_theirs(partnership: str) -> None:
    """A limit on the receiver is "you", a contact on the raising side is "their side"."""
    policy = policies()[partnership]
    card = advice_card(owed(policy), policy, handbook().phrases, Side.receiver)
    folded = shown(card, folded=True)
    assert "On their side" in folded
    assert "they are to give" not in folded
    if partnership == "kent":
        assert "you are to give a written response" in folded
