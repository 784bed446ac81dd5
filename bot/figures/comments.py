"""What the partnership's own group sets beside its figures: comments, and contacts or referrals."""

from collections.abc import Callable, Mapping

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.core.vocabulary import Agency
from bot.figures.quarters import Period
from bot.figures.report import Comment
from bot.privacy.store.database import read_only
from bot.privacy.store.tables import COMMENTS, CONTACTS, create_figures

WHOLE = "report"
"""The section of a comment on the report as a whole."""
MOST_LETTERS = 2000
FEWEST_CONTACTS, MOST_CONTACTS = 5, 1_000_000
"""A smaller number of contacts could lead to somebody; no partnership has more than the largest."""


def comments_on(engine: Engine, policy: str, period: Period) -> Mapping[str, Comment]:
    """Return the comments on a policy's period by section. Raises SQLAlchemyError."""
    create_figures(engine)
    mine = (COMMENTS.c.policy == policy, COMMENTS.c.period == str(period))
    query = sa.select(COMMENTS.c.section, COMMENTS.c.comment, COMMENTS.c.action).where(*mine)
    with read_only(engine).begin() as connection:
        found = connection.execute(query)
        return {section: Comment(comment, action) for section, comment, action in found}


def contacts_in(engine: Engine, policy: str, period: Period) -> Mapping[Agency, int]:
    """Return the contacts or referrals by agency that the group entered. Raises SQLAlchemyError."""
    create_figures(engine)
    mine = (CONTACTS.c.policy == policy, CONTACTS.c.period == str(period))
    query = sa.select(CONTACTS.c.agency, CONTACTS.c.contacts).where(*mine)
    with read_only(engine).begin() as connection:
        return {Agency(agency): number for agency, number in connection.execute(query)}


class CommentBook:
    """What a group sets beside its figures, in one database.

    `mask` takes names out before anything is kept.
    """

    def __init__(self, engine: Engine, mask: Callable[[str], str]) -> None:
        self._engine = engine
        self._mask = mask

    def of(self, policy: str, period: Period) -> Mapping[str, Comment]:
        """Return the comments on a policy's period by section."""
        return comments_on(self._engine, policy, period)

    def keep(self, policy: str, period: Period, section: str, said: Comment) -> None:
        """Keep a comment in place of the one before; an empty one takes it away."""
        create_figures(self._engine)
        at = {"policy": policy, "period": str(period), "section": section}
        comment, action = (self._mask(text.strip()) for text in (said.comment, said.action))
        with self._engine.begin() as connection:
            mine = (COMMENTS.c[name] == value for name, value in at.items())
            connection.execute(COMMENTS.delete().where(*mine))
            if comment or action:
                row = at | {"comment": comment, "action": action}
                connection.execute(COMMENTS.insert(), row)

    def contacts(self, policy: str, period: Period) -> Mapping[Agency, int]:
        """Return the contacts or referrals of a policy's period by agency."""
        return contacts_in(self._engine, policy, period)

    def keep_contacts(self, policy: str, period: Period, contacts: Mapping[Agency, int]) -> None:
        """Keep the contacts or referrals of each agency in place of those before."""
        create_figures(self._engine)
        at = {"policy": policy, "period": str(period)}
        with self._engine.begin() as connection:
            mine = (CONTACTS.c[name] == value for name, value in at.items())
            connection.execute(CONTACTS.delete().where(*mine))
            for agency, number in contacts.items():
                row = at | {"agency": str(agency), "contacts": number}
                connection.execute(CONTACTS.insert(), row)
