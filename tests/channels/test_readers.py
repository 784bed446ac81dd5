"""What people typed is read in a process of its own, and in threads where there is none."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator

import pytest

from bot.channels.readers import SHORT, Readers, ReadingFailed

LONG = "x" * (SHORT + 1)


def who_reads(_text: str) -> int:
    """Return the number of the process."""
    return os.getpid()


def length(text: str) -> int:
    """Return how long a text is."""
    return len(text)


def fails(text: str) -> int:
    """Fail."""
    raise ValueError(text)


def ends(_text: str) -> int:
    """End the process, unless it is that of the tests."""
    if os.getppid() == TESTS:
        os.kill(os.getpid(), signal.SIGKILL)
    return os.getpid()


def reads_until_told(path: str) -> bool:
    """Read for as long as the file is there that the text begins with."""
    while os.path.exists(path.split(maxsplit=1)[0]):  # noqa: PTH110 - a text, not a path
        time.sleep(0.01)
    return True


TESTS = os.getpid()


@pytest.fixture
def readers() -> Iterator[Readers]:
    """Readers whose process knows the works above."""
    made = Readers()
    made.start(who_reads, length, fails, ends, reads_until_told)
    yield made
    made.close()


def test_short_and_long_texts_are_read_in_one_process(readers: Readers) -> None:
    """It is not the guide's own."""

    async def both() -> set[int]:
        return {await readers.run(who_reads, "short"), await readers.run(who_reads, LONG)}

    assert len(asyncio.run(both()) - {TESTS}) == 1


def test_before_they_are_started_threads_read() -> None:
    """And a work that the process does not know is done by threads as well."""
    readers = Readers()
    assert asyncio.run(readers.run(who_reads, "short")) == TESTS
    readers.start(length)
    assert asyncio.run(readers.run(who_reads, "short")) == TESTS
    assert asyncio.run(readers.run(length, "short")) == len("short")
    readers.close()


def test_a_text_that_cannot_be_read_fails_and_the_next_is_read(readers: Readers) -> None:
    """Its words come back in no error."""

    async def one_after_another() -> int:
        with pytest.raises(ReadingFailed) as failed:
            await readers.run(fails, "something that was typed")
        assert "typed" not in str(failed.value)
        return await readers.run(length, "next")

    assert asyncio.run(one_after_another()) == len("next")


def test_where_the_process_has_ended_threads_read_the_same_text(readers: Readers) -> None:
    """Nobody is left without an answer, and nothing has to be typed again."""

    async def twice() -> list[int]:
        return [await readers.run(ends, "short"), await readers.run(who_reads, LONG)]

    assert asyncio.run(twice()) == [TESTS, TESTS]


def test_a_short_text_does_not_wait_for_a_long_one(
    readers: Readers, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """However long that takes."""
    going_on = tmp_path_factory.mktemp("long") / "going_on"
    going_on.touch()

    async def both() -> int:
        long = asyncio.create_task(readers.run(reads_until_told, f"{going_on} {LONG}"))
        read = await readers.run(length, "short")
        assert not long.done()
        going_on.unlink()
        assert await long
        return read

    assert asyncio.run(both()) == len("short")


def test_the_process_ends_with_the_guide() -> None:
    """Also where it is killed: it waits for words from the guide alone."""
    link_out, link_in = os.pipe()
    guide = os.fork()
    if guide == 0:
        made = Readers()
        made.start(who_reads)
        found = [asyncio.run(made.run(who_reads, text)) for text in ("short", LONG)]
        os.write(link_in, repr(found).encode())
        os.kill(os.getpid(), signal.SIGKILL)
    started = [int(number) for number in os.read(link_out, 100).decode().strip("[]").split(",")]
    os.waitpid(guide, 0)
    for file in (link_out, link_in):
        os.close(file)
    for _ in range(500):
        if not any(map(_is_there, started)):
            return
        time.sleep(0.01)
    for process in filter(_is_there, started):
        os.kill(process, signal.SIGKILL)
    pytest.fail("They read on.")


def _is_there(process: int) -> bool:
    """Say whether a process is there and has not ended."""
    try:
        with open(f"/proc/{process}/stat", encoding="ascii") as file:  # noqa: PTH123
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
