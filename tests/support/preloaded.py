"""What every server of the tests needs, loaded by importing this.

Python's fork server imports it once in each process of tests, and the servers are its forks. Here
is only what a server loads in any case, and nothing that depends on its settings. The domain of the
guide's model, which takes longer to read than all else, is read here and known by its bytes.
"""

import gc
import tarfile
import threading
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from bot import memory, without_tensorflow
from tests.support import moved_clock

memory.before_imports()
moved_clock.install()
# Neither the guide's model nor the tiny bot's has a component that needs more.
with without_tensorflow.only_what_is_needed(()):
    import rasa.core.policies.rule_policy
    import rasa.nlu.classifiers.keyword_intent_classifier  # noqa: F401 (as above)
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.shared.core.domain import Domain

    import bot.server.serve  # noqa: F401
    from bot.paths import ROOT
    from bot.privacy.masking.masker import mask
    from bot.server.model_file import newest
    from bot.understanding.account.gazetteer import make_gazetteer
    from bot.understanding.components import WARM_UP
    from bot.understanding.enquiry.enquiries import compile_patterns
    from bot.understanding.reading import read_message
    from bot.understanding.trained import Trained

    # Imports each component that the model names.
    LocalModelStorage.metadata_from_archive(newest(ROOT / "models"))
    mask("they met in Qwzxv")
    compile_patterns()
    read_message(WARM_UP, date(2026, 11, 20), make_gazetteer({}), Trained())

domains: dict[bytes, Domain] = {}
read_domain = Domain.from_path


def known_domain(path: str | Path) -> Domain:
    """Return the domain at a path; one that was read before, if it has the same bytes."""
    file = Path(path) / "domain.yml"
    if not file.is_file():
        return read_domain(path)
    text = file.read_bytes()
    if text not in domains:
        domains[text] = read_domain(path)
    return domains[text]


Domain.from_path = staticmethod(known_domain)  # type: ignore[method-assign]
with TemporaryDirectory() as folder, tarfile.open(newest(ROOT / "models")) as archive:
    (member,) = (one for one in archive if Path(one.name).name == "domain.yml")
    copied = archive.extractfile(member)
    assert copied
    Path(folder, "domain.yml").write_bytes(copied.read())
    known_domain(folder)

# A thread would not be there in a fork, but what it has locked would.
assert threading.active_count() == 1, threading.enumerate()
gc.collect()
gc.freeze()
