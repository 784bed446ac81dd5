"""Prints the rooms, their floors, the calls between them and any forbidden call: `make rooms`."""

from collections.abc import Iterable

from tests.test_rooms import MODULES, arrows, calls, is_package, room_of, wrong_ways


def main() -> None:
    """Print each room with its floor, its size and the rooms it calls, then the totals."""
    called: dict[str, set[str]] = {}
    for room, other, _, _ in arrows():
        called.setdefault(room, set()).add(other)
    files: dict[str, list[str]] = {}
    for module in MODULES:
        if not is_package(module):
            files.setdefault(room_of(module) or "bot", []).append(module)
    for room in sorted(files, key=lambda name: (floor(name, called), name)):
        names = ", ".join(sorted(called.get(room, ()))) or "none"
        size = f"{len(files[room]):3} files {line_count(files[room]):6} lines"
        print(f"floor {floor(room, called):2}  {room:22} {size}  calls {names}")
    print()
    _sums("the house", set(files), called)
    _sums("the core", {room for room in files if room.startswith("core.")}, called)
    wrong = wrong_ways()
    print(f"wrong ways: {len(wrong)}", *wrong, sep="\n")


def _sums(name: str, rooms: set[str], called: dict[str, set[str]]) -> None:
    inside = {room: called.get(room, set()) & rooms for room in rooms}
    between = sum(map(len, inside.values()))
    imports = sum(1 for one, other in calls() if {room_of(one), room_of(other)} <= rooms)
    floors = max(floor(room, inside) for room in rooms)
    print(
        f"{name}: {len(rooms)} rooms, {floors} floors, {between} arrows between rooms, "
        f"{imports} imports between files"
    )


def floor(room: str, called: dict[str, set[str]]) -> int:
    """The floor of a room: 1 if it calls none, else one above the highest room it calls."""
    return 1 + max((floor(other, called) for other in called.get(room, ())), default=0)


def line_count(modules: Iterable[str]) -> int:
    """The lines of some files together."""
    return sum(len(MODULES[module].read_text(encoding="utf-8").splitlines()) for module in modules)


if __name__ == "__main__":
    main()
