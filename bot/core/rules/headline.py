"""The one thing to do, as the sentence that everybody reads first.

It speaks to the person who asks: by their side, and by the rung they stand on. The sentences are in
`data/responses/headline.yml`. The urgent routes have their own.
"""

from datetime import date

import msgspec

from bot.core.handbook.wording import Phrases
from bot.core.policy.model import TOGETHER, Limit, Party, Role, Stage, Strength
from bot.core.rules.deadlines import Deadline, in_full, owed_by_both
from bot.core.rules.duties import LEAD, OWN_PARTY, roles_at, stands_on
from bot.core.rules.facts import Facts
from bot.core.rules.narrowing import NarrowedPolicy
from bot.core.rules.own_side import whom_to_ask
from bot.core.rules.results import Advice, Contact, Headline, Item
from bot.core.rules.working_days import is_working_day, working_day_before
from bot.core.vocabulary import Action, Agency, Exit, Level, Route, Side


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """What a headline is made from. `at` is the stage that it is about.

    `until` is the limit that a wait depends on, which need not be the first to pass; `acted`: what
    it asks of the person was done by beginning. `ahead` are
    the limits that hold once the case has gone on, where it goes on now.
    `late_whatever`: the limit has passed whatever the priority.
    """

    advice: Advice
    facts: Facts
    policy: NarrowedPolicy
    at: Stage
    today: date
    phrases: Phrases
    until: Deadline | None = None
    ahead: tuple[Deadline, ...] | None = None
    late_whatever: bool = False
    acted: bool = False

    @property
    def agency(self) -> str:
        """The other agency, as a sentence names it."""
        return agency_name(self.facts.their_agency, self.phrases)

    @property
    def stands_above(self) -> bool:
        """Whether the person's rung is above this stage."""
        me = self.facts.me
        return me.level is not None and self.policy.stage_for(me.level).number > self.at.number

    @property
    def limit(self) -> Deadline | None:
        """The first limit that has not passed, of those that a headline may name."""
        due = self.advice.deadlines if self.ahead is None else self.ahead
        running = [deadline for deadline in due if not deadline.overdue]
        return min(running, key=lambda deadline: deadline.due, default=None)

    def of(self, party: Party) -> Contact | None:
        """Return the first contact of a party."""
        return next((one for one in self.advice.contacts if one.party is party), None)

    def them(self) -> str:
        """Return whom to turn to: the partnership where it acts, else the other agency's post."""
        partnership = self.of(Party.partnership)
        if partnership:
            post = bare(partnership.post or partnership.role)
            return self.phrases.say("headline_post", post=post)
        raises = self.facts.me.side is Side.raiser
        contact = self.of(Party.receiver if raises else Party.raiser)
        if contact is None:
            name = "worker" if raises else "who_raised_it"
            return self.phrases.say(f"headline_{name}", agency=self.agency)
        return self.phrases.say(
            "headline_post_at", post=bare(contact.post or contact.role), agency=self.agency
        )

    def ours(self, stage: Stage) -> str:
        """Return who acts at a stage on the person's own side: "your line manager".

        The policy's own post, except where it only has another word for a line manager.
        """
        party, raised = OWN_PARTY[self.facts.me.side], self.facts.as_raised
        agency = raised.my_agency if party is Party.raiser else raised.their_agency
        role = next(iter(roles_at(stage, party, agency, raised)), None)
        post = (role.post or role.role) if role else ""
        first = stage is self.policy.stages_at(stage.level)[0]
        plain = stage.level is Level.practitioner or (
            stage.level is Level.line_manager and LEAD not in post.lower()
        )
        if role is None or (first and plain):
            return self.phrases.say(f"headline_own_{stage.level}")
        return self.phrases.say("headline_your", post=bare(post))

    def shown(self, limit: Deadline) -> Deadline:
        """Return a limit for one's own act by its last day at work: nobody acts on a day off."""
        nation = self.policy.nation
        if limit.who is not Party.raiser or is_working_day(limit.due, nation):
            return limit
        day = max(self.today, working_day_before(limit.due, nation))
        return msgspec.structs.replace(limit, due=min(day, limit.due))

    def when(self, limit: Deadline | None) -> str:
        """Return by when, to end a sentence: a guide is called one, and no date means today."""
        if limit is None:
            return self.phrases.say("headline_today")
        guide = "_guide" if limit.strength is Strength.guide else ""
        name = "due_today" if limit.due <= self.today else "by"
        return self.phrases.say(f"headline_{name}{guide}", due=in_full(limit.due))

    def say(self, name: str, who: str, limit: Deadline | None = None, **gaps: str) -> Headline:
        """Return a headline. `limit` is the one it names, if any.

        Where a post of the other agency is too long for it, the agency stands for it.
        """
        limit = None if limit is None else self.shown(limit)

        def told(whom: str) -> str:
            said = self.phrases.say(
                f"headline_{name}",
                who=whom,
                when=self.when(limit),
                agency=self.agency,
                stage=self.at.label,
                policy=self.policy.short_name,
                **gaps,
            )
            return gives_way(said, self.policy, self.phrases)

        do = told(who)
        agency_acts = who == self.them() and not self.of(Party.partnership)
        if len(do.split()) > MOST_WORDS and agency_acts:
            do = told(self.agency)
        return Headline(do, who, limit.due if limit else None)


MOST_WORDS = 30
"""The most words of a headline: somebody reads it standing."""


def gives_way(do: str, policy: NarrowedPolicy, phrases: Phrases) -> str:
    """Return what to do; guidance that gives way says first which policy goes before it."""
    if not policy.fallback:
        return do
    return phrases.say("headline_fallback", do=f"{do[0].lower()}{do[1:]}")


def bare(post: str) -> str:
    """Return a post without its article, to follow "the" or "your"."""
    return post.removeprefix("The ")


def owed(limit: Limit | Deadline, phrases: Phrases, *, article: bool = False) -> str:
    """Return what is to have come by a limit's end: "written answer", "a meeting"."""
    form = "_article" if article else ""
    if limit.written:
        return phrases.say(f"owed_written{form}", owed=phrases.say(f"owed_{limit.owed.value}"))
    return phrases.say(f"owed_{limit.owed.value}{form}")


def agency_name(agency: Agency | None, phrases: Phrases) -> str:
    """Return an agency as a sentence names it: "the school"."""
    return phrases.say(f"agency_{agency or Agency.other}")


def exit_headline(exit_: Exit | None, area: str | None, phrases: Phrases) -> Headline:
    """Return where to take what another procedure, or another area's policy, is for."""
    if area and exit_ is None:
        who = phrases.say("headline_exit_area_who", area=area)
        return Headline(phrases.say("headline_exit_area", who=who), who, None)
    name = f"headline_exit_{exit_ or 'other'}"
    return Headline(phrases.say(name), phrases.say(f"{name}_who"), None)


def raiser_headline(scene: Scene) -> Headline:
    """Return what the side that disagrees does next."""
    action = scene.advice.next.action
    if action is Action.escalate:
        return _escalate(scene)
    if action is Action.record:
        return record_headline(scene)
    if action is Action.wait:
        return _wait(scene)
    own = _own_limit(scene)
    if not scene.stands_above:
        return scene.say("discuss", scene.them(), own)
    who = scene.phrases.say("headline_worker", agency=scene.agency)
    return scene.say("discuss_staff", who, own)


def _own_limit(scene: Scene) -> Deadline | None:
    """Return the first limit for the person's own act: nobody talks later because others may."""
    due = [limit for limit in scene.advice.deadlines if limit.who is Party.raiser or limit.shared]
    first = min(due, key=lambda deadline: deadline.due, default=None)
    return None if first is None or first.overdue else first


def _escalate(scene: Scene) -> Headline:
    """Name who contacts whom: the person, their manager, or a manager above that one."""
    actor = _acting(scene.at, scene.policy)
    refers = "refer" if scene.at.ends or actor is not scene.at else "escalate"
    level = scene.facts.me.level or Level.practitioner
    rank = scene.policy.stage_for(level).level.rank
    above = [stage for stage in scene.policy.stages if stage.level.rank > rank]
    manager = above[0] if above else actor
    if stands_on(actor, level):
        way = ""
    elif manager is actor:
        way = "_ask"
    else:
        way = "_up"
    ours, asked = scene.ours(actor), scene.ours(manager)
    told = scene.facts.own_side
    held = [condition for condition in scene.at.conditions if condition.first]
    passed_on = _passed_on_by(scene)
    if passed_on and not (told or held):
        way = "_own" if not way else "_ask" if manager is actor else ""
        to_do = str(passed_on.asked_to)
        done = f"{to_do[0].upper()}{to_do[1:]}"
        who = scene.them() if way == "_own" else ours
        return scene.say(f"pass_on{way}", who, scene.limit, ours=ours, to_do=to_do, done=done)
    if told:
        # Whoever said no is not asked once more as if they had not.
        instead = whom_to_ask(told, scene.facts, scene.phrases)
        ours, asked = (instead, asked) if held or way == "_ask" else (ours, instead)
    if held:
        name = "first_ask" if way else "first"
        first = str(held[0].first)
        first = first if way else f"{first[0].upper()}{first[1:]}"
        return scene.say(name, scene.them(), scene.limit, ours=ours, first=first)
    only_if = next((one.only_if for one in scene.at.conditions if one.only_if), "")
    return scene.say(
        f"{refers}{way}",
        scene.them(),
        scene.limit,
        manager=asked,
        ours=ours,
        only_if=f", {only_if}" if only_if else "",
        after=_after(scene),
    )


def _passed_on_by(scene: Scene) -> Role | None:
    """Return who on the person's own side passes it on at a stage, where the policy names one."""
    roles = roles_at(scene.at, Party.raiser, scene.facts.my_agency, scene.facts)
    return next((one for one in roles if one.asked_to and one.party == (Party.raiser,)), None)


def _acting(stage: Stage, policy: NarrowedPolicy) -> Stage:
    """Return the stage whose people take it to `stage`: for the partnership, the one before."""
    if stage.level is not Level.partnership:
        return stage
    below = [other for other in policy.stages if other.number < stage.number]
    return below[-1] if below else stage


def who_acts(scene: Scene, headline: Headline) -> tuple[Item, ...]:
    """Return who acts at the stage to go to, where the headline has no room for them."""
    actor, at = _acting(scene.at, scene.policy), scene.at
    before = any(condition.first for condition in at.conditions)
    if scene.advice.next.action is not Action.escalate or before:
        return ()  # What comes before the stage is the headline, with whom it is done.
    ours, theirs = scene.ours(actor), scene.them()
    if stands_on(actor, scene.facts.me.level) and not _passed_on_by(scene):
        return ()
    if at.ends or actor is not at:
        name, missing = "refers", ours not in headline.do
    elif scene.of(Party.partnership):
        name, missing = "takes", ours not in headline.do
    else:
        name, missing = "between", not (ours in headline.do and theirs in headline.do)
    if not missing:
        return ()
    said = scene.phrases.say(f"acting_{name}", ours=ours, who=theirs, stage=at.label)
    source = scene.policy.cite(at.source)
    return (Item(f"{said[0].upper()}{said[1:]}", source),)


def _after(scene: Scene) -> str:
    """Return what the first date is for, if that is not the act which is for today anyway."""
    ahead = [scene.shown(limit) for limit in scene.ahead or ()]
    ahead = [limit for limit in ahead if limit.due > scene.today or _ends_today(limit)]
    if not ahead:
        return ""
    limit = min(ahead, key=lambda deadline: deadline.due)
    kind = "together" if limit.owed in TOGETHER else limit.who.value
    kind = "settle" if limit.shared else kind
    what = owed(limit, scene.phrases)
    return scene.phrases.say(f"headline_after_{kind}", when=scene.when(limit), owed=what)


def _ends_today(limit: Deadline) -> bool:
    """Say whether a limit of both sides, that began before today, has come to its last day."""
    return limit.shared and not (limit.if_raised_today or limit.overdue)


def _wait(scene: Scene) -> Headline:
    limit = scene.until or scene.limit
    if limit is None:
        late = scene.late_whatever or any(one.overdue for one in scene.advice.deadlines)
        return scene.say("chase", scene.them()) if late else agree_when(scene, "wait_no_limit")
    if scene.acted:
        return scene.say("acted", scene.them())
    if limit.who is Party.raiser or limit.shared:
        level = scene.facts.me.level or Level.practitioner
        below = level.rank < scene.at.level.rank
        name = "settle_ask" if below else "settle"
        return scene.say(name, scene.them(), limit, ours=scene.ours(scene.at))
    if owed_by_both(limit, scene.advice.deadlines):
        if not stands_on(scene.at, scene.facts.me.level):
            gaps = {"ours": scene.ours(scene.at), "owed": owed(limit, scene.phrases)}
            return scene.say("both_ask", scene.them(), limit, **gaps)
        return scene.say(limit.owed.value, scene.them(), limit)
    name = "wait_together" if limit.owed in TOGETHER else "wait"
    return scene.say(name, scene.them(), limit, owed=owed(limit, scene.phrases, article=True))


SETS_NO_DATE = {"wait_no_limit", "agree_when"}
"""Headlines that say why: what nobody has read may still have a date."""


def agree_when(scene: Scene, name: str) -> Headline:
    """Return that a day is to be agreed, or first what the policy's own date depends on."""
    if scene.at.number not in scene.policy.undecided:
        unread = scene.at.not_read and name in SETS_NO_DATE
        return scene.say(f"{name}_not_read" if unread else name, scene.them())
    listed = " or ".join(priority.name for priority in scene.policy.priorities)
    # The partnership's own people do not know what the agencies agreed.
    who = scene.agency if scene.of(Party.partnership) else scene.them()
    return scene.say("which_priority", who, listed=listed)


def record_headline(scene: Scene) -> Headline:
    """Return what is recorded, and whom to tell, once a stage has ended."""
    if scene.advice.route is Route.resolved:
        return _settled(scene)
    limit = scene.limit
    if limit is None and scene.advice.deadlines:
        return scene.say("chase", scene.them())
    return _recorded("record_remaining", scene, limit)


def _recorded(name: str, scene: Scene, limit: Deadline | None) -> Headline:
    told = next((one for one in scene.advice.notify if not one.carried), None)
    if told is None:
        return scene.say(name, scene.agency, limit)
    return scene.say(f"{name}_tell", inside_sentence(told.who), limit)


def _settled(scene: Scene) -> Headline:
    """Return what is left once it is settled: the answer has come, so nobody is asked for it.

    What the person's own side owes stands first, the longest overdue before the rest.
    """
    own = OWN_PARTY[scene.facts.me.side]
    due = sorted(scene.advice.deadlines, key=lambda deadline: deadline.due)
    ours = next((limit for limit in due if limit.who is own or limit.shared), None)
    theirs = next((limit for limit in due if limit.overdue), None)
    if ours and ours.overdue:
        guide = "_guide" if ours.strength is Strength.guide else ""
        gaps = {"what": ours.what, "due": in_full(ours.due)}
        return scene.say(f"settled_late{guide}", _with_whom(ours, scene), None, **gaps)
    if ours and ours.due > scene.today:
        who = _with_whom(ours, scene)
        return scene.say("settled_then", who, ours, what=_inside(ours.what))
    if ours is None and theirs and scene.facts.me.side is Side.raiser:
        gaps = {"what": _inside(theirs.what), "due": in_full(theirs.due)}
        return scene.say("settled_chase", scene.them(), None, **gaps)
    return _recorded("record_resolved", scene, ours)


def _with_whom(limit: Deadline, scene: Scene) -> str:
    """Return whom a closing limit is about: whoever the same passage says to tell."""
    told = (one.who for one in scene.advice.notify if one.source == limit.source)
    return next(map(inside_sentence, told), scene.agency)


def _inside(what: str) -> str:
    return f"{what[0].lower()}{what[1:]}"


def inside_sentence(who: str) -> str:
    """Return somebody as they stand inside a sentence: a proper name keeps its capital."""
    first = who.split(maxsplit=1)[0]
    return f"{who[0].lower()}{who[1:]}" if first in {"The", "Your", "A", "Any"} else who
