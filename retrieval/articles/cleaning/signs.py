"""What the lines around an article say: buttons, notices, headings of lists, captions.

The words stand in `signs.toml`; all patterns are matched against Simplified, half-width text (`Line.even`).
"""

import re
import tomllib
from importlib.resources import files

from retrieval.text.characters import even

_WORDS: dict[str, str] = tomllib.loads((files(__package__) / "signs.toml").read_text(encoding="utf-8"))
_WORD = re.compile(r"(?:\([^()]*\)|[^|\n(])+")


def _any(name: str) -> str:
    return "(?:" + _WORDS[name].strip().replace("\n    ", "").replace("\n", "|") + ")"


def _sign(pattern: str) -> re.Pattern[str]:
    return re.compile(even(pattern), re.IGNORECASE)


def _only(*names: str) -> re.Pattern[str]:
    # a Latin or kana word ends where its letters end; Chinese words follow each other without a gap
    end = r"(?![a-z\u3041-\u30ff\uac00-\ud7a3])"
    # longest first and without stepping back: 返回首页 is not tried as 返回 and 首页 again
    words = sorted((word for name in names for word in _WORD.findall(_WORDS[name])), key=len, reverse=True)
    # what stands between comes first, since no word begins with it: else 300 words are tried at each dot
    return _sign(rf"(?>{_BETWEEN}++|(?:{'|'.join(words)}){end})++")


_BETWEEN = r"[\s\d|·•.,:;/>»<«()\[\]{}【】\-–—_=*+&~#:、,。!!?×+^↑↓▲▼→←※■□●○◆◇★☆]"

BUTTONS = _only("buttons")
"""Only buttons and counters."""
MENU = _only("buttons", "sections")
"""Buttons and names of sections."""
BARE = _sign(rf"{_BETWEEN}++")
"""No letter."""
POSITION = _sign(_any("position"))
COPYRIGHT = _sign(_any("copyright"))
CONTACT = _sign(_any("contact"))
PAGER = _sign(_any("pager"))
RELATED = _sign(rf"[\W_]*+{_any('related')}[\W_]*+(?:(?:更多|more|もっと見る|一覧)[\W_]*+)?")
RELATED_INLINE = _sign(
    r"[\W_]*+(?:(?:相关|延伸|推荐|拓展|关联)(?:阅读|链接|新闻|报道|文章)"
    r"|read (?:more|also|next)|also read|see also|related(?: stor(?:y|ies))?"
    r"|関連(?:記事|リンク|ニュース)|관련\s?기사)\s*[:>»|]\s*\S"
)
"""A link to another article on one line with its label."""
COMMENTS = _sign(_any("comments"))
_COUNT = (
    r"(?:[\s:·(\[【]*+(?:(?:共|已有|全部|查看|展开|all|view|show|see|read)\s*+)*+(?:\d[\d,.]*+\+?|\bone\b)\s*+"
    r"(?:条|个|则|篇|人|楼|件|개|건)?\s*+(?:人?参与)?[)\]】]*+)"
)
_ABOUT = r"\s+(?:on|to|for|about|zu|zum|à|sur|a|al|su|om|op|к|по)\s+.{1,160}"
_QUOTED = r"\s*(?:on|to|for|about|zu|à|sur|a|su|к)?\s*[:\"“«「《„].{1,160}[\"”»」》“]"
_CLOSING = r"[\s:>»↓▼]*"
COMMENTS_HEADING = _sign(
    rf"{_any('comments_heading')}(?:{_COUNT}人?|{_QUOTED})?{_CLOSING}"
    rf"|{_COUNT}\s*(?:{_any('comments_heading')}|{_any('comments_perhaps')})(?:{_QUOTED}|{_ABOUT})?{_CLOSING}"
    rf"|{_any('comments_perhaps')}\s*{_COUNT}{_CLOSING}"
)
"""The heading of what readers wrote."""
COMMENTS_PERHAPS = _sign(rf"{_any('comments_perhaps')}{_CLOSING}")
"""The same, or the heading of an article's own part."""
COMMENT_BUTTONS = _sign(rf"(?>(?:{_any('comment_buttons')}(?![a-z])|[\s\d|·•.,:/()\[\]+#-])++)")
COMMENT_AGO = _sign(rf"(?<!\w){_any('comment_ago')}(?!\w)")
COMMENT_SAYS = _sign(_any("comment_says"))
NOTICE = _sign(rf"[\W\d_]*+{_any('notice')}|[\W\d_]*※")
CAPTION_START = _sign(rf"[\W_]{{0,3}}{_any('caption_start')}")
CAPTION_END = _sign(rf"{_any('caption_end')}\s*[)\]】]?$")
HEADING = _sign(_any("heading"))
"""A numbered heading: part of the body, never the title."""
# A dash opens a list or a dialogue in many articles and is no such bullet.
BULLET = re.compile(r"[·•▪▫■□◆◇●○★☆►▶▸‣※>»◎☉・]|\[[^\]]{1,8}\]|\(\d{1,2}[-/]\d{1,2}\)|[-*]\s")
"""What stands before a headline in a list."""
TRUNCATED = _sign(r"(?:\.{2,}|…+)$")
"""A headline or a summary cut short, or a sentence that trails off."""
TEASER = _sign(
    r"\[(?:详细|全文|更多|详情|阅读全文|more)\]$|(?:\.{2,}|…+)\s*(?:详细|全文|更多|详情|阅读全文|read more|続きを読む)$"
)
"""A summary with a link to the rest."""
