"""Talk of another child or dispute, and of one's cases."""

import pytest

from bot.understanding.account.cases import (
    child_alone,
    find_case_talk,
    find_deletion,
    tells_of_each,
    tells_of_several,
    without_case_talk,
)

ANOTHER = [
    "now the other child",
    "Next case please",
    "i've got another case too",
    "it's about a different child",
    "can we start with the second one",
    "the second one is more urgent, can we do that first",
    "two children. the first one was closed, the second one is a different family",
    "can we do the other lad first",
    "two lads on my caseload from separate families, both stuck",
    "two sisters, the older one was closed, the younger one they wont step up",
]
SAME = [
    "and the younger sibling as well",
    "theres a sister too",
    "same for her brother",
    "its about the twins",
]
OF_THE_OTHER = [
    "the other child, her dad hit her this morning",
    "my other case is about a girl in kent",
    "the other kid: police wont share",
]
NEW_CHILD = [
    "also a second boy, different family, police wont share info",
    "another child, different family: police won't share information",
    "new case: health wont attend core group",
    "i've got a different pupil where camhs have closed it",
    "ok next a separate family, housing refuse to assess",
    "third girl now, school won't refer",
]
APART = ["how do I keep them separate", "how do i keep the two apart"]
LIST = ["my cases", "show me my open cases", "which cases do i have", "go back to the first child"]
NEITHER = [
    "there is another child in the house",
    "the other child has bruises too",
    "they closed the case",
    "we have two kids in the family on a plan",
    "he hit the other child",
    "I have another meeting with them tomorrow",
    "another agency",
    "another child in the house was removed last year",
    "second referral, turned down",
    "new baby, mum not coping",
    "the police closed their case",
]


@pytest.mark.parametrize("text", ANOTHER)
def test_another_child_or_dispute_is_noticed(text: str) -> None:
    """However it is said, and nothing is left of it to weigh for danger."""
    assert find_case_talk(text) in {"another", "begun"}
    assert len(without_case_talk(text)) < len(text)


@pytest.mark.parametrize("text", NEW_CHILD)
def test_what_begins_with_somebody_new_is_about_them(text: str) -> None:
    """A second child begun with their account is another case, and the account is all weighed."""
    assert find_case_talk(text) == "begun"


@pytest.mark.parametrize("text", APART)
def test_how_two_are_kept_apart_is_asked_and_none_begun(text: str) -> None:
    """It is answered by the question which one to go on with."""
    assert find_case_talk(text) == "apart"


@pytest.mark.parametrize("text", LIST)
def test_the_list_of_cases_is_asked_for(text: str) -> None:
    """In words of one's own."""
    assert find_case_talk(text) == "list"


@pytest.mark.parametrize("text", NEITHER)
def test_an_account_of_a_case_is_no_talk_of_another(text: str) -> None:
    """A sibling, a closed case or a second meeting belongs to the case that is told."""
    assert find_case_talk(text) is None
    assert without_case_talk(text).split() == text.lower().split()


@pytest.mark.parametrize(
    "text",
    [
        "Spoke to sw about the girl on monday, no joy. About her brother, tm said no on thursday",
        "i rang about the older one friday. for the younger one my manager emailed the tm tuesday",
        "as for the boy, we raised it on 12 november. as for the girl, the sw agreed to visit",
        "Told the sw about the baby on monday, and about his sister on thursday",
        "the girl: rang the sw monday. the boy: the tm said no thursday",
    ],
)
def test_what_was_tried_for_each_of_two_children_is_noticed(text: str) -> None:
    """No one ladder holds both."""
    assert tells_of_each(text)


@pytest.mark.parametrize(
    "text",
    [
        "rang the sw about the girl on monday and emailed her about the girl on thursday",
        "worried about the girl and about her brother. spoke to the sw on monday, no joy",
        "spoke to the sw about the boy on monday. his sister told me about it",
        "spoke to the sw about the baby on monday, and the tm about the girl on thursday",
        "spoke to the sw about both of them on monday, no joy",
    ],
)
def test_one_ladder_for_all_children_is_one(text: str) -> None:
    """Two names may be of one child, and siblings may share what was tried."""
    assert not tells_of_each(text)


@pytest.mark.parametrize(
    ("text", "child"),
    [
        ("now the baby", "baby"),
        ("back to her little brother please", "younger"),
        ("ok and the other one", "other"),
        ("the first child again", "first"),
        ("can we do the boy now", "boy"),
        ("what about the eldest", "older"),
        ("the girl is on the landing with a knife", None),
        ("the other agency", None),
        ("the case", None),
    ],
)
def test_which_child_is_meant_is_read_where_nothing_more_is_said(
    text: str, child: str | None
) -> None:
    """A word that tells the children apart, alone with what leads over to it."""
    assert child_alone(text) == child


@pytest.mark.parametrize("text", SAME)
def test_a_sibling_and_nothing_more_is_the_same_case(text: str) -> None:
    """Brothers and sisters in one dispute are not two cases."""
    assert find_case_talk(text) == "same"


@pytest.mark.parametrize("text", OF_THE_OTHER)
def test_what_begins_with_the_other_child_is_about_them(text: str) -> None:
    """Whatever follows is told of that child."""
    assert find_case_talk(text) == "begun"


@pytest.mark.parametrize(
    "text",
    [
        "the other one, the team manager, said no",
        "my other referral was closed too",
        "my sister too",
    ],
)
def test_another_person_or_referral_is_no_other_case(text: str) -> None:
    """A manager is no child, and a second referral is of the same one."""
    assert find_case_talk(text) is None


@pytest.mark.parametrize(
    ("text", "several"),
    [
        ("two families in luton. one they shut, the other the police wont tell us about", True),
        ("three kids in one family, the plan isnt moving", True),
        ("they closed a referral. second thing, housing wont share", True),
        ("my second referral was closed, dsl in kent", False),
        ("i rang the first number you gave", False),
    ],
)
def test_more_than_one_child_or_dispute_is_told_of(text: str, *, several: bool) -> None:
    """In whatever words: an ordinal in a later message may be one of them."""
    assert tells_of_several(text) is several


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("delete my case", "case"),
        ("i dont want you to keep this", "case"),
        ("take my case off your system", "case"),
        ("cancel my code", "case"),
        ("make the record", None),
        ("make the recording template", None),
        ("delete the word monday i got that wrong", "part_of_an_answer"),
        ("take out the date, it was tuesday", "part_of_an_answer"),
    ],
)
def test_only_who_asks_for_it_is_offered_to_delete(text: str, what: str | None) -> None:
    """A wish for a record, or to take back a word, is none to lose the case."""
    assert find_deletion(text) == what
