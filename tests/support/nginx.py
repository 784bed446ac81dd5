"""nginx with the project's own configuration, on a free port of the loopback."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from tests.support.ports import free_port
from tests.support.postgres import wait_for
from tests.support.processes import end_with_tests
from tests.support.server import ROOT


class Nginx:
    """nginx in front of workers, as deploy/nginx/nginx.conf describes it."""

    def __init__(self, workers: Sequence[str]) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="guide-nginx-"))
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        text = (ROOT / "deploy/nginx/nginx.conf").read_text()
        # The one thing changed: several may run on a machine that runs tests.
        (self.folder / "nginx.conf").write_text(text.replace("/tmp/guide-", f"{self.folder}/"))  # noqa: S108
        servers = [f"server {urlsplit(url).netloc} max_fails=1 fail_timeout=1s;" for url in workers]
        (self.folder / "workers.conf").write_text("\n".join(servers))
        (self.folder / "listen.conf").write_text(f"listen 127.0.0.1:{port};")
        path = f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin"
        program = shutil.which("nginx", path=path)
        assert program, "nginx is missing. Install it: deploy/services.sh --install"
        command = [program, "-p", str(self.folder), "-c", "nginx.conf", "-e", "stderr"]
        with (self.folder / "output").open("wb") as output:
            self.process = subprocess.Popen(
                [*command, "-g", "daemon off;"], stdout=output, stderr=output, cwd=self.folder
            )
        end_with_tests(self.process.pid)
        wait_for(self._answers)

    def stop(self) -> None:
        """End it and delete its files."""
        self.process.terminate()
        self.process.wait(20)
        shutil.rmtree(self.folder)

    def _answers(self) -> bool:
        assert self.process.poll() is None, (self.folder / "output").read_text()
        try:
            return httpx.get(f"{self.address}/health", trust_env=False).status_code == 404
        except httpx.TransportError:
            return False
