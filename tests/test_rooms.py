"""Who may call whom: one table of all rooms, and nothing that is not in it."""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from bot.paths import ROOT
from tests.support.each import each

TOP = "clock internals paths memory without_tensorflow"
"""Single files at the top of `bot/` that know no other room."""

ROOMS: Mapping[str, str] = {
    # The core, floor by floor: each room calls only those above it here.
    "core.vocabulary": "",
    "core.text": "",
    "core.policy": "core.vocabulary core.text",
    "core.handbook": "core.vocabulary core.policy",
    "core.rules": "core.vocabulary core.text core.policy core.handbook",
    "core.letters": "core.vocabulary core.policy core.handbook core.rules",
    "core.conversation": "core.vocabulary core.text core.policy core.handbook core.rules",
    "core.cards": "core.vocabulary core.text core.policy core.handbook core.rules core.letters "
    "core.conversation",
    "core.enquiry": "core.vocabulary core.policy core.handbook core.rules core.conversation "
    "core.cards",
    # What is around it, from the inside out.
    "gazetteer": "",
    "offered": "core.policy",
    "letters": "core.vocabulary core.letters core.conversation",
    "privacy.masking": "core.policy gazetteer",
    "privacy.store": "privacy.masking",
    "privacy.cases": "privacy.masking privacy.store",
    "privacy.retention": "privacy.store privacy.cases",
    "documents": "core.vocabulary core.policy core.handbook core.rules core.letters "
    "core.conversation core.cards letters offered privacy.store",
    "figures": "core.vocabulary core.policy core.handbook core.conversation documents "
    "privacy.store privacy.retention",
    "understanding.words": "",
    "understanding.model": "core.vocabulary understanding.words",
    "understanding.account": "core.vocabulary core.text gazetteer understanding.words "
    "understanding.model",
    "understanding.danger": "core.vocabulary understanding.words understanding.account",
    "understanding.enquiry": "core.vocabulary core.policy core.handbook core.enquiry "
    "understanding.words understanding.model understanding.account",
    "understanding": "core.vocabulary core.policy core.handbook privacy.masking "
    "understanding.words understanding.model understanding.account understanding.danger "
    "understanding.enquiry",
    "domain": "core.conversation",
    "model": "core.conversation",
    "channels": "core.vocabulary core.policy core.handbook core.conversation privacy.store "
    "privacy.cases privacy.retention figures understanding understanding.words",
    "channels.web": "channels documents offered privacy.store",
    "channels.slack": "channels documents offered privacy.store privacy.retention",
    "channels.teams": "channels privacy.masking privacy.store",
    "keepers.draft": "core.vocabulary core.policy understanding.words",
    "keepers": "core.vocabulary core.text core.policy core.handbook core.rules documents figures "
    "keepers.draft privacy.store",
    "server": "core.policy core.handbook letters documents figures keepers offered "
    "privacy.masking privacy.store privacy.cases privacy.retention channels channels.web model",
    "commands": "core.text core.policy core.handbook core.rules offered letters documents figures "
    "keepers keepers.draft model understanding.model privacy.store privacy.retention channels "
    "server",
    "actions": "core.vocabulary core.policy core.handbook core.rules core.letters "
    "core.conversation core.cards core.enquiry letters documents offered privacy.store "
    "privacy.cases privacy.retention",
}
"""Each room, and the rooms that it may call besides those of TOP. What is not named it may not.

`bot/` itself (`python -m bot`) names its commands as text and imports none of them.
"""

LIBRARIES_NOT_FOR_THE_CORE = {
    *("rasa", "rasa_sdk", "sanic", "httpx", "requests", "aiohttp", "socket", "urllib"),
    *("sqlalchemy", "sqlite3", "time", "random", "os", "subprocess", "spacy"),
}
CLOCKS = {"today", "now", "utcnow"}


def files() -> Iterator[Path]:
    """Every Python file of the product."""
    for folder in ("bot", "actions"):
        yield from sorted((ROOT / folder).rglob("*.py"))


def module_of(path: Path) -> str:
    """The dotted name of a file, without `bot.`: "core.rules.advice", "actions.form"."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__").removeprefix("bot.")


MODULES = {module_of(path): path for path in files()}


def room_of(module: str) -> str:
    """The room that a module lies in: the innermost that the table names."""
    within = [room for room in (*ROOMS, *TOP.split()) if is_in(module, {room})]
    return max(within, key=len, default="")


def imports(path: Path) -> Iterator[str]:
    """The modules that a file imports, wherever in the file it does."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def is_in(module: str, rooms: set[str]) -> bool:
    """Whether a module is one of the rooms or lies in one."""
    return any(module == room or module.startswith(f"{room}.") for room in rooms)


@cache
def calls() -> list[tuple[str, str]]:
    """Each file of the product with each other file that it imports, as modules."""
    return [
        (module, called)
        for module, path in MODULES.items()
        for called in sorted({name.removeprefix("bot.") for name in imports(path)} & set(MODULES))
        if called != module and not is_package(called)
    ]


@cache
def arrows() -> list[tuple[str, str, str, str]]:
    """Each call from one room into another: both rooms, then both modules."""
    found = [(room_of(caller), room_of(called), caller, called) for caller, called in calls()]
    return [arrow for arrow in found if arrow[0] != arrow[1]]


def is_package(module: str) -> bool:
    """Whether a module is a folder's `__init__`."""
    return MODULES[module].name == "__init__.py"


def allowed(room: str) -> set[str]:
    """The rooms that a room may call."""
    return {*ROOMS.get(room, "").split(), *(TOP.split() if room not in TOP.split() else ())}


def wrong_ways() -> list[str]:
    """Each call that the table does not allow, with both files."""
    return [
        f"{MODULES[caller].relative_to(ROOT)} calls {MODULES[called].relative_to(ROOT)}: "
        f"'{room}' may not call '{other}'"
        for room, other, caller, called in arrows()
        if other not in allowed(room)
    ]


def test_every_call_between_rooms_is_in_the_table() -> None:
    """A call that the table does not name is told with both files."""
    assert wrong_ways() == []


def test_every_file_lies_in_a_room_of_the_table() -> None:
    """A new folder or file has to be placed before anything may call it."""
    unplaced = [name for name in MODULES if not room_of(name) and not is_package(name)]
    assert unplaced == ["__main__"]


@each("room", ROOMS)
def test_the_table_names_only_what_is_used(room: str) -> None:
    """What a room may call it does call: the table stays a description of the house."""
    used = {other for caller, other, _, _ in arrows() if caller == room}
    assert set(ROOMS[room].split()) - used == set()


def test_the_table_has_no_circle() -> None:
    """Each room calls only rooms named before it."""
    order = list(ROOMS)
    back = [
        (room, other)
        for room, others in ROOMS.items()
        for other in others.split()
        if order.index(other) >= order.index(room)
    ]
    assert back == []


CORE = [path for name, path in MODULES.items() if name.startswith("core.")]


@each("path", CORE)
def test_the_core_is_pure(path: Path) -> None:
    """The core imports no Rasa, no network, no database, and not even the rooms of TOP."""
    outside = LIBRARIES_NOT_FOR_THE_CORE | {f"bot.{name}" for name in TOP.split()}
    assert [name for name in imports(path) if is_in(name, outside)] == []


@each("path", CORE)
def test_the_core_never_asks_what_day_it_is(path: Path) -> None:
    """Today is handed in: a call to `date.today` or `datetime.now` is nowhere in the core."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    asked = [
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCKS
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"date", "datetime"}
    ]
    assert asked == []


def test_actions_are_flat() -> None:
    """rasa-sdk imports sub-packages of actions/ by their bare names, so there are none."""
    nested = [path for path in (ROOT / "actions").rglob("*.py") if path.parent.name != "actions"]
    assert nested == []


def test_nobody_imports_from_the_tests_or_the_bench() -> None:
    """What runs does not lean on what checks it. The bench measures on the lines of the tests."""
    leaning = [path for path in files() if any(is_in(n, {"tests", "bench"}) for n in imports(path))]
    assert leaning == []
