"""What an article's fields are called in other people's records and front matter."""

from collections.abc import Mapping
from typing import Any

# Our name, then theirs; the first that holds something counts. Case, `_`, `-` and spaces are ignored. Of times only
# those that are known to mean publication: `timestamp`, `created_at`, `crawl_time` are rather the day of an import.
_TABLE = """
text text body content articlebody maintext fulltext articletext contenttext cleanedtext contenthtml html story article
text 正文 新闻正文 新聞正文 文章正文 内容 內容 文章内容 文章內容 新闻内容 新聞內容 全文 文本 本文
text contentencoded description
title title headline contenttitle 标题 標題 题目 題目 新闻标题 新聞標題 文章标题 文章標題 タイトル 見出し subject name
source source outlet publisher sourcename publication newspaper media medianame press site sitename website
source 来源 來源 媒体 媒體 出处 出處 网站 網站 报社 報社 媒体名称 媒體名稱 メディア channel domain
author author authors byline creator writer reporter reporters 作者 记者 記者 撰稿 撰文 著者 筆者
published published publishedat publishdate publishedtime publishtime pubdate pubtime datepublished publicationdate
published publicationtime publishdatetime publishtimestamp pubts pubat firstpublished firstpublishedat firstpublishtime
published releasedate releasetime releasedat issued issuedate dateissued posted postedat postdate posttime ptime ctime
published articledate articletime newsdate newstime displaydate date datetime time
published 发布时间 發布時間 發佈時間 发表时间 發表時間 发稿时间 發稿時間 刊发时间 刊登时间 刊登時間 刊出时间 播发时间
published 发布日期 發布日期 發佈日期 发表日期 發表日期 发稿日期 發稿日期 刊发日期 出版日期 出版时间 刊登日期 刊出日期
published 见报日期 見報日期 上线时间 新闻时间 新聞時間 新闻日期 新聞日期 文章日期 日期 时间 時間
published 配信日 配信日時 公開日 公開日時 掲載日 掲載日時 投稿日 発行日
url url link href permalink canonicalurl articleurl pageurl 链接 連結 鏈接 网址 網址 原文链接 原文連結 地址
id id articleid docid docno newsid uuid guid 编号 編號 文章id 新闻id
language language lang 语言 語言
"""
_EMPTY: tuple[object, ...] = (None, "", [], {})


def _parsed(table: str) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for line in table.strip().split("\n"):
        ours, *theirs = line.split()
        names.setdefault(ours, []).extend(theirs)
    return names


_NAMES = _parsed(_TABLE)


def named_fields(fields: Mapping[Any, Any]) -> dict[str, Any]:
    """Map a record's own field names to those of an article; what no article has is left out."""
    given = {_bare(str(key)): value for key, value in fields.items()}
    return {
        ours: given[name]
        for ours, names in _NAMES.items()
        if (name := next((name for name in names if given.get(name) not in _EMPTY), None))
    }


def _bare(key: str) -> str:
    return key.strip("\ufeff ").lower().replace("_", "").replace("-", "").replace(" ", "").replace(":", "")
