"""Puts the keepers' pages together: what is here, the desk, the figures, and who is let in."""

import os
import time
from collections.abc import Mapping

from sanic import Sanic
from sanic.request import Request
from sqlalchemy.engine import Engine

from bot.channels.configured import Misconfigured
from bot.channels.web.sign_in import HEADER, PROXIES, NotSignedIn, ProxySignIn, SignIn
from bot.clock import today
from bot.core.handbook.handbook import load_handbook
from bot.core.policy.loader import load_library
from bot.figures.log import FigureLog
from bot.figures.published import PublishedQuarters
from bot.keepers.desk.desk import Desk
from bot.keepers.desk.publishing import may_publish
from bot.keepers.desk.routes import desk_blueprint
from bot.keepers.desk.store import DraftStore
from bot.keepers.figures_page import LINK, FigurePages, figures_blueprint
from bot.keepers.gate import KeepersGate, Proxied
from bot.keepers.pages import KeeperPages, keepers_blueprint
from bot.keepers.people import Accounts, Keeper, read_rights
from bot.paths import POLICIES, ROOT

RIGHTS_HEADER = "ESCALATION_GUIDE_KEEPERS_RIGHTS_HEADER"


def add_keepers_pages(
    app: Sanic,
    password: str,
    engine: Engine,
    secret: str,
    sign_in: SignIn,
    figures: FigureLog | None,
) -> None:
    """Add the pages to the application. Raises ValueError for a setting that cannot be."""
    handbook = load_handbook(ROOT)
    proxied = proxied_keepers(sign_in, os.environ)
    gate = KeepersGate(password, accounts=Accounts(engine), proxied=proxied)
    pages = KeeperPages(POLICIES, handbook, today, LINK if figures else "")
    desk = Desk(
        DraftStore(engine, time.time),
        POLICIES,
        handbook,
        today,
        secret,
        publishes=may_publish(os.environ),
    )
    app.blueprint(keepers_blueprint(pages, gate))
    app.blueprint(desk_blueprint(desk, gate))
    if figures:
        quarters = PublishedQuarters(figures.engine, load_library(POLICIES), today)
        app.blueprint(figures_blueprint(FigurePages(quarters), gate))


def proxied_keepers(sign_in: SignIn, environment: Mapping[str, str]) -> Proxied | None:
    """Return how keepers are known whom the organisation's proxy has signed in; None if not set up.

    Raises Misconfigured where people are not signed in by a proxy at all: anybody could send it.
    """
    header = environment.get(RIGHTS_HEADER, "").strip().lower()
    if not header:
        return None
    if not isinstance(sign_in, ProxySignIn):
        raise Misconfigured(
            f"{RIGHTS_HEADER} needs a proxy that signs people in: set {HEADER} and {PROXIES}."
        )

    async def who(request: Request) -> Keeper | None:
        try:
            _, name = await sign_in.identify(request.headers, str(request.ip))
            (rights,) = request.headers.getall(header, [])
            return Keeper(name, "", read_rights(rights))
        except (NotSignedIn, ValueError):
            return None

    return who
