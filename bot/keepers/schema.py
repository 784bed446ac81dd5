"""`python -m bot policies schema`: the JSON Schema by which editors explain the keys."""

import json
from copy import deepcopy
from typing import Any

from bot.core.policy.loader import policy_schema
from bot.paths import POLICIES

FILE = POLICIES / "schema.json"
KEYS = {
    "what": "The statement, in our own words, as practitioners read it.",
    "quote": "The passage it comes from, word for word. Only keepers see it.",
    "source": "The section or paragraph of the document that says so. Never left out.",
    "when": "The moment it falls due: raised (also while waiting), unresolved or resolved. "
    "Left out: raised.",
    "applies": "Narrows the entry. Everything filled in must hold. Left out: always.",
    "address": "An e-mail address, page or telephone number that the document gives, else null.",
    "name": "What it is called.",
    "id": "A short word for it, in lower case, with _ for blanks.",
    "party": "Whose: raiser (yours), receiver (theirs), partnership.",
    "role": "A post or body, never a person's name.",
    "kinds": "The guide's own words for kinds of disagreement.",
    "places": "Towns, boroughs and councils that name it.",
    "stages": "Numbers of stages of this policy.",
    "notify": "Whom to tell.",
    "instead": "With extends: names of lists that stand in place of those of that policy.",
    "forms": "Forms and set e-mails that the policy asks for.",
    "not_stated": "What was looked for in the document and not found. The guide says it aloud.",
    "day": "A day, as YYYY-MM-DD.",
    "digest": "What the approval covers, worked out by `policies approve`. Never written by hand.",
    "covered": "true when the policy's own stages take it after all.",
    "exit": "The procedure that fits better.",
    "title": "The exact title.",
}
"""The meaning of keys that mean the same everywhere."""
PARTS = {
    "Stage.ends": "true where the policy ends with a record here and nobody owes an answer.",
    "Role.when": "Only for whoever is addressed once the stage has ended: unresolved.",
    "Notification.until_done": "true names it at the later stages too, as very likely done.",
    "Role.asked_to": "What the message asks of whoever acts here, in words after 'Could you'.",
    "Notification.copied": "true for a copy of the message to the other agency.",
    "Limit.shared": "true for a time for both sides together; it obliges neither to answer.",
    "Limit.owed": "What is to have come by then, as advice and letters name it.",
    "Principle.duty": "true for one that belongs into all advice by stages.",
    "OwnArea.kinds": "The kinds that the policy's own words name, in the guide's words.",
    "OwnArea.read_as": "Kinds that only the guide counts under it. Shown as the guide's reading.",
    "Document.address": "The web page that it was taken from; null when not known.",
    "Document.looked_at": "The day on which somebody last looked at that page.",
    "Policy.id": "The file's own name: kent for kent.yml and for kent.2027.yml.",
    "Policy.name": "The policy's name, as practitioners would say it.",
    "Policy.short_name": "The name in one or two words.",
    "Policy.nation": "Whose bank holidays count.",
    "Policy.document": "The published text that the file is written from.",
    "Policy.partnership": "The safeguarding partnership's full name.",
    "Policy.names": "What people call the policy, in any spelling they use.",
    "Policy.stages": "The stages, lowest first.",
    "Policy.own_areas": "The kinds of disagreement that the policy itself lists; [] for none.",
    "Policy.status": "How far the file has come. Practitioners are offered signed ones.",
    "Policy.fact_checked": "Who compared the file with the document, and when.",
    "Policy.signed": "Who signed it for the partnership, and when.",
    "Policy.extends": "The file of a region's policy that this one adds to, without .yml.",
    "Policy.documents": "Other documents that a source may name by its first word.",
    "Policy.replaces": "What changes for practitioners against the version before.",
    "Policy.contact": "The partnership's address, as the document gives it.",
    "Policy.contact_source": "The section that gives the address.",
    "Policy.fallback": "Only for guidance that gives way to the local partnership's policy.",
    "Policy.areas": "The member partnerships of a shared policy.",
    "Policy.priorities": "Priorities or tracks that limits depend on.",
    "Policy.caps": "Limits over several stages together.",
    "Policy.forms": "Forms for every use, or from a stage on.",
    "Policy.urgent": "The policy's own rule for a child at immediate risk. Always due today.",
    "Policy.triggers": "Facts the policy treats as urgent although the risk may not sound so.",
    "Policy.other_procedures": "What the policy sends elsewhere.",
    "Policy.principles": "What the policy asks of everybody.",
    "Policy.support": "What it says to give junior staff confidence.",
    "Policy.own_manager": "What it says for when one's own manager will not take it up.",
    "Policy.more_help": "Where it points to for more guidance.",
    "Policy.every_stage": "Duties at every stage, such as records.",
    "Policy.when_resolved": "Further duties once it is settled.",
    "Policy.remaining": "What it says when it is unsettled after the last stage.",
    "Policy.learning": "What becomes of the lessons.",
    "Stage.number": "Its place. 0 for a talk that the policy puts before its Stage 1.",
    "Stage.label": "The policy's own word for it: Stage 1, Step One, Level 2.",
    "Stage.title": "What it is, in a few words.",
    "Stage.level": "The stage's place in any organisation. Several may share one; none goes down.",
    "Stage.what": "Who does what at this stage.",
    "Stage.roles": "Who acts here. Without `agencies` it is the post at all others.",
    "Stage.decides": "Who settles it at this stage, or whether anybody does.",
    "Stage.to_begin": "Limits for starting this stage.",
    "Stage.to_answer": "Limits that run while this stage waits.",
    "Stage.to_close": "Limits that start when this stage settles it.",
    "Stage.must_follow": "Stages without which the policy does not allow this one.",
    "Stage.may_skip": "That the policy lets people leave this stage out, and when.",
    "Stage.not_read": "Passages about this stage that nobody has read yet.",
    "Policy.not_read": "Passages that nobody has read yet. Not the same as not stated.",
    "Stage.conditions": "What must be done first and cannot be told from the stages.",
    "Condition.only_if": "Words that end the sentence on going on to the stage: if they agree.",
    "Condition.first": "What has to be done before the stage, in words after 'to'.",
    "Stage.guidance": "How to go about it.",
    "Stage.records": "What to record.",
    "Role.post": "The post alone, in words that fit whoever reads.",
    "Role.agencies": "The agencies where this is the post. Left out: all others.",
    "Limit.who": "Whom it binds: raiser, receiver, both of them, or partnership.",
    "Limit.written": "true where the answer has to be in writing.",
    "Limit.amount": "How many. Left out for same_working_day, without_delay and unspecified.",
    "Limit.unit": "What it is counted in. Days without 'working' are calendar days.",
    "Limit.strength": "must, or guide where the policy only guides.",
    "Limit.or_sooner": "When the policy wants it sooner, in our words.",
    "Limit.readings": "What it is counted from. With several, the earliest date is used.",
    "Cap.stages": "The stages that the limit runs over.",
    "LimitReading.counted_from": "The event that is day 0.",
    "LimitReading.stage": "The earlier stage, or the lowest whose steps count as the start.",
    "LimitReading.limit": "For other_limit: the `what` of the limit whose last day is day 0.",
    "LimitReading.because": "Why it is read so, where the policy does not say.",
    "Applies.my_agency": "Holds where the practitioner's agency is one of these.",
    "Applies.their_agency": "Holds where the other agency is one of these.",
    "Applies.not_my_agency": "Holds unless the practitioner's agency is one of these.",
    "Applies.not_their_agency": "Holds unless the other agency is one of these.",
    "Applies.child_status": "Holds where the child has one of these.",
    "Applies.disagreement": "Holds for these kinds of disagreement.",
    "Applies.area": "Holds in these member areas.",
    "Applies.priority": "Holds where one of these priorities was agreed.",
    "Duty.party": "Which sides do it.",
    "Notification.level": "A colleague's rung: whoever stands there need not tell themselves.",
    "Notification.who": "Who must be told.",
    "Notification.what": "Of what.",
    "Form.send_to": "Whom it goes to.",
    "Form.message": "true for a set e-mail, which the guide drafts itself.",
    "Form.template": "The file in bot/documents/forms that lays it out; null for none.",
    "FormAnywhere.from_stage": "The first stage it is for. Left out: every stage.",
    "Urgent.rule": "The time in the policy's words, such as same working day.",
    "Urgent.routes": "emergency, same_day or both.",
    "Trigger.question": "The question that finds it out.",
    "Principle.challenge": "true for one that helps somebody who hesitates to challenge.",
    "Principle.covers": "true for one that says which disagreements the policy is for.",
    "Area.excluded": "Only for an area the policy is not for: where its people go.",
    "Excluded.policy": "The id of the policy for that area, where the guide has it.",
    "Replaces.open_cases": "old or new: the version that open cases go by; null when not said.",
    "Document.effective_from": "The day it takes effect; null when the text gives none.",
    "Document.reviewed": "The day it was last reviewed; null when the text gives none.",
    "Document.retired": "The day from which it no longer holds; null while it does.",
    "Document.next_review": "The day of its next review; null when the text gives none.",
    "Document.dated": "A date that is not a day, such as December 2021.",
}
"""The meaning of keys in one part of a policy, as `Part.key`."""
INHERITED = {
    "Cap": "Limit", "FormAnywhere": "Form", "Form": "Notification", "Notification": "Duty",
}  # fmt: skip
ALWAYS_OWN = ["id", "name", "short_name", "partnership", "document", "names", "places"]
"""The keys a file needs even where it extends another."""


def editors_schema() -> dict[str, Any]:
    """Return the schema of a policy file with a sentence for every key."""
    schema = deepcopy(policy_schema())
    for part, shape in schema["$defs"].items():
        for key, value in shape.get("properties", {}).items():
            value["description"] = described(part, key)
            if "$ref" in value:  # Draft 7 ignores everything beside a reference.
                shape["properties"][key] = {
                    "allOf": [{"$ref": value.pop("$ref")}],
                    **value,
                }
    whole = schema["$defs"]["Policy"]
    extends = {"required": ["extends"], "properties": {"extends": {"type": "string"}}}
    whole["if"] = extends
    whole["then"] = {"required": ALWAYS_OWN}
    # An area that only adds to a stage gives just its number.
    stage = schema["$defs"]["Stage"]
    whole["else"] = {
        "required": whole.pop("required"),
        "properties": {"stages": {"items": {"required": stage["required"]}}},
    }
    stage["required"] = ["number"]
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A partnership's escalation policy",
        **schema,
    }


def described(part: str, key: str) -> str:
    """Return the meaning of a part's key. Raises KeyError where none is written down."""
    place: str | None = part
    while place:
        if f"{place}.{key}" in PARTS:
            return PARTS[f"{place}.{key}"]
        place = INHERITED.get(place)
    return KEYS[key]


def schema_text() -> str:
    """Return the text of the schema file."""
    return json.dumps(editors_schema(), indent=1, ensure_ascii=False) + "\n"
