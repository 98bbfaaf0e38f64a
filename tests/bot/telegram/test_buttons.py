import pytest

from bot.telegram.buttons import day_after, day_before


@pytest.mark.parametrize(
    ("published", "before", "after"),
    [
        ("2022-04-14T17:37+08:00", "2022-04-13", "2022-04-15"),
        ("2022-12-31", "2022-12-30", "2023-01-01"),
        ("2022-12", "2022-11-30", "2023-01-01"),
        ("2024-02", "2024-01-31", "2024-03-01"),
        ("2022", "2021-12-31", "2023-01-01"),
        ("0001", "0001-01-01", "0002-01-01"),
        ("9999-12-31", "9999-12-30", "9999-12-31"),
    ],
)
def test_days_around_a_date_of_any_precision(published: str, before: str, after: str) -> None:
    assert (day_before(published), day_after(published)) == (before, after)
