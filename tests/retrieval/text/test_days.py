from datetime import date

import pytest

from retrieval.text.dates import day_range


@pytest.mark.parametrize(
    ("iso", "first", "last"),
    [
        ("2022", date(2022, 1, 1), date(2022, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2022-04-14", date(2022, 4, 14), date(2022, 4, 14)),
        ("2022-04-14T17:37:00+08:00", date(2022, 4, 14), date(2022, 4, 14)),
    ],
)
def test_range(iso: str, first: date, last: date) -> None:
    assert day_range(iso) == (first.toordinal(), last.toordinal())


@pytest.mark.parametrize("iso", ["", "22", "2022-13", "2022-02-30", "2022/04/14", "0000", "今年"])
def test_what_is_not_a_date(iso: str) -> None:
    with pytest.raises(ValueError, match=r"not an ISO date|out of range|must be in|day is"):
        day_range(iso)
