"""A draft as a policy file, which a person can go on with by hand.

What was not read stands in the file as a text that begins with FILL IN, where `policies check`
finds it. Nothing is put in its place.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import yaml

from bot.core.policy.model import Nation
from bot.core.policy.sense import FILL_IN
from bot.keepers.draft.draft import Draft, Kind
from bot.keepers.draft.finding import LOOKED_FOR
from bot.keepers.draft.whole import WHOLE

NOT_READ = f"{FILL_IN}: not read"
ORDER = (
    "id", "name", "short_name", "partnership", "status", "nation", "document", "contact",
    "contact_source", "names", "places", "areas", "fallback", "own_areas", "caps", "forms",
    "urgent", "triggers", "other_procedures", "principles", "support", "own_manager", "more_help",
    "every_stage", "when_resolved", "stages", "remaining", "learning", "not_read",
)  # fmt: skip
"""The keys of a policy file as in its template."""
STAGE_ORDER = (
    "number", "label", "title", "level", "what", "source", "quote", "must_follow", "conditions",
    "decides", "roles", "to_begin", "to_answer", "to_close", "guidance", "records", "notify",
    "forms", "not_read",
)  # fmt: skip
OF_A_STAGE = {
    "title": "what this stage is, in a few words",
    "what": "who does what at this stage",
    "roles": "who acts at this stage",
    "to_answer": "a time limit for the answer",
    "send_to": "whom the form goes to",
    "question": "the question that finds the trigger out",
    "stages": "the stages",
}
IN_PLACE = {
    "name": "the policy's name, as practitioners would say it",
    "short_name": LOOKED_FOR["short_name"],
    "partnership": LOOKED_FOR["partnership"],
}
"""Texts that every policy file has: the gap stands in their own place."""
COUNTED = {Kind.stage: "stage", Kind.limit: "time limit", Kind.role: "post"}
NEXT = """\
Next: compare each statement with the passage beside it, and put it in your own plain words.
Fill in what was not read. Then run: python -m bot policies check"""
FROM_NO_TEXT = {"places", "nation"}
"""What a policy file needs and its document need not say."""
WIDTH = 98
HEAD = """\
# yaml-language-server: $schema=schema.json
# A draft, read by the computer from "{filename}".
# Nobody has checked it. Not signed by the partnership.
# Beside each statement stands the passage that it was read from (quote). Does the passage say that?
# If so, put the statement in your own plain words. If not, strike or change it.
# "{not_read}" means that the draft did not find it, not that the policy is silent: look for it.
# The text that was read: SHA-256 {digest}
"""


def policy_id(draft: Draft) -> str:
    """Return a short word for the policy, from its short name or else from the file's name."""
    named = next((str(p.value) for p in draft.proposals if p.path == "short_name"), "")
    said = named or draft.filename.rpartition(".")[0]
    words = re.findall(r"[a-z0-9]+", said.lower())
    word = "_".join(words).strip("_")
    return word if re.match(r"[a-z]", word) else f"policy_{word}".rstrip("_")


def draft_file(draft: Draft, name: str) -> str:
    """Return the text of a policy file called `name` (its id) that holds a draft's proposals."""
    plain = _with_gaps(_gathered(draft), draft, name)
    head = HEAD.format(
        filename=_on_one_line(draft.filename), not_read=NOT_READ, digest=draft.digest
    )
    told = "".join(f"# Look at this: {_on_one_line(said)}\n" for said in draft.troubles)
    return head + told + str(yaml.dump(plain, Dumper=_Dumper, **_STYLE))


def draft_summary(draft: Draft) -> str:
    """Return what was read, what to look at, and what is left, for the person who goes on."""
    count = Counter(proposal.kind for proposal in draft.proposals)
    found = [_many(count[kind], told) for kind, told in COUNTED.items()]
    all_told = _many(len(draft.proposals), "statement")
    told = [f"Read from {_on_one_line(draft.filename)}: {', '.join(found)}, {all_told} in all."]
    told += _listed("Look at this first:", draft.troubles)
    told += _listed("Not read. Look for it in the document:", _gaps(draft))
    return "\n".join([*told, NEXT])


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _listed(head: str, said: Sequence[str]) -> list[str]:
    return [head, *(f"  - {line}" for line in said)] if said else []


def _gaps(draft: Draft) -> list[str]:
    """Return what was not read, each with the stage it is of."""
    labels = {
        proposal.path: proposal.value["label"]
        for proposal in draft.proposals
        if proposal.kind is Kind.stage
    }
    told = []
    for path in draft.unread:
        stage = ".".join(path.split(".")[:2])
        what = LOOKED_FOR.get(path) or OF_A_STAGE.get(path.rpartition(".")[2], path)
        told.append(f"{labels[stage]}: {what}" if stage in labels else what)
    return told


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _gathered(draft: Draft) -> dict[str, Any]:
    """Return the proposals at their places, each with its section and its passage."""
    plain: dict[str, Any] = {}
    for proposal in draft.proposals:
        value = proposal.value
        if isinstance(value, dict):
            value = value | {"source": proposal.source, "quote": proposal.quote}
        _put(plain, proposal.path.split("."), value)
        if proposal.path == "contact":
            plain["contact_source"] = proposal.source
    return plain


def _put(part: Any, steps: list[str], value: Any) -> None:
    """Put a value at its place; the entries of a list come in their order."""
    step, *rest = steps
    if not rest:
        if isinstance(part, list):
            part.append(value)
        else:
            part[step] = value
        return
    if isinstance(part, list):
        _put(part[int(step)], rest, value)
        return
    kind: Any = [] if rest[0].isdigit() else {}
    _put(part.setdefault(step, kind), rest, value)


def _with_gaps(plain: dict[str, Any], draft: Draft, name: str) -> dict[str, Any]:
    """Return a policy's values in the order of the template, with what was not read."""
    plain |= {"id": name, "status": "draft", "nation": Nation.england.value}
    for key, told in IN_PLACE.items():
        plain.setdefault(key, f"{NOT_READ}: {told}")
    document = plain.setdefault("document", {})
    document.setdefault("title", f"{NOT_READ}: the document's exact title")
    plain.setdefault("names", [plain["short_name"]])
    plain["places"] = []
    plain.setdefault("own_areas", [])
    plain.setdefault("stages", [_stage_to_begin_with()])
    gaps = [
        _gap(LOOKED_FOR[path], path)
        for path in draft.unread
        if path in LOOKED_FOR and path not in IN_PLACE
    ]
    plain["not_read"] = gaps
    for at, stage in enumerate(plain["stages"]):
        _fill_stage(stage, {path for path in draft.unread if path.startswith(f"stages.{at}.")})
    for form in [
        *plain.get("forms", []),
        *(f for s in plain["stages"] for f in s.get("forms", [])),
    ]:
        form.setdefault("send_to", f"{NOT_READ}: {OF_A_STAGE['send_to']}")
    for trigger in plain.get("triggers", []):
        trigger.setdefault("question", f"{NOT_READ}: {OF_A_STAGE['question']}")
    plain["stages"] = [_ordered(stage, STAGE_ORDER) for stage in plain["stages"]]
    return _ordered(plain, ORDER)


def _gap(told: str, path: str, source: str = WHOLE) -> dict[str, str]:
    silent = (
        "strike this entry"
        if path in FROM_NO_TEXT
        else "if the policy does not say, say so under `not_stated`"
    )
    where = f"Write it under `{path}`; {silent}"
    return {"what": f"{NOT_READ}: {told}. {where}", "source": source}


def _stage_to_begin_with() -> dict[str, Any]:
    return {
        "number": 1,
        "label": f"{NOT_READ}: the policy's own word for its first stage, such as Stage 1",
        "level": "practitioner",
        "source": f"{FILL_IN}: section",
    }


def _fill_stage(stage: dict[str, Any], unread: Iterable[str]) -> None:
    stage.setdefault("title", f"{NOT_READ}: {OF_A_STAGE['title']}")
    stage.setdefault("what", f"{NOT_READ}: {OF_A_STAGE['what']}")
    roles = stage.setdefault("roles", [])
    if not any(not role.get("agencies") and not role.get("applies") for role in roles):
        told = "the post at every other agency" if roles else OF_A_STAGE["roles"]
        roles.append({"role": f"{NOT_READ}: {told}", "source": f"{FILL_IN}: section"})
    if any(path.endswith(".to_answer") for path in unread):
        stage["not_read"] = [_gap(OF_A_STAGE["to_answer"], "to_answer", stage["source"])]


def _ordered(part: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: part[key] for key in keys if key in part}


class _Dumper(yaml.SafeDumper):
    """Writes each text out where it belongs, and long ones over several lines."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML fixes the signature
        return True

    def text(self, data: str) -> yaml.ScalarNode:
        """Return a text, folded where it is longer than a line."""
        style = ">" if len(data) > WIDTH - 20 else None
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=style)


_Dumper.add_representer(str, _Dumper.text)
_STYLE: dict[str, Any] = {"sort_keys": False, "allow_unicode": True, "width": WIDTH}
