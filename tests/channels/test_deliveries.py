"""The same delivery is answered once."""

from typing import cast

from bot.channels.deliveries import Deliveries, is_first_delivery
from bot.privacy.store.database import StoreUnavailable
from bot.privacy.store.single_use import SingleUse


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Give the time."""
        return self.now


def test_a_delivery_is_taken_once() -> None:
    """The second with the same id is not the first."""
    deliveries = Deliveries(Clock())
    assert deliveries.take("conversation", "1")
    assert not deliveries.take("conversation", "1")
    assert deliveries.take("conversation", "2")


def test_ids_with_different_parts_are_different() -> None:
    """Two parts are never taken for two others that read the same in a row."""
    deliveries = Deliveries(Clock())
    assert deliveries.take("a", "b\n1:c")
    assert deliveries.take("a\n1:b", "c")


def test_a_delivery_is_forgotten_after_its_time() -> None:
    """Nothing is remembered for longer than it could come again."""
    clock = Clock()
    deliveries = Deliveries(clock, seconds=60)
    deliveries.take("1")
    clock.now = 59
    assert not deliveries.take("1")
    clock.now = 60
    assert deliveries.take("1")
    assert len(deliveries) == 1


def test_only_the_newest_deliveries_are_remembered() -> None:
    """However many come at once, only the newest are remembered."""
    deliveries = Deliveries(Clock(), most=3)
    for number in range(10):
        assert deliveries.take(str(number))
    assert len(deliveries) == 3
    assert not deliveries.take("9")


def test_a_delivery_that_is_given_back_is_taken_again() -> None:
    """Where nothing could be done about it, its next delivery is the first."""
    deliveries = Deliveries(Clock())
    deliveries.take("a", "1")
    deliveries.give_back("a", "1")
    assert deliveries.take("a", "1")


def test_without_a_database_a_delivery_is_the_first() -> None:
    """Being answered twice is better than not at all."""

    class Away:
        def use(self, _name: str, _until: float) -> bool:
            raise StoreUnavailable("away")

    assert is_first_delivery(cast("SingleUse", Away()), "a", "1")
