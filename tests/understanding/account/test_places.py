"""The place of a message: a policy's own, one elsewhere with its authority, or one to ask about."""

import csv

import pytest

from bot.gazetteer.england import (
    ELSEWHERE,
    TOWNS,
    districts,
    partnerships,
    place_key,
    sheet,
)
from bot.paths import POLICIES
from bot.understanding.account.gazetteer import make_gazetteer, places_from
from bot.understanding.account.places import FoundPlace, find_place
from bot.understanding.components import policy_places
from bot.understanding.words.text import one_message

KNOWN = make_gazetteer(places_from(policy_places(POLICIES)))


def found(text: str) -> FoundPlace:
    """Return the place that a text names."""
    with one_message():
        return find_place(text, KNOWN)


@pytest.mark.parametrize(
    ("text", "partnership", "area"),
    [
        ("Beds", "pan_bedfordshire", None),
        ("health visitor in beds", "pan_bedfordshire", None),
        ("social worker, central beds", "pan_bedfordshire", "central_bedfordshire"),
        ("nurse C Beds", "pan_bedfordshire", "central_bedfordshire"),
        ("midwife, S. Beds", "pan_bedfordshire", "central_bedfordshire"),
        ("sw north beds", "pan_bedfordshire", "bedford_borough"),
        ("nursery in Tun Wells", "kent", None),
        ("school in Bmth", "pan_dorset", None),
        ("Bedford town centre", "pan_bedfordshire", "bedford_borough"),
        ("nurse at the Luton & Dunstable hospital", "pan_bedfordshire", "luton"),
        ("Folkestone and Hythe", "kent", None),
        ("a school in Tonbridge & Malling", "kent", None),
        ("Royal Tunbridge Wells", "kent", None),
        ("paeds nurse at Darent Valley Hospital", "kent", None),
        ("midwife, Royal Bournemouth Hospital", "pan_dorset", None),
        ("Homerton hospital", "city_and_hackney", None),
        ("Poole Hospital", "pan_dorset", None),
        ("Barts Hospital", "city_and_hackney", None),
        ("the L&D", "pan_bedfordshire", "luton"),
    ],
)
def test_a_place_as_people_write_it_is_recognised(
    text: str, partnership: str, area: str | None
) -> None:
    """Short forms, districts, hospitals and the middle of a town."""
    assert (found(text).partnership, found(text).area) == (partnership, area)


@pytest.mark.parametrize(
    ("text", "partnership", "area"),
    [
        ("GP in Luton. no its Bedford actually", "pan_bedfordshire", "bedford_borough"),
        ("kent school, sorry I meant Poole", "pan_dorset", None),
        ("school in Luton and in Bedford", "pan_bedfordshire", None),
        ("there's no school in Kent, it's in Kent they moved", "kent", None),
    ],
)
def test_a_place_that_is_put_right_is_the_one_said_last(
    text: str, partnership: str, area: str | None
) -> None:
    """The one before it is taken back; two that stand side by side are not."""
    assert (found(text).partnership, found(text).area) == (partnership, area)


@pytest.mark.parametrize(
    ("text", "authority"),
    [
        ("RBKC", "Kensington and Chelsea"),
        ("N Yorks", "North Yorkshire"),
        ("sw in NE Lincs", "North East Lincolnshire"),
        ("Addenbrooke's", "Cambridgeshire"),
        ("A&E nurse at Alder Hey", "Liverpool"),
        ("we live in Stoke", "Stoke-on-Trent"),
        ("St James's hospital in Leeds", "Leeds"),
        ("Kent Road primary school in Norwich", "Norfolk"),
        ("Barking n Dagenham", "Barking and Dagenham"),
    ],
)
def test_a_place_elsewhere_as_people_write_it_is_recognised(text: str, authority: str) -> None:
    """Initials, a letter for a compass point, hospitals; a house in a place is in that place."""
    assert (found(text).partnership, found(text).authority) == (None, authority)


@pytest.mark.parametrize(
    "text",
    [
        "Bedford Park", "Kent Town", "Dorset Square London",
        "Bedford Hill, Balham", "Sutton Coldfield",
        "Bradford on Avon", "Luton Road surgery, Chatham", "Christchurch House", "Poole Lane",
        "the children sleep in beds on the floor", "there were no beds", "they wet their beds",
    ],
)  # fmt: skip
def test_a_longer_name_that_holds_a_place_is_not_that_place(text: str) -> None:
    """Neither a policy's place nor the town that the name begins with."""
    place = found(text)
    assert place.partnership is None
    assert place.partnerships == ()
    assert place.outside_place not in {"sutton", "bradford"}


@pytest.mark.parametrize(
    ("text", "authority"),
    [
        ("dsl in Norwich", "Norfolk"),
        ("Three Rivers", "Hertfordshire"),
        ("herts", "Hertfordshire"),
        ("Sutton Coldfield", "Birmingham"),
        ("Bradford-on-Avon", "Wiltshire"),
        ("South Cambridgeshire", "Cambridgeshire"),
        ("Carlisle", "Cumberland"),
        ("Barrow-in-Furness", "Westmorland and Furness"),
        ("Leeds", "Leeds"),
        ("Hull", "Kingston upon Hull"),
        ("Medway", "Medway"),
    ],
)
def test_a_place_without_a_policy_comes_with_its_authority(text: str, authority: str) -> None:
    """A district's children come under the authority above it."""
    place = found(text)
    assert place.partnership is None
    assert place.outside_place
    assert place.authority == authority


NAMES = list(dict.fromkeys(tuple(row[:2]) for row in list(csv.reader(TOWNS.open("r")))[1:]))
"""Every town of the gazetteer, with an authority that it lies under."""
FORMS = {
    "alone": "{name}",
    "in small letters": "{lower}",
    "where we work": "we work in {name}",
    "with its authority": "{name}, {authority}",
    "in brackets": "{name} ({authority})",
}


def is_right(place: FoundPlace, name: str, authority: str) -> bool:
    """Say whether a town was taken for one under its authority, or will be asked about.

    A council, district or place of a policy is meant by its own name, if its namesakes are small;
    "March" after "in" is the month.
    """
    if sheet().besides.get(place_key(name)) == authority and place.partnership:
        return place.partnership == KNOWN.known[place_key(name)].wheres[0].partnership
    (where, *_) = KNOWN.known[place_key(authority)].wheres
    if place.unclear:
        return where.authority in place.among
    if place_key(name) in districts() and place.authority == districts()[place_key(name)]:
        return True
    if where.partnership:
        return place.partnership == where.partnership and place.area in {where.area, None}
    nothing = (place.partnership, place.outside_place) == (None, None)
    own_name = name in ELSEWHERE or name == "March"
    return (place.partnership is None and place.authority == authority) or (own_name and nothing)


@pytest.mark.long
@pytest.mark.parametrize("form", FORMS)
def test_every_town_is_under_its_own_authority_or_asked_about(form: str) -> None:
    """However it is written, and never under a policy that does not hold there."""
    wrong = [
        (name, authority, place)
        for name, authority in NAMES
        if not is_right(
            place := found(FORMS[form].format(name=name, lower=name.lower(), authority=authority)),
            name,
            authority,
        )
        and (name, place.authority) != ("Wales", "Wales")
    ]
    assert not wrong, wrong[:10]


@pytest.mark.parametrize(
    ("text", "partnership", "unclear", "among"),
    [
        ("Ashford", None, "ashford", ("Kent", "Surrey")),
        ("i work at a school in ashford", None, "ashford", ("Kent", "Surrey")),
        ("Gillingham", None, "gillingham", ("Medway", "Dorset")),
        ("Rainham", None, "rainham", ("Havering", "Medway")),
        ("Southbourne, Emsworth", None, "southbourne", ("Pan-Dorset", "West Sussex")),
        ("Cumbria", None, "cumbria", ("Cumberland", "Westmorland and Furness")),
        ("Ashford in Kent", "kent", None, ()),
        ("Ashford, near Canterbury", "kent", None, ()),
        ("Kent police won't help, the child is in Ashford", "kent", None, ()),
        ("Gillingham, Dorset", "pan_dorset", None, ()),
        ("Dalston, London", "city_and_hackney", None, ()),
    ],
)
def test_a_name_that_several_places_have_is_asked_about(
    text: str, partnership: str | None, unclear: str | None, among: tuple[str, ...]
) -> None:
    """With the authorities they lie under, unless the message tells which."""
    place = found(text)
    assert (place.partnership, place.unclear, place.among) == (partnership, unclear, among)


@pytest.mark.parametrize(
    ("text", "authority"),
    [
        ("Ashford, Surrey", "Surrey"),
        ("Ashford (Middlesex)", "Surrey"),
        ("Gillingham, Kent", "Medway"),
        ("Beckenham, Kent", "Bromley"),
        ("Sidcup in Kent", "Bexley"),
        ("Rainham, Essex", "Havering"),
        ("Clapton, Somerset", "Somerset"),
        ("Christchurch, Cambridgeshire", "Cambridgeshire"),
        ("Shoreditch, Tower Hamlets", "Tower Hamlets"),
        ("Newport, Isle of Wight", "Isle of Wight"),
        ("Christchurch Park, Ipswich", "Suffolk"),
        ("Poole Keynes", "Gloucestershire"),
        ("Sutton, Cambs", "Cambridgeshire"),
        ("Dalston, Cumbria", "Cumberland"),
    ],
)
def test_the_county_behind_a_town_tells_which_is_meant(text: str, authority: str) -> None:
    """A county of the post, which is not always whose children live there, settles it too."""
    place = found(text)
    assert (place.partnership, place.unclear, place.authority) == (None, None, authority)


@pytest.mark.parametrize(
    ("text", "nation"),
    [
        ("Cardiff", "Wales"),
        ("a school in Glasgow", "Scotland"),
        ("Fife", "Scotland"),
        ("Belfast", "Northern Ireland"),
        ("Jersey", "Jersey"),
        ("St Peter Port", "Guernsey"),
        ("Ramsey, Isle of Man", "Isle of Man"),
        ("Norwich", None),
        ("Folkestone", None),
    ],
)
def test_a_place_outside_england_comes_with_its_nation(text: str, nation: str | None) -> None:
    """So that nobody there is given England's steps."""
    assert found(text).nation == nation


@pytest.mark.parametrize(
    "text",
    ["in March we rang", "child in need", "send over the form", "Kent and Medway", "at sale"],
)
def test_an_everyday_word_and_two_places_at_once_choose_none(text: str) -> None:
    """Nor does a month."""
    assert found(text).partnership is None
    assert found(text).outside_place in {None, "sale"}


@pytest.mark.parametrize(
    ("text", "partnership"),
    [
        ("a school in Redcar", "South Tees Safeguarding Children Partnership"),
        ("Middlesbrough", "South Tees Safeguarding Children Partnership"),
        ("Oakham", "Leicestershire and Rutland Safeguarding Children Partnership"),
        ("gp in Wokingham", "Berkshire West Safeguarding Children Partnership"),
        ("Kendal", None),
        ("Carlisle", None),
        ("Darlington", "Darlington Safeguarding Partnership"),
        ("Crewe", None),
        ("Chelsea", None),
    ],
)
def test_a_place_comes_with_its_partnership_where_that_has_a_name_of_its_own(
    text: str, partnership: str | None
) -> None:
    """One that several councils share is named; none is made up from a county that was divided."""
    assert found(text).safeguarding == partnership


def test_a_partnership_is_named_for_authorities_of_today_once_and_with_its_source() -> None:
    """No authority has two, none is one that the guide holds a policy of, and each has a page."""
    named = [name for one in sheet().partnerships for name in one.authorities]
    assert len(named) == len(set(named)) == len(partnerships()) > 20
    assert set(named) <= set(districts().values())
    assert not any(found(name).partnership for name in named)
    assert all(one.source.startswith("https://") for one in sheet().partnerships)


def test_every_authority_of_the_look_up_is_known_and_is_one_of_today() -> None:
    """All of England's, with what has changed since the look-up was made."""
    names = set(districts().values())
    assert {"Kent", "Norfolk", "Cumberland", "Westmorland and Furness", "Isles of Scilly"} <= names
    assert "Cumbria" not in names
    assert not any(name in names for name in ("Cardiff", "Powys"))
    assert len(names) > 140
    assert set(sheet().changed) <= set(districts())


@pytest.mark.parametrize(
    ("text", "partnership"),
    [
        ("HV Poole", "pan_dorset"),
        ("DS Poole", "pan_dorset"),
        ("HV Beds ref'd to MASH Mon", "pan_bedfordshire"),
        ("the children have no beds", None),
        ("school in Bedford Hill, Balham", None),
    ],
)
def test_a_place_after_a_role_is_where_they_work(text: str, partnership: str | None) -> None:
    """As people sign; furniture and longer names are none."""
    assert found(text).partnership == partnership
