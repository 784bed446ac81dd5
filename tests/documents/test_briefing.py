"""The policy on one page: whole, in order, with sources, and on a single sheet of A4."""

import re
from io import BytesIO

import pytest
from docx import Document
from playwright.sync_api import sync_playwright
from pypdf import PdfReader

from bot.core.rules.limit_words import conditions_text, rule_text
from bot.documents.briefing import briefing_page
from bot.documents.library import briefing_offers
from bot.documents.page import Page, Paragraph
from tests.support.core import IDS, TODAY, handbook, policies, shapes
from tests.support.pages import page_statements, page_text, words_of
from tests.widget import chromium

MOST_WORDS = 900
"""At the size of the Word file so many fit on one page of A4."""


def page(policy_id: str) -> Page:
    """Return the briefing of a shipped policy."""
    return briefing_page(policies()[policy_id], handbook(), TODAY)


@pytest.mark.parametrize("policy_id", IDS)
def test_danger_comes_before_anything_about_the_policy(policy_id: str) -> None:
    """999, then to act today by the usual procedures and to wait for no stage, then the rest."""
    first, *_ = page(policy_id).blocks
    assert isinstance(first, Paragraph)
    assert "call 999" in words_of(first.text)
    text = page_text(page(policy_id))
    same_day = handbook().safety_guidance.same_day.what
    assert text.index("999") < text.index(same_day) < text.index("When to use it")
    assert "Do not wait for the stages" in same_day
    for rule in policies()[policy_id].urgent:
        assert rule.what in text


@pytest.mark.parametrize("name", sorted(shapes()))
def test_no_limit_stands_without_what_it_depends_on(name: str) -> None:
    """Two limits of two tracks are told apart, and what each track is for is said."""
    policy = shapes()[name]
    text = page_text(briefing_page(policy, handbook(), TODAY))
    for stage in policy.stages:
        for limit in (*stage.to_begin, *stage.to_answer):
            for held in conditions_text(limit.applies, policy, handbook().phrases):
                assert f"{held})" in text or f"{held}; " in text
        if stage.must_follow:
            assert stage.must_follow.what in text
        closing = [limit.what for limit in stage.to_close if limit.amount is not None]
        assert all(what.casefold() in text.casefold() for what in closing)
    for priority in policy.priorities:
        assert f"{priority.name}: {priority.what}".casefold() in text.casefold()


@pytest.mark.parametrize("policy_id", IDS)
def test_every_stage_stands_with_its_limits_people_and_silences(policy_id: str) -> None:
    """Each rung in order: what happens, the posts, each limit with its amount, or its silence."""
    policy, text = policies()[policy_id], page_text(page(policy_id))
    at = [text.index(f"{stage.label}: {stage.title}") for stage in policy.stages]
    assert at == sorted(at)
    for stage in policy.stages:
        assert stage.what in text
        for limit in (*stage.to_begin, *stage.to_answer):
            assert rule_text(limit, handbook().phrases).lower() in text.lower()
        for form in stage.forms:
            assert form.name in text
        for agency_role in (role for role in stage.roles if role.agencies):
            assert agency_role.role in text or agency_role.role[0].lower() in text
    silent = [stage for stage in policy.stages if not (stage.to_begin or stage.to_answer)]
    assert text.count("Not stated.") == len(silent)


@pytest.mark.parametrize("policy_id", IDS)
def test_whom_to_tell_and_what_to_record_is_all_there(policy_id: str) -> None:
    """Nobody to be told is left out; those of one member partnership are named as the area's."""
    policy, text = policies()[policy_id], page_text(page(policy_id)).lower()
    for stage in policy.stages:
        for notice in stage.notify:
            known = "the safeguarding partnership for the area" if notice.applies.area else ""
            assert (known or notice.who.lower()) in text
            assert not notice.address or notice.address.lower() in text
        for duty in stage.records:
            assert duty.what.lower() in text
    for statement in (*policy.every_stage, *policy.when_resolved, *policy.remaining):
        assert statement.what.lower() in text
    assert text.count("bedford borough") <= 1


@pytest.mark.parametrize("policy_id", IDS)
def test_every_statement_ends_with_the_number_of_a_listed_source(policy_id: str) -> None:
    """No line stands without its source, and no number leads nowhere."""
    made = page(policy_id)
    used: set[int] = set()
    for line in page_statements(made):
        numbers = re.search(r"\[([\d, ]+)\]$", line)
        assert numbers, line
        used |= {int(number) for number in numbers[1].split(", ")}
    assert used == set(range(1, len(used) + 1))
    listed = page_text(made).partition("\nSources\n")[2]
    assert all(re.search(rf"(?:^|\s){number}: \S", listed) for number in used)


@pytest.mark.parametrize("shape", sorted(shapes()))
def test_policies_of_other_shapes_have_a_page_too(shape: str) -> None:
    """Steps, levels, priorities, excluded areas: each stage stands on it with its sources."""
    policy = shapes()[shape]
    made = briefing_page(policy, handbook(), TODAY)
    assert all(stage.label in page_text(made) for stage in policy.stages)
    assert all(re.search(r"\[[\d, ]+\]$", line) for line in page_statements(made))


@pytest.mark.parametrize("policy_id", IDS)
def test_the_word_file_holds_the_same_words_and_no_more_than_fit(policy_id: str) -> None:
    """The title is a heading, the stages a table with a header row, the length that of a page."""
    made = page(policy_id)
    assert len(page_text(made).split()) <= MOST_WORDS
    _, word = briefing_offers(policies()[policy_id], handbook(), TODAY)
    document = Document(BytesIO(word.make()))
    assert document.paragraphs[0].text == made.title
    (table,) = document.tables
    assert len(table.rows) == len(policies()[policy_id].stages) + 1


@pytest.mark.browser
def test_every_policy_prints_on_a_single_page() -> None:
    """Chromium prints each on one sheet of A4, with its last line on it."""
    with sync_playwright() as playwright:
        browser = chromium.start(playwright)
        for policy_id in IDS:
            html, _ = briefing_offers(policies()[policy_id], handbook(), TODAY)
            opened = browser.new_page()
            opened.set_content(html.make().decode())
            printed = PdfReader(BytesIO(opened.pdf(prefer_css_page_size=True))).pages
            assert len(printed) == 1, policy_id
            assert "safeguarding lead decide" in " ".join(printed[0].extract_text().split())
        browser.close()
