import random
from pathlib import Path

import pytest

from retrieval.store.catalogue import Catalogue
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
    catalogue.put_all([entry(article_id, text, FakeEncoder(), **values)])


def stories(catalogue: Catalogue) -> list[list[str]]:
    """Return the ids that tell each story, in the order in which the copies of its first are told."""
    told: dict[int, list[str]] = {}
    for place in catalogue.places(range(1, 1000)).values():
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
    catalogue.remove_all(["a"])
    put(catalogue, "c", BRIDGE)
    assert stories(catalogue) == [["b", "c"]]


def test_a_changed_article_leaves_its_story(catalogue: Catalogue) -> None:
    put(catalogue, "a", BRIDGE)
    put(catalogue, "b", BRIDGE)
    put(catalogue, "a", TEA)
    assert stories(catalogue) == [["b"], ["a"]]


def test_unknown_numbers_have_no_copies(catalogue: Catalogue) -> None:
    assert catalogue.copies([7]) == {7: []}


def test_articles_written_together_tell_the_stories_that_they_tell_one_by_one(tmp_path: Path) -> None:
    chance, encoder = random.Random(1), FakeEncoder(dim=8)
    kinds = (BRIDGE, TEA, "清溪县图书馆昨日宣布，周末开放时间延长两小时，{}人办了新证。")
    texts = [
        chance.choice(kinds).replace("{}", str(chance.randrange(9))) + chance.choice(("", f"编号{n}。", "记者手记。"))
        for n in range(260)
    ]
    # some ids come again, with another text, in the batch that writes them first
    entries = [entry(f"a{chance.randrange(200)}", text, encoder) for text in texts]
    one_by_one, together = (Catalogue(tmp_path / f"{name}.sqlite", create=True) for name in ("one", "all"))
    for each in entries:
        one_by_one.put_all([each])
    together.put_all(entries[:150])
    together.put_all(entries[150:])
    told = [
        {n: place.story for n, place in catalogue.places(range(1, 2000)).items()}
        for catalogue in (one_by_one, together)
    ]
    assert told[0] == told[1]
    assert 2 < len(set(told[0].values())) < 60


def test_writing_articles_that_are_alike_reads_each_of_them_once(tmp_path: Path) -> None:
    texts = [f"{n}号通知：清溪县图书馆昨日宣布，周末开放时间延长两小时。" for n in range(400)]
    catalogue = Catalogue(tmp_path / "catalogue.sqlite", create=True)
    entries = [entry(f"a{n}", text, FakeEncoder(dim=8)) for n, text in enumerate(texts)]
    asked = list[str]()
    catalogue._connection._sqlite.set_trace_callback(asked.append)
    catalogue.put_all(entries)
    assert sum(query.startswith("SELECT story, text") for query in asked) <= len(texts)


def test_an_article_replaced_in_the_batch_that_wrote_it_tells_no_story_any_more(catalogue: Catalogue) -> None:
    notices = [f"{n}号通知：清溪县图书馆昨日宣布，周末开放时间延长两小时。" for n in range(150)]  # each its own story
    texts = {**{f"a{n}": text for n, text in enumerate(notices)}, "like the third": notices[3]}
    entries = [entry(name, text, FakeEncoder(dim=8)) for name, text in texts.items()]
    catalogue.put_all([*entries[:-1], entry("a3", TEA, FakeEncoder(dim=8)), entries[-1]])
    last = catalogue.places([catalogue.extent()[1] + 1])
    assert [place.story for place in last.values()] == [place.article for place in last.values()] == [152]
