from pathlib import Path

import pytest

from retrieval.store.catalogue.catalogue import Catalogue
from tests.fakes import FakeEncoder
from tests.retrieval.store.builders import entry

BRIDGE = "\n".join(
    f"沄江上的第{n}座新桥昨天通车，全长{n * 37}米，连起河两岸的{n + 3}个村。老船工{name}说，以后过河再也不用等船了。"
    for n, name in enumerate("赵钱孙李周吴郑王冯陈", 1)
)
TEA = "\n".join(
    f"{month}月的春茶每斤卖到{month * 130}元，茶农说比去年涨了{month}成，是{month + 5}年来最高。"
    for month in range(3, 12)
)


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue(tmp_path / "catalogue.sqlite", create=True)


def put(catalogue: Catalogue, article_id: str, text: str, published: str | None = None) -> None:
    values = {"published": published} if published else {}
    catalogue.put(entry(article_id, text, FakeEncoder(), **values))


def stories(catalogue: Catalogue) -> list[list[str]]:
    """Return the ids that tell each story, in the order in which the copies of its first are told."""
    told: dict[int, list[str]] = {}
    for place in catalogue.places(range(1, 100)).values():
        article = catalogue.articles([place.article])[place.article]
        told.setdefault(
            place.story, [article.id, *(copy.id for copy in catalogue.copies([place.article])[place.article])]
        )
    return list(told.values())


def test_copies_tell_one_story_the_first_published_first(catalogue: Catalogue) -> None:
    put(catalogue, "undated", BRIDGE)
    put(catalogue, "tea", TEA)
    put(catalogue, "later", f"{BRIDGE}\n（责任编辑：王小明）", "2023-03-15")
    put(catalogue, "first", BRIDGE, "2023-03-14")
    assert stories(catalogue) == [["undated", "first", "later"], ["tea"]]


def test_a_story_outlives_the_article_that_told_it_first(catalogue: Catalogue) -> None:
    put(catalogue, "a", BRIDGE)
    put(catalogue, "b", BRIDGE)
    catalogue.remove("a")
    put(catalogue, "c", BRIDGE)
    assert stories(catalogue) == [["b", "c"]]


def test_a_changed_article_leaves_its_story(catalogue: Catalogue) -> None:
    put(catalogue, "a", BRIDGE)
    put(catalogue, "b", BRIDGE)
    put(catalogue, "a", TEA)
    assert stories(catalogue) == [["b"], ["a"]]


def test_unknown_numbers_have_no_copies(catalogue: Catalogue) -> None:
    assert catalogue.copies([7]) == {7: []}
