"""One turn at a time in each conversation.

Rasa's own lock store polls once a second, so a second message typed quickly waits a whole second.
Here it goes on the moment the first is done. `ConversationLocks` works within one process,
`TurnLocks` also among all processes that use one PostgreSQL.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, InMemoryLockStore, LockError

from bot.privacy.store.tracker_store import GuideTrackerStore

SHORTEST_PAUSE, LONGEST_PAUSE = 0.01, 0.1


class ConversationLocks(InMemoryLockStore):
    """Rasa's lock store, with an asyncio lock for each conversation in a turn."""

    def __init__(self) -> None:
        super().__init__()
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = 1,
    ) -> AsyncGenerator[TicketLock, None]:
        """Lock the conversation; raises LockError after waiting `lock_lifetime` seconds."""
        lock, users = self._locks.get(conversation_id, (asyncio.Lock(), 0))
        self._locks[conversation_id] = (lock, users + 1)
        try:
            try:
                if lock.locked():
                    await asyncio.wait_for(lock.acquire(), lock_lifetime)
                else:
                    # Before Python 3.12 wait_for loses a cancellation if it need not wait.
                    await lock.acquire()
            except asyncio.TimeoutError:
                raise LockError("The conversation is still busy.") from None
            try:
                yield self.create_lock(conversation_id)
            finally:
                lock.release()
        finally:
            lock, users = self._locks.pop(conversation_id)
            if users > 1:
                self._locks[conversation_id] = (lock, users - 1)


class TurnLocks(ConversationLocks):
    """Locks with which the store reads the conversation, once for the whole turn.

    Where workers share the database, they are exclusive among all of them
    (bot/privacy/store/postgres.py). Also raises StoreUnavailable if the database is away.
    """

    def __init__(self, store: GuideTrackerStore) -> None:
        super().__init__()
        self._store = store
        self._places: AbstractAsyncContextManager[None] = nullcontext()
        if store.is_shared:
            from bot.privacy.store.postgres import TURNS

            # No more turns than connections, or the next could wait for one without end.
            self._places = asyncio.Semaphore(TURNS)

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = 1,
    ) -> AsyncGenerator[TicketLock, None]:
        """Lock the conversation in all workers; raises LockError after `lock_lifetime`."""
        async with super().lock(conversation_id, lock_lifetime) as ticket, self._places:
            loop = asyncio.get_running_loop()
            until, pause = loop.time() + lock_lifetime, SHORTEST_PAUSE
            while not await self._store.hold(conversation_id):
                if loop.time() >= until:
                    raise LockError("The conversation is still busy elsewhere.")
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            try:
                yield ticket
            finally:
                self._store.let_go(conversation_id)
