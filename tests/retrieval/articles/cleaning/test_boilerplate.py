import json

from retrieval.articles.cleaning.boilerplate import LEAST_ARTICLES, Boilerplate, source_of
from retrieval.articles.draft import Draft
from retrieval.articles.make import make_article
from retrieval.values import Article

RUBRIC = "本栏目由云岭县茶叶协会特约刊登，每周五与您见面，讲述茶山上的人和事。"


def page(number: int) -> str:
    return f"第{number}次上山\n{RUBRIC}\n这是第{number}次上山，{'山路' * number}比上一次更长，雾也更浓，我们走了很久才到。\n阅读 {number}00"


def learned(articles: int) -> Boilerplate:
    known = Boilerplate()
    for number in range(1, articles + 1):
        known.learn("茶山", page(number).split("\n"))
    return known


def test_a_line_of_many_articles_is_boilerplate_whatever_it_says() -> None:
    known = learned(LEAST_ARTICLES)
    assert known.knows("茶山", RUBRIC)
    assert not known.knows("茶山", page(1).split("\n")[2])
    assert not known.knows("别处", RUBRIC)


def test_a_few_articles_prove_nothing() -> None:
    assert not learned(LEAST_ARTICLES - 1).knows("茶山", RUBRIC)


def test_a_line_must_come_back_in_a_share_of_the_articles() -> None:
    known = learned(LEAST_ARTICLES)
    for number in range(200):
        known.learn("茶山", [f"完全不同的一篇，讲的是{chr(0x4E00 + number)}字的来历，足够长，足够不同。"])
    assert not known.knows("茶山", RUBRIC)


def test_the_same_article_again_does_not_make_its_paragraphs_boilerplate() -> None:
    known = Boilerplate()
    for _ in range(20):
        known.learn("茶山", page(3).split("\n"))
    assert not known.knows("茶山", RUBRIC)
    assert not known.knows("茶山", page(3).split("\n")[2])


def test_what_was_learned_survives_json() -> None:
    known = learned(LEAST_ARTICLES)
    restored = Boilerplate.from_dict(json.loads(json.dumps(known.to_dict())))
    assert restored.knows("茶山", RUBRIC)
    assert restored.to_dict() == known.to_dict()


def test_boilerplate_leaves_the_article() -> None:
    draft = Draft(id="茶山/9.txt", text=page(9), path="茶山/9.txt")
    with_rubric, without = make_article(draft), make_article(draft, boilerplate=learned(LEAST_ARTICLES))
    assert isinstance(with_rubric, Article)
    assert isinstance(without, Article)
    assert RUBRIC in with_rubric.text
    assert RUBRIC not in without.text
    assert ("on many pages of the source", RUBRIC) in [(piece.reason, piece.text) for piece in without.removed]


def test_a_source_is_the_outlet_the_site_or_the_folder() -> None:
    assert source_of(Draft(id="a", text="", source="人民网", url="https://x.example/a")) == "人民网"
    assert source_of(Draft(id="a", text="", url="https://www.x.example/a")) == "x.example"
    assert source_of(Draft(id="茶山/2020/a.txt", text="", path="茶山/2020/a.txt")) == "茶山/2020"
