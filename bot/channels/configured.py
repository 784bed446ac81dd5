"""The settings of channels that are off until they are set up.

Settings that are not secret may be given under the channel in credentials.yml. All may be given in
the environment, which takes precedence; secrets only there.
"""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

PREFIX = "ESCALATION_GUIDE"


class NotConfigured(Exception):
    """The channel is not set up, so it is not opened."""


class Misconfigured(ValueError):
    """A channel is set up wrongly or only in part, so the guide does not start."""


@dataclass(frozen=True)
class Setting:
    """A setting: its name in credentials.yml, and a description for error messages.

    A `shared` setting is for all channels (ESCALATION_GUIDE_NAME) and turns none on.
    """

    name: str
    description: str
    secret: bool = False
    needed: bool = True
    shared: bool = False

    def variable(self, channel: str) -> str:
        """Return the name of its environment variable."""
        return "_".join([PREFIX, *([] if self.shared else [channel.upper()]), self.name.upper()])


PUBLIC_ADDRESS = Setting(
    "public_address",
    "the https address at which people's browsers reach the guide, for links to files",
    shared=True,
)


ORIGINS = Setting("origins", "other sites whose pages may use the guide")
FRAMES = Setting("frames", "other sites whose pages may hold the guide in a frame")

_SITE = re.compile(r"https?://(?P<any>\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]+)?")


def listed_sites(
    setting: Setting,
    channel: str,
    file: Mapping[str, Any],
    environment: Mapping[str, str] = os.environ,
) -> tuple[str, ...]:
    """Return the sites that a setting lists, in small letters. Raises Misconfigured.

    Only a frame's site may begin with a star: whoever may read answers is named in full.
    """
    written = _given(setting, channel, file, environment).replace(",", " ").lower().split()
    sites = tuple(site.rstrip("/") for site in written)
    for site in sites:
        found = _SITE.fullmatch(site)
        if not found or (found["any"] and setting is not FRAMES):
            raise Misconfigured(
                f"{setting.variable(channel)} must be {setting.description}, each as "
                f"https://intranet.example.org, not {site!r}."
            )
    return sites


def channel_settings(
    channel: str,
    wanted: Sequence[Setting],
    file: Mapping[str, Any],
    environment: Mapping[str, str] = os.environ,
) -> dict[str, str]:
    """Return the value of every wanted setting by its name, "" if it is left out.

    A list in the file is joined by blanks. Raises NotConfigured if nothing of the channel is given,
    and Misconfigured if something is missing or unknown, or if the file holds a secret.
    """
    known = {setting.name: setting for setting in wanted}
    allowed = {setting.name for setting in wanted if not (setting.secret or setting.shared)}
    unknown = sorted(set(file) - allowed)
    if unknown:
        raise Misconfigured(_not_in_the_file(channel, known, unknown[0]))
    given = {setting.name: _given(setting, channel, file, environment) for setting in wanted}
    if not any(given[setting.name] for setting in wanted if not setting.shared):
        raise NotConfigured(channel)
    missing = [setting for setting in wanted if setting.needed and not given[setting.name]]
    if missing:
        listed = "; ".join(f"{each.variable(channel)} ({each.description})" for each in missing)
        raise Misconfigured(
            f"The channel {channel} is set up only in part. Missing: {listed}. "
            f"Set what is missing, or nothing of the channel to leave it off."
        )
    return given


def _given(
    setting: Setting, channel: str, file: Mapping[str, Any], environment: Mapping[str, str]
) -> str:
    value = environment.get(setting.variable(channel), "").strip() or file.get(setting.name)
    if isinstance(value, list):
        return " ".join(str(item).strip() for item in value)
    return "" if value is None else str(value).strip()


def _not_in_the_file(channel: str, known: Mapping[str, Setting], name: str) -> str:
    setting = known.get(name)
    if setting is not None:
        variable = setting.variable(channel)
        return f"{name} of the channel {channel} is given in the environment only, as {variable}."
    allowed = ", ".join(each.name for each in known.values() if not (each.secret or each.shared))
    return f"The channel {channel} has no setting {name} in credentials.yml. It takes: {allowed}."
