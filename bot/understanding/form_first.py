"""Apply Rasa's rules only if the form does not simply go on.

Most turns answer the form's question: the form runs, then the guide listens. For both actions Rasa
compares every past state of the conversation with every rule, and then follows the form whatever
the rules say. So the form is tried first.

Rasa also looks for a rule by the very words that were typed before it looks by the intent. No rule
of ours names words, so that is left out.
"""

from typing import Any

from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import DEFAULT_ACTION_MAPPINGS, RULES, RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu import constants as rasa_constants
from rasa.shared.nlu.constants import INTENT_NAME_KEY

TEXT = f'"{rasa_constants.TEXT}"'
"""How a rule by what was typed is known among the rules, which are stored as JSON."""


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

    def _find_action_from_rules(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        use_text_for_last_user_input: bool,  # noqa: FBT001 - as Rasa calls it
    ) -> tuple[str | None, str | None, bool]:
        if use_text_for_last_user_input and not self._has_rule_by_text():
            return None, None, False
        found: tuple[str | None, str | None, bool] = super()._find_action_from_rules(
            tracker, domain, use_text_for_last_user_input
        )
        return found

    def _has_rule_by_text(self) -> bool:
        known: bool | None = self.__dict__.get("_by_text")
        if known is None:
            known = any(TEXT in key for key in self.lookup[RULES])
            self.__dict__["_by_text"] = known
        return known
