"""What the log may say: never the token, and no addresses of calls, where the token stands."""

import logging
import sys


class Redacting(logging.Formatter):
    """Writes a record with every secret replaced, wherever it came from: message, arguments or traceback."""

    def __init__(self, *secrets: str) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        # the part behind the colon is the secret; the number before it is the bot's public id
        self._secrets = [part for secret in secrets for part in (secret, secret.partition(":")[2]) if part]

    def format(self, record: logging.LogRecord) -> str:
        """Write a record."""
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, "…")
        return line


def configure(token: str) -> None:
    """Log to standard error at INFO, libraries that log addresses at WARNING."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Redacting(token))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in ("aiohttp", "httpx", "httpcore", "tornado.access", "telegram.Bot", "telegram.ext.ExtBot"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # these write what they could not read, people's words included, and what failed is logged here anyway
    for name in ("telegram.ext.Updater", "telegram.request.BaseRequest"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
