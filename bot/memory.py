"""Less memory and a quicker start, with no other effect.

Called before TensorFlow is imported: its thread pools and the C library's arenas are
fixed by what they find then. What each step is worth is in docs/performance.md.
"""

import ctypes
import gc
import os
import sys

# M_ARENA_MAX of glibc's mallopt(3): one pool of memory for each thread keeps what the
# other threads could use.
_M_ARENA_MAX = -8


def before_imports() -> None:
    """Set what must be set before the big libraries load."""
    for name, value in {
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "TF_NUM_INTRAOP_THREADS": "1",
        "TF_NUM_INTEROP_THREADS": "1",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    }.items():
        os.environ.setdefault(name, value)
    # TensorFlow imports jax where it finds it, for converting models, which is 1.5 s for
    # nothing here. None makes `import jax` an ImportError, which TensorFlow expects.
    sys.modules.setdefault("jax", None)  # type: ignore[arg-type]
    _libc_call("mallopt", _M_ARENA_MAX, 2)


def while_loading() -> None:
    """Stop collecting until `after_loading`: there is much to scan and little to collect."""
    gc.disable()


def after_loading() -> None:
    """Free what loading left over, and keep the rest out of later collections."""
    gc.collect()
    gc.freeze()
    gc.enable()
    _libc_call("malloc_trim", 0)


def _libc_call(name: str, *arguments: int) -> None:
    if sys.platform != "linux":
        return
    function = getattr(ctypes.CDLL(None), name, None)
    # musl has neither call, and needs neither.
    if function is not None:
        function(*arguments)
