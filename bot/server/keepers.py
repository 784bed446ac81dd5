"""Puts the keepers' pages together: what is here, the desk, the figures, and who is let in."""

import os
import time
from collections.abc import Callable, Mapping

from sanic import Sanic
from sanic.request import Request
from sqlalchemy.engine import Engine

from bot.channels.configured import Misconfigured
from bot.channels.web.sign_in import HEADER, PROXIES, NotSignedIn, ProxySignIn, SignIn
from bot.clock import today
from bot.core.handbook.handbook import load_handbook
from bot.figures.comments import CommentBook
from bot.figures.log import FigureLog
from bot.figures.published import PublishedQuarters
from bot.keepers.desk.desk import Desk
from bot.keepers.desk.publishing import may_publish
from bot.keepers.desk.routes import desk_blueprint
from bot.keepers.desk.store import DraftStore
from bot.keepers.feedback import LINK as FEEDBACK_LINK
from bot.keepers.feedback import FeedbackPages, feedback_blueprint
from bot.keepers.figures_page import LINK as FIGURES_LINK
from bot.keepers.figures_page import FigurePages
from bot.keepers.figures_routes import figures_blueprint
from bot.keepers.gate import KeepersGate, Proxied
from bot.keepers.pages import KeeperPages, keepers_blueprint
from bot.keepers.people import Accounts, Keeper, read_rights
from bot.offered import whole_library
from bot.paths import POLICIES, ROOT

RIGHTS_HEADER = "ESCALATION_GUIDE_KEEPERS_RIGHTS_HEADER"


def add_keepers_pages(
    app: Sanic,
    gate: KeepersGate,
    engine: Engine,
    secret: str,
    figures: FigureLog | None,
    mask: Callable[[str], str],
) -> None:
    """Add the pages to the application; what is written beside figures is masked.

    Raises ValueError for a setting that cannot be, StoreUnavailable without a database.
    """
    handbook = load_handbook(ROOT)
    links = FEEDBACK_LINK + (FIGURES_LINK if figures else "")
    pages = KeeperPages(POLICIES, handbook, today, links)
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
    app.blueprint(feedback_blueprint(FeedbackPages(POLICIES, handbook, engine, today), gate))
    if figures:
        quarters = PublishedQuarters(figures.engine, whole_library(), today)
        comments = CommentBook(figures.engine, mask)
        app.blueprint(figures_blueprint(FigurePages(quarters, comments), gate))


def keepers_gate(password: str, engine: Engine, sign_in: SignIn) -> KeepersGate:
    """Return the sign-in of the pages. Raises Misconfigured, as `proxied_keepers` does."""
    proxied = proxied_keepers(sign_in, os.environ)
    return KeepersGate(password, accounts=Accounts(engine), proxied=proxied)


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
