"""The shape of a `<id>.cases.yml` file, and how one is read."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import yaml
from msgspec import UNSET, UnsetType

from bot.core.policy.model import Party, Policy, PolicyPart, Strength
from bot.core.rules.facts import Facts, parse_facts
from bot.core.vocabulary import Action, Exit, Route

FOLDER = Path(__file__).resolve().parent


class ExpectedDeadline(PolicyPart, frozen=True, kw_only=True):
    """A deadline as a case states it. What is left out is not compared.

    `rule`, `source`, `document` and `what` are parts of the text; `source` is the section.
    """

    who: Party
    due: date
    what: str = ""
    rule: str = ""
    source: str = ""
    document: str = ""
    overdue: bool | None = None
    strength: Strength | None = None


class Expected(PolicyPart, frozen=True, kw_only=True):
    """What the advice must hold. What is left out is not compared; texts are parts of texts.

    A text in `contacts` must be found in one contact; one in `no_contacts` in none. `only_due` is
    the one day on which anything may be due.
    """

    route: Route | UnsetType = UNSET
    exit: Exit | UnsetType | None = UNSET
    stage: int | UnsetType | None = UNSET
    action: Action | UnsetType = UNSET
    to_stage: int | UnsetType | None = UNSET
    summary: tuple[str, ...] = ()
    headline: tuple[str, ...] = ()
    by: date | UnsetType | None = UNSET
    in_scope: bool | UnsetType | None = UNSET
    deadlines: tuple[ExpectedDeadline, ...] = ()
    only_deadlines: bool = False
    only_due: date | None = None
    contacts: tuple[str, ...] = ()
    no_contacts: tuple[str, ...] = ()
    notify: tuple[str, ...] = ()
    no_notify: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    no_records: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    no_forms: tuple[str, ...] = ()
    guidance: tuple[str, ...] = ()
    no_guidance: tuple[str, ...] = ()
    grounds: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    no_warnings: tuple[str, ...] = ()
    not_stated: tuple[str, ...] = ()
    no_not_stated: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


class Case(PolicyPart, frozen=True, kw_only=True):
    """One sentence that a safeguarding lead can sign, what is given and what must come out."""

    case: str
    expect: Expected
    facts: dict[str, Any] = msgspec.field(default_factory=dict)


class CaseFile(PolicyPart, frozen=True, kw_only=True):
    """All cases of a partnership. `given` holds for each case that does not say otherwise."""

    partnership: str
    given: dict[str, Any]
    cases: tuple[Case, ...]

    def today(self, case: Case) -> date:
        """Return the day on which the case takes place."""
        return date.fromisoformat({**self.given, **case.facts}["today"])

    def facts(self, case: Case, policies: Mapping[str, Policy]) -> Facts:
        """Return the case's facts, read as those of `advise` are."""
        told = {"partnership": self.partnership, **self.given, **case.facts}
        return parse_facts(told, policies, self.today(case))


class CaseLoader(yaml.SafeLoader):
    """YAML in which a date stays text and only true and false are yes or no.

    Otherwise the key `on` of a step would be read as "yes".
    """


CaseLoader.yaml_implicit_resolvers = {
    letter: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag != "tag:yaml.org,2002:timestamp"
        and (tag != "tag:yaml.org,2002:bool" or letter in "tTfF")
    ]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load_case_files(folder: Path = FOLDER) -> list[CaseFile]:
    """Return every `*.cases.yml` of a folder, by name."""
    return [load_case_file(path) for path in sorted(folder.glob("*.cases.yml"))]


def load_case_file(path: Path) -> CaseFile:
    """Read one file. Raises msgspec.ValidationError for a key or a value it does not know."""
    data = yaml.load(path.read_text(encoding="utf-8"), CaseLoader)  # noqa: S506 (a SafeLoader)
    return msgspec.convert(data, CaseFile)
