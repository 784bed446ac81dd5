"""Drafts with named gaps: what to say and what to send at the present stage.

Nothing in a draft identifies a child. The facts fill the gaps they can; every other gap stays
visible in square brackets for the practitioner.
"""

from collections.abc import Iterator
from datetime import date

import msgspec

from bot.core.letters import recipients
from bot.core.letters.case import LetterCase, StagedCase, staged_case
from bot.core.letters.recipients import Recipient, Recipients
from bot.core.letters.request import (
    LONGER,
    DraftRequest,
    Kind,
    Purpose,
    asks_for_less_than_there_is,
    parse_request,
    request_in_words,
)
from bot.core.letters.text import Letters, Terms, Tone, render
from bot.core.letters.values import letter_values, limits_at
from bot.core.rules.deadlines import in_full
from bot.core.rules.facts import Facts
from bot.core.rules.narrowing import NarrowedPolicy
from bot.core.rules.results import Advice, FormRef
from bot.core.vocabulary import Action, Level, Route, Side

__all__ = [
    "Draft",
    "DraftRequest",
    "Kind",
    "LetterCase",
    "Letters",
    "Purpose",
    "Recipient",
    "Terms",
    "Tone",
    "asks_for_less_than_there_is",
    "fitting_draft",
    "parse_request",
    "request_in_words",
    "write_draft",
]


SIGNATURE = ("your_name", "your_role", "phone")
"""The gaps that stand for whoever sends a message."""


ANSWERS = {
    Purpose.counterpart: "answer",
    Purpose.acknowledge: "acknowledge",
    Purpose.agree: "answer_agree",
    Purpose.partly: "answer_partly",
    Purpose.hold: "answer_hold",
    Purpose.more: "answer_more",
    Purpose.meeting: "meeting",
    Purpose.manager: "own_brief",
}
"""The messages of somebody who owes an answer, with the names of their letter files."""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A draft: `subject` is None for a call; `gaps` are the labels of the open gaps.

    `name` is the letter file's, such as "email/chase". `tone` is None for a letter without tones.
    `sender` is the post whose message it is, if it is not the person's own. `enclosed` are the
    forms that go with it, and `notes` what to know and do beside it: no part of the message.
    `instead` names the reason if the draft is not the one requested. `others` are the other
    messages that fit. `longer` is None for a message of one length.
    """

    name: str
    subject: str | None
    body: str
    gaps: tuple[str, ...]
    kind: Kind
    purpose: Purpose
    tone: Tone | None = None
    to: tuple[Recipient, ...] = ()
    copy_to: tuple[Recipient, ...] = ()
    sender: str | None = None
    enclosed: tuple[FormRef, ...] = ()
    notes: tuple[str, ...] = ()
    instead: str | None = None
    others: tuple[Purpose, ...] = ()
    longer: bool | None = None

    @property
    def request(self) -> DraftRequest:
        """The request that makes this draft."""
        return DraftRequest(self.kind, self.purpose, self.tone, bool(self.longer))


def fitting_draft(
    kind: Kind,
    facts: Facts,
    policy: NarrowedPolicy | None,
    advice: Advice,
    letters: Letters,
    today: date,
) -> Draft:
    """Return the draft that fits the advice: next stage, chase, outcome or urgent message."""
    return write_draft(DraftRequest(kind), LetterCase(facts, policy, advice, today), letters)


def write_draft(request: DraftRequest, case: LetterCase, letters: Letters) -> Draft:
    """Return the requested draft, or the fitting one if the request does not fit."""
    ahead, owed = staged_case(case), staged_case(case, owed=True)
    fit = _fitting(case, ahead, owed, letters)
    if request.purpose is Purpose.answer and fit[Purpose.counterpart] == "answer":
        request = msgspec.structs.replace(request, purpose=Purpose.counterpart)
    if request.purpose is Purpose.counterpart and fit[Purpose.counterpart] == fit.get(
        Purpose.manager
    ):
        # Nobody outside is written to yet.
        request = msgspec.structs.replace(request, purpose=Purpose.manager)
    purpose = request.purpose if request.purpose in fit else Purpose.counterpart
    letter = fit[purpose]
    name = f"{request.kind}/{letter}"
    toned = letters.has_tones(name)
    tone = request.tone or Tone.collaborative
    here = owed if letter == "chase" else ahead
    spoken = request.kind is Kind.call
    goes = _recipients(letter, case, here, letters, spoken=spoken)
    sender = recipients.sender_at(here) if here and _is_to_others(letter) else None
    encloses = not spoken and "{{enclosed}}" in letters.texts[name]
    forms = enclosed_forms(here, goes) if here and encloses else ()
    may_be_longer = letters.has_lengths(name)
    longer = request.longer and may_be_longer
    values = letter_values(case, here, letters, longer=longer)
    own_copy = _own_copies(here, goes, forms) if here and not spoken else ()
    to_attach = letters.say("to_attach", what=own_copy[0].name) if own_copy else None
    values |= _of_message(goes, sender, forms, to_attach, letters)
    values |= _who_acts(letter, here, letters)
    values |= {"before": recipients.comes_first(here) or ""} if here else {}
    values |= {LONGER: LONGER} if longer else {}
    if goes.referred:
        values["referred"] = values["ended"]
    text, gaps = render(name, tone, values, letters, spoken=spoken)
    subject, _, body = ("", "", text) if spoken else text.partition("\n")
    return Draft(
        name=name,
        subject=subject.removeprefix("Subject:").strip() or None,
        body=body.strip(),
        gaps=gaps,
        kind=request.kind,
        purpose=purpose,
        tone=tone if toned else None,
        to=goes.to,
        copy_to=goes.copy_to,
        sender=sender,
        enclosed=forms,
        notes=(
            *_what_to_ask(case, gaps, letters),
            *(
                (
                    *_notes(here, goes, sender, forms, letters, spoken=spoken),
                    *_sources(here, goes, letters, text),
                )
                if here
                else _about(goes, letters)
            ),
        ),
        instead=_instead(request, purpose, case, toned=toned, lengths=may_be_longer),
        others=_others(fit, letter),
        longer=longer if may_be_longer else None,
    )


def _fitting(
    case: LetterCase, here: StagedCase | None, owed: StagedCase | None, letters: Letters
) -> dict[Purpose, str]:
    """Return the messages that fit now, with the names of their letter files.

    `owed` is the stage whose answer has not come. In danger only the urgent message fits.
    """
    advice = case.advice
    if advice.urgent or here is None:
        return {Purpose.counterpart: "emergency" if advice.route is Route.emergency else "urgent"}
    if case.facts.me.side is Side.receiver:
        return _of_the_receiver(advice)
    told = bool(recipients.partnership_if_notified(here, letters).to)
    fit: dict[Purpose, str]
    if advice.route is Route.resolved:
        fit = {Purpose.counterpart: "outcome", Purpose.outcome: "outcome"}
        return fit | ({Purpose.partnership: "settled"} if told else {})
    following = _next_letter(here, letters)
    fit = {Purpose.counterpart: following, Purpose.manager: _manager_letter(advice)}
    if following == Purpose.partnership:
        fit[Purpose.partnership] = following
        if recipients.comes_first(here):
            # What the policy wants done before is asked of one's own side, before it goes there.
            fit[Purpose.counterpart] = fit[Purpose.manager]
    elif told and not (following == "chase" and here.at.level is Level.partnership):
        # While the partnership owes the answer, it is chased, and told nothing beside.
        fit[Purpose.partnership] = "told"
    if owed:
        fit[Purpose.chase] = "chase"
    return fit


def _of_the_receiver(advice: Advice) -> dict[Purpose, str]:
    """Return the messages of the side that it was raised with: its answer, then its own brief."""
    if advice.next.action is Action.respond and advice.route is not Route.resolved:
        return ANSWERS
    after = "written_outcome" if advice.route is Route.resolved else "own_brief"
    purpose = Purpose.outcome if advice.route is Route.resolved else Purpose.manager
    return {Purpose.counterpart: after, purpose: after, Purpose.answer: "answer"}


def _others(fit: dict[Purpose, str], letter: str) -> tuple[Purpose, ...]:
    """Return the other messages, each once, under its most specific purpose."""
    names = {name: purpose for purpose, name in fit.items() if name != letter}
    return tuple(purpose for purpose in fit if purpose in names.values())


def _next_letter(here: StagedCase, letters: Letters) -> str:
    action = here.advice.next.action
    if action is Action.wait:
        return "chase"
    if recipients.asked_people(here, letters):
        return "referral"
    return "remaining" if action is Action.record else str(here.at.level)


def _manager_letter(advice: Advice) -> str:
    if advice.next.action is Action.record:
        return "own_manager_end"
    return "own_manager" if advice.next.action is Action.escalate else "own_manager_ready"


def _recipients(
    letter: str, case: LetterCase, here: StagedCase | None, letters: Letters, *, spoken: bool
) -> Recipients:
    if letter in {"urgent", "emergency"}:
        return recipients.urgent_recipients(case, spoken=spoken)
    if here is None or letter.startswith("own_"):
        return recipients.own_manager(letters)
    if letter in {"told", "settled"}:
        return recipients.partnership_if_notified(here, letters)
    if case.facts.me.side is Side.receiver:
        return recipients.who_raised_it(here, letters)
    return recipients.counterpart(here, letters, copies=letter != "chase" and not spoken)


def _is_to_others(letter: str) -> bool:
    """Say whether a letter goes to the other agency, or to whoever acts in its place."""
    return letter in {*map(str, Level), "referral", "chase", "outcome"}


def enclosed_forms(here: StagedCase, goes: Recipients) -> tuple[FormRef, ...]:
    """Return the forms that go with a message: those that the guide fills in for its recipients."""
    addresses = {recipient.address for recipient in (*goes.to, *goes.copy_to)}
    made = {form.id for stage in here.policy.stages for form in stage.forms if form.template}
    return tuple(
        form for form in here.advice.forms if form.id in made and form.address in addresses - {None}
    )


def _of_message(
    goes: Recipients,
    sender: str | None,
    forms: tuple[FormRef, ...],
    to_attach: str | None,
    letters: Letters,
) -> dict[str, str]:
    """Return the values that depend on who sends the message, to whom, and what goes with it."""
    found = {
        "asked_to": goes.asked_to,
        "enclosed": " and the ".join(form.name.partition(" (")[0] for form in forms),
        "to_attach": to_attach,
    }
    if sender:
        found |= {name: letters.words[f"signed_{name}"] for name in SIGNATURE}
    return {name: value for name, value in found.items() if value}


def _who_acts(letter: str, here: StagedCase | None, letters: Letters) -> dict[str, str]:
    """Return, for one's own manager, who acts at the stage in place of the other agency."""
    asked = recipients.asked_people(here, letters) if here and letter == "own_manager" else None
    if asked is None or asked.asked_to is None:
        return {}
    posts = " and ".join(f"the {recipient.role}" for recipient in asked.to)
    return {"acts": posts, "acts_to": asked.asked_to}


def _notes(
    here: StagedCase,
    goes: Recipients,
    sender: str | None,
    forms: tuple[FormRef, ...],
    letters: Letters,
    *,
    spoken: bool,
) -> Iterator[str]:
    """Yield what to know and do beside the message, so that it does not stand in the message."""
    if sender:
        yield letters.say("note_sender_call" if spoken else "note_sender", role=sender)
    if here.at.level is not Level.practitioner or here.advice.urgent:
        yield from _about(goes, letters)
    if here.at.level is Level.partnership and here.advice.next.action is Action.escalate:
        for condition in here.at.conditions:
            yield letters.say("note_before_call" if spoken else "note_before", what=condition.what)
    if not spoken:
        yield letters.words["note_secure"]
        yield from _form_notes(here, goes, forms, letters)
    if here.advice.route is Route.resolved:
        for record in here.advice.records:
            yield letters.say("note_own", what=record.what)


def _what_to_ask(case: LetterCase, gaps: tuple[str, ...], letters: Letters) -> Iterator[str]:
    """Yield what others ask for in such a disagreement, where the message leaves that open."""
    kind = case.facts.disagreement
    if kind and letters.gaps["ask"].label in gaps:
        yield letters.say("note_ask", ask=letters.terms[kind].ask)


def _about(goes: Recipients, letters: Letters) -> Iterator[str]:
    """Yield what the policy says of those whose post alone is in the message."""
    for recipient in (*goes.to, *goes.copy_to):
        if recipient.about:
            yield letters.say("note_about", role=recipient.role, what=recipient.about)


def _own_copies(
    here: StagedCase, goes: Recipients, forms: tuple[FormRef, ...]
) -> tuple[FormRef, ...]:
    """Return the forms for the message's recipients that the guide has no copy of."""
    written_to = {recipient.role for recipient in goes.to}
    return tuple(
        form for form in here.advice.forms if form not in forms and form.send_to in written_to
    )


def _form_notes(
    here: StagedCase, goes: Recipients, forms: tuple[FormRef, ...], letters: Letters
) -> Iterator[str]:
    if here.advice.next.action is Action.wait:
        # They have gone out already.
        return
    messages = {form.id for stage in here.policy.stages for form in stage.forms if form.message}
    own_copies = _own_copies(here, goes, forms)
    for form in here.advice.forms:
        if form in forms:
            yield letters.say("note_enclosed", what=form.name)
        elif form in own_copies:
            yield letters.say("note_enclose", what=form.name)
        elif form.id not in messages:
            yield letters.say("note_form", what=form.name, role=_inside(form.send_to))


def _sources(here: StagedCase, goes: Recipients, letters: Letters, text: str) -> Iterator[str]:
    """Yield where the stage stands, and each date that the message holds."""
    if here.advice.urgent:
        return
    source = here.policy.cite(goes.section or here.at.source)
    section = f"{source.document}, {source.section}"
    yield letters.say("note_stage", stage=here.at.label, section=section)
    # Both sides may owe the same by the same day.
    for due, cited in dict.fromkeys((limit.due, limit.source) for limit in limits_at(here)):
        if cited != source and in_full(due) in text:
            section = f"{cited.document}, {cited.section}"
            yield letters.say("note_date", day=in_full(due), section=section)


def _inside(text: str) -> str:
    """Return words for use inside a sentence. A name such as KSCMP keeps its capital."""
    return f"{text[0].lower()}{text[1:]}" if text.startswith(("The ", "A ")) else text


def _instead(
    request: DraftRequest, purpose: Purpose, case: LetterCase, *, toned: bool, lengths: bool
) -> str | None:
    if purpose is not request.purpose:
        return "urgent" if case.advice.urgent else str(request.purpose)
    if request.longer and not lengths:
        return "length"
    return "tone" if request.tone and not toned else None
