"""The domain as Rasa trains on it: domain.yml, and what follows from the table of questions.

Named in config.yml, so that Rasa's own commands see the whole of it too.
"""

from rasa.shared.core.domain import Domain
from rasa.shared.importers.rasa import RasaFileImporter

from bot.core.conversation.questions.table import BY_THE_FORM
from bot.core.conversation.slots import SLOTS


class QuestionsImporter(RasaFileImporter):
    """Reads the project's files, and adds a slot for each answer and an action for each question.

    The slots hold a State. They are filled by `validate_escalation_form` alone.
    """

    def get_domain(self) -> Domain:
        """Return the domain of the files with the slots and actions of the questions."""
        slot = {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]}
        questions = {
            # Rasa changes what it reads, so each slot has a description of its own.
            "slots": {name: {**slot, "mappings": [{"type": "custom"}]} for name in SLOTS},
            "actions": [f"action_ask_{name}" for name in BY_THE_FORM],
        }
        return super().get_domain().merge(Domain.from_dict(questions))
