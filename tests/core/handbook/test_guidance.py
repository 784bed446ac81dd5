"""The guide's own short answers: what terms mean and general guidance, as data that is checked."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.core.handbook.guidance import load_answers, normalised, terms_asked
from bot.core.handbook.topics import Topic
from bot.core.policy.checks import Problem
from bot.core.policy.loader import PolicyError
from bot.core.policy.model import Source
from bot.paths import POLICIES
from tests.support.core import handbook, policies
from tests.support.each import each

FILE = POLICIES / "guidance/answers.yml"
ANSWERS = handbook().answers


def wrong(folder: Path, data: object) -> list[Problem]:
    """Return the problems of a file that holds `data`."""
    path = folder / "answers.yml"
    path.write_text(yaml.safe_dump(data), "utf-8")
    with pytest.raises(PolicyError) as caught:
        load_answers(path)
    return caught.value.problems


def written() -> Any:
    """Return the shipped file as YAML holds it."""
    return yaml.safe_load(FILE.read_text("utf-8"))


def test_every_mistake_is_reported_at_once(tmp_path: Path) -> None:
    """A name and a topic that come twice, an empty text, and a list with nothing in it."""
    data = written()
    data["terms"][0]["names"].append("the DSL")
    data["terms"][1]["what"] = " "
    data["terms"][2]["names"] = []
    data["guidance"][0]["topic"] = data["guidance"][1]["topic"]
    data["guidance"][2]["says"] = []
    assert {problem.key for problem in wrong(tmp_path, data)} == {
        *("terms", "terms[1].what", "terms[2].names", "guidance", "guidance[2].says"),
    }


def test_an_unknown_topic_is_refused_with_the_known_topics(tmp_path: Path) -> None:
    """A misspelt topic would never be said."""
    data = written()
    data["guidance"][0]["topic"] = "consemt"
    (problem,) = wrong(tmp_path, data)
    assert (problem.key, problem.got) == ("guidance[0].topic", "'consemt'")
    assert "consent" in problem.expected


def test_a_statement_without_a_source_is_refused(tmp_path: Path) -> None:
    """Nothing is said without the section it comes from."""
    data = written()
    del data["terms"][0]["source"]
    assert wrong(tmp_path, data) == [
        Problem("answers.yml", "terms[0]", "the key source", "no such key")
    ]


def test_a_term_is_found_by_any_of_its_names() -> None:
    """Short form or long, with or without an article, hyphen or apostrophe, in any letters."""
    for name in ("LADO", "the lado", "a local authority designated officer"):
        assert ANSWERS.terms_named(name)[0].names[0] == "LADO"
    assert ANSWERS.terms_named("looked-after child") == ANSWERS.terms_named("CLA")
    assert ANSWERS.terms_named("children's social care") == ANSWERS.terms_named("CSC")
    assert ANSWERS.terms_named("flying squad") == ()


def test_two_sides_of_a_difference_are_two_terms_or_none() -> None:
    """Both are known, or the question is not about terms."""
    assert [term.names[0] for term in ANSWERS.terms_named("a LADO and a DSL")] == ["LADO", "DSL"]
    assert ANSWERS.terms_named("a LADO and a flying squad") == ()
    assert terms_asked("s17 vs s47") == ["s17", "s47"]


@each("term", ANSWERS.terms)
def test_a_term_is_defined_in_a_few_short_sentences(term: Any) -> None:
    """Four sentences at most, none of them a promise that a child is safe."""
    assert term.what.count(". ") <= 3
    assert len(term.what) < 320
    assert "is safe" not in term.what
    assert ANSWERS.cite(term.source) == Source(ANSWERS.document, term.source)


def test_guidance_is_cited_as_the_standing_guidance() -> None:
    """The guide's own texts have a single name, whatever their file."""
    assert ANSWERS.document == handbook().safety_guidance.document


@pytest.mark.parametrize(
    "topic",
    [
        *(Topic.confidentiality, Topic.guide, Topic.consent, Topic.manager_wont),
        *(Topic.permission, Topic.refusal, Topic.relationship, Topic.unknown),
    ],
)
def test_what_no_policy_can_answer_has_guidance(topic: Topic) -> None:
    """Questions about the guide itself, and those that every policy leaves open."""
    assert ANSWERS.guidance_on(topic)


def test_no_term_is_named_like_a_policys_area() -> None:
    """A place stays a place: "what about Luton" asks about a partnership."""
    places = {normalised(name) for policy in policies().values() for name in policy.places}
    assert {normalised(name) for term in ANSWERS.terms for name in term.names} & places == set()
