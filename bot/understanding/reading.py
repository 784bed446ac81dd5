"""Read a message: combine the rules with the trained rankings."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from bot.core.handbook.topics import ABOUT_THE_GUIDE, Enquiry, Topic
from bot.core.vocabulary import Risk, Worry
from bot.understanding.account.agencies import Agencies, find_agencies, says_only_who
from bot.understanding.account.cases import (
    child_alone,
    children_told,
    find_case_talk,
    find_deletion,
    tells_of_each,
    without_case_talk,
)
from bot.understanding.account.confidence import find_pushback, find_worry
from bot.understanding.account.corrections import (
    Correction,
    corrected_rung,
    find_correction,
    find_objection,
    find_reversal,
    says_in_writing,
    says_nobody_spoke,
    without_council,
)
from bot.understanding.account.dates import find_dates
from bot.understanding.account.gazetteer import Gazetteer
from bot.understanding.account.history import ReadStep, child_statuses, find_history
from bot.understanding.account.outcomes import is_bare_reply, is_own_act, says_only_what_about
from bot.understanding.account.own_side import NOTHING, OwnSide, find_own_side
from bot.understanding.account.places import FoundPlace, find_place, says_only_where
from bot.understanding.account.position import (
    Wish,
    find_wish,
    passed_over,
    said_level,
    said_side,
    says_not_the_lead,
    says_who_is_away,
    takes_over,
    title_said,
    written_to_me,
)
from bot.understanding.account.stages import RaisedStage, find_answer_day, find_raised_stages
from bot.understanding.account.wanted import find_draft_request
from bot.understanding.account.whole import Whole, read_whole, without_steps
from bot.understanding.alarm import (
    Danger,
    decide,
    flags_of,
    is_agency_alone,
    risk_told,
    says_enough,
)
from bot.understanding.asked import asked_of_guide, asks_about_harm_now, way_told, whom_to_tell
from bot.understanding.danger.call_outcomes import is_elsewhere, tells_only_of_help
from bot.understanding.danger.calls import (
    NOT_HEARD,
    find_calls,
    promises,
    says_whom_police_hold,
    what_is_asked,
)
from bot.understanding.danger.harms import find_harms
from bot.understanding.danger.people import whom_asked_about, whom_it_was
from bot.understanding.danger.red_flags import Flag
from bot.understanding.danger.risk import stated_risk
from bot.understanding.danger.signs import Signs, find_signs
from bot.understanding.enquiry.colleagues import (
    asks_only_of_fgm,
    find_accused,
    tells_who_harms,
    whom_it_is_about,
)
from bot.understanding.enquiry.details import TermLexicon
from bot.understanding.enquiry.requests import find_request
from bot.understanding.exits import OWN_AGENCY, find_exit, is_inside_one_agency
from bot.understanding.how_risky import without_unsaid_calm
from bot.understanding.kept_out import find_kept_out
from bot.understanding.kinds_told import kinds_told
from bot.understanding.model.decision import Heard
from bot.understanding.model.ranker import CAME_OF_CALL
from bot.understanding.record import Bad, Range, Reading
from bot.understanding.trained import Trained
from bot.understanding.words.patterns import pattern
from bot.understanding.words.text import normal


def read_message(
    text: str,
    today: date,
    places: Gazetteer,
    trained: Trained,
    lexicon: TermLexicon | None = None,
) -> Reading:
    """Return the reading of a masked text. Enquiries are found only with a lexicon."""
    shares = dict(trained.intents)
    signs = find_signs(text, today, places)
    only_where = says_only_where(text, places)
    which_child = child_alone(text)
    enough = says_enough(without_case_talk(text)) and not (only_where or which_child)
    danger = _danger(text, signs, trained.heard if enough else None)
    because = danger.because if danger else None
    request = find_request(text)
    # "A message to my own manager" asks for one, and tells nothing of them.
    own_side = None if request == "draft" else _own_side(text, trained.own_side, today)
    worry = own_side.worry if own_side and own_side.is_told else find_worry(text)
    pushback = find_pushback(text)
    cases = find_case_talk(text)
    each_child = tells_of_each(text)
    asks = lexicon if because is None and not only_where else None
    way = partial(way_told, text, today, trained, signs, own_side)
    enquiry, exit_asked = None, None
    if asks:
        enquiry = asked_of_guide(text, trained, asks, (worry, pushback), own_side, way)
        enquiry = None if cases else enquiry
        enquiry, exit_asked = whom_to_tell(text, shares, way, enquiry)
        if asks_about_harm_now(signs):
            enquiry = Enquiry(topic=Topic.urgent)
    told = text if enquiry is None else enquiry.rest
    correction = _correction(text, told, today, places)
    told = correction.kept if correction else told
    whole = read_whole(told, today, trained.answers)
    whole = without_steps(whole) if each_child else whole
    dates, agencies, history = whole.dates, whole.agencies, whole.history
    # How it reached them is no account, but where they are is told.
    of_told = enquiry is not None and enquiry.topic is Topic.told
    where = find_place(text if of_told else told, places)
    taken_back = _taken_back(correction, places) if correction and correction.taken_back else {}
    council = without_council(whole.theirs, agencies, taken_back.get("agencies", ()))
    accused = find_accused(told)
    # Whoever is said to harm a child is no agency that somebody disagrees with.
    whole = replace(whole, theirs=None if council in accused else council)
    stated = stated_risk(told)
    level = whole.level
    if own_side:
        away = own_side.worry is Worry.nobody_there and agencies.is_lead
        level = None if away or _is_of(own_side, agencies) else level
        whole = _without_title(whole, own_side)
    # Who puts a question may say beside it on which side they are; not who asks of the guide's own.
    beside = enquiry is not None and enquiry.topic not in {*ABOUT_THE_GUIDE, Topic.told}
    side = whole.side or (said_side(text, find_agencies(text)) if beside else None)
    objects = find_objection(text)
    rung = corrected_rung(told, agencies) if correction or objects else None
    bare = is_bare_reply(normal(text))
    asked_wish = find_wish(text, find_agencies(text)) if enquiry else None
    # Whom to tell about somebody is no wish for a rung.
    of_colleague = enquiry is not None and enquiry.topic is Topic.allegation
    exit_ = exit_asked if enquiry else find_exit(text, shares, whole, signs, own_side)
    exit_, whole = (None, whole) if request == "draft" else _inside_one_agency(exit_, whole, told)
    return Reading(
        urgent=because is not None,
        urgent_because=because,
        flags=flags_of(signs, danger),
        disagreement=kinds_told(text, told, shares, enquiry),
        exit=exit_,
        partnership=where.partnership,
        area=where.area,
        outside_place=where.outside_place,
        outside_authority=where.authority,
        outside_partnership=where.safeguarding,
        outside_nation=where.nation,
        unclear_place=where.unclear,
        place_among=where.among,
        says_only_where=only_where,
        dates=tuple(day.isoformat() for day in dates.dates),
        date_ranges=tuple(
            Range(item.heard, item.earliest.isoformat(), item.latest.isoformat())
            for item in dates.ranges
        ),
        bad_dates=tuple(Bad(item.heard, item.why) for item in dates.bad),
        agencies=tuple(agency.value for agency in agencies.mentioned),
        introduces=agencies.is_introduction,
        is_name_alone=agencies.is_name_alone,
        levels=tuple(level.value for level in history.levels),
        own_talks=tuple(step.level.value for step in history.steps if step.by_writer),
        outcomes=tuple(outcome.value for outcome in history.outcomes),
        child_status=tuple(status.value for status in history.child_status),
        not_done=history.not_done,
        nothing_new=bool(pattern("history", "nothing_new").match(normal(text))),
        nobody_asked=history.contacts.nobody_asked,
        side=side.value if side else None,
        infers_side=side is not None and said_side(text, find_agencies(text)) is None,
        level=level.value if level else None,
        states_level=said_level(told) is not None,
        takes_over=takes_over(told),
        title=title_said(agencies),
        written_to_me=written_to_me(told),
        passed_over=passed_over(told),
        wish=None if accused or of_colleague else _wish(whole.wish, asked_wish, own_side),
        raised=tuple(map(_stage, find_raised_stages(told, whole, today))),
        objects=objects,
        reverses=find_reversal(text),
        deletes=find_deletion(text),
        own_side=own_side if exit_ is None else None,
        corrects=correction is not None or objects,
        corrected=correction.named if correction else (),
        taken_back=taken_back,
        rung_was=rung.value if rung else None,
        answered_on=_iso(find_answer_day(told, whole, today)),
        in_writing=says_in_writing(told),
        nobody_spoke=says_nobody_spoke(told),
        draft=find_draft_request(text),
        facts=_facts(risk_told(stated, danger), whole, where),
        enquiry=enquiry,
        about_whom=whom_it_is_about(text),
        accuses=bool(accused),
        kept_out=find_kept_out(text),
        not_lead=says_not_the_lead(text),
        worry=worry,
        pushback=pushback,
        harms=find_harms(text, signs.flags),
        calls=()
        if only_where or says_only_who(text, agencies)
        else find_calls(text, trained.called, today, trained.replies.get(CAME_OF_CALL, NOT_HEARD)),
        only_help=tells_only_of_help(promises(text)),
        elsewhere=is_elsewhere(normal(text)),
        they_hold=says_whom_police_hold(text),
        call_was=whom_it_was(text),
        asks=what_is_asked(text),
        asks_about=whom_asked_about(text),
        request=request if because is None else None,
        cases="each" if each_child else cases,
        children=children_told(told),
        child_in_danger=_child_of(signs.flags.urgent, danger),
        which_child=which_child,
        # What it is about answers neither how far it got nor what came of it.
        replies={}
        if bare or says_only_what_about(normal(text))
        else without_unsaid_calm(trained.replies, text),
        is_bare_reply=bare or is_own_act(normal(text)),
    )


def _inside_one_agency(exit_: str | None, whole: Whole, told: str) -> tuple[str | None, Whole]:
    """Return the other procedure and the account, where words say that both sides are of one body.

    Whoever says that they are both of one council has not named another agency.
    """
    if not is_inside_one_agency(told, whole):
        return exit_, whole
    return exit_ or OWN_AGENCY, whole if whole.agencies.mine else replace(whole, theirs=None)


def _danger(text: str, signs: Signs, heard: Heard | None) -> Danger | None:
    """Return the danger that a message tells of."""
    # Neither an agency's name nor that of FGM alone tells of a child. What was told before stands.
    alone = is_agency_alone(text, signs) or (asks_only_of_fgm(text) and not signs.said_plainly)
    return None if alone else decide(signs, heard, accuses=tells_who_harms(text))


def _own_side(text: str, said: Mapping[str, tuple[str, float]], today: date) -> OwnSide | None:
    """Return what is told of one's own side. Roles are read only if anything is said of one."""
    # "My head has done that" is no refusal, however it is ranked.
    said = {clause: ranked for clause, ranked in said.items() if not is_own_act(clause)}
    told = any(label != NOTHING for label, _ in said.values())
    if not told or (says_not_the_lead(text) and not says_who_is_away(text)):
        return None
    return find_own_side(text, find_agencies(text), find_dates(text, today), said)


def _correction(text: str, told: str, today: date, places: Gazetteer) -> Correction | None:
    """Return what is put right. "I'm the head, not the DSL" takes nothing back."""
    named = partial(_names_an_answer, today=today, places=places)
    return None if says_not_the_lead(text) else find_correction(told, named)


def _child_of(urgent: Sequence[Flag], danger: Danger | None) -> str | None:
    """Return the child of several of whom danger is told, or None where its words name no one."""
    heard = [flag.heard for flag in urgent] or ([danger.words] if danger else [])
    named = {child for words in heard for child in children_told(words)}
    return named.pop() if len(named) == 1 else None


def _is_of(own_side: OwnSide, agencies: Agencies) -> bool:
    """Say whether the rung that was read is that of whoever will not take it up."""
    return any(
        one.word == own_side.who and one.level is agencies.level for one in agencies.mentions
    )


def _without_title(whole: Whole, own_side: OwnSide) -> Whole:
    """Return what is told without an agency that only the title of whoever says no stands for.

    They are not the other side, and a title that many agencies use says nothing of one's own.
    """
    agencies = whole.agencies
    named = {
        one.agency for one in agencies.mentions if not one.word.startswith(own_side.who or " ")
    }
    theirs = whole.theirs if whole.theirs in named else None
    mine = agencies.mine if agencies.mine in {*named, own_side.agency} else None
    return replace(whole, theirs=theirs, agencies=replace(agencies, mine=mine))


def _wish(told: Wish | None, asked: Wish | None, own_side: OwnSide | None) -> dict[str, Any] | None:
    """Return the rung that is wished for. `asked`: only a question names it, which is answered.

    Somebody of one's own side who says no is no rung to go to.
    """
    wish = told or asked
    if wish is None or (own_side and own_side.worry is Worry.own_manager):
        return None
    level = wish.level.value if wish.level else None
    return {"stage": wish.stage, "level": level, "up": wish.up, "asked": told is None}


def _names_an_answer(words: str, today: date, places: Gazetteer) -> bool:
    """Say whether a few words name a place, an agency, a person's level, a plan or a day."""
    days = find_dates(words, today)
    agencies = find_agencies(words)
    history = find_history(words, days, agencies, today, {})
    return bool(
        find_place(words, places).partnership
        or agencies.mentioned
        or days.dates
        or history.levels
        or history.child_status
    )


def _taken_back(correction: Correction, places: Gazetteer) -> dict[str, tuple[str, ...]]:
    words = ", ".join(correction.taken_back)
    place = find_place(words, places).partnership
    return {
        "partnership": (place,) if place else (),
        "agencies": tuple(agency.value for agency in find_agencies(words).mentioned),
        "child_status": tuple(status.value for status in child_statuses(words)),
    }


def _facts(risk: Risk | None, whole: Whole, where: FoundPlace) -> dict[str, Any]:
    mine, theirs, history = whole.agencies.mine, whole.theirs, whole.history
    steps = [_step(step) for step in history.steps]
    found: dict[str, Any] = {
        "partnership": where.partnership,
        "area": where.area,
        "risk": risk.value if risk else None,
        "my_agency": mine.value if mine else None,
        "their_agency": theirs.value if theirs else None,
        "child_status": [status.value for status in history.child_status] or None,
        "steps": steps or None,
    }
    return {name: value for name, value in found.items() if value is not None}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _step(step: ReadStep) -> dict[str, str | None]:
    return {
        "level": step.level.value,
        "on": _iso(step.on),
        "outcome": step.outcome.value if step.outcome else None,
    }


def _stage(stage: RaisedStage) -> dict[str, Any]:
    return {
        "number": stage.number,
        "on": _iso(stage.on),
        "outcome": stage.outcome.value if stage.outcome else None,
        "answered_on": _iso(stage.answered_on),
        "ahead": _iso(stage.ahead),
    }
