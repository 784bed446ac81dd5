"""One turn at a time in each conversation.

Rasa's own lock store looks again only once a second, so that a second message typed
quickly waits a whole second. Here the second goes on the moment the first is done.
Good for one process, which is all that is started.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, InMemoryLockStore, LockError


class ConversationLocks(InMemoryLockStore):
    """Rasa's lock store with an asyncio lock for each conversation that is in a turn."""

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
        """Hold the conversation; raises LockError after waiting `lock_lifetime` seconds."""
        lock, users = self._locks.get(conversation_id, (asyncio.Lock(), 0))
        self._locks[conversation_id] = (lock, users + 1)
        try:
            try:
                if lock.locked():
                    await asyncio.wait_for(lock.acquire(), lock_lifetime)
                else:
                    # Before Python 3.12 wait_for drops a cancellation when there was no waiting.
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
