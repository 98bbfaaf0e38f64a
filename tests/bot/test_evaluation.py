"""`chuchu eval` from its arguments to its output and exit status, on a small set with the real model."""

import json
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bot.cli import main
from bot.commands.evaluating import print_comparison
from retrieval.evaluation import compare
from tests.retrieval.evaluation.fakes import outcome

PARAGRAPHS = {
    "新跃鲤大桥四月二十九日上午九时通车。新桥最终造价2.17亿元，比开工时的估算多出3,100万元。": (
        "新桥造价多少？",
        "2.17亿元",
    ),
    "青岚县图书馆去年共接待读者31.2万人次，其中总馆19.8万人次，其余来自新开的三处分馆。": (
        "图书馆来了多少读者？",
        "31.2万人次",
    ),
    "白鹭普查结果公布，志愿者沿沄江数到14,600只白鹭，几乎是两年前的两倍，专家归功于禁止采砂。": (
        "数到多少只白鹭？",
        "14,600只",
    ),
}


class Run(NamedTuple):
    """How a command ended."""

    status: int
    out: str
    err: str


class Cli:
    """Runs `chuchu` in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys, self._monkeypatch = capsys, monkeypatch

    def __call__(self, *arguments: object) -> Run:
        self._monkeypatch.setattr(sys, "argv", ["chuchu", *map(str, arguments)])
        return Run(_status(), *self._capsys.readouterr())


def _status() -> int:
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)


@pytest.fixture
def cli(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, prepared_cache: Path, tmp_path: Path
) -> Cli:
    monkeypatch.setenv("CHUCHU_CACHE", str(prepared_cache))
    monkeypatch.chdir(tmp_path)
    return Cli(capsys, monkeypatch)


def squad(path: Path, *, translated: bool = False) -> Path:
    def asked(n: int, question: str, answer: str) -> dict[str, Any]:
        words = f"translated {n}" if translated else answer
        return {"id": f"q{n}", "question": question, "answers": [{"text": words}]}

    listed = [
        {"context": f"Translated {n}." if translated else context, "qas": [asked(n, *pair)]}
        for n, (context, pair) in enumerate(PARAGRAPHS.items())
    ]
    path.write_text(json.dumps({"data": [{"title": "沄江", "paragraphs": listed}]}), "utf-8")
    return path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, prepared_cache: Path) -> Path:
    """A folder with the set and its archive."""
    folder = tmp_path_factory.mktemp("set")
    squad(folder / "zh.json")
    arguments = ["chuchu", "eval", str(folder / "zh.json"), "--build", "--index", str(folder / "ix")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHUCHU_CACHE", str(prepared_cache))
        patch.setattr(sys, "argv", arguments)
        assert _status() == 0
    return folder


def test_the_set_is_built_and_measured(cli: Cli, built: Path) -> None:
    run = cli("eval", built / "zh.json", "--index", built / "ix", "--json")
    record = json.loads(run.out)
    assert (run.status, record["n"], record["success@1"], record["answer@3"]) == (0, 3, 1.0, 1.0)
    assert record["slices"]["language"]["zh"]["n"] == 3
    assert [question["rank"] for question in record["questions"]] == [1, 1, 1]


def test_the_table_is_printed(cli: Cli, built: Path) -> None:
    run = cli("eval", built / "zh.json", "--index", built / "ix")
    assert run.status == 0
    assert run.out.split()[:2] == ["n", "3"]
    assert "success@1          1.000" in run.out
    assert run.err == ""


def test_questions_in_another_language_use_the_same_articles_and_may_lend_answers(cli: Cli, built: Path) -> None:
    english = squad(built / "en.json", translated=True)
    plain = json.loads(cli("eval", english, "--index", built / "ix", "--json").out)
    lent = json.loads(cli("eval", english, "--index", built / "ix", "--json", "--answers", built / "zh.json").out)
    assert (plain["success@1"], plain["answer@3"]) == (1.0, 0.0)
    assert (lent["success@1"], lent["answer@3"]) == (1.0, 1.0)


def test_fail_under_leaves_with_1_and_says_which(cli: Cli, built: Path) -> None:
    limits = ("--fail-under", "success@1=1", "--fail-under", "mrr@10=1.5", "--fail-under", "auroc=0.5")
    run = cli("eval", built / "zh.json", "--index", built / "ix", *limits)
    assert run.status == 1
    assert run.err.splitlines() == [
        "chuchu: MRR@10 is 1.0000, worse than 1.5",
        "chuchu: refusal.auroc is not measured, worse than 0.5",
    ]
    assert cli("eval", built / "zh.json", "--index", built / "ix", "--fail-under", "success@1=1").status == 0


def test_a_run_is_compared_and_reported(cli: Cli, built: Path, tmp_path: Path) -> None:
    before = tmp_path / "before.json"
    before.write_text(cli("eval", built / "zh.json", "--index", built / "ix", "--json").out, "utf-8")
    page = tmp_path / "page.html"
    run = cli("eval", built / "zh.json", "--index", built / "ix", "--compare", before, "--report", page)
    assert "nothing changed by more than chance explains" in run.out
    assert "<h2>Changes</h2>" in page.read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("zh.json", "--build"), "name its folder with --index"),
        (("zh.json", "--index", "ix", "--fail-under", "success@1"), "write METRIC=X"),
        (("zh.json", "--index", "ix", "--fail-under", "recall@1=1"), "no measure is called recall@1"),
        (("zh.json", "--index", "ix", "--compare", "zh.json"), "is not what chuchu eval --json prints"),
        (("other.jsonl", "--index", "ix"), "none of the 1 articles that the questions name is in ix, such as 江/1"),
        (("other.jsonl", "--index", "ix", "--build"), "needs a set in SQuAD's format"),
        (("none.jsonl", "--index", "ix"), "none.jsonl cannot be read"),
        (("zh.json", "--index", "ix", "--report", "no/page.html"), "no/page.html cannot be written"),
    ],
)
def test_what_can_be_mended_is_one_line_and_2(
    cli: Cli, built: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(built)
    (built / "other.jsonl").write_text('{"id": "q", "question": "谁？", "articles": ["江/1"]}', "utf-8")
    run = cli("eval", *arguments)
    assert run.status == 2
    assert run.err.count("\n") == 1
    assert said in run.err


def test_articles_that_are_missing_are_said(cli: Cli, built: Path) -> None:
    mixed = built / "mixed.jsonl"
    mixed.write_text('{"id": "q", "question": "新桥造价多少？", "articles": ["沄江/1", "江/9"]}', "utf-8")
    run = cli("eval", mixed, "--index", built / "ix")
    assert run.status == 0
    assert "lacks 1 of the articles that the questions name: 江/9" in run.err


def test_what_got_worse_is_said_first(capsys: pytest.CaptureFixture[str]) -> None:
    def run(good: float, wrong: float) -> list[Any]:
        rank = 1 if good else None
        return [
            outcome(f"q{n}", rank=rank, marks={"success@1": good, "answered.wrong": wrong}, confidence=0.5)
            for n in range(12)
        ]

    print_comparison(compare(run(1, 1), run(0, 0)))
    lines = capsys.readouterr().out.splitlines()
    assert lines[2].split()[:4] == ["worse", "whole", "(12)", "success@1:"]
    assert lines[3].split()[:4] == ["better", "whole", "(12)", "answered.wrong:"]
    assert lines[4].startswith("  first before and not now: 12 (q0, q1,")
