"""Which channels are opened."""

from pathlib import Path

import pytest

from bot.channels.web.channel import WebChannel
from bot.server.serve import load_channels

OFF = """\
from rasa.core.channels.channel import InputChannel
from bot.channels.configured import Off, WronglySetUp

class OffChannel(InputChannel):
    @classmethod
    def from_credentials(cls, credentials):
        raise Off("other")

class HalfChannel(InputChannel):
    @classmethod
    def from_credentials(cls, credentials):
        raise WronglySetUp("The channel half is set up only in part.")
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two channels: one that is not set up, one that is set up in part."""
    (tmp_path / "other_channels.py").write_text(OFF, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def test_a_channel_that_is_not_set_up_is_left_out(folder: Path) -> None:
    """The others are opened as ever."""
    file = folder / "credentials.yml"
    file.write_text(
        "other_channels.OffChannel:\nbot.channels.web.channel.WebChannel:\n", encoding="utf-8"
    )
    (only,) = load_channels(file)
    assert isinstance(only, WebChannel)


def test_a_channel_set_up_in_part_stops_the_start(folder: Path) -> None:
    """What is missing is said in the channel's own words."""
    file = folder / "credentials.yml"
    file.write_text("other_channels.HalfChannel:\n", encoding="utf-8")
    with pytest.raises(ValueError, match="set up only in part"):
        load_channels(file)
