"""`python -m bot check-data`: findings of `rasa data validate` that are not intended."""

import logging
import re
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

from bot.memory import before_imports
from bot.paths import ROOT
from bot.understanding.model.ranker import CLAUSES, NO_DANGER

MEANT = (
    # Rasa actions use most of the wording, by name; Rasa looks only at stories and rules.
    r"The utterance '\w+' is not used in any story or rule\.",
    # No rule needs to: an intent without a rule goes to the form (config.yml).
    r"The intent '\w+' is not used in any story or rule\.",
    # Rasa says so of every domain with mappings.
    r"Slot auto-fill has been removed in 3\.0",
    # A channel or a button sends it; nobody types it.
    r"The intent '(answer|case_opened|feedback|other_language|practise|set_practice|settled)' is",
)


LABELLED = re.compile(r"The example .* The example is labeled with: (.*)\.", re.DOTALL)


def is_meant(finding: str) -> bool:
    """Say whether a finding of Rasa's is intended.

    A line may sound like danger without being dangerous, or be a clause that an outcome, a call or
    a reply is learned from, and also have an intent of its own: these are learned apart.
    """
    labelled = LABELLED.fullmatch(finding)
    if labelled:
        return len(set(labelled[1].split(", ")) - {NO_DANGER, *CLAUSES}) <= 1
    return any(re.match(meant, finding) for meant in MEANT)


def main(argv: list[str]) -> int:
    """Check domain, examples and rules against each other; return 1 for any problem."""
    if argv:
        print("usage: python -m bot check-data", file=sys.stderr)
        return 2
    found = data_problems()
    for problem in found:
        print(problem, file=sys.stderr)
    return 1 if found else 0


def data_problems(project: Path = ROOT) -> list[str]:
    """Return every finding of Rasa's validator about a project that is not intended."""
    before_imports()
    from rasa.shared.importers.importer import TrainingDataImporter
    from rasa.validator import Validator

    logging.getLogger("rasa").setLevel(logging.WARNING)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("ignore")
        warnings.simplefilter("always", UserWarning)
        validator = Validator.from_importer(
            TrainingDataImporter.load_from_config(
                str(project / "config.yml"), str(project / "domain.yml"), [str(project / "data")]
            )
        )
        checks: list[Callable[[], bool]] = [
            validator.verify_domain_validity,
            lambda: validator.verify_nlu(ignore_warnings=False),
            validator.verify_actions_in_stories_rules,
            validator.verify_forms_in_stories_rules,
            validator.verify_form_slots,
            validator.verify_slot_mappings,
            lambda: validator.verify_story_structure(ignore_warnings=False),
        ]
        passed = [check() for check in checks]
    said = [str(one.message) for one in caught if issubclass(one.category, UserWarning)]
    unmeant = [text for text in said if not is_meant(text)]
    # verify_nlu also fails for intended findings; the others give reasons as warnings or logs.
    failed = not all(good for number, good in enumerate(passed) if number != 1)
    return unmeant or (["Rasa refuses the data; see above."] if failed else [])
