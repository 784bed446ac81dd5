"""Private parts of libraries that the guide uses or changes, each with the reason.

Read in these versions, and true of these: a test holds the installed ones to them. Before another
version is taken, read each part again there. The changes stay where they are used, since each is a
line or a method beside the code that needs it, and is explained there.
"""

from dataclasses import dataclass
from typing import Literal

READ_IN = {
    "rasa": "3.6.21",
    "rasa-sdk": "3.6.2",
    "sanic": "21.12.2",
    "spacy": "3.6.1",
    "python-docx": "1.2.0",
}
"""The versions of the libraries in which the parts below were read."""


@dataclass(frozen=True)
class Internal:
    """One part of a library: `name` of the class `of`, as `module:Class`, and the file it is for.

    `how`: the guide "uses" it, "overrides" it in a class of its own, "replaces" it in the library
    for everybody, or "adds" a name that the library's class does not have.
    """

    file: str
    of: str
    name: str
    how: Literal["uses", "overrides", "replaces", "adds"]
    why: str


_PROCESSOR = "rasa.core.processor:MessageProcessor"
_RULES = "rasa.core.policies.rule_policy:RulePolicy"
_RUNNER = "rasa.engine.runner.dask:DaskGraphRunner"
_HTTP = "sanic.http:Http"
_PROTOCOL = "sanic.server:HttpProtocol"
_TRACKER = "rasa.shared.core.trackers:DialogueStateTracker"
_CONNECTIONS = "bot/server/connections.py"
_ENGINE = "bot/server/engine.py"
_FORM = "bot/understanding/form_first.py"
_FORM_ACTION = "bot/server/form.py"
_FORM_CLASS = "rasa.core.actions.forms:FormAction"
_SLOTS = "bot/server/slots.py"
_STORE = "bot/privacy/store/tracker_store.py"

INTERNALS = (
    Internal(
        "bot/server/actions.py", "rasa.core.actions.action:RemoteAction", "_validate_action_result",
        "replaces", "a JSON schema checked at each call takes longer than most actions",
    ),
    Internal(
        _SLOTS, "rasa.shared.core.slots:Slot", "__copy__",
        "adds", "copies of a conversation share their slots, which Rasa copies ten times in a turn",
    ),
    Internal(
        _SLOTS, _TRACKER, "_set_slot", "replaces", "a shared slot is not changed: a new one is set",
    ),
    Internal(_SLOTS, _TRACKER, "_reset_slots", "replaces", "a shared slot is not changed"),
    Internal(_ENGINE, _PROCESSOR, "_load_model", "overrides", "components run in our order"),
    Internal(
        _ENGINE, "rasa.graph_components.providers.domain_provider:DomainProvider", "load",
        "replaces", "the domain is read and checked anew from YAML, a third of the start",
    ),
    Internal(
        _ENGINE, _PROCESSOR, "_run_prediction_loop",
        "overrides", "a turn in which nothing is said has failed",
    ),
    Internal(
        _ENGINE, _PROCESSOR, "_run_action",
        "overrides", "an action that fails ends the turn, and its copy of the tracker costs little",
    ),
    Internal(
        _ENGINE, _PROCESSOR, "_update_tracker_session",
        "overrides", "sessions never expire, so no conversation is looked through for its start",
    ),
    Internal(
        _FORM_ACTION, _FORM_CLASS, "_temporary_tracker",
        "overrides", "a copy of the tracker, for which nothing is played again",
    ),
    Internal(
        _FORM_ACTION, _FORM_CLASS, "_validate_if_required",
        "overrides", "the message and its reading are copied for a debug log that is off",
    ),
    Internal("bot/server/graph.py", _RUNNER, "_graph_schema", "uses", "the order of components"),
    Internal("bot/server/graph.py", _RUNNER, "_instantiated_nodes", "uses", "the components"),
    Internal(
        _FORM, _RULES, "_find_action_from_loop_happy_path",
        "uses", "the form's way is looked at before the rules",
    ),
    Internal(
        _ENGINE, _PROCESSOR, "run_action_extract_slots",
        "overrides", "no slot is filled by a message itself, and looking costs a tenth of a turn",
    ),
    Internal(
        _ENGINE, _TRACKER, "change_loop_to",
        "replaces", "the message that began a form is copied for each action, and read by nobody",
    ),
    Internal(
        _FORM, _RULES, "_find_action_from_rules",
        "overrides", "no rule of ours names words, so none is looked for by words",
    ),
    Internal(_FORM, _RULES, "_prediction_result", "uses", "what RulePolicy makes of that way"),
    Internal(_FORM, _RULES, "_rule_prediction", "uses", "what RulePolicy makes of that way"),
    Internal(
        "bot/server/actions.py", "rasa.shared.core.events:Event", "resolve_by_type",
        "overrides", "the class of an event is looked for once",
    ),
    Internal(
        "bot/privacy/store/events.py", "rasa.shared.core.events:Event", "_from_parameters",
        "uses", "an event is read without a walk through all classes of events",
    ),
    Internal(_STORE, _TRACKER, "folded_away", "adds", "save gets the tracker retrieve made"),
    Internal(_STORE, _TRACKER, "read_from_store", "adds", "save gets the tracker retrieve made"),
    Internal(_CONNECTIONS, _PROTOCOL, "_setup_connection", "overrides", "to read by GuideHttp"),
    Internal(_CONNECTIONS, _PROTOCOL, "_http", "uses", "to read by GuideHttp"),
    Internal(
        _CONNECTIONS, _PROTOCOL, "_time", "uses", "a byte that comes late must not extend the time"
    ),
    Internal(
        _CONNECTIONS, _HTTP, "http1_request_header", "overrides", "an address that is not text"
    ),
    Internal(_CONNECTIONS, _HTTP, "error_response", "overrides", "take no more of it in"),
    Internal(_CONNECTIONS, _HTTP, "create_empty_request", "overrides", "it needs an address"),
    Internal(
        "bot/documents/word.py", "docx.text.paragraph:Paragraph", "_p",
        "uses", "a page number is a field, which python-docx cannot write",
    ),
)  # fmt: skip
