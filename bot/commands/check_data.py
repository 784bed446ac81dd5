"""`python -m bot check-data`: what `rasa data validate` finds, without what is meant to be so."""

import logging
import re
import sys
import warnings
from collections.abc import Callable

from bot.memory import before_imports
from bot.paths import ROOT

MEANT = (
    # Rasa actions say most of the wording, by name; Rasa sees only stories and rules.
    r"The utterance '\w+' is not used in any story or rule\.",
    # No rule needs to: what no rule names goes to the form (config.yml).
    r"The intent '\w+' is not used in any story or rule\.",
    # Said of every domain with mappings, whatever they are.
    r"Slot auto-fill has been removed in 3\.0",
    # A line may sound like danger, be none, and mean something else besides.
    r"The example .* The example is labeled with: \w+, no_danger\.",
    # The channel sets it, or a button: nobody types it.
    r"The intent '(answer|case_opened|other_language|settled)' is listed in the domain file, but ",
)


def main(argv: list[str]) -> int:
    """Check domain, examples and rules against each other; return 1 where something is wrong."""
    if argv:
        print("usage: python -m bot check-data", file=sys.stderr)
        return 2
    found = data_problems()
    for problem in found:
        print(problem, file=sys.stderr)
    return 1 if found else 0


def data_problems() -> list[str]:
    """Return every finding of Rasa's validator that is not meant to be so."""
    before_imports()
    from rasa.shared.importers.importer import TrainingDataImporter
    from rasa.validator import Validator

    logging.getLogger("rasa").setLevel(logging.WARNING)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("ignore")
        warnings.simplefilter("always", UserWarning)
        validator = Validator.from_importer(
            TrainingDataImporter.load_from_config(
                str(ROOT / "config.yml"), str(ROOT / "domain.yml"), [str(ROOT / "data")]
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
    unmeant = [text for text in said if not any(re.match(meant, text) for meant in MEANT)]
    # verify_nlu is False for what is meant as well; the others say why by a warning or the log.
    failed = not all(good for number, good in enumerate(passed) if number != 1)
    return unmeant or (["Rasa refuses the data; see above."] if failed else [])
