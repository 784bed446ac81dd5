"""An intranet's identity provider on loopback: discovery, keys, a page that hands over tokens."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from tests.support.microsoft import private_key

AUDIENCE = "escalation-guide"
PAGE = """<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>Intranet</title>
<h1>Intranet</h1><escalation-guide></escalation-guide><script>
document.querySelector("escalation-guide").signIn = async () =>
  (await fetch("/token", {cache: "no-store"})).text();
</script><script type="module" src="GUIDE/widget/escalation-guide.js"></script></html>"""


class IdentityProvider(ThreadingHTTPServer):
    """The provider. `keys` are its private keys; the published ones can be changed.

    `handed` is what its page is given for a token. While `away`, it breaks every connection.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.keys: dict[str, Any] = {"rsa-1": private_key("rsa-1")}
        self.document: dict[str, Any] = {}
        self.more_keys: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.away = False
        self.handed = ""
        self.guide = ""

    @property
    def issuer(self) -> str:
        """The provider's name and address."""
        return f"http://127.0.0.1:{self.server_port}"

    def add(self, kid: str) -> None:
        """Publish one more key, of the kind that its id begins with."""
        kinds = {
            "rsa": lambda: private_key(kid),
            "ec": lambda: ec.generate_private_key(ec.SECP256R1()),
            "ed": ed25519.Ed25519PrivateKey.generate,
        }
        self.keys[kid] = kinds[kid.split("-", maxsplit=1)[0]]()

    def token(self, who: str = "alice", kid: str = "rsa-1", alg: str = "", **changes: Any) -> str:
        """Sign a token for somebody; `changes` are claims, None for one left out."""
        now = int(time.time())
        usual = {"iss": self.issuer, "aud": AUDIENCE, "sub": who, "nbf": now - 60, "exp": now + 600}
        claims = {name: value for name, value in (usual | changes).items() if value is not None}
        key = self.keys[kid]
        usual_alg = {"rsa": "RS256", "ec": "ES256", "ed": "EdDSA"}[kid.split("-", maxsplit=1)[0]]
        return jwt.encode(claims, key, alg or usual_alg, headers={"kid": kid})

    def published(self) -> list[dict[str, Any]]:
        """Return the public keys as they are published."""
        makers: dict[type, Any] = {
            rsa.RSAPrivateKey: RSAAlgorithm,
            ec.EllipticCurvePrivateKey: ECAlgorithm,
            ed25519.Ed25519PrivateKey: OKPAlgorithm,
        }
        shown = []
        for kid, key in self.keys.items():
            maker = next(maker for kind, maker in makers.items() if isinstance(key, kind))
            shown.append({**json.loads(maker.to_jwk(key.public_key())), "kid": kid, "use": "sig"})
        return [*shown, *self.more_keys]

    @contextmanager
    def running(self) -> Iterator["IdentityProvider"]:
        """Serve in a thread."""
        thread = threading.Thread(target=self.serve_forever, args=(0.05,))
        thread.start()
        yield self
        self.shutdown()
        thread.join()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: IdentityProvider

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say nothing."""

    def do_GET(self) -> None:
        """Discovery, keys, the page, or its token."""
        provider = self.server
        provider.asked.append(self.path)
        if provider.away:
            self.close_connection = True
            return
        if self.path == "/.well-known/openid-configuration":
            known = {"issuer": provider.issuer, "jwks_uri": f"{provider.issuer}/keys"}
            self._send("application/json", json.dumps(known | provider.document))
        elif self.path == "/keys":
            self._send("application/json", json.dumps({"keys": provider.published()}))
        elif self.path == "/token":
            self._send("text/plain", provider.handed)
        else:
            self._send("text/html", PAGE.replace("GUIDE", provider.guide))

    def _send(self, kind: str, body: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())
