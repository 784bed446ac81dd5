"""Channels that are off until they are set up: their settings, and what is missing.

What is no secret stands under the channel in credentials.yml. Everything may be given in the
environment, where it comes before the file, and a secret only there.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

PREFIX = "ESCALATION_GUIDE"


class Off(Exception):
    """Nothing of the channel is set up: it is not opened."""


class WronglySetUp(ValueError):
    """A channel is set up in part or wrongly: the guide does not start. Says what is missing."""


@dataclass(frozen=True)
class Setting:
    """One setting: its name in credentials.yml, and what it is, for whoever reads the error.

    `shared` ones are for all channels (ESCALATION_GUIDE_NAME) and turn none on.
    """

    name: str
    what: str
    secret: bool = False
    needed: bool = True
    shared: bool = False

    def variable(self, channel: str) -> str:
        """Return the environment variable that gives it."""
        return "_".join([PREFIX, *([] if self.shared else [channel.upper()]), self.name.upper()])


PUBLIC_ADDRESS = Setting(
    "public_address",
    "the https address at which people's browsers reach the guide, for links to files",
    shared=True,
)


def configured(
    channel: str,
    wanted: Sequence[Setting],
    file: Mapping[str, Any],
    environment: Mapping[str, str] = os.environ,
) -> dict[str, str]:
    """Return the value of every wanted setting by its name, "" for one left out.

    A list in the file comes back joined by blanks. Raises Off where nothing of the channel is
    given, and WronglySetUp where something is missing, unknown, or a secret in the file.
    """
    known = {one.name: one for one in wanted}
    unknown = sorted(set(file) - {one.name for one in wanted if not (one.secret or one.shared)})
    if unknown:
        raise WronglySetUp(_not_in_the_file(channel, known, unknown[0]))
    given = {one.name: _given(one, channel, file, environment) for one in wanted}
    if not any(given[one.name] for one in wanted if not one.shared):
        raise Off(channel)
    missing = [one for one in wanted if one.needed and not given[one.name]]
    if missing:
        listed = "; ".join(f"{one.variable(channel)} ({one.what})" for one in missing)
        raise WronglySetUp(
            f"The channel {channel} is set up only in part. Missing: {listed}. "
            f"Set what is missing, or nothing of the channel to leave it off."
        )
    return given


def _given(
    setting: Setting, channel: str, file: Mapping[str, Any], environment: Mapping[str, str]
) -> str:
    value = environment.get(setting.variable(channel), "").strip() or file.get(setting.name)
    if isinstance(value, list):
        return " ".join(str(one).strip() for one in value)
    return "" if value is None else str(value).strip()


def _not_in_the_file(channel: str, known: Mapping[str, Setting], name: str) -> str:
    setting = known.get(name)
    if setting is not None:
        variable = setting.variable(channel)
        return f"{name} of the channel {channel} is given in the environment only, as {variable}."
    allowed = ", ".join(one.name for one in known.values() if not (one.secret or one.shared))
    return f"The channel {channel} has no setting {name} in credentials.yml. It takes: {allowed}."
