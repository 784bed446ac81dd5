"""Many cases in one test: each costs pytest as much as ten of them take."""

from collections.abc import Callable, Iterable
from functools import wraps
from inspect import signature
from typing import Any


def each(names: str | tuple[str, ...], values: Iterable[Any]) -> Callable[..., Callable[..., None]]:
    """Run a test with each of the values, as `pytest.mark.parametrize`, but as one test.

    It goes through all of them, and names every case that failed.
    """
    cases = list(values)
    keys = (names,) if isinstance(names, str) else names

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        @wraps(test)
        def all_cases(**given: Any) -> None:
            failed = []
            for case in cases:
                told = dict(zip(keys, (case,) if isinstance(names, str) else case, strict=True))
                try:
                    test(**given, **told)
                except Exception as error:  # noqa: BLE001 (told below, with its case)
                    shown = ", ".join(f"{key}={value!r:.200}" for key, value in told.items())
                    failed.append(f"{shown}: {error!r}")
            assert cases
            assert not failed, "\n".join([f"{len(failed)} of {len(cases)} failed.", *failed])

        left = [one for name, one in signature(test).parameters.items() if name not in keys]
        # What pytest gives it are only the others.
        vars(all_cases)["__signature__"] = signature(test).replace(parameters=left)
        return all_cases

    return decorate
