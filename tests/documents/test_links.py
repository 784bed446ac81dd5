"""Files as links, for where a request cannot carry a token."""

from pathlib import Path

import pytest

from bot.channels.messages import File, Message
from bot.documents.downloads import AT, Links, NoFile
from bot.privacy.store.database import make_engine
from bot.privacy.store.single_use import SingleUse

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def test_a_messages_files_become_links_good_once(tmp_path: Path) -> None:
    """Each has an address of its own that stands for its conversation, offer and name."""
    once = SingleUse(make_engine(f"sqlite:///{tmp_path}/links.db"), lambda: 0.0)
    links = Links("s" * 32, lambda: 0.0, 3600, once)
    message = Message(
        "Your files",
        files=(File("Form", f"{AT}ab12/form.docx", WORD), File("2", f"{AT}ab12/b", "")),
    )
    linked = message.with_file_addresses(
        lambda url: "https://guide.example.org" + links.issue("teams-1", url)
    )
    assert linked.text == "Your files"
    assert [(file.title, file.type) for file in linked.files] == [("Form", WORD), ("2", "")]
    start = "https://guide.example.org/files/"
    assert all(file.url.startswith(start) for file in linked.files)
    token = linked.files[0].url.removeprefix(start)
    ticket = links.redeem(token)
    assert (ticket.conversation, ticket.offer, ticket.name) == ("teams-1", "ab12", "form.docx")
    with pytest.raises(NoFile):
        links.redeem(token)
