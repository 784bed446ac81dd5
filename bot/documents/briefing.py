"""A policy on one page for practitioners: when, the stages, whom to tell, what to record.

It is made from the policy's file alone, so it changes with each version of it. Every statement has
the number of its source. A part that holds for one of several member partnerships is said once, for
"the partnership for the area".
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from msgspec import structs

from bot.core.cards.lines import sign_off
from bot.core.handbook.handbook import Handbook
from bot.core.policy.model import (
    Anchor,
    Duty,
    Limit,
    Moment,
    Notification,
    Party,
    Policy,
    Role,
    Source,
    Stage,
    Strength,
)
from bot.core.rules.cautions import WHOLE_DOCUMENT
from bot.core.rules.deadlines import show_day
from bot.core.rules.headline import inside_sentence
from bot.core.rules.limit_words import anchor_text, conditions_text, or_sooner, rule_text
from bot.core.rules.scope import silent_on_kinds
from bot.core.vocabulary import Exit, Level
from bot.documents.numbered import NumberedSources
from bot.documents.page import (
    Block,
    Bullets,
    Heading,
    Page,
    PageTable,
    Paragraph,
    Strong,
    Text,
)


def briefing_page(policy: Policy, handbook: Handbook, day: date) -> Page:
    """Return the one-page briefing of a policy."""
    return _Briefing(policy, handbook, day).page()


class _Briefing:
    """Puts one policy on a page, numbering the sources on the way."""

    def __init__(self, policy: Policy, handbook: Handbook, day: date) -> None:
        self.policy = policy
        self.handbook = handbook
        self.day = day
        self.say = handbook.phrases.say
        self.sources = NumberedSources(handbook.phrases, "briefing_cited")

    def page(self) -> Page:
        """Return the page. Danger is its first line."""
        say = self.say
        blocks: list[Block] = [
            Paragraph((Strong(say("briefing_danger_now")),), leads=True),
            Heading(say("briefing_danger")),
            _bullets(self._danger()),
            Heading(say("briefing_when")),
            _bullets(self._when()),
            Heading(say("briefing_stages")),
            self._stages(),
            Heading(say("briefing_duties")),
            Bullets(
                (
                    *((Strong(say("briefing_tell")), text) for text in self._told()),
                    *((Strong(say("briefing_closing")), text) for text in self._closing()),
                    *((Strong(say("briefing_record")), text) for text in self._records()),
                )
            ),
            Heading(say("briefing_end")),
            _bullets(self._cited(part.what, part.source) for part in self.policy.remaining),
        ]
        made = say("briefing_made", day=show_day(self.day), fingerprint=self.policy.fingerprint)
        signed = sign_off(self.policy, self.handbook.phrases)
        blocks += [
            Heading(say("briefing_sources")),
            *(
                Paragraph((say("briefing_source", document=title, sections=found),), note=True)
                for title, found in self.sources.by_document()
            ),
            Paragraph((" ".join((made, signed, say("briefing_wrong"))),), note=True),
        ]
        return Page(say("briefing_title", policy=self.policy.name), tuple(blocks), small=True)

    def _cited(self, text: str, *sections: str) -> str:
        """Return a statement with the numbers of its sections, each counted by itself."""
        whole = map(self.policy.cite, sections)
        parts = (Source(one.document, part) for one in whole for part in one.section.split("; "))
        return self.sources.cited(text, *parts)

    def _danger(self) -> Iterator[str]:
        """Yield the guide's own rule, which no policy takes away, and then the policy's."""
        own = self.handbook.safety_guidance
        yield self.sources.cited(own.same_day.what, own.cite(own.same_day.source))
        for rule in self.policy.urgent:
            yield self._cited(rule.what, rule.source)
        said = {rule.what for rule in self.policy.urgent}
        for trigger in self.policy.triggers:
            if not any(trigger.what.endswith(_lower(what)) for what in said):
                yield self._cited(trigger.what, trigger.source)
        for other in self.policy.other_procedures:
            if other.exit is Exit.risk_increased:
                yield self._cited(other.what, other.source)

    def _when(self) -> Iterator[str]:
        if self.policy.fallback:
            yield self._cited(self.policy.fallback.what, self.policy.fallback.source)
        for principle in self.policy.principles:
            if principle.covers:
                yield self._cited(principle.what, principle.source)
        areas = self.policy.own_areas
        if areas:
            told = "; ".join(_lower(area.what) for area in areas)
            yield self._cited(
                self.say("briefing_areas", areas=told), *(area.source for area in areas)
            )
        else:
            yield self._cited(silent_on_kinds(self.policy, self.handbook), WHOLE_DOCUMENT)
        for priority in self.policy.priorities:
            told = self.say("briefing_track", name=priority.name, what=priority.what)
            yield self._cited(f"{told[0].upper()}{told[1:]}", priority.source)
        orders = [stage.must_follow for stage in self.policy.stages if stage.must_follow]
        for what, source in dict.fromkeys((order.what, order.source) for order in orders):
            yield self._cited(what, source)

    def _stages(self) -> PageTable:
        return PageTable(
            caption=self.say("briefing_stages"),
            header=tuple(self.say(f"briefing_column_{name}") for name in ("stage", "who", "limit")),
            rows=tuple(self._row(stage) for stage in self.policy.stages),
            shares=(14, 60, 26),
        )

    def _row(self, stage: Stage) -> tuple[Text, ...]:
        acts = [self._cited(stage.what, stage.source)]
        roles = [
            role
            for role in _for_everybody(stage.roles)
            # Whom practitioners disagree with they know.
            if stage.level is not Level.practitioner or role.party != (Party.receiver,)
        ]
        if roles:
            first, *others = dict.fromkeys(map(self._role, roles))
            named = "; ".join([first, *map(inside_sentence, others)])
            who = self.say("briefing_who", roles=named)
            acts.append(self._cited(who, *(role.source for role in roles)))
        acts += [
            self._cited(
                self.say(
                    "briefing_form", name=form.name, to=_addressed(form.send_to, form.address)
                ),
                form.source,
            )
            for form in stage.forms
        ]
        return (f"{stage.label}: {stage.title}",), ("\n".join(acts),), (self._limits(stage),)

    def _role(self, role: Role) -> str:
        named = role.post if role.applies.area and role.post else role.role
        named = _addressed(named, role.address)
        if role.when:
            moment = " / ".join(self.say(f"briefing_when_{moment.value}") for moment in role.when)
            named = self.say("briefing_role_when", role=named, moment=moment)
        if role.agencies:
            agency = ", ".join(self.say(f"option_agency_{agency}") for agency in role.agencies)
            return self.say("briefing_role_of", agency=agency, role=named)
        return named

    def _limits(self, stage: Stage) -> str:
        limits = [*stage.to_begin, *stage.to_answer]
        if not limits:
            name = "briefing_limit_not_read" if stage.not_read else "briefing_no_limit"
            return self._cited(self.say(name), stage.source)
        told = dict.fromkeys((self._limit(limit, limits, stage), limit.source) for limit in limits)
        return "\n".join(self._cited(text, source) for text, source in told)

    def _limit(self, limit: Limit, limits: Sequence[Limit], stage: Stage) -> str:
        phrases = self.handbook.phrases
        rule = or_sooner(rule_text(limit, phrases), limit, phrases)
        held = [*conditions_text(limit.applies, self.policy, phrases)]
        for earlier in self.policy.stages[: self.policy.stages.index(stage)]:
            if any(_same(limit, other) for other in earlier.to_answer):
                return self.say("briefing_same_limit", rule=rule, stage=earlier.label)
        text = self._limit_itself(limit, rule, _bound(limit, limits))
        return (
            self.say("briefing_limit_if", limit=text, conditions="; ".join(held)) if held else text
        )

    def _limit_itself(self, limit: Limit, rule: str, bound: str) -> str:
        phrases = self.handbook.phrases
        guide = "_guide" if limit.strength is Strength.guide else ""
        anchors = [anchor_text(reading, self.policy, phrases) for reading in limit.readings]
        usual = all(reading.counted_from is Anchor.stage_start for reading in limit.readings)
        counted = "" if usual else self.say("briefing_counted", anchor=_either(anchors))
        return self.say(
            f"briefing_limit{guide}",
            rule=rule[0].upper() + rule[1:],
            who=self.say(f"briefing_bound_{bound}"),
            what=_lower(limit.what.rstrip(".")),
            counted=counted,
            earliest=self.say("briefing_earliest") if len(limit.readings) > 1 else "",
        )

    def _told(self) -> Iterator[str]:
        """Yield each person to notify once, with the moments and stages at which it is due."""
        found: dict[str, dict[Moment, list[str]]] = {}
        sources: dict[str, dict[str, None]] = {}
        for stage in self.policy.stages:
            for notice in stage.notify:
                who = self._notified(notice)
                sources.setdefault(who, {})[notice.source] = None
                for moment in notice.when:
                    labels = found.setdefault(who, {}).setdefault(moment, [])
                    if stage.label not in labels:
                        labels.append(stage.label)
        if not found:
            silence = self.say("briefing_nobody_to_tell")
            yield self._cited(silence, WHOLE_DOCUMENT)
        for who, moments in found.items():
            when = "; ".join(
                self.say(f"briefing_moment_{moment.value}", stages=_either(labels))
                for moment, labels in moments.items()
            )
            yield self._cited(self.say("briefing_told", who=who, when=when), *sources[who])

    def _notified(self, notice: Notification) -> str:
        if notice.applies.area:
            areas = _either(
                [area.name.partition(" Safeguarding")[0] for area in self.policy.member_areas()]
            )
            return self.say("briefing_area_partnership", areas=areas)
        who = _addressed(notice.who, notice.address)
        for status in notice.applies.child_status:
            who = self.say(f"briefing_if_{status}", text=who)
        for agency in notice.applies.my_agency:
            named = self.say(f"option_agency_{agency}")
            who = self.say("briefing_if_my_agency", text=who, agency=_lower(named))
        return who

    def _closing(self) -> Iterator[str]:
        """Yield what is due once a stage has settled it or ended, once each, with its stages."""
        found: dict[str, list[str]] = {}
        sources: dict[str, str] = {}
        phrases = self.handbook.phrases
        for stage in self.policy.stages:
            # What is due at once stands with whom to tell and what to record.
            for limit in (each for each in stage.to_close if each.amount is not None):
                rule = or_sooner(rule_text(limit, phrases), limit, phrases)
                held = [*conditions_text(limit.applies, self.policy, phrases)]
                text = self.say("briefing_closing_limit", what=limit.what.rstrip("."), rule=rule)
                if held:
                    conditions = "; ".join(held)
                    text = self.say("briefing_limit_if", limit=text, conditions=conditions)
                sources[text] = limit.source
                found.setdefault(text, []).append(stage.label)
        for text, labels in found.items():
            every = len(labels) == len(self.policy.stages)
            at = {"stages": ", ".join(labels), "text": text}
            yield self._cited(
                text if every else self.say("briefing_record_at", **at), sources[text]
            )

    def _records(self) -> Iterator[str]:
        """Yield what to record, once each; what holds at some stages alone names them."""
        found: dict[Duty, list[str]] = {duty: [] for duty in self.policy.every_stage}
        found |= {duty: [] for duty in self.policy.when_resolved}
        for stage in self.policy.stages:
            for duty in stage.records:
                found.setdefault(duty, []).append(stage.label)
        for duty, labels in found.items():
            text = duty.what
            if duty in self.policy.when_resolved or duty.when == (Moment.resolved,):
                text = self.say("briefing_record_resolved", text=_lower(text))
            elif duty.when == (Moment.unresolved,):
                text = self.say("briefing_record_unresolved", text=_lower(text))
            if labels:
                text = self.say("briefing_record_at", stages=", ".join(labels), text=text)
            yield self._cited(text, duty.source)


def _bullets(items: Iterable[str]) -> Bullets:
    return Bullets(tuple((item,) for item in items))


def _for_everybody(roles: Sequence[Role]) -> Iterator[Role]:
    """Yield the roles without those for one agency that another role names together."""
    together = any(role.applies.not_my_agency or role.applies.not_their_agency for role in roles)
    for role in roles:
        of_one = role.applies.my_agency or role.applies.their_agency
        if not (together and of_one):
            yield role


def _same(limit: Limit, other: Limit) -> bool:
    """Say whether a limit goes on from an earlier stage: a cap over several of them."""
    return limit == other and all(
        reading.counted_from.value in {"concern", "escalation_start"} for reading in limit.readings
    )


def _bound(limit: Limit, limits: Sequence[Limit]) -> str:
    """Return whom a limit binds: both where each side has the same."""
    if limit.shared:
        return "shared"
    sides = {Party.raiser, Party.receiver}
    alike = [each for each in limits if each == structs.replace(limit, who=each.who)]
    return Party.both.value if sides <= {each.who for each in alike} else limit.who.value


def _addressed(text: str, address: str | None) -> str:
    return f"{text} ({address})" if address else text


def _either(labels: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(labels[:-1]), labels[-1])))


def _lower(text: str) -> str:
    """Return a sentence as it goes on after a colon; proper names keep their capital."""
    return text if text[1:2].isupper() else text[0].lower() + text[1:]
