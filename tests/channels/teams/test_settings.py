"""Setting Teams up: off, whole, or a start that says what is missing."""

import subprocess
import sys

import pytest

from bot.channels.configured import Misconfigured, NotConfigured
from bot.channels.teams.channel import TeamsChannel
from bot.channels.teams.cloud import public_host
from bot.channels.teams.settings import teams_settings
from bot.server.serve import load_channels
from tests.support.microsoft import APP_ID, TENANT
from tests.support.server import ROOT

OTHER = "bbbbbbbb-bbbb-cccc-dddd-eeeeeeeeeeee"
WHOLE_DOCUMENT = {"app_id": APP_ID, "tenant_id": TENANT}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is given in the environment."""
    monkeypatch.setenv("ESCALATION_GUIDE_TEAMS_APP_PASSWORD", "secret")
    monkeypatch.setenv("ESCALATION_GUIDE_PUBLIC_ADDRESS", "https://guide.example.org/")


def test_without_settings_it_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the project comes: the page is there, Teams is not."""
    monkeypatch.delenv("ESCALATION_GUIDE_TEAMS_APP_PASSWORD")
    with pytest.raises(NotConfigured):
        teams_settings({})
    names = [channel.name() for channel in load_channels(ROOT / "credentials.yml")]
    assert "web" in names
    assert "teams" not in names


def test_a_bot_of_one_organisation() -> None:
    """Its own people may use it, and others only where they are named."""
    given = teams_settings(WHOLE_DOCUMENT)
    assert given.bot.tenant == TENANT
    assert given.tenants == {TENANT}
    assert given.public_address == "https://guide.example.org"
    assert teams_settings(WHOLE_DOCUMENT | {"tenants": [OTHER]}).tenants == {OTHER}
    assert teams_settings(WHOLE_DOCUMENT | {"tenants": [OTHER.upper(), TENANT]}).tenants == {
        OTHER,
        TENANT,
    }


def test_a_bot_of_several_organisations_names_them() -> None:
    """It is open to nobody by itself."""
    with pytest.raises(Misconfigured, match="ESCALATION_GUIDE_TEAMS_TENANTS"):
        teams_settings(WHOLE_DOCUMENT | {"tenant_id": "multi"})
    given = teams_settings(WHOLE_DOCUMENT | {"tenant_id": "multi", "tenants": [OTHER]})
    assert given.bot.tenant == ""
    assert given.tenants == {OTHER}


@pytest.mark.parametrize("missing", ["app_id", "tenant_id"])
def test_a_partial_setup_names_what_is_missing(missing: str) -> None:
    """The missing setting is named by its variable."""
    given = {name: value for name, value in WHOLE_DOCUMENT.items() if name != missing}
    with pytest.raises(Misconfigured, match=f"ESCALATION_GUIDE_TEAMS_{missing.upper()}"):
        TeamsChannel.from_credentials(given)


@pytest.mark.parametrize(
    "changed",
    [
        {"app_id": "the bot"},
        {"tenant_id": "example.org"},
        {"tenants": ["*"]},
        {"service_hosts": ["127.0.0.1"]},
        {"service_hosts": ["localhost"]},
        {"service_hosts": ["[::1]"]},
        {"service_hosts": ["https://smba.example.org"]},
        {"service_hosts": ["guide.internal"]},
        {"service_hosts": ["a b"]},
    ],
    ids=str,
)
def test_an_invalid_setting_is_named(changed: dict[str, object]) -> None:
    """A malformed id and a host that is not public are named."""
    with pytest.raises(Misconfigured, match=next(iter(changed))):
        teams_settings(WHOLE_DOCUMENT | changed)


@pytest.mark.parametrize("address", ["http://guide.example.org", "guide.example.org", "https://"])
def test_files_are_fetched_by_https_only(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """The address that links begin with."""
    monkeypatch.setenv("ESCALATION_GUIDE_PUBLIC_ADDRESS", address)
    with pytest.raises(Misconfigured, match="ESCALATION_GUIDE_PUBLIC_ADDRESS"):
        teams_settings(WHOLE_DOCUMENT)


def test_further_hosts_are_added() -> None:
    """They are added to the host of Microsoft's public cloud."""
    given = teams_settings(
        WHOLE_DOCUMENT | {"service_hosts": ["SMBA.infra.gcc.teams.microsoft.com"]}
    )
    assert given.cloud.hosts == {
        "smba.trafficmanager.net",
        "smba.infra.gcc.teams.microsoft.com",
    }
    assert public_host("smba.trafficmanager.net") == "smba.trafficmanager.net"


@pytest.mark.server
def test_a_start_that_is_half_set_up_says_what_is_missing() -> None:
    """One sentence on the terminal, exit status 1, and nothing is served."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", "run", "--port", "0"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "ESCALATION_GUIDE_TEAMS_APP_ID": APP_ID},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 1
    assert "The guide cannot start. The channel teams is set up only in part." in done.stderr
    assert "ESCALATION_GUIDE_TEAMS_APP_PASSWORD" in done.stderr
    assert "ESCALATION_GUIDE_PUBLIC_ADDRESS" in done.stderr
