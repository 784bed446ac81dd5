"""The page on which two people check a policy against the published text."""

import re
from html import unescape

import pytest

from bot.core.policy.loader import load_policies
from bot.documents.webpage import web_file
from bot.keepers.factsheet import MARKS, factsheet_page
from bot.keepers.statements import statement_groups
from bot.paths import POLICIES
from tests.support.core import IDS, TODAY, handbook


@pytest.mark.parametrize("partnership", IDS)
def test_the_fact_sheet_shows_each_statement_beside_its_passage(partnership: str) -> None:
    """In one row: what the guide says, and the document's own words."""
    policy = load_policies(POLICIES)[partnership]
    page = web_file(factsheet_page(policy, handbook(), TODAY), MARKS).decode()
    rows = [
        re.sub(r"<[^>]+>", " ", row)
        for row in re.findall(r"<tr[^>]*>.*?</tr>", page, flags=re.DOTALL)
    ]
    plain = [re.sub(r"\s+", " ", unescape(row)) for row in rows]
    groups = statement_groups(policy, handbook())
    for statement in (statement for group in groups for statement in group.stated):
        if statement.quote:
            assert any(statement.text in row and statement.quote in row for row in plain)
