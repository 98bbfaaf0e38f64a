"""Article records in JSON; fields are known by their common names.

What an article's fields are called in other people's records, and the dates that they declare.
"""

import functools
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError

from retrieval.clean.body.kinds import is_han
from retrieval.clean.credits import dates_of
from retrieval.read.encodings import undo
from retrieval.read.files import File, Limits, UnreadableError, check_marks, has_markup, lines_of_fragment, tidy, whole
from retrieval.text.dates import ENGLISH_MONTHS, find_dates, month_named
from retrieval.values import Draft, PublishedFrom, Skipped

# Our name, then theirs; the first that holds something counts. Case, `_`, `-` and spaces are ignored. Of times only
# those that are known to mean publication: `timestamp`, `created_at`, `crawl_time` are rather the day of an import.
_TABLE = """
text text body content articlebody newscontent newsbody newstext contentdetail bodytext bodyhtml paragraphs
text articlecontent contentbody contentlist maintext fulltext articletext contenttext cleanedtext contenthtml
text html story article
text 正文 正文内容 新闻正文 新聞正文 文章正文 内容 內容 文章内容 文章內容 新闻内容 新聞內容 全文 文本 本文
text contentencoded description
title title headline newstitle contenttitle articletitle 标题 標題 题目 題目 主题 新闻标题 新聞標題 文章标题 文章標題
title タイトル 見出し subject name
source source outlet publisher sourcename newssource newsmedia medium mediasource mediatitle publication newspaper
source media medianame press site sitename website
source 来源 來源 媒体 媒體 出处 出處 网站 網站 报社 報社 媒体名称 媒體名稱 メディア
source 新闻来源 新聞來源 文章来源 文章來源 信息来源 媒体来源 来源媒体 发布媒体 刊物 报纸 channel domain
author author authors authorname byline journalist journalists creator writer reporter reporters 作者 记者 記者 撰稿
author 撰文 著者 筆者
published published publishedat publishdate publishedtime publishtime pubdate pubtime datepublished publicationdate
published publicationtime publishdatetime publishtimestamp pubts pubat firstpublished firstpublishedat firstpublishtime
published releasedate releasetime releasedat issued issuedate dateissued posted postedat postdate posttime ptime ctime
published articledate articletime newsdate publishday pubday newstime displaydate date datetime time
published 发布时间 發布時間 發佈時間 发表时间 發表時間 发稿时间 發稿時間 刊发时间 刊登时间 刊登時間 刊出时间 播发时间
published 发布日期 發布日期 發佈日期 发表日期 發表日期 发稿日期 發稿日期 刊发日期 出版日期 出版时间 刊登日期 刊出日期
published 见报日期 見報日期 上线时间 新闻时间 新聞時間 新闻日期 新聞日期 文章日期 日期 时间 時間
published 配信日 配信日時 公開日 公開日時 掲載日 掲載日時 投稿日 発行日
url url link href permalink canonicalurl articleurl pageurl 链接 連結 鏈接 网址 網址 原文链接 原文連結 地址
id id articleid docid docno newsid uuid guid 编号 編號 文章id 新闻id
language language lang 语言 語言
"""
_EMPTY: tuple[object, ...] = (None, "", [], {})
_LINES = [line.split() for line in _TABLE.strip().split("\n")]
_OURS = {name: ours for ours, *theirs in _LINES for name in theirs}
_RANKS = {name: rank for rank, name in enumerate(_OURS)}


def named_fields(fields: Mapping[Any, Any]) -> dict[str, Any]:
    """Map a record's own field names to those of an article; what no article has is left out."""
    given = {_bare(str(key)): value for key, value in fields.items()}
    known = [name for name, value in given.items() if name in _RANKS and value not in _EMPTY]
    return {_OURS[name]: given[name] for name in sorted(known, key=_RANKS.__getitem__, reverse=True)}


@functools.lru_cache(maxsize=256)  # a file's records have the same few names
def _bare(key: str) -> str:
    return key.strip("\ufeff ").lower().replace("_", "").replace("-", "").replace(" ", "").replace(":", "")


_ISO = re.compile(
    r"(?P<year>[12]\d{3})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2})"
    r"(?:[T ](?P<time>\d{2}:\d{2}(?::\d{2})?)(?:[.,]\d+)?\s?(?P<zone>Z|[+-]\d{2}:?\d{2})?)?)?)?"
)
_COMPACT = re.compile(r"([12]\d{3})([01]\d)([0-3]\d)(?:([0-2]\d)([0-5]\d)([0-5]\d)?)?")
_EPOCH = re.compile(r"\d{10}(?:\d{3})?(?:\.\d+)?")
# `sab, 06 mag 2023 14:07:00 +0100`: a mail's date in the words of the system that wrote it.
_MAIL = re.compile(
    r"(?:[^\W\d_]{1,12}\.?,?\s+)?(?P<day>\d{1,2})\.?\s+(?P<month>[^\W\d_]{2,12}|\d{1,2}月)\.?\s+(?P<rest>[12]\d{3}\s.*)"
)
# What programs write where they know no time: the first second of 1970, in Greenwich or in Peking.
_NEVER = re.compile(r"1970-01-01[T ](?:00:00(?::00)?(?:Z|\+00:?00)?|08:00(?::00)?(?:\+08:?00)?)")
# A date's notation may have so many letters around it (a weekday, 发布时间：) and still be a date, not a sentence.
_AROUND = 12


def iso_date(value: object) -> str | None:
    """Return a declared date as ISO 8601, as precise as it is given; None for what is no plain date.

    >>> iso_date("2022年4月14日 17:37"), iso_date(1649900000), iso_date("yesterday")
    ('2022-04-14T17:37', '2022-04-14T01:33:20+00:00', None)
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    written = str(value).strip()
    if not written or len(written) > 80:
        return None
    found = _ISO.fullmatch(written)
    iso = _from_iso(found) if found else None
    if found is None:
        iso = _from_compact(written) or _from_epoch(written) or _from_mail(written) or _from_text(written)
    return None if iso is None or _NEVER.fullmatch(iso) else iso


_PEKING = timezone(timedelta(hours=8))
# Characters that show the language of a record.
_READ = 400


def in_peking(written: str) -> str | None:
    """Return a declared date; seconds since 1970 as the clock in China shows them.

    >>> in_peking("1683353220")
    '2023-05-06T14:07:00+08:00'
    """
    iso = iso_date(written)
    if iso is None or not _EPOCH.fullmatch(written.strip()):
        return iso
    return datetime.fromisoformat(iso).astimezone(_PEKING).isoformat()


def _from_iso(found: re.Match[str]) -> str | None:
    year, month, day, clock, zone = found.group("year", "month", "day", "time", "zone")
    try:
        date(int(year), int(month or 1), int(day or 1))
        time.fromisoformat(clock or "00:00")
    except ValueError:
        return None
    if zone and zone != "Z":
        zone = f"{zone[:3]}:{zone[-2:]}"
    return "-".join(filter(None, (year, month, day))) + (f"T{clock}{zone or ''}" if clock else "")


def _from_compact(written: str) -> str | None:
    """Read `20220414` and `20220414173700`."""
    found = _COMPACT.fullmatch(written)
    if not found:
        return None
    year, month, day, hour, minute, second = found.groups()
    clock = ":".join(filter(None, (hour, minute, second)))
    iso = _ISO.fullmatch(f"{year}-{month}-{day}" + (f"T{clock}" if clock else ""))
    return _from_iso(iso) if iso else None


def _from_epoch(written: str) -> str | None:
    """Read seconds or milliseconds since 1970."""
    if not _EPOCH.fullmatch(written):
        return None
    whole = written.partition(".")[0]
    return datetime.fromtimestamp(int(whole[:10]), UTC).isoformat()


def _from_mail(written: str) -> str | None:
    """Read `Thu, 14 Apr 2022 17:37:00 +0800`, also with the names of other languages."""
    if (found := _MAIL.fullmatch(written)) and (month := month_named(found["month"])):
        written = f"{found['day']} {ENGLISH_MONTHS[month - 1][:3]} {found['rest']}"
    try:
        moment = parsedate_to_datetime(written)
    except (ValueError, IndexError, TypeError):
        return None
    return moment.isoformat() if ":" in written and 1900 < moment.year < 2100 else None


def _from_text(written: str) -> str | None:
    mentions = [mention for mention in find_dates(written) if mention.iso]
    if len(mentions) != 1 or not any(mention.iso == mentions[0].iso for mention in dates_of(written)):
        return None
    begin, end = mentions[0].span
    around = written[:begin] + written[end:]
    return mentions[0].iso if len(around) <= _AROUND else None


# A break of lines written as two characters each, where no other is: `\\n` as JSON has it, once too often.
_WRITTEN_BREAK = re.compile(r"\\r\\n|\\[nr]")
# A character's name that is left when the rest has been read once.
_ENTITY = re.compile(r"&(?:#\d{1,6}|#[xX][0-9a-fA-F]{1,5}|[a-zA-Z]{2,8});")
_NAMED_VALUES = ("name", "title", "text", "value", "data", "content", "html", "#text")


def _words(value: Any) -> str | None:
    """Return a field's words: of a string, a number, a list of them, or an object with a name."""
    if isinstance(value, Mapping):
        value = next((value[key] for key in _NAMED_VALUES if value.get(key)), None)
    if isinstance(value, list | tuple):
        value = "\n".join(filter(None, map(_words, value)))
    if value is None or isinstance(value, bool | Mapping):
        return None
    return undo(tidy(str(value))).strip("\n") or None


def _line(value: Any) -> str | None:
    words = _words(value)
    return " ".join(unescaped(words).split()) or None if words else None


def unescaped(text: str) -> str:
    """Read the names of characters that were escaped twice.

    >>> unescaped("桥&amp;#8220;旧&amp;#8221;")
    '桥“旧”'
    """
    for _ in range(2):
        if not _ENTITY.search(text):
            break
        text = html.unescape(text)
    return text


def _names_line(value: Any) -> str | None:
    words = _words(value)
    return ", ".join(filter(None, (part.strip() for part in words.split("\n")))) or None if words else None


def _text(value: Any) -> str:
    words = _words(value) or ""
    if "<" not in words and "&lt;" in words and has_markup(once := html.unescape(words)):
        words = once
    if "\n" not in words.strip() and _WRITTEN_BREAK.search(words):
        words = _WRITTEN_BREAK.sub("\n", words)
    return "\n".join(lines_of_fragment(words)) if has_markup(words) else words


# A string as it is, or a comma that stands before a bracket that closes.
_TRAILING = re.compile(r'("(?:[^"\\]|\\.)*+")|,(?=\s*+[}\]])', re.DOTALL)
_WRAPPERS = 4  # objects around the records, at most
Line = Annotated[str | None, BeforeValidator(_line)]


class Record(BaseModel):
    """An article record as it comes in: only `text` is required, unknown fields are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    text: Annotated[str, BeforeValidator(_text), StringConstraints(pattern=r"\S")]
    title: Line = None
    source: Line = None
    author: Annotated[str | None, BeforeValidator(_names_line)] = None
    published: Annotated[str | None, BeforeValidator(iso_date)] = None
    url: Line = None
    id: Line = None
    language: Line = None


def draft_of_record(fields: object, file: File, number: int) -> Draft:
    """Turn a record into a draft; `number` names it in its file where it has no id.

    Raises:
        UnreadableError: it is no object, or has no text.
    """
    if not isinstance(fields, Mapping):
        raise UnreadableError("a record must be an object, not {kind}", kind=type(fields).__name__)
    fields = unwrapped(fields)
    known = named_fields(fields)
    if "text" not in known:
        raise UnreadableError("no text: none of its fields is called text, content, body, 正文 …")
    if is_han(str(known["text"])[:_READ]) and isinstance(known.get("published"), int | float | str):
        # seconds since 1970 are read in Greenwich, but the day of what is written in Chinese is China's
        there, here = iso_date(known["published"]), in_peking(str(known["published"]))
        known["published"] = here if there and here and there[:10] != here[:10] else known["published"]
    try:
        record = Record.model_validate(known)
    except ValidationError as error:
        raise UnreadableError(_reason(error)) from error
    return as_draft(record, file, number)


def as_draft(record: Record, file: File, number: int | None = None) -> Draft:
    """Return a record as a draft, named by its id, else by its file and its `number` there, None for a whole file."""
    own = file.id if number is None else f"{file.id}#{number}"
    origin = PublishedFrom.RECORD if record.published else PublishedFrom.NONE
    fields = record.model_dump() | {"id": record.id or own}
    return Draft(**fields, path=file.path, published_from=origin, is_record=number is not None)


def draft_or_reason(fields: object, file: File, number: int) -> Draft | Skipped:
    """Turn a record into a draft, or say why the record of this `number` in its file is none."""
    try:
        return draft_of_record(fields, file, number)
    except UnreadableError as error:
        return Skipped(f"{file.path}#{number}", error.message)


def unwrapped(fields: Mapping[Any, Any], depth: int = 3) -> Mapping[Any, Any]:
    """Return the record inside a wrapper, as an export has it: `{"_id": …, "_source": {…}}`, `{"data": {…}}`."""
    if depth and "text" not in named_fields(fields):
        inner = [unwrapped(value, depth - 1) for value in fields.values() if isinstance(value, Mapping)]
        inner = [record for record in inner if "text" in named_fields(record)]
        if len(inner) == 1:
            return {"id": fields.get("_id"), **{key: one for key, one in inner[0].items() if key != "id" or one}}
    return fields


def read_json_lines(file: File, limits: Limits) -> Iterator[Draft | Skipped]:
    """Read one record a line; a bad one is reported with its line, the rest go on."""
    any_line = False
    for number, line in enumerate(file.lines(limits), start=1):
        if line is not None and not line.strip("\ufeff \t\r\n"):
            continue
        any_line = True
        try:
            yield draft_of_record(_parse(whole(line, limits), limits), file, number)
        except UnreadableError as error:
            yield Skipped(f"{file.path}:{number}", error.message)
    if not any_line:
        raise UnreadableError("empty")


def read_json(file: File, limits: Limits) -> Iterator[Draft | Skipped]:
    """Read a file that is a record, a list of records, an object that holds such a list, or in truth JSON lines."""
    text = file.text(limits)
    try:
        content = _parse(text, limits)
    except UnreadableError:
        head, _, rest = text.strip().partition("\n")
        if rest.strip() and _is_object(head, limits):
            yield from read_json_lines(file, limits)
            return
        raise
    for number, record in enumerate(_records(content), start=1):
        yield draft_or_reason(record, file, number)


def _records(content: object) -> Iterable[object]:
    """Find the records in a parsed file: a list, the largest list in an object, objects by their ids, or one."""
    waiting, lists = [(content, 0)], list[list[object]]()
    for value, depth in waiting:
        if isinstance(value, list):
            lists.append(value)
        elif isinstance(value, Mapping) and depth < _WRAPPERS and "text" not in named_fields(value):
            inner = [one for one in value.values() if isinstance(one, Mapping)]
            if len(inner) > 1 and all("text" in named_fields(unwrapped(one)) for one in inner):
                lists.append([{"id": key, **one} for key, one in value.items() if isinstance(one, Mapping)])
            else:
                waiting += [(one, depth + 1) for one in value.values() if isinstance(one, Mapping | list) and one]
    return max(lists, key=len, default=[content])


def _parse(text: str, limits: Limits) -> object:
    """Parse JSON.

    Raises:
        UnreadableError: it is not JSON, nested too deeply, or of too many parts.
    """
    check_marks(text, "{[,", limits)
    try:
        return _loaded(text.lstrip("\ufeff"))
    except json.JSONDecodeError as error:
        raise UnreadableError(
            "not JSON: {what} at line {line} column {column}", what=error.msg, line=error.lineno, column=error.colno
        ) from error
    except RecursionError as error:
        raise UnreadableError("JSON nested too deeply") from error
    except ValueError as error:
        raise UnreadableError("not JSON: {error}", error=error) from error


def _loaded(text: str) -> object:
    """Load JSON; commas before a closing bracket, as hand-made files have them, are passed over."""
    try:
        return json.loads(text, strict=False)
    except json.JSONDecodeError:
        without = _TRAILING.sub(lambda found: found[1] or "", text)
        if without == text:
            raise
        return json.loads(without, strict=False)


def _is_object(line: str, limits: Limits) -> bool:
    try:
        return isinstance(_parse(line, limits), Mapping)
    except UnreadableError:
        return False


def _reason(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False)[0]
    field = ".".join(map(str, first["loc"]))
    return "text is empty" if field == "text" else f"{field}: {first['msg']}"
