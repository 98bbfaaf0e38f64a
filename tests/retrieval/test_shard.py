import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import SettingsError, parse_shard
from retrieval.origins import WHOLE, Shard


@given(st.text(), st.integers(1, 40))
def test_every_article_is_in_exactly_one_shard(article_id: str, of: int) -> None:
    assert sum(Shard(number, of).holds(article_id) for number in range(1, of + 1)) == 1
    assert WHOLE.holds(article_id)


def test_shards_are_about_equal_and_stay_what_they_are() -> None:
    ids = [f"paper/2022/{number}.txt" for number in range(1600)]
    sizes = [sum(Shard(number, 16).holds(each) for each in ids) for number in range(1, 17)]
    assert min(sizes) > 60
    assert max(sizes) < 140
    # machines that are set up apart must agree: another hash would index articles twice or never
    assert [each for each in ids[:40] if Shard(3, 16).holds(each)] == [
        f"paper/2022/{number}.txt" for number in (1, 15, 18)
    ]


def test_a_shard_is_read_as_it_is_written() -> None:
    assert parse_shard("3/16") == Shard(3, 16)


@pytest.mark.parametrize("said", ["", "3", "0/4", "5/4", "-1/4", "1/0", "a/b", "1/2/3"])
def test_what_is_no_shard(said: str) -> None:
    with pytest.raises(SettingsError, match="1/16"):
        parse_shard(said)
