"""Where another procedure applies: where to go, and who says so."""

import msgspec
import pytest

from bot.core.vocabulary import Exit, Route
from tests.support.core import IDS, advice_for, handbook, policies


@pytest.mark.parametrize("partnership", IDS)
@pytest.mark.parametrize(
    "name", [str(word) for word in Exit if word is not Exit.conference_dissent]
)
def test_an_exit_says_where_to_go_and_who_says_so(partnership: str, name: str) -> None:
    """The policy's own word where it has one; else the guide's, named as that."""
    policy = policies()[partnership]
    advice = advice_for(partnership, ("line_manager", "23", "unresolved"), exit=name)
    own = [procedure for procedure in policy.other_procedures if procedure.exit == name]
    told, *where_to_go = advice.guidance
    general = handbook().safety_guidance.exit(Exit(name))
    assert [item.what for item in where_to_go] == [
        *([general.what] if own else []),
        *(step.what for step in general.then),
    ]
    assert {item.source.document for item in where_to_go} <= {handbook().safety_guidance.document}
    assert advice.exit == name
    assert advice.next.action == "signpost"
    assert told.what in advice.next.summary
    if own:
        assert told.source == policy.cite(own[0].source)
        assert advice.not_stated == ()
    else:
        assert told.source.document == handbook().safety_guidance.document
        (silent,) = advice.not_stated
        assert silent.what.startswith(f"{policy.short_name} does not say where this goes")
    # They still stand where they stood.
    assert advice.stage is not None
    assert advice.stage.number == policy.stage_for(policy.stages[1].level).number


def test_a_policy_that_shuts_out_conference_dissent_sends_it_elsewhere() -> None:
    """Other partnerships exclude it: then it is an exit, in that policy's own words."""
    kent = policies()["kent"]
    procedure = msgspec.structs.replace(
        kent.other_procedures[0], exit=Exit.conference_dissent, what="Ask the chair.", source="9"
    )
    policy = msgspec.structs.replace(kent, other_procedures=(procedure,))
    advice = advice_for("kent", exit="conference_dissent", policy=policy)
    assert advice.route is Route.exit
    assert "Ask the chair." in advice.next.summary
    assert advice.guidance[0].source == policy.cite("9")
