"""Every invented policy has its files for practitioners and its pages for keepers."""

from bot.core.vocabulary import Outcome, Side
from bot.documents.case import case_from
from bot.documents.library import file_offers
from bot.keepers.diagram import diagram_mermaid
from bot.keepers.text import policy_text
from tests.support.core import handbook
from tests.support.invented import EVERY_ONE, INVENTED, TODAY, facts_at


@EVERY_ONE
def test_every_policy_has_its_files_and_its_pages(name: str) -> None:
    """Forms, advice and calendar for practitioners; text and diagram for keepers."""
    policy = INVENTED[name]
    facts = facts_at(policy, policy.stages[-1], Outcome.awaiting, TODAY, Side.raiser)
    offers = file_offers(case_from(facts, policy, handbook(), TODAY, "key"))
    assert all(offer.make() for offer in offers)
    assert policy.document.title in policy_text(policy, handbook())
    assert all(stage.label in diagram_mermaid(policy, handbook()) for stage in policy.stages)
