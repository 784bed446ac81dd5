"""The keepers' pages and the figures as they are served, over a simulated year."""

import shutil
import socket
import time
from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import date
from typing import Any, NamedTuple

import httpx
import pytest
from sanic import Sanic
from sqlalchemy.engine import Engine

from bot.core.handbook.handbook import load_handbook
from bot.core.policy.loader import load_library, policy_files
from bot.figures.comments import CommentBook
from bot.figures.log import new_row
from bot.figures.published import PublishedQuarters
from bot.keepers.desk.desk import Desk
from bot.keepers.desk.routes import desk_blueprint
from bot.keepers.desk.store import DraftStore
from bot.keepers.feedback import FeedbackPages, feedback_blueprint
from bot.keepers.figures_page import FigurePages
from bot.keepers.figures_routes import figures_blueprint
from bot.keepers.gate import KeepersGate
from bot.keepers.pages import KeeperPages, keepers_blueprint
from bot.keepers.people import Accounts
from bot.paths import POLICIES, ROOT
from bot.privacy.store.database import make_engine
from tests.figures.rows import database
from tests.figures.year import simulated_year

PASSWORD = "a long enough word"  # noqa: S105 - only for tests


PEOPLE = {
    "Ada": ("business manager", "*:write"),
    "Ben": ("safeguarding lead", "*:check"),
    "Cleo": ("independent scrutineer", "*:sign,check"),
    "Kit": ("business manager", "kent:write,check,sign"),
}
"""The keepers with accounts: their posts and rights."""
PASSWORDS = {name: f"the password of {name}" for name in PEOPLE}


def basic(password: str, name: str = "keeper") -> dict[str, str]:
    """Return the header that signs somebody in."""
    return {"Authorization": "Basic " + b64encode(f"{name}:{password}".encode()).decode()}


OWN_LOG = "City School Trust"
"""The agency whose log is loaded beside the guide's."""


class Served(NamedTuple):
    """The pages as they are served on `day[0]`, the gate's clock, and a client not signed in.

    The desk writes into a folder of its own.
    """

    pages: KeeperPages
    desk: Desk
    accounts: Accounts
    figures: FigurePages
    engine: Engine
    day: list[date]
    now: list[float]
    client: httpx.AsyncClient


@pytest.fixture(scope="session", name="served")
async def fixture_served(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    """One server for all tests: Sanic can serve one application in a process."""
    day, now = [date(2026, 11, 24)], [0.0]
    rows = [new_row(one) for one in simulated_year()] + [
        new_row(one, OWN_LOG) for one in simulated_year(2)
    ]
    engine = database(tmp_path_factory.mktemp("figures"), rows)
    pages = KeeperPages(POLICIES, load_handbook(ROOT), lambda: day[0])
    figures = FigurePages(
        PublishedQuarters(engine, load_library(POLICIES), lambda: day[0]),
        CommentBook(engine, lambda text: text),
    )
    keeping = make_engine(f"sqlite:///{tmp_path_factory.mktemp('keeping')}/keeping.db")
    accounts = Accounts(keeping)
    for name, (post, rights) in PEOPLE.items():
        accounts.keep(name, post, rights, PASSWORDS[name])
    folder = tmp_path_factory.mktemp("policies")
    for path in policy_files(POLICIES):
        shutil.copy(path, folder)
    desk = Desk(
        DraftStore(keeping, time.time),
        folder,
        load_handbook(ROOT),
        lambda: day[0],
        "a secret of thirty-two characters!",
        publishes=True,
    )
    gate = KeepersGate(PASSWORD, lambda: now[0], accounts)
    app = Sanic("keepers", configure_logging=False)
    app.blueprint(keepers_blueprint(pages, gate))
    app.blueprint(figures_blueprint(figures, gate))
    app.blueprint(desk_blueprint(desk, gate))
    feedback = FeedbackPages(POLICIES, load_handbook(ROOT), engine, lambda: day[0])
    app.blueprint(feedback_blueprint(feedback, gate))
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    # Sanic gives a server of a class without annotations.
    server: Any = await app.create_server(sock=listening, return_asyncio_server=True)
    await server.startup()
    await server.start_serving()
    at = f"http://127.0.0.1:{listening.getsockname()[1]}"
    async with httpx.AsyncClient(base_url=at, timeout=60) as client:
        yield Served(pages, desk, accounts, figures, engine, day, now, client)
    server.close()
    await server.wait_closed()


@pytest.fixture(name="stranger")
def fixture_stranger(served: Served) -> httpx.AsyncClient:
    """A client who is not signed in, long after any wrong password."""
    served.now[0] += 10_000
    served.client.headers.pop("Authorization", None)
    return served.client


@pytest.fixture(name="client")
def fixture_client(stranger: httpx.AsyncClient) -> httpx.AsyncClient:
    """A client who is signed in."""
    stranger.headers.update(basic(PASSWORD))
    return stranger


@pytest.fixture(name="elsewhere")
async def fixture_elsewhere(served: Served) -> AsyncIterator[httpx.AsyncClient]:
    """A client at another address."""
    transport = httpx.AsyncHTTPTransport(local_address="127.0.0.2")
    at = served.client.base_url
    async with httpx.AsyncClient(base_url=at, transport=transport, timeout=60) as client:
        yield client
