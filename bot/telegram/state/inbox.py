"""Updates that were taken from Telegram and are not done yet: nothing is lost, and nothing is answered twice."""

import hashlib

from bot.telegram.state.database import Clock, Database

_KEEP_DONE_S = 2 * 86_400  # Telegram delivers an update again for at most a day
_PRUNE_EVERY = 1_000


class Inbox:
    """Updates by their id. The body of one that is done is forgotten, its id is kept for two days."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._taken = 0

    def take(self, update: int, body: str) -> bool:
        """Note an update before Telegram is told that it arrived; return False if it was noted before."""
        self._taken += 1
        if self._taken % _PRUNE_EVERY == 1:
            old = self._clock() - _KEEP_DONE_S
            self._database.change("DELETE FROM updates WHERE body IS NULL AND received < ?", (old,))
        digest = hashlib.blake2b(body.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        # another update under an old number is none that was repeated: Telegram begins anew after a quiet week
        statement = (
            "INSERT INTO updates (id, received, body, digest) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
            "received = excluded.received, body = excluded.body, digest = excluded.digest, sending = 0 "
            "WHERE digest != excluded.digest"
        )
        return bool(self._database.change(statement, (update, self._clock(), body, digest)))

    def sending(self, update: int, *, now: bool) -> None:
        """Note that an answer is on its way to Telegram, or that it is not after all."""
        self._database.change("UPDATE updates SET sending = ? WHERE id = ?", (now, update))

    def done(self, update: int) -> None:
        """Forget what an update said."""
        self._database.change("UPDATE updates SET body = NULL WHERE id = ?", (update,))

    def settle(self) -> None:
        """Forget what the updates said whose answers were on their way when an earlier run was killed."""
        self._database.change("UPDATE updates SET body = NULL WHERE sending")

    def left(self) -> list[tuple[int, str]]:
        """Return the updates that are not done, the first one first.

        One whose answer was on its way when the bot was killed counts as done: nobody can tell whether it arrived, and
        it would be answered twice whenever it had. The call takes milliseconds, the answer before it much longer.
        """
        return [
            (row[0], row[1])
            for row in self._database.rows(
                "SELECT id, body FROM updates WHERE body IS NOT NULL AND NOT sending ORDER BY id"
            )
        ]
