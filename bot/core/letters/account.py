"""The case in words: the facts, the steps so far, and the values for a form's gaps."""

from collections.abc import Collection
from datetime import date

import msgspec

from bot.core.handbook.wording import Phrases
from bot.core.letters.text import Letters, Terms
from bot.core.letters.values import UNKNOWN, agency_name
from bot.core.policy.model import Party, Stage
from bot.core.rules.deadlines import show_day
from bot.core.rules.duties import contacts_at
from bot.core.rules.facts import Facts, Step
from bot.core.rules.narrowing import NarrowedPolicy
from bot.core.rules.own_side import own_side_words
from bot.core.rules.results import Advice
from bot.core.rules.summary import stage_name
from bot.core.rules.triage import is_told, steps_by_date
from bot.core.vocabulary import Action, Agency, Outcome, Route

NO_ANSWER = {Outcome.awaiting, Outcome.no_response}


class AccountLine(msgspec.Struct, frozen=True):
    """A fact in words: its label and the answer."""

    label: str
    text: str


def fact_items(
    facts: Facts, policy: NarrowedPolicy | None, phrases: Phrases, not_known: Collection[str] = ()
) -> tuple[AccountLine, ...]:
    """Return the facts in words, in the order of the questions.

    `not_known` names the facts answered with "I don't know": advice may assume that they hold, but
    a record says that they are not known.
    """
    answers = {
        "risk": facts.risk and phrases.say(f"told_risk_{facts.risk}"),
        "partnership": policy and policy.name,
        "area": next((area.name for area in policy.areas if area.id == facts.area), None)
        if policy
        else None,
        "disagreement": facts.disagreement
        and phrases.say(f"option_disagreement_{facts.disagreement}"),
        "my_agency": _agency(facts.my_agency, phrases),
        "their_agency": _agency(facts.their_agency, phrases),
        "child_status": ", ".join(
            phrases.say(f"option_child_status_{status}") for status in facts.child_status
        ),
        "exit": facts.exit and phrases.say(f"told_exit_{facts.exit}"),
        "own_side": facts.own_side and own_side_words(facts.own_side, phrases),
        "concern_on": facts.concern_on and show_day(facts.concern_on),
    }
    answers |= dict.fromkeys(set(answers) & set(not_known), phrases.say("told_not_known"))
    return tuple(
        AccountLine(phrases.say(f"told_label_{name}"), answer)
        for name, answer in answers.items()
        if answer
    )


def step_items(facts: Facts, policy: NarrowedPolicy | None, phrases: Phrases) -> tuple[str, ...]:
    """Return the steps, oldest first: "Stage 1 (team manager), Mon 16 Nov 2026: not settled"."""
    if policy is None:
        return ()
    return tuple(
        phrases.say(
            _how_told(step, facts.steps),
            stage=stage_name(policy.stage_for(step.level, step.stage)),
            day=show_day(step.on) if step.on else "",
            outcome=phrases.say(f"told_outcome_{step.outcome}"),
        )
        for step in steps_by_date(facts.steps)
    )


def _how_told(step: Step, steps: tuple[Step, ...]) -> str:
    if not is_told(step, steps):
        return "told_step_untold"
    return "told_step" if step.on else "told_step_undated"


def stages_used(facts: Facts, policy: NarrowedPolicy, advice: Advice) -> frozenset[int]:
    """Return the numbers of the stages used so far and of the stage to go to now."""
    numbers = {policy.stage_for(step.level, step.stage).number for step in facts.steps}
    if advice.next.to_stage is not None:
        numbers.add(advice.next.to_stage)
    if advice.next.action is Action.discuss and advice.stage:
        numbers.add(advice.stage.number)
    return frozenset(numbers)


def has_ended(advice: Advice) -> bool:
    """Say whether the escalation has ended, settled or not."""
    return advice.route is Route.resolved or advice.next.action is Action.record


def form_values(
    facts: Facts,
    policy: NarrowedPolicy | None,
    advice: Advice,
    letters: Letters,
    day: date,
    phrases: Phrases,
) -> dict[str, str]:
    """Return the values that the facts give a form, by gap.

    A gap such as `stage_2_raised` is about that stage of the policy. No form has the risk: nobody
    is told in the raiser's name that it is not urgent.
    """
    terms = letters.terms[str(facts.disagreement or UNKNOWN)]
    about = _disagreement(facts, terms, letters, phrases)
    found = {
        "today": show_day(day),
        "my_agency": _agency(facts.my_agency, phrases) or "",
        "their_agency": _agency(facts.their_agency, phrases) or "",
        "steps": _told(facts.steps, facts, policy, letters, phrases) if policy else "",
        "summary": f"{about} {_told(facts.steps, facts, policy, letters, phrases)}"
        if policy
        else about,
    }
    if policy:
        found["policy"] = policy.name
        found |= _at_the_end(facts, policy, advice)
        for stage in policy.stages:
            found |= _at_stage(stage, facts, policy, advice, day, phrases)
            if f"stage_{stage.number}_raised" in found:
                found |= _so_far(stage, about, facts, policy, letters, phrases)
    return {name: text.strip() for name, text in found.items() if text}


def _at_the_end(facts: Facts, policy: NarrowedPolicy, advice: Advice) -> dict[str, str]:
    days = [step.on for step in facts.steps if step.on]
    found = {"started_on": show_day(min(days)) if days else ""}
    if not has_ended(advice):
        return found
    last = max(
        facts.steps, key=lambda step: policy.stage_for(step.level, step.stage).number, default=None
    )
    if advice.route is Route.resolved:
        last = steps_by_date(facts.steps)[-1]
    found["ended_at"] = stage_name(policy.stage_for(last.level, last.stage)) if last else ""
    return found


def _at_stage(
    stage: Stage, facts: Facts, policy: NarrowedPolicy, advice: Advice, day: date, phrases: Phrases
) -> dict[str, str]:
    if stage.number not in stages_used(facts, policy, advice):
        return {}
    steps = [step for step in facts.steps if policy.stage_for(step.level, step.stage) is stage]
    contacts = contacts_at(stage, facts, policy)
    ours = [contact.role for contact in contacts if contact.party is Party.raiser]
    theirs = [contact.role for contact in contacts if contact.party is not Party.raiser]
    found = {
        "raised": _raised(steps, day),
        "our_role": " / ".join(ours),
        "their_role": " / ".join(theirs),
        "answered": _answered(steps, day, phrases),
    }
    return {f"stage_{stage.number}_{name}": text for name, text in found.items()}


def _raised(steps: list[Step], day: date) -> str:
    """Return the first known day of a stage, or today for a stage that is raised now."""
    if not steps:
        return show_day(day)
    known = [step.on for step in steps if step.on]
    return show_day(min(known)) if known else ""


def _answered(steps: list[Step], day: date, phrases: Phrases) -> str:
    if steps and steps_by_date(tuple(steps))[-1].outcome in NO_ANSWER:
        return phrases.say("told_no_answer", day=show_day(day))
    return ""


def _so_far(
    stage: Stage,
    about: str,
    facts: Facts,
    policy: NarrowedPolicy,
    letters: Letters,
    phrases: Phrases,
) -> dict[str, str]:
    """Return what came before a stage, and what came of it: a form goes on from stage to stage."""
    numbered = [(policy.stage_for(step.level, step.stage).number, step) for step in facts.steps]
    before = tuple(step for number, step in numbered if number < stage.number)
    here = tuple(step for number, step in numbered if number == stage.number)
    so_far = _told(before, facts, policy, letters, phrases)
    return {
        f"stage_{stage.number}_summary": f"{about} {so_far}",
        f"stage_{stage.number}_told": _told(here, facts, policy, letters, phrases),
    }


def _disagreement(facts: Facts, terms: Terms, letters: Letters, phrases: Phrases) -> str:
    """Return a sentence that says who disagrees, and about what."""
    ours = phrases.say("told_our_agency")
    if facts.my_agency:
        ours = agency_name(facts.my_agency, letters)
    theirs = agency_name(facts.their_agency, letters)
    return phrases.say("told_summary", ours=_sentence(ours), theirs=theirs, concern=terms.concern)


def _told(
    steps: tuple[Step, ...],
    facts: Facts,
    policy: NarrowedPolicy,
    letters: Letters,
    phrases: Phrases,
) -> str:
    """Return a sentence for each step, oldest first."""
    sentences = []
    for step in steps_by_date(steps):
        at = policy.stage_for(step.level, step.stage)
        stage = letters.words["talk"] if at.number == 0 else stage_name(at)
        when = phrases.say("told_when", day=show_day(step.on)) if step.on else ""
        came = f"told_came_{step.outcome}" if is_told(step, facts.steps) else "told_came_untold"
        sentences.append(phrases.say(came, stage=_sentence(stage), when=when))
    return " ".join(sentences)


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"


def _agency(agency: Agency | None, phrases: Phrases) -> str | None:
    return phrases.say(f"option_agency_{agency}") if agency else None
