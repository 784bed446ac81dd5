"""What deploy/ describes fits the server it describes."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from typing import Any
from unittest.mock import Mock

import pytest
import yaml
from rasa.core.channels.rest import RestInput
from sanic import Sanic

from bot.channels.slack import settings as slack
from bot.channels.teams import settings as teams
from bot.offered import drafts_allowed
from bot.paths import ROOT
from bot.privacy.store.postgres import CONNECTIONS
from bot.server.app import build_app
from bot.server.settings import settings_from_environment
from tests.support.server import Server

DEPLOY = ROOT / "deploy"
KUBERNETES = sorted((DEPLOY / "kubernetes").glob("*.yml"))


def objects(kind: str = "") -> Iterator[dict[str, Any]]:
    """The Kubernetes objects of a kind, or all."""
    for path in KUBERNETES:
        for found in yaml.safe_load_all(path.read_text(encoding="utf-8")):
            if not kind or found["kind"] == kind:
                yield found


def pods() -> Iterator[dict[str, Any]]:
    """What every pod is made from."""
    for found in objects():
        if found["kind"] == "Deployment":
            yield found["spec"]["template"]["spec"]
        if found["kind"] == "CronJob":
            yield found["spec"]["jobTemplate"]["spec"]["template"]["spec"]


def compose() -> dict[str, Any]:
    """The compose file."""
    read: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))
    return read


def test_pods_have_no_more_rights_than_they_need() -> None:
    """Not root, nothing to write to but /tmp, no way to more rights, and limits."""
    found = list(pods())
    assert len(found) == 2
    for pod in found:
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["automountServiceAccountToken"] is False
        for container in pod["containers"]:
            rights = container["securityContext"]
            assert rights["readOnlyRootFilesystem"] is True
            assert rights["allowPrivilegeEscalation"] is False
            assert rights["capabilities"] == {"drop": ["ALL"]}
            assert set(container["resources"]["limits"]) == {"cpu", "memory"}
            assert [mount["mountPath"] for mount in container["volumeMounts"]] == ["/tmp"]  # noqa: S108


@pytest.mark.server
def test_probes_ask_for_what_the_server_answers(tiny_server: Server) -> None:
    """Liveness does not depend on the database, which a restart would not bring back."""
    (deployment,) = objects("Deployment")
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    paths = {
        name: container[name]["httpGet"]["path"]
        for name in ("startupProbe", "readinessProbe", "livenessProbe")
    }
    assert paths["livenessProbe"] == "/health/live"
    assert paths["readinessProbe"] == "/health/ready"
    for path in {*paths.values(), *re.findall(r"/health/\w+", str(compose()))}:
        assert tiny_server.visitor().http.get(path).status_code == 200
    assert container["ports"][0]["containerPort"] == 5005
    assert container["args"][0] == "run"


@pytest.mark.server
def test_what_watches_may_ask_by_head(tiny_server: Server) -> None:
    """The same status and headers as by GET, and no body."""
    http = tiny_server.visitor().http
    for path in ("/", "/framed", "/widget/escalation-guide.js", "/health", "/health/live"):
        asked, got = http.head(path), http.get(path)
        assert (asked.status_code, asked.content) == (200, b""), path
        assert asked.headers["content-type"] == got.headers["content-type"]
    assert http.head("/files/none").status_code == http.get("/files/none").status_code == 404


def test_workers_can_only_reach_the_database() -> None:
    """All is closed first; a worker may ask for names and reach PostgreSQL. None by compose."""
    closed, opened = objects("NetworkPolicy")
    assert closed["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    ports = {port["port"] for rule in opened["spec"]["egress"] for port in rule["ports"]}
    assert ports == {53, 5432}
    assert all(rule["to"] for rule in opened["spec"]["egress"])
    read = compose()
    assert read["networks"]["inside"] == {"internal": True}
    for name in ("guide-1", "guide-2", "postgres"):
        assert read["services"][name]["networks"] == ["inside"]


def test_compose_workers_are_those_that_nginx_knows() -> None:
    """Each listens on the guide's port, with as few rights as a pod."""
    services = compose()["services"]
    workers = [name for name, service in services.items() if service["image"] == "escalation-guide"]
    named = re.findall(r"(?m)^server (\S+)", (DEPLOY / "nginx/workers.conf").read_text())
    assert named == [f"{worker}:5005" for worker in workers]
    for worker in workers:
        assert services[worker]["read_only"] is True
        assert services[worker]["cap_drop"] == ["ALL"]
        assert services[worker]["user"] != "0:0"
        assert services[worker]["mem_limit"]


def test_settings_that_are_named_exist() -> None:
    """Every ESCALATION_GUIDE_… in deploy/ and docs/operations.md is read somewhere."""
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot").rglob("*.py"))
    channels = {"teams": teams.WANTED, "slack": slack.WANTED}
    code += " ".join(each.variable(name) for name, wanted in channels.items() for each in wanted)
    docs = [
        ROOT / "docs" / f"{name}.md" for name in ("operations", "pilot", "reliability", "slack")
    ]
    files = [*DEPLOY.rglob("*"), *docs]
    named = {
        name
        for path in files
        if path.is_file()
        for name in re.findall(r"ESCALATION_GUIDE_[A-Z_]+[A-Z]", path.read_text(encoding="utf-8"))
    }
    assert {"ESCALATION_GUIDE_DATABASE", "ESCALATION_GUIDE_SECRET"} <= named
    assert [name for name in sorted(named) if name not in code] == []
    assert settings_from_environment({"ESCALATION_GUIDE_PROXIES": "1"}).proxies == 1


def example_settings() -> dict[str, str]:
    """The settings that an administrator copies, those commented out included."""
    text = (DEPLOY / "guide.env.example").read_text(encoding="utf-8")
    return dict(re.findall(r"(?m)^#?([A-Z_]+)=(.*)$", text))


def test_the_names_the_guide_is_opened_under_are_set() -> None:
    """In each way to deploy: otherwise it would answer under any name."""
    (deployment,) = objects("Deployment")
    (ingress,) = objects("Ingress")
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    given = {one["name"]: one["value"] for one in container["env"]}
    entries = [rule["host"] for rule in ingress["spec"]["rules"]]
    assert settings_from_environment(given).own_hosts == set(entries)
    assert ingress["spec"]["tls"][0]["hosts"] == entries
    assert settings_from_environment(example_settings()).own_hosts == {"guide.example.org"}


@pytest.fixture(name="paths")
def fixture_paths(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Every path that the guide's application serves, each part that varies filled in."""
    # Sanic takes each name once in a process.
    monkeypatch.setattr(Sanic, "_app_registry", {})
    settings = settings_from_environment({})
    app = build_app(settings, [RestInput()], Mock(), Mock(), Mock(), lambda: True)
    return {re.sub("<[^>]+>", "any", f"/{route.path}") for route in app.router.routes}


def by_ingress(path: str) -> bool:
    """Say whether the ingress hands a path to the guide."""
    (ingress,) = objects("Ingress")
    for entry in ingress["spec"]["rules"][0]["http"]["paths"]:
        start = entry["path"].rstrip("/")
        below = entry["pathType"] == "Prefix" and path.startswith(f"{start}/")
        if path == entry["path"] or below:
            return True
    return False


def by_nginx(path: str, configuration: str) -> bool:
    """Say whether nginx hands a path to the guide: the longest of its locations that fits."""
    blocks = re.findall(r"(?s)location (/\S*) \{(.*?)\}", configuration)
    fitting = [(start, block) for start, block in blocks if path.startswith(start)]
    return "proxy_pass" in max(fitting, default=("", ""), key=lambda found: len(found[0]))[1]


@pytest.mark.long
def test_every_path_of_the_guide_is_routed_and_its_health_is_not(paths: set[str]) -> None:
    """By the ingress and by each nginx; the first page and the page for frames too."""
    assert {"/", "/framed", "/webhooks/rest/webhook"} <= paths
    ways: dict[str, Callable[[str], bool]] = {"ingress": by_ingress}
    for name in ("deploy/nginx/nginx.conf", "docs/pilot.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        ways[name] = partial(by_nginx, configuration=text)
    lost = {(name, path) for name, way in ways.items() for path in paths if not way(path)}
    health = {path for path in paths if path.startswith("/health")}
    assert health
    assert lost == set(product(ways, health))


def test_the_example_settings_set_up_each_channel_that_they_name() -> None:
    """With nothing left out that the channel needs; drafts are on, as for a trial."""
    example = {name: value or "given" for name, value in example_settings().items()}
    for name, wanted in {"teams": teams.WANTED, "slack": slack.WANTED}.items():
        needed = {each.variable(name) for each in wanted if each.needed}
        assert needed - set(example) == set()
    assert drafts_allowed(example)
    text = (DEPLOY / "guide.env.example").read_text(encoding="utf-8")
    switched_on = dict(re.findall(r"(?m)^([A-Z_]+)=(.*)$", text))
    assert not [name for name in switched_on if "_TEAMS_" in name or "_SLACK_" in name]
    assert switched_on["ESCALATION_GUIDE_SECRET"] == ""


def test_the_way_out_knows_the_hosts_of_the_document() -> None:
    """No more and no fewer, and only over TLS."""
    squid = (DEPLOY / "proxy/squid.conf").read_text(encoding="utf-8")
    listed = " ".join(re.findall(r"(?m)^acl listed dstdomain (.*)$", squid)).split()
    document = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^\| (?:Teams|Slack)[^|]* \| (.*) \|$", document)
    assert sorted(listed) == sorted(re.findall(r"`([a-z.-]+)`", " ".join(rows)))
    rules = re.findall(r"(?m)^http_access (.*)$", squid)
    assert rules == ["deny !CONNECT", "deny !tls", "allow listed", "deny all"]
    more = yaml.safe_load((DEPLOY / "compose.channels.yml").read_text(encoding="utf-8"))
    for worker in ("guide-1", "guide-2"):
        assert more["services"][worker]["environment"]["HTTPS_PROXY"] == "http://way-out:3128"
    assert set(more["services"]["way-out"]["networks"]) == set(compose()["networks"])


def test_the_unit_runs_the_guide_with_the_settings() -> None:
    """The unit starts what a person would start, reads the settings, and lets nothing out."""
    unit = (DEPLOY / "escalation-guide.service").read_text(encoding="utf-8")
    keys = dict(re.findall(r"(?m)^([A-Za-z]+)=(.*)$", unit))
    assert keys["ExecStart"].endswith("/.venv/bin/python -m bot run")
    assert keys["EnvironmentFile"] == "/etc/escalation-guide.env"
    assert keys["IPAddressDeny"] == "any"
    assert keys["ReadWritePaths"] == f"{keys['WorkingDirectory']}/var"
    assert keys["LimitCORE"] == keys["MemorySwapMax"] == "0"


def test_the_workers_fit_postgresqls_connections() -> None:
    """They fit PostgreSQL's default of a hundred, less the few reserved for administrators."""
    (scaler,) = objects("HorizontalPodAutoscaler")
    (deployment,) = objects("Deployment")
    surge = deployment["spec"]["strategy"]["rollingUpdate"]["maxSurge"]
    assert (scaler["spec"]["maxReplicas"] + surge) * CONNECTIONS <= 97


def test_the_image_is_made_of_files_that_are_there() -> None:
    """Every file that the Dockerfile copies exists and is in the build context."""
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    let_through = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    copied = [
        path.removeprefix("/guide/")
        for line in re.findall(r"(?m)^COPY (.*)$", text)
        for path in line.replace("--from=build ", "").split()[:-1]
    ]
    ours = [path for path in copied if path not in {".", ".venv", "models"}]
    assert ours
    for path in ours:
        assert (ROOT / path).exists(), path
        assert any(f"!{part}" in let_through for part in (path, path.split("/")[0])), path
    assert "USER 10001" in text


def test_no_secret_is_let_through_to_the_image() -> None:
    """The build context contains only listed files, and no folder of secrets or data."""
    lines = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").split()
    assert next(line for line in lines if not line.startswith("#")) == "**"
    named = [line for line in lines if line.startswith("!")]
    assert not [line for line in named if re.match(r"!(\*|\.|var|tests|.*\.env)", line)]
