"""`chuchu read`: an article a line, and what a person would check of them."""

import json
from pathlib import Path

import pytest

from bot.commands.indexing import Splits, print_survey, read_command
from retrieval import ArticleError, ChuchuError, Survey, read_articles
from retrieval.read.files import Split

BODY = (
    "沄江上的新桥昨天通车。大桥全长三百四十米，连起河两岸的六个村，工程一共花了一千二百万元，孩子们上学近了一半的路，八十岁的老船工以后也不用等人了。"
    * 2
)


def dump(folder: Path, count: int = 6, label: str = "2023-08-{:02} 15:10，正文：") -> Path:
    path = folder / "dump.txt"
    path.write_text("\n".join(f"{label.format(n + 1)}第{n}篇。{BODY}返回云狐，查看更多" for n in range(count)), "utf-8")
    return path


def test_read_gives_a_record_a_line_and_reports_on_standard_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dump(tmp_path)
    (tmp_path / "photo.jpg").write_bytes(b"x")
    read_command([tmp_path])
    out, err = capsys.readouterr()
    records = [json.loads(line) for line in out.splitlines()]
    assert [record.get("published", record.get("skipped")) for record in records] == [
        *(f"2023-08-{n:02}T15:10" for n in range(1, 7)), ".jpg files are not read",
    ]  # fmt: skip
    assert {"title", "source", "author", "published_from", "text", "removed"} <= records[0].keys()
    assert "1 file, 6 lines that begin with dates: 6 articles" in err
    assert "6 articles: 0 without a date, 6 without an outlet" in err
    assert "removed 6 times: 返回云狐，查看更多" in err
    assert err.count("no title · no outlet · 2023-08-") == 3


def test_the_report_is_json_where_it_is_wanted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    read_command([dump(tmp_path)], source="云岭晚报", split=Splits.NONE, as_json=True)
    out, err = capsys.readouterr()
    assert json.loads(out)["source"] == "云岭晚报"
    survey = json.loads(err)
    assert (survey["articles"], survey["without_outlet"], survey["split"]) == (1, 0, [])


def test_what_is_most_likely_wrong_is_said_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = dump(tmp_path, label="，正文：")
    path.write_text(path.read_text("utf-8").replace("\n", "\n\n"), "utf-8")
    survey = Survey()
    list(read_articles([path], split=Split.BLANK, survey=survey))
    print_survey(survey)
    first, *_ = capsys.readouterr().out.splitlines()
    assert first.startswith("look here: 6 of 6 articles have no date")


def test_splits_are_those_of_the_library() -> None:
    assert [str(split) for split in Splits] == [str(split) for split in Split]


def test_paths_that_are_not_there_and_files_without_articles_are_named(tmp_path: Path) -> None:
    with pytest.raises(ArticleError):
        read_command([tmp_path / "nothing.txt"])
    with pytest.raises(ChuchuError, match="no article was found"):
        read_command([tmp_path])
