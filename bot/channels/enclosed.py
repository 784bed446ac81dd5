"""What comes along with a message, or changes it later: looked through for danger, and not kept.

Files are not read. Words that were quoted, passed on or changed afterwards may be somebody else's,
or already answered, so they count as said only if they tell of danger: missing that is worse.
"""

import msgspec

from bot.channels import guard
from bot.channels.incoming import first_look
from bot.channels.messages import Message
from bot.channels.turn import Services


class Received(msgspec.Struct, frozen=True):
    """A message: its own words, and what came along.

    `passed_on` holds others' words that were quoted or passed on: None if there were none, "" if
    they cannot be read.
    """

    text: str = ""
    files: bool = False
    passed_on: str | None = None


async def in_danger(services: Services, words: str) -> bool:
    """Say whether words, of any length, tell of danger by the first look."""
    clean = guard.clean_input(words)
    for start in range(0, len(clean), services.longest):
        piece = clean[start : start + services.longest]
        if await services.readers.run(first_look, piece):
            return True
    return False


async def words_and_notices(services: Services, heard: Received) -> tuple[str, list[Message]]:
    """Return the words to answer, and what to say after the answer about the rest."""
    words, notices = heard.text, []
    if heard.passed_on is not None:
        if await in_danger(services, heard.passed_on):
            words = f"{words}\n\n{heard.passed_on}".strip()
        else:
            notices.append(services.wording.message("passed_on"))
    if heard.files:
        notices.append(services.wording.message("no_files"))
    return words, notices
