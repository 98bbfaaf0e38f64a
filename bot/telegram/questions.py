"""Which messages are questions to the bot, and what they ask."""

import re
from dataclasses import dataclass

from telegram import Chat, Message, MessageEntity, User

_COMMAND = re.compile(r"/\w+(?:@\w+)?\s*")
_FORWARDED = 400  # characters of a forwarded text that are searched for: its news stands at the beginning


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was put; `forwarded` asks for articles similar to a text."""

    question: str
    forwarded: bool = False


def asked(message: Message, me: User) -> Asked | None:
    """Return what a message asks; None if it is not for the bot.

    In private every text is a question. In groups it is one after /ask, when it mentions the bot, or as a reply to it.
    """
    if message.via_bot and message.via_bot.id == me.id:
        return None
    text = message.text or message.caption or ""
    if text.startswith("/"):
        return _commanded(message, text, me)
    if message.chat.type == Chat.PRIVATE:
        forwarded = message.forward_origin is not None
        return _question(text[:_FORWARDED] if forwarded else text, forwarded=forwarded)
    mention = f"@{me.username}"
    if is_reply_to(message, me) or _mentions(message, me, mention):
        return _question(re.sub(re.escape(mention) + r"\b", " ", text, flags=re.IGNORECASE))
    return None


def is_reply_to(message: Message, user: User) -> bool:
    """Tell whether a message replies to one of a user's."""
    earlier = message.reply_to_message
    return earlier is not None and earlier.from_user is not None and earlier.from_user.id == user.id


def argument(message: Message) -> str:
    """Return what stands after a command."""
    return _COMMAND.sub("", message.text or "", count=1).strip()


def _commanded(message: Message, text: str, me: User) -> Asked | None:
    command = text.split(maxsplit=1)[0].lower()
    if command not in {"/ask", f"/ask@{me.username.lower() if me.username else ''}"}:
        return None
    question = argument(message)
    earlier = message.reply_to_message
    if not question and earlier and earlier.text and not is_reply_to(message, me):
        question = earlier.text[:_FORWARDED]
    return _question(question)


def _question(text: str, *, forwarded: bool = False) -> Asked | None:
    text = " ".join(text.split())
    return Asked(text, forwarded) if text else None


def _mentions(message: Message, me: User, mention: str) -> bool:
    found = {
        **message.parse_entities([MessageEntity.MENTION, MessageEntity.TEXT_MENTION]),
        **message.parse_caption_entities([MessageEntity.MENTION, MessageEntity.TEXT_MENTION]),
    }
    return any(
        text.lower() == mention.lower() or (entity.user is not None and entity.user.id == me.id)
        for entity, text in found.items()
    )
