"""The tiny server, started again each time it is killed, on the same port.

Each life is a fork that loads wording, store, model and actions as a first start does. Started by
tests: python tests/support/reviving_server.py MODEL DATABASE
"""

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/server/tiny_bot"), str(ROOT)]


def main(model: str, database: str) -> int:
    """Serve until a life ends in another way than by SIGKILL."""
    from bot.server import command, logs, serve
    from bot.server.settings import settings_from_environment
    from tests.support.tiny_server import tiny_mask

    settings = replace(
        settings_from_environment(), port=0, model=Path(model), database=database, actions="actions"
    )
    listening = command.take_port(settings.host, settings.port)
    listening.listen(256)
    settings = replace(settings, port=listening.getsockname()[1])
    while True:
        life = os.fork()
        if not life:
            formatter = logs.configure(settings.log_level)
            loaded = serve.load_guide(settings, tiny_mask)
            break
        _, status = os.waitpid(life, 0)
        if not os.WIFSIGNALED(status) or os.WTERMSIG(status) != signal.SIGKILL:
            return 1
    formatter.serving = True
    ready = f"Life {os.getpid()} is ready: {settings.address}/ "
    serve.serve(loaded, listening, lambda: print(ready, flush=True))  # noqa: T201 (it is read)
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
