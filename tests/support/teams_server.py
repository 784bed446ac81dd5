"""The real server with Teams, whose Microsoft is at an address that is given.

Started by tests as a process of its own: python tests/support/teams_server.py ADDRESS [MODEL DB].
With a model it is the tiny bot's, otherwise the guide as `make run` starts it.
"""

import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from aiohttp import connector

from bot import without_tensorflow
from bot.channels.teams import settings as teams
from bot.channels.teams.cloud import Cloud
from bot.server import command


def at(address: str) -> Cloud:
    """Microsoft's cloud at one address."""
    return Cloud(
        metadata=f"{address}/v1/.well-known/openidconfiguration",
        login=address,
        hosts=frozenset({urlsplit(address).netloc}),
    )


def add_quiet() -> None:
    """Add GET /quiet, which answers once nothing that the guide is to say is still to be said."""
    original = without_tensorflow.tensorflow_only_if_needed

    @contextmanager
    def and_quiet(modules: Collection[str]) -> Iterator[None]:
        with original(modules):
            from sanic import Sanic
            from sanic.response import empty

            from bot.server import app as made
            from bot.server import serve

            build = made.build_app

            def built(*given: Any) -> Sanic:
                app: Sanic = build(*given)

                async def quiet(_request: Any) -> Any:
                    await app.ctx.background.finish(60)
                    return empty()

                app.add_route(quiet, "/quiet")
                return app

            vars(serve)["build_app"] = built
            yield

    without_tensorflow.tensorflow_only_if_needed = and_quiet


def main(address: str, *tiny: str) -> int:
    """Serve on any free port until stopped."""
    vars(teams)["PUBLIC"] = at(address)
    # Which certificates to trust was read when aiohttp was imported, before this process began.
    aiohttp = vars(connector)
    aiohttp["_SSL_CONTEXT_VERIFIED"] = aiohttp["_make_ssl_context"](True)  # noqa: FBT003
    add_quiet()
    if not tiny:
        return command.main(["--port", "0"])
    # Imported only now: it puts the tiny bot's actions before the guide's.
    from tests.support import tiny_server

    return tiny_server.main(*tiny)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
