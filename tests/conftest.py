"""What every test shares."""

from hypothesis import settings

pytest_plugins = ["tests.support.fixtures", "tests.support.slack_fixtures"]

# A slow machine is not a failing test. The same examples every time: a red build can be repeated.
settings.register_profile("guide", deadline=None, derandomize=True)
settings.load_profile("guide")
