"""Apply Rasa's rules only if the form does not simply go on.

Most turns answer the form's question: the form runs, then the guide listens. For both actions Rasa
compares every past state of the conversation with every rule, and then follows the form whatever
the rules say. So the form is tried first.
"""

from typing import Any

from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import DEFAULT_ACTION_MAPPINGS, RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT_NAME_KEY


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class FormFirst(RulePolicy):
    """Predicts the same as RulePolicy, but faster."""

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Return the form's next action if it goes on undisturbed, else that of the rules."""
        message = tracker.latest_message
        intent = message.intent.get(INTENT_NAME_KEY) if message else None
        # Rasa's own intents (restart, back, session start) take precedence over a form.
        if intent not in DEFAULT_ACTION_MAPPINGS:
            action, source = self._find_action_from_loop_happy_path(tracker)
            if action and source:
                chances = self._prediction_result(action, tracker, domain)
                return self._rule_prediction(chances, source, is_no_user_prediction=True)
        return super().predict_action_probabilities(tracker, domain, rule_only_data, **kwargs)
