"""Two people with one case code, in the running guide."""

import pytest

from tests.support.server import Server

pytestmark = pytest.mark.server


def test_who_comes_second_hears_of_it_and_sees_both_accounts(guide: Server) -> None:
    """Nothing is overwritten; the code shows what was changed, and either may go on from there."""
    first, second = guide.client(), guide.client()
    first.say(
        "worried but not immediate. social care and we see it differently. "
        "I'm DSL at a school in Folkestone, Kent, I rang them on 10 November and got nowhere"
    )
    first.say("no")
    first.press("The level of need, or a referral not accepted")
    first.say("save this")
    code = next(m["card"]["code"] for m in first.messages if m["card"])
    second.say(code)
    second.say("worried but not immediate")
    second.say("I spoke to the team manager on 12 November, no reply yet")
    assert "changed by somebody else" not in second.text

    first.say("I spoke to the team manager on 16 November, no reply yet")
    assert "This case was changed by somebody else who has its code" in first.text
    first.say("save this")
    assert "Your case is saved" not in first.text
    assert "This case was changed by somebody else who has its code" in first.text

    third = guide.client()
    third.say(code)
    assert "Thu 12 Nov 2026" in third.text
    assert "16 Nov" not in third.text

    first.say(code)
    theirs, _, mine = first.text.partition("Here you had told me something else")
    assert "Thu 12 Nov 2026" in theirs
    assert "Mon 16 Nov 2026" in mine
    first.say("They answered on 17 November, but it is not settled")
    assert "changed by somebody else" not in first.text
    fourth = guide.client()
    fourth.say(code)
    assert "Tue 17 Nov 2026" in fourth.text or "12 Nov 2026" in fourth.text
    assert "It was not settled" in fourth.text
