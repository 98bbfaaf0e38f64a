import pytest

from bot.terminal import described, indexing_progress
from retrieval import IndexReport, Skipped


@pytest.mark.parametrize(
    ("report", "seconds", "left", "said"),
    [
        (IndexReport(added=["a"] * 1500), 0.5, None, "1,500 indexed, 0 unchanged, 0 skipped"),
        (
            IndexReport(added=["a"], changed=["b"], embedded=300),
            10,
            0.5,
            "2 indexed, 0 unchanged, 0 skipped, 30 windows/s",
        ),
        (
            IndexReport(unchanged=["a"], skipped=[Skipped("b", "empty")], read=0.25),
            30,
            89.6,
            "0 indexed, 1 unchanged, 1 skipped, 0:01:30 left",
        ),
        (IndexReport(read=0.5), 30, None, "0 indexed, 0 unchanged, 0 skipped"),
    ],
)
def test_progress_in_words(report: IndexReport, seconds: float, left: float | None, said: str) -> None:
    assert described(report, seconds, left) == said


def test_nothing_is_shown_where_there_is_no_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    with indexing_progress() as show:
        show(IndexReport(added=["a"], read=0.5))
    assert capfd.readouterr() == ("", "")
