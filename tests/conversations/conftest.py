"""One running guide for all conversations, on a day that does not move."""

from collections.abc import Iterator

import pytest

from tests.support.server import ROOT, Server, guide_command

TODAY = "2026-11-20"
"""A Friday; the next bank holidays are at Christmas."""


@pytest.fixture(scope="session")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The guide as `make run` starts it, with a database of its own and the day TODAY."""
    database = tmp_path_factory.mktemp("conversations") / "conversations.db"
    server = Server(
        guide_command(),
        ROOT,
        {
            "ESCALATION_GUIDE_DATABASE": f"sqlite:///{database}",
            "ESCALATION_GUIDE_TODAY": TODAY,
        },
    )
    yield server
    server.stop()
