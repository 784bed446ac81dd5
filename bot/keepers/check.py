"""The one gate for policy files: whatever a keeper has to mend, and what is only worth a look."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import msgspec

from bot.core.handbook.handbook import Handbook
from bot.core.policy.checks import Problem
from bot.core.policy.library import Library
from bot.core.policy.loader import (
    load_library,
    load_policy,
    load_versions,
    located,
    notes_on,
    policy_files,
    problems_in,
)
from bot.core.policy.model import ALWAYS, Notification, Policy, Stage
from bot.core.rules.facts import Facts
from bot.core.rules.narrowing import applies
from bot.core.rules.read_facts import FactsError
from bot.core.vocabulary import Action, Outcome, Route
from bot.documents.forms import Forms, template_problems
from bot.keepers.cases import Case, CaseFile, case_problems, load_case_file, text_of
from bot.paths import POLICIES, ROOT

CASES = ROOT / "tests/policies"
"""Where the cases of the guide's own policies lie. Those of other folders lie beside the files."""
WORDS, TITLE_WORDS = 40, 10
"""More of them in a sentence, or in a stage's title, and people stop reading."""
SHOWN = 3
"""So many missing cases are named for each policy."""
Told = tuple[Case, Facts]


def file_problems(folder: Path, handbook: Handbook, forms: Forms) -> list[Problem]:
    """Return all that has to be mended in a folder's policy files, their cases and their forms."""
    found = problems_in(folder)
    wrong = {problem.file for problem in found}
    for path in policy_files(folder):
        if path.name not in wrong:
            found += _form_problems(path, forms)
    if wrong:
        return found
    library = load_library(folder)
    known = library.newest()
    for path in _case_files(folder):
        named = path.name.removesuffix(".cases.yml")
        if named in known:
            found += case_problems(path, library, handbook)
        else:
            expected = f"the id of a policy before .cases.yml, from {sorted(known)}"
            found.append(Problem(path.name, "(file)", expected, named))
    return found


def _form_problems(path: Path, forms: Forms) -> list[Problem]:
    (version, *_) = load_versions(path)
    found = template_problems(version.policy, forms)
    return located([Problem(path.name, *mistake) for mistake in found], path)


def file_notes(folder: Path, today: date) -> list[Problem]:
    """Return what is worth a look in a folder's files, which are right."""
    found: list[Problem] = []
    cases = {path.name.removesuffix(".cases.yml"): path for path in _case_files(folder)}
    library = load_library(folder)
    for path in policy_files(folder):
        policy = load_versions(path)[0].policy
        found += notes_on(path, today)
        found += (Problem(path.name, *note) for note in _long_texts(policy))
        found += (Problem(path.name, *note) for note in _silences(policy))
    for version in library.unsigned_in_force(today):
        day = version.begins
        expected = "`status: signed`: until then practitioners get the older version, and are told"
        found.append(Problem(version.file, "status", expected, f"in force from {day}, not signed"))
    for name, policy in library.on(today).items():
        found += _cases_left(policy, cases.get(name), library)
    return found


def _cases_left(policy: Policy, cases: Path | None, library: Library) -> Iterator[Problem]:
    """Yield what cases a policy still lacks."""
    if cases is None:
        expected = f"cases in {policy.id}.cases.yml: sentences that somebody could sign"
        yield Problem(f"{policy.id}.yml", "(cases)", expected, "none")
        return
    missing = [*missing_cases(policy, load_case_file(cases), library)]
    if missing:
        more = f", and {len(missing) - SHOWN} more" if missing[SHOWN:] else ""
        expected = f"also {'; '.join(missing[:SHOWN])}{more}"
        yield Problem(cases.name, "cases", expected, "none of them")


def unconfirmed_cases(path: Path, handbook: Handbook) -> list[Problem]:
    """Return why the cases of a file do not bear its signature, as the desk asks for it too.

    There is a case for each situation of the policy, and the guide answers each as it says.
    """
    policy, library = load_policy(path), load_library(path.parent)
    cases = case_folder(path.parent) / f"{policy.id}.cases.yml"
    found = case_problems(cases, library, handbook) if cases.is_file() else ()
    return [*found] or [*_cases_left(policy, cases if cases.is_file() else None, library)]


def case_folder(folder: Path) -> Path:
    """Return where the cases of a folder's policies lie."""
    own = folder.resolve() == POLICIES and CASES.is_dir()
    return CASES if own else folder


def _case_files(folder: Path) -> list[Path]:
    return sorted(case_folder(folder).glob("*.cases.yml"))


def _long_texts(policy: Policy) -> Iterator[tuple[str, str, str]]:
    left: list[tuple[str, object]] = [*msgspec.to_builtins(policy).items()]
    while left:
        key, value = left.pop(0)
        if isinstance(value, dict):
            left = [(f"{key}.{name}", inner) for name, inner in value.items()] + left
        elif isinstance(value, list | tuple):
            left = [(f"{key}[{at}]", inner) for at, inner in enumerate(value)] + left
        elif isinstance(value, str) and key.rpartition(".")[2] in {"what", "role"}:
            longest = max(len(sentence.split()) for sentence in value.split(". "))
            if longest > WORDS:
                yield key, f"sentences of at most {WORDS} words", f"one of {longest}"
    for at, stage in enumerate(policy.stages):
        if len(stage.title.split()) > TITLE_WORDS:
            yield f"stages[{at}].title", f"at most {TITLE_WORDS} words", stage.title


def _silences(policy: Policy) -> Iterator[tuple[str, str, str]]:
    """Yield what a file neither says nor says that it is not stated or not read."""
    for at, stage in enumerate(policy.stages):
        told = stage.to_answer or stage.ends or policy.not_stated or policy.not_read
        if not told and not stage.not_stated and not stage.not_read:
            expected = "a limit, or an entry under not_stated or not_read"
            yield f"stages[{at}].to_answer", expected, "nothing"
    if not policy.remaining:
        yield (
            "remaining",
            "what the policy says after its last stage, if it says anything",
            "nothing",
        )


def missing_cases(policy: Policy, file: CaseFile, library: Library) -> Iterator[str]:
    """Yield the situations of a policy for which nobody has written down yet what is right."""
    told = [
        (case, facts) for case in file.cases if (facts := _facts(case, file, library)) is not None
    ]
    for stage in policy.stages:
        yield from _missing_at(stage, policy, told)
        for role in stage.roles:
            named = any(
                part in text_of(role)
                for case, facts in told
                if applies(role.applies, facts)
                for part in case.expect.contacts
            )
            if (role.agencies or role.applies is not ALWAYS) and not named:
                yield f"a case at {stage.label} with the contact {role.role}"
        for notice in stage.notify:
            if notice.applies is not ALWAYS:
                yield from _missing_notices(notice, told)


def _missing_notices(notice: Notification, told: Sequence[Told]) -> Iterator[str]:
    holding = [case.expect.notify for case, facts in told if applies(notice.applies, facts)]
    others = [case.expect.no_notify for case, facts in told if not applies(notice.applies, facts)]
    for parts, said in ((holding, "told"), (others, "not told")):
        if not any(part in notice.who for listed in parts for part in listed):
            yield f"a case in which {notice.who} is {said}"


def _missing_at(stage: Stage, policy: Policy, told: Sequence[Told]) -> Iterator[str]:
    here = [(case, facts) for case, facts in told if case.expect.stage == stage.number]
    if not stage.ends and not any(case.expect.action is Action.wait for case, _ in here):
        yield f"a case that waits at {stage.label}"
    if stage.to_answer and not any(
        deadline.overdue for case, _ in here for deadline in case.expect.deadlines
    ):
        yield f"a case at {stage.label} after its limit"
    action = Action.record if policy.following(stage) is None else Action.escalate
    if not any(
        case.expect.action is action
        for case, facts in here
        if facts.steps and facts.steps[-1].outcome is Outcome.unresolved
    ):
        yield f"a case in which {stage.label} has failed"
    if not any(case.expect.route is Route.resolved for case, _ in here):
        yield f"a case that {stage.label} settles"


def _facts(case: Case, file: CaseFile, library: Library) -> Facts | None:
    try:
        return file.facts(case, library.on(file.today(case)))
    except (FactsError, KeyError, TypeError, ValueError):
        return None
