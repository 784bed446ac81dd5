"""What every test shares."""

import os

from hypothesis import settings

from bot.offered import DRAFTS

pytest_plugins = ["tests.support.fixtures", "tests.support.slack_fixtures"]

# None of the shipped policies is signed: conversations are tested with drafts allowed.
os.environ.setdefault(DRAFTS, "yes")

# A slow machine is not a failing test. The same examples every time: a red build can be repeated.
settings.register_profile("guide", deadline=None, derandomize=True)
settings.load_profile("guide")
