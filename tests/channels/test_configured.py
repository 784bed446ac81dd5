"""A channel is off, or set up whole, or the guide does not start and says what is missing."""

import pytest

from bot.channels.configured import (
    FRAMES,
    ORIGINS,
    PUBLIC_ADDRESS,
    Misconfigured,
    NotConfigured,
    Setting,
    channel_settings,
    listed_sites,
)

WANTED = (
    Setting("app_id", "the id of the app"),
    Setting("app_password", "its secret", secret=True),
    Setting("tenants", "the organisations that may use it", needed=False),
    PUBLIC_ADDRESS,
)
WHOLE_DOCUMENT = {
    "ESCALATION_GUIDE_TEAMS_APP_PASSWORD": "secret",
    "ESCALATION_GUIDE_PUBLIC_ADDRESS": "https://guide.example.org",
}


def test_without_settings_the_channel_is_off() -> None:
    """Empty values and what belongs to all channels do not turn one on."""
    with pytest.raises(NotConfigured):
        channel_settings("teams", WANTED, {"app_id": "", "tenants": []}, {})
    with pytest.raises(NotConfigured):
        channel_settings(
            "teams", WANTED, {}, {"ESCALATION_GUIDE_PUBLIC_ADDRESS": "https://a.example"}
        )


def test_a_complete_setup_returns_all_settings() -> None:
    """File and environment together; the environment comes first; a list is joined."""
    file = {"app_id": "from the file", "tenants": ["one", "two"]}
    assert channel_settings("teams", WANTED, file, WHOLE_DOCUMENT) == {
        "app_id": "from the file",
        "app_password": "secret",
        "tenants": "one two",
        "public_address": "https://guide.example.org",
    }
    environment = WHOLE_DOCUMENT | {"ESCALATION_GUIDE_TEAMS_APP_ID": "from outside"}
    assert channel_settings("teams", WANTED, file, environment)["app_id"] == "from outside"


@pytest.mark.parametrize(
    ("file", "environment", "missing"),
    [
        ({"app_id": "x"}, {}, ["TEAMS_APP_PASSWORD", "GUIDE_PUBLIC_ADDRESS"]),
        ({}, WHOLE_DOCUMENT, ["TEAMS_APP_ID"]),
        ({"tenants": ["one"]}, {}, ["TEAMS_APP_ID", "TEAMS_APP_PASSWORD"]),
        (
            {"app_id": "x"},
            WHOLE_DOCUMENT | {"ESCALATION_GUIDE_PUBLIC_ADDRESS": " "},
            ["PUBLIC_ADDRESS"],
        ),
    ],
)
def test_a_partial_setup_names_what_is_missing(
    file: dict[str, object], environment: dict[str, str], missing: list[str]
) -> None:
    """Every missing setting is named by its variable, and says what it is."""
    with pytest.raises(Misconfigured) as wrong:
        channel_settings("teams", WANTED, file, environment)
    for name in missing:
        assert name in str(wrong.value)


def test_a_secret_in_the_file_is_refused() -> None:
    """It is said where it belongs."""
    with pytest.raises(Misconfigured, match="ESCALATION_GUIDE_TEAMS_APP_PASSWORD"):
        channel_settings("teams", WANTED, {"app_password": "secret"}, WHOLE_DOCUMENT)


def test_an_unknown_setting_is_named_with_those_there_are() -> None:
    """A slip of the pen does not silently mean the default."""
    with pytest.raises(Misconfigured, match=r"no setting tennants.*app_id, tenants"):
        channel_settings("teams", WANTED, {"tennants": ["one"]}, WHOLE_DOCUMENT)


def test_other_sites_are_listed_in_the_file_or_in_the_environment() -> None:
    """The environment goes before the file, so that an image needs no file of its own."""
    file = {"origins": ["https://Intranet.example.org/"]}
    assert listed_sites(ORIGINS, "web", file, {}) == ("https://intranet.example.org",)
    given = {"ESCALATION_GUIDE_WEB_ORIGINS": "https://a.example.org, http://b.example.org:8080"}
    both = ("https://a.example.org", "http://b.example.org:8080")
    assert listed_sites(ORIGINS, "web", file, given) == both
    assert listed_sites(ORIGINS, "web", {"origins": None}, {}) == ()


@pytest.mark.parametrize(
    "written", ["intranet.example.org", "https://a.example.org/page", "*", "https://*", "a;b"]
)
def test_a_site_that_is_none_stops_the_guide(written: str) -> None:
    """What would let in nobody, or anybody, is told with the setting's name."""
    for setting, name in ((ORIGINS, "WEB_ORIGINS"), (FRAMES, "WEB_FRAMES")):
        with pytest.raises(Misconfigured, match=name):
            listed_sites(setting, "web", {}, {f"ESCALATION_GUIDE_{name}": written})


def test_only_frames_may_be_of_any_host_of_a_domain() -> None:
    """Whoever may read answers is named in full."""
    written = "https://*.sharepoint.com"
    frames = {"ESCALATION_GUIDE_WEB_FRAMES": written}
    assert listed_sites(FRAMES, "web", {}, frames) == (written,)
    with pytest.raises(Misconfigured):
        listed_sites(ORIGINS, "web", {"origins": [written]}, {})
