"""GBK as the converter wrote and read it: every character is a lead and a trail byte, or one ASCII byte."""

from functools import cache

Two = tuple[int, int]
"""Lead and trail byte of a character."""
LEADS = range(0x81, 0xFF)
TRAILS = tuple(byte for byte in range(0x40, 0xFF) if byte != 0x7F)
FULL_WIDTH_ROW = 0xA3
"""Lead byte of the full-width ASCII characters; their trail byte is the ASCII code with the high bit set."""


@cache
def characters() -> dict[Two, str]:
    """Map each pair of bytes that has a character to it."""
    table = {}
    for lead in LEADS:
        for trail in TRAILS:
            try:
                table[lead, trail] = bytes((lead, trail)).decode("gbk")
            except UnicodeDecodeError:
                continue
    return table


@cache
def private_pairs() -> dict[int, tuple[int, ...]]:
    """Map a lead byte to the trail bytes it has no character with; a decoder made private-use characters of them."""
    missing = {lead: tuple(trail for trail in TRAILS if (lead, trail) not in characters()) for lead in LEADS}
    return {lead: trails for lead, trails in missing.items() if trails}


@cache
def pair(character: str) -> Two | None:
    """Give the two bytes of a character, private-use ones included; None for ASCII, € and what GBK does not have."""
    if character == "€":  # one byte, 80, in GBK
        return None
    try:
        encoded = character.encode("gb18030")
    except UnicodeEncodeError:
        return None
    return (encoded[0], encoded[1]) if len(encoded) == 2 else None


def is_han(character: str) -> bool:
    """Tell a Han character that GBK has."""
    return "\u4e00" <= character <= "\u9fff"
