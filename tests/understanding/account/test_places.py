"""The place of a message: a policy's own, one elsewhere with its authority, or one to ask about."""

import pytest

from bot.paths import POLICIES
from bot.understanding.account.elsewhere import authorities, england
from bot.understanding.account.places import FoundPlace, find_place, make_gazetteer, places_from
from bot.understanding.components import policy_places

KNOWN = make_gazetteer(places_from(policy_places(POLICIES)))


def found(text: str) -> FoundPlace:
    """Return the place that a text names."""
    return find_place(text, KNOWN)


@pytest.mark.parametrize(
    ("text", "partnership", "area"),
    [
        ("Beds", "pan_bedfordshire", None),
        ("health visitor in beds", "pan_bedfordshire", None),
        ("social worker, central beds", "pan_bedfordshire", "central_bedfordshire"),
        ("Bedford town centre", "pan_bedfordshire", "bedford_borough"),
        ("nurse at the Luton & Dunstable hospital", "pan_bedfordshire", "luton"),
        ("Folkestone and Hythe", "kent", None),
        ("a school in Tonbridge & Malling", "kent", None),
        ("Royal Tunbridge Wells", "kent", None),
        ("paeds nurse at Darent Valley Hospital", "kent", None),
        ("midwife, Royal Bournemouth Hospital", "pan_dorset", None),
        ("Homerton hospital", "city_and_hackney", None),
    ],
)
def test_a_place_as_people_write_it_is_recognised(
    text: str, partnership: str, area: str | None
) -> None:
    """Short forms, districts, hospitals and the middle of a town."""
    assert (found(text).partnership, found(text).area) == (partnership, area)


@pytest.mark.parametrize(
    "text",
    [
        "Kent Town", "Dorset Square London", "Bedford Hill, Balham", "Sutton Coldfield",
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


@pytest.mark.parametrize(
    ("text", "partnership", "unclear"),
    [
        ("Ashford", None, "ashford"),
        ("i work at a school in ashford", None, "ashford"),
        ("Ashford in Kent", "kent", None),
        ("Ashford, near Canterbury", "kent", None),
    ],
)
def test_a_name_that_two_places_have_is_asked_about(
    text: str, partnership: str | None, unclear: str | None
) -> None:
    """Unless the message tells which: there is an Ashford in Kent and one in Surrey."""
    assert (found(text).partnership, found(text).unclear) == (partnership, unclear)


def test_every_authority_of_the_look_up_is_known_and_is_one_of_today() -> None:
    """All of England's, with what has changed since the look-up was made."""
    names = set(authorities().values())
    assert {"Kent", "Norfolk", "Cumberland", "Westmorland and Furness", "Isles of Scilly"} <= names
    assert "Cumbria" not in names
    assert not any(name in names for name in ("Cardiff", "Powys"))
    assert len(names) > 140
    assert set(england().changed) <= set(authorities())


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
