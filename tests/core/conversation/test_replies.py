"""A reply as a whole and the rules over its clauses, where the two disagree."""

from itertools import product

import pytest

from bot.core.conversation.replies import ANSWERED, CAME_OF_IT, SILENCE, Replies


@pytest.mark.parametrize(("heard", "ruled"), product(sorted(SILENCE), sorted(ANSWERED)))
def test_an_answer_told_outright_is_not_heard_as_silence(heard: str, ruled: str) -> None:
    """Only a reply that is quite sure outweighs the words of an answer."""
    for share, came in ((0.6, ruled), (0.9, heard)):
        replies = Replies({"replies": {CAME_OF_IT: (str(heard), share)}})
        assert replies.came_of_it_with([str(ruled)]) == came
