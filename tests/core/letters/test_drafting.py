"""Drafts: every policy, stage, outcome, disagreement, purpose, tone and kind."""

import re
from itertools import pairwise, product

import pytest

from bot.core.letters.drafting import (
    Draft,
    Kind,
    Purpose,
    Tone,
)
from bot.core.policy.model import Party
from bot.core.vocabulary import (
    Level,
    Outcome,
)
from bot.letters.files import letters
from tests.support.core import IDS, handbook, policies
from tests.support.drafts import (
    ahead,
    case_for,
    draft_for,
    drafts,
    length,
    sentences,
    up_to,
    words_of,
)

pytestmark = pytest.mark.xdist_group("drafts")
"""They go through the same drafts, which each process writes once."""
LONGEST_SENTENCE = 28
"""Words; a gap, a name from a policy and what stands in brackets count as one."""
AVERAGE_SENTENCE = 16
BLAME = (
    r"fail(?:ed|ure|ing)?|refus\w+|ignor\w+|neglect\w*|fault|blame|wrong(?:ly)?|unacceptable"
    r"|disappoint\w+|appal\w+|shock\w+|unprofessional|incompeten\w+|careless\w*|excuse\w*"
    r"|inadequate\w*|negligen\w+|you (?:have not|did not|haven't|didn't|should have|must)"
)
THREAT = r"or else|no choice|forced to|consequence\w*|complain\w*|report you|warn\w*|last chance"
SAFE = r"\b(?:is|are|be|keeps?) safe\b"


# Every draft


@pytest.mark.long
@pytest.mark.parametrize("partnership", IDS)
def test_a_draft_has_a_title_a_recipient_and_no_brace_left(partnership: str) -> None:
    """Each has a title and a recipient, an e-mail also a subject; no brace is left over."""
    for made in drafts(partnership):
        assert "{{" not in made.text
        assert "  " not in made.text
        assert "\n\n\n" not in made.text
        assert (made.draft.subject is not None) is (made.draft.kind is Kind.email)
        assert made.draft.to
        assert handbook().phrases.has(f"utter_draft_title_{made.draft.name.replace('/', '_')}")
        assert made.draft.name.startswith(f"{made.draft.kind}/")
        assert not made.draft.name.endswith("/urgent")


@pytest.mark.long
@pytest.mark.parametrize("partnership", IDS)
def test_only_what_the_facts_do_not_say_is_left_open(partnership: str) -> None:
    """No gap that the guide can fill is shown as one, and each open one is in the text."""
    filled = {gap.label for gap in letters().gaps.values() if gap.fill}
    for made in drafts(partnership):
        assert made.draft.gaps
        assert not set(made.draft.gaps) & filled, made.text
        shown = set(re.findall(r"\[([^\]]+)\]", made.text))
        assert shown == set(made.draft.gaps)


@pytest.mark.long
@pytest.mark.parametrize("partnership", IDS)
def test_what_the_policy_wants_named_is_named(partnership: str) -> None:
    """Policy, stage, section and the terms of the disagreement are there."""
    for made in drafts(partnership):
        case, text = made.case, made.text
        policy = policies()[partnership]
        notes = " ".join(made.draft.notes)
        parts = [part for stage in policy.stages for part in (stage, *stage.roles)]
        assert any(part.source in notes for part in parts)
        if made.draft.kind is Kind.email and "own_manager" not in made.draft.name:
            first = [part.source.partition("; ")[0] for part in parts]
            assert f"Policy: {policy.name}\n" in f"{text}\n"
            assert any(section in notes for section in first)
        text += notes
        assert any(stage.label in text or stage.number == 0 for stage in policy.stages)
        kind = case.facts.disagreement
        gaps = letters().gaps
        concern = letters().terms[kind].concern if kind else f"[{gaps['concern'].label}]"
        ask = letters().terms[kind].ask if kind else f"[{gaps['ask'].label}]"
        assert concern in text
        name = made.draft.name.partition("/")[2]
        acts = name == "own_manager" and "is asked to" in text
        if name == "referral" or acts:
            # Whoever arranges, notes or passes it on is asked for that, and for no decision.
            assert ask not in text
        elif name not in {"outcome", "settled"}:
            assert ask in text
        if kind is None or not letters().terms[kind].by_decision:
            assert "The decision was" not in text


@pytest.mark.parametrize("partnership", IDS)
def test_the_next_message_names_the_date_and_the_section_that_gives_it(partnership: str) -> None:
    """What the other agency has to keep is in the message, or that the policy sets no date."""
    for made in drafts(partnership):
        advice = made.case.advice
        if made.draft.name.partition("/")[2] not in set(map(str, Level)):
            continue
        stage = ahead(made.case)
        answers = {limit.what for limit in stage.to_answer}
        due = [
            deadline
            for deadline in advice.deadlines
            if deadline.what in answers
            and not deadline.overdue
            # What only the raiser has to do is no business of the other agency.
            and (deadline.who is not Party.raiser or deadline.shared)
        ]
        if due:
            first = min(due, key=lambda limit: limit.due)
            assert f"{first.due:%A} {first.due.day} {first.due:%B %Y}" in made.text
            assert first.source.section in " ".join(made.draft.notes)
            assert first.rule in made.text or made.draft.kind is Kind.call
        if not stage.to_answer:
            assert "a date that protects the child" in made.draft.gaps


@pytest.mark.parametrize("partnership", IDS)
def test_a_tone_changes_the_words(partnership: str) -> None:
    """The three tones of a letter are three texts; a letter without tones says so."""
    kept: dict[tuple[int, str, Purpose], list[Draft]] = {}
    for made in drafts(partnership):
        key = (id(made.case), str(made.draft.kind), made.draft.purpose)
        kept.setdefault(key, []).append(made.draft)
    for tones in kept.values():
        assert len(tones) == len(Tone)
        bodies = {draft.body for draft in tones}
        if tones[0].tone is None:
            assert len(bodies) == 1
            assert {draft.instead for draft in tones} == {"tone"}
        else:
            assert len(bodies) == len(Tone)
            assert [draft.tone for draft in tones] == list(Tone)
            assert {draft.instead for draft in tones} == {None}


# The English


@pytest.mark.long
@pytest.mark.parametrize("partnership", IDS)
def test_a_draft_is_easy_to_read(partnership: str) -> None:
    """Sentences are short, and short on average."""
    for made in drafts(partnership):
        lengths = [length(sentence) for sentence in sentences(made)]
        longest = max(sentences(made), key=length)
        assert length(longest) <= LONGEST_SENTENCE, longest
        assert sum(lengths) / len(lengths) <= AVERAGE_SENTENCE, made.text


@pytest.mark.long
@pytest.mark.parametrize("partnership", IDS)
def test_nothing_is_said_twice_in_a_row(partnership: str) -> None:
    """No two sentences beside each other are the same, nor begin with the same four words."""
    for made in drafts(partnership):
        for first, second in pairwise(sentences(made)):
            assert first != second, made.text
            if length(second) > 4:
                assert first.split()[:4] != second.split()[:4], f"{first} / {second}"


@pytest.mark.long
@pytest.mark.parametrize("partnership", IDS)
def test_nothing_blames_threatens_or_calls_a_child_safe(partnership: str) -> None:
    """Words that accuse, threaten or promise safety are in no draft of any tone."""
    for made in drafts(partnership):
        found = re.search(rf"\b(?:{BLAME}|{THREAT})\b|{SAFE}", words_of(made), re.IGNORECASE)
        assert found is None, f"{found} in {made.draft.name} {made.draft.tone}"


@pytest.mark.parametrize("partnership", IDS)
def test_every_sentence_begins_with_a_capital_and_ends(partnership: str) -> None:
    """A value put in at the start of a sentence is written as one."""
    for made in drafts(partnership):
        for line in words_of(made).splitlines():
            words = line.strip('"')
            assert not words[:1].islower(), line
            for second in re.findall(r"[.?!] (\w)", re.sub(r"\[[^\]]+\]", "X", words)):
                assert not second.islower(), line


@pytest.mark.parametrize("partnership", IDS)
def test_the_urgent_tone_presses_for_time_and_is_not_the_urgent_route(partnership: str) -> None:
    """It says that an immediate risk is acted on the same day, and its e-mails say today."""
    for made in drafts(partnership):
        if made.draft.tone is Tone.urgent:
            assert "If the risk becomes immediate" in made.text, made.text
            if made.draft.kind is Kind.email and made.draft.purpose is not Purpose.manager:
                assert "today" in made.text


@pytest.mark.parametrize("partnership", IDS)
def test_a_call_promises_nothing_to_be_sent(partnership: str) -> None:
    """Whether it is put in writing is for the person who rings, or the policy asks for it."""
    for made in drafts(partnership):
        if made.draft.kind is Kind.call:
            assert not re.search(r"\bI(?:'|’)ll (?:send|confirm)\b", made.draft.body), made.text


def test_somebodys_manager_is_told_who_passes_it_on() -> None:
    """Where the policy has somebody refer or arrange, the manager is asked to have it done."""
    policy = policies()["trust_guidance"]
    case = case_for("trust_guidance", *up_to(policy, policy.stage(3), Outcome.unresolved))
    for tone, kind in product(Tone, Kind):
        body = draft_for(case, Purpose.manager, tone, kind).body
        assert "is asked to refer it to the Head of Safeguarding of each agency involved" in body
        assert "their answer" not in body
