"""Disagreements inside one organisation are told by their words; other agencies stay others."""

import pytest

from bench import measure_understanding as measure


@pytest.mark.parametrize(
    "text",
    [
        "we're both children's social care in Luton, the MASH shut it, does this policy cover it",
        "assessment team csc luton, our own MASH closed it. can i escalate under this policy",
        "school nurse and paediatrician, both in the trust, bedford, we cant agree on a referral",
        "we're both in the same council, im early help and the sw team wont step up. kent",
        "IRO in Poole, i raised a dispute with the team manager on monday and had no answer",
        "IRO kent, the sw team manager has refused my challenge, what next",
        "IRO for luton council, ive a disagreement with the social worker's team manager",
        "midwife at the royal in ashford, the consultant paediatrician here wont refer",
        "sergeant in kent police, the inspector in our own force has closed it",
        "midwife, kent. the community midwife and the ward sister in our trust disagree",
        "MASH manager in kent. the assessment team in our own council keeps handing cases back",
    ],
)
def test_both_sides_of_one_body_are_asked_about_before_any_advice(text: str) -> None:
    """Their own procedure may fit better, which is asked; nobody is made the other agency."""
    told = measure.reader()(text)
    assert told.exit == "own_agency"
    assert told.facts.get("their_agency") in {None, "childrens_social_care"}


@pytest.mark.parametrize(
    "text",
    [
        "health visitor in kent, our own trust policy says raise it. social care closed it",
        "school nurse, dover. two children in the same school, social care closed both",
        "dsl in luton. our own attendance team agrees with us, mash closed it",
        "police sergeant poole, we and social care are both worried but they wont hold a strategy",
        "we're both NHS but different trusts, dorset. me CAMHS them midwifery. they wont attend",
        "dsl kent, the social worker here at our school wont refer",
        "health visitor kent. our trust and social care disagree about a plan",
    ],
)
def test_another_agency_stays_another(text: str) -> None:
    """A word of one's own organisation sends nobody away who disagrees with another."""
    assert measure.reader()(text).exit is None


@pytest.mark.parametrize(
    "text",
    [
        "midwife kent. police's deadline went by yesterday, no answer to our stage 1 of 9 november",
        "hv, kent. stage 1 was on 9 november. the five days were up on monday, nothing from them",
    ],
)
def test_the_end_of_a_time_limit_is_no_step(text: str) -> None:
    """Only the day on which it was raised stands, and is what is counted from."""
    told = measure.reader()(text)
    assert [stage["on"] for stage in told.raised] == ["2026-11-09"]
    assert "steps" not in told.facts


def test_a_day_on_which_something_was_done_as_well_stays_a_step() -> None:
    """That a limit ran out on the day of a talk takes no talk away."""
    text = (
        "hv kent. their deadline was tuesday. i rang the social worker on tuesday and she said no"
    )
    steps = measure.reader()(text).facts["steps"]
    assert [step["on"] for step in steps] == ["2026-11-17"]


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("safeguarding lead luton school. social care closed it on monday", "education"),
        ("team manager at the Luton MASH, the school has challenged us", "childrens_social_care"),
    ],
)
def test_a_title_of_many_agencies_is_told_by_where_it_is_held(text: str, agency: str) -> None:
    """Whoever opens with title and workplace says what they are."""
    assert measure.reader()(text).facts["my_agency"] == agency


@pytest.mark.parametrize(
    "text",
    [
        "Bedford head. managers talked at stage 2, not agreed. who comes to stage 3 with me",
        "principal, central beds, stage 2 failed. who do i have to bring with me to stage 3",
    ],
)
def test_whoever_asks_who_comes_with_them_has_raised_it(text: str) -> None:
    """The stage to come is no stage that was raised with them."""
    told = measure.reader()(text)
    assert told.side == "raiser"
    assert [stage["number"] for stage in told.raised] == [2]


@pytest.mark.parametrize(
    ("text", "exit_"),
    [
        ("social worker kent, a mum has complained about me to my team manager", "complaint"),
        ("hv luton. the family have put in a complaint about our service", "complaint"),
        ("school luton. social care wont act, and mum rang to thank me for my report", None),
    ],
)
def test_a_family_that_complains_of_whoever_writes_has_no_stage(
    text: str, exit_: str | None
) -> None:
    """Nobody has challenged them: their complaints procedure is asked about."""
    assert measure.reader()(text).exit == exit_


def test_going_to_ones_own_manager_is_no_wish_for_a_stage() -> None:
    """Nor is it one that both managers will meet."""
    for text in (
        "hv in bedford. sw wont answer my calls since the 18th. is that enough to go to my manager",
        "hackney health visitor, my supervisor and theirs are meeting tomorrow. social care",
    ):
        assert measure.reader()(text).wish is None


def test_what_was_answered_and_is_disagreed_with_is_owed_no_more() -> None:
    """Whoever was challenged has sent it."""
    text = (
        "im the police DI in kent that the school went to at stage 2 on 25 nov. we replied this"
        " morning, they disagree still. information sharing"
    )
    told = measure.reader()(text)
    assert told.side == "receiver"
    assert [step["outcome"] for step in told.facts["steps"]] == ["unresolved"]
