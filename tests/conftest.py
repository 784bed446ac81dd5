"""What every test shares."""

import os
from importlib.util import find_spec

from hypothesis import settings

from bot.memory import before_imports
from bot.offered import DRAFTS

# As in the server. Else the arithmetic of each test process waits for both cores, and they for
# each other.
before_imports()

# The core is also tested on a current Python, without Rasa and so without servers.
pytest_plugins = (
    [
        "tests.support.fixtures",
        "tests.support.keepers_server",
        "tests.support.slack_fixtures",
    ]
    if find_spec("rasa")
    else []
)

# None of the shipped policies is signed: conversations are tested with drafts allowed.
os.environ.setdefault(DRAFTS, "yes")

# A slow machine is not a failing test. The same examples every time: a red build can be repeated.
settings.register_profile("guide", deadline=None, derandomize=True)
settings.load_profile("guide")
