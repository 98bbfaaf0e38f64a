import pytest

from bot.progress import described, indexing_progress
from retrieval import IndexReport, Skipped


@pytest.mark.parametrize(
    ("report", "seconds", "said"),
    [
        (IndexReport(added=["a"] * 1500), 0.5, "1,500 indexed, 0 unchanged, 0 skipped"),
        (IndexReport(added=["a"], changed=["b"], embedded=300), 10, "2 indexed, 0 unchanged, 0 skipped, 30 windows/s"),
        (
            IndexReport(unchanged=["a"], skipped=[Skipped("b", "empty")], read=0.25),
            30,
            "0 indexed, 1 unchanged, 1 skipped, 0:01:30 left",
        ),
        (IndexReport(read=0.0), 30, "0 indexed, 0 unchanged, 0 skipped"),
    ],
)
def test_progress_in_words(report: IndexReport, seconds: float, said: str) -> None:
    assert described(report, seconds) == said


def test_nothing_is_shown_where_there_is_no_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    with indexing_progress() as show:
        show(IndexReport(added=["a"], read=0.5))
    assert capfd.readouterr() == ("", "")
