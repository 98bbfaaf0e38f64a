"""Question sets as they are read."""

import json
from pathlib import Path
from typing import Any

import pytest

from retrieval.errors import QuestionError
from retrieval.evaluation import Question, read_questions, with_answers_of
from retrieval.evaluation.questions import read_squad


def lines(tmp_path: Path, *records: Any) -> Path:
    path = tmp_path / "set.jsonl"
    path.write_text("".join((r if isinstance(r, str) else json.dumps(r)) + "\n" for r in records), "utf-8")
    return path


def squad(tmp_path: Path, data: Any, name: str = "set.json") -> Path:
    path = tmp_path / name
    path.write_text(json.dumps({"version": "1", "data": data}, ensure_ascii=False), "utf-8")
    return path


def asked(question_id: str, *answers: str, **more: Any) -> dict[str, Any]:
    return {
        "id": question_id,
        "question": f"{question_id}?",
        "answers": [{"text": a, "answer_start": 0} for a in answers],
        **more,
    }


def test_records_are_read_a_line_each(tmp_path: Path) -> None:
    path = lines(
        tmp_path,
        {"id": "q1", "question": "谁？", "articles": ["a", "b"], "answers": ["甲"], "note": "ignored"},
        "",
        {"id": 2, "question": "何时？", "articles": []},
    )
    assert read_questions(path) == [Question("q1", "谁？", ("a", "b"), ("甲",)), Question("2", "何时？")]
    assert [question.answerable for question in read_questions(path)] == [True, False]


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text('{"id": "q", "question": "?", "articles": []}', "utf-8-sig")
    assert read_questions(path) == [Question("q", "?")]


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("{", "JSON"),
        ({"id": "q2", "question": "?"}, "articles"),
        ({"id": "q2", "question": " ", "articles": []}, "question"),
        ({"id": "q2", "question": "?", "articles": [], "answers": ["甲"]}, "no articles"),
        ({"id": "q2", "question": "?", "articles": "a"}, "articles"),
        ({"id": "q2", "question": "?", "articles": [""]}, "articles.0"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, bad: Any, said: str) -> None:
    path = lines(tmp_path, {"id": "q1", "question": "?", "articles": []}, bad)
    with pytest.raises(QuestionError) as caught:
        read_questions(path)
    assert str(caught.value).startswith(f"{path}:2: ")
    assert said in str(caught.value)


def test_two_questions_with_one_id_are_an_error(tmp_path: Path) -> None:
    path = lines(tmp_path, *[{"id": "q1", "question": "?", "articles": []}] * 2)
    with pytest.raises(QuestionError, match="2 questions have the id q1"):
        read_questions(path)


def test_an_empty_set_and_a_missing_file_are_errors(tmp_path: Path) -> None:
    with pytest.raises(QuestionError, match="holds no question"):
        read_questions(lines(tmp_path))
    for name in ("none.jsonl", "none.json"):
        with pytest.raises(QuestionError, match="cannot be read: No such file or directory"):
            read_questions(tmp_path / name)
    (tmp_path / "gbk.jsonl").write_bytes("问题".encode("gbk"))
    with pytest.raises(QuestionError, match="cannot be read: it is not UTF-8"):
        read_questions(tmp_path / "gbk.jsonl")


def test_squad_paragraphs_count_within_their_title(tmp_path: Path) -> None:
    path = squad(
        tmp_path,
        [
            {
                "title": "桥",
                "paragraphs": [{"context": "一", "qas": [asked("q1", "甲", "甲", "乙")]}, {"context": "二"}],
            },
            {"title": "江", "paragraphs": [{"context": "三", "qas": [asked("q2", is_impossible=True)]}]},
            {"title": "桥", "paragraphs": [{"context": "四", "qas": [asked("q3")]}]},
        ],
    )
    assert [(item.id, item.text) for item in read_squad(path).paragraphs] == [
        ("桥/1", "一"),
        ("桥/2", "二"),
        ("江/1", "三"),
        ("桥/3", "四"),
    ]
    assert read_questions(path) == [
        Question("q1", "q1?", ("桥/1",), ("甲", "乙")),
        Question("q2", "q2?"),
        Question("q3", "q3?", ("桥/3",)),
    ]


def test_a_parallel_set_has_the_same_articles_and_can_lend_its_answers(tmp_path: Path) -> None:
    english = squad(
        tmp_path, [{"title": "T", "paragraphs": [{"context": "one", "qas": [asked("q1", "one")]}]}], "en.json"
    )
    chinese = squad(
        tmp_path, [{"title": "T", "paragraphs": [{"context": "一", "qas": [asked("q1", "一")]}]}], "zh.json"
    )
    lent = with_answers_of(read_questions(english), read_questions(chinese))
    assert lent == [Question("q1", "q1?", ("T/1",), ("一",))]


def test_a_json_file_of_another_form_is_an_error(tmp_path: Path) -> None:
    path = squad(tmp_path, [{"title": "T", "paragraphs": [{"qas": []}]}])
    with pytest.raises(QuestionError, match=r"not in SQuAD's format: data\.0\.paragraphs\.0\.context"):
        read_questions(path)
