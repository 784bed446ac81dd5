"""Files in the web channel of the running guide: for the conversation that was offered them."""

import httpx
import pytest

from tests.support.server import Server

pytestmark = pytest.mark.server

TO_ADVICE = (
    "Worried, but it isn't immediate", "Kent", "No",
    "The level of need, or a referral not accepted", "School, college or other education",
    "Children's social care", "Stage 1: Team manager", "last monday", "Still waiting for an answer",
)  # fmt: skip


def test_a_file_is_for_the_conversation_that_was_offered_it(guide: Server) -> None:
    """Another conversation that knows its whole address gets nothing, nor does anybody without."""
    person, another = guide.client(), guide.client()
    for answer in (*TO_ADVICE, "Files to keep or send"):
        person.say(answer)
    (url, *_) = [one["url"] for message in person.messages for one in message["files"]]
    assert person.http.get(url, headers=person.headers()).status_code == httpx.codes.OK
    refused = another.http.get(url, headers=another.headers())
    assert refused.status_code == httpx.codes.NOT_FOUND
    assert refused.json()["error"] == "file_unknown"
    assert another.http.get(url).status_code == httpx.codes.UNAUTHORIZED
