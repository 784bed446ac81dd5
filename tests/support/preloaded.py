"""What every server of the tests needs, loaded by importing this.

Python's fork server imports it once in each process of tests, and the servers are its forks. Here
is only what a server loads in any case, and nothing that depends on its settings.
"""

import gc
import threading

from bot import memory, without_tensorflow
from tests.support import moved_clock

memory.before_imports()
moved_clock.install()
# Neither the guide's model nor the tiny bot's has a component that needs more.
with without_tensorflow.only_what_is_needed(()):
    import rasa.core.policies.rule_policy
    import rasa.nlu.classifiers.keyword_intent_classifier  # noqa: F401 (as above)
    from rasa.engine.storage.local_model_storage import LocalModelStorage

    import bot.server.serve  # noqa: F401
    from bot.paths import ROOT
    from bot.privacy.masking.masker import mask
    from bot.server.model_file import newest

    # Imports each component that the model names.
    LocalModelStorage.metadata_from_archive(newest(ROOT / "models"))
    mask("they met in Qwzxv")

# A thread would not be there in a fork, but what it has locked would.
assert threading.active_count() == 1, threading.enumerate()
gc.collect()
gc.freeze()
