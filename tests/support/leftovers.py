"""Ends the processes whose numbers it was told, once whoever tells them has ended.

A pipe whose other end closes tells that surely, even of a process that was killed.
"""

import sys
from contextlib import suppress

import psutil

GOODBYE_SECONDS = 10


def main() -> None:
    """Read numbers until there is nobody who writes them; then end what still runs."""
    told = []
    for line in sys.stdin:
        with suppress(psutil.NoSuchProcess):
            # Knows the process from a later one of the same number.
            told.append(psutil.Process(int(line)))
    for process in told:
        with suppress(psutil.NoSuchProcess):
            process.terminate()
    _, running = psutil.wait_procs(told, GOODBYE_SECONDS)
    for process in running:
        with suppress(psutil.NoSuchProcess):
            process.kill()


if __name__ == "__main__":
    main()
