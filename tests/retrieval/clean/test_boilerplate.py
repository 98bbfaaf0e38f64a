import itertools
from collections.abc import Iterator

from retrieval.clean.article import make_article
from retrieval.clean.boilerplate import AHEAD, LEAST_ARTICLES, Boilerplate, learning, source_of
from retrieval.values import Article, Draft, Skipped

RUBRIC = "本栏目由云岭县茶叶协会特约刊登，每周五与您见面，讲述茶山上的人和事。"


def page(number: int) -> str:
    return f"第{number}次上山\n{RUBRIC}\n这是第{number}次上山，{'山路' * number}比上一次更长，雾也更浓，我们走了很久才到。\n阅读 {number}00"


def knows(known: Boilerplate, source: str, line: str) -> bool:
    return next(iter(known.among(source, [line])))


def learned(articles: int) -> Boilerplate:
    known = Boilerplate()
    for number in range(1, articles + 1):
        known.learn("茶山", page(number).split("\n"))
    return known


def test_a_line_of_many_articles_is_boilerplate_whatever_it_says() -> None:
    known = learned(LEAST_ARTICLES)
    assert knows(known, "茶山", RUBRIC)
    assert not knows(known, "茶山", page(1).split("\n")[2])
    assert not knows(known, "别处", RUBRIC)


def test_a_few_articles_prove_nothing() -> None:
    assert not knows(learned(LEAST_ARTICLES - 1), "茶山", RUBRIC)


def test_a_line_must_come_back_in_a_share_of_the_articles() -> None:
    known = learned(LEAST_ARTICLES)
    for number in range(200):
        known.learn("茶山", [f"完全不同的一篇，讲的是{chr(0x4E00 + number)}字的来历，足够长，足够不同。"])
    assert not knows(known, "茶山", RUBRIC)


def test_the_same_article_again_does_not_make_its_paragraphs_boilerplate() -> None:
    known = Boilerplate()
    for _ in range(20):
        known.learn("茶山", page(3).split("\n"))
    assert not knows(known, "茶山", RUBRIC)
    assert not knows(known, "茶山", page(3).split("\n")[2])


def test_what_was_found_survives_the_run_and_nothing_else_does() -> None:
    known = learned(LEAST_ARTICLES)
    restored = Boilerplate.from_json(known.to_json())
    assert knows(restored, "茶山", RUBRIC)
    assert not knows(restored, "茶山", page(1).split("\n")[2])
    assert restored.to_json() == known.to_json()
    assert learned(LEAST_ARTICLES - 1).to_json() == "{}"


def test_the_first_pages_are_cleaned_by_what_the_later_ones_show() -> None:
    drafts = [Draft(id=f"茶山/{number}.txt", text=page(number)) for number in range(1, LEAST_ARTICLES + 1)]
    known = Boilerplate()
    skipped = Skipped("茶山/0.pdf", "encrypted")
    stream = learning([skipped, *drafts], known)
    assert [next(stream), next(stream)] == [skipped, drafts[0]]
    assert knows(known, "茶山", RUBRIC)
    assert list(stream) == drafts[1:]


def test_drafts_are_waited_for_within_bounds() -> None:
    taken: list[int] = []

    def endless(length: int) -> Iterator[Draft]:
        for number in itertools.count(1):
            taken.append(number)
            yield Draft(id=f"{number}.txt", text=f"{number} " * (length // 8))

    next(learning(endless(8), Boilerplate()))
    assert len(taken) == AHEAD + 1
    taken.clear()
    next(learning(endless(4_000_000), Boilerplate()))
    assert len(taken) == 5


def test_records_teach_nothing() -> None:
    drafts = [Draft(id=f"a#{number}", text=page(number), source="茶山", is_record=True) for number in range(1, 20)]
    known = Boilerplate()
    assert list(learning(drafts, known)) == drafts
    assert not knows(known, "茶山", RUBRIC)


def test_boilerplate_leaves_the_article() -> None:
    draft = Draft(id="茶山/9.txt", text=page(9), path="茶山/9.txt")
    with_rubric, without = make_article(draft), make_article(draft, boilerplate=learned(LEAST_ARTICLES))
    assert isinstance(with_rubric, Article)
    assert isinstance(without, Article)
    assert RUBRIC in with_rubric.text
    assert RUBRIC not in without.text
    assert ("on many pages of the source", RUBRIC) in [(piece.reason, piece.text) for piece in without.removed]


def test_a_masthead_that_is_on_every_page_still_names_the_outlet() -> None:
    known = Boilerplate()
    titles = ("一壶水", "两匹马", "三条路", "四个人", "五更天", "六亩茶")
    pages = [f"茶山晚报\n首页　副刊\n{title}\n{page(ord(title[0]) % 99)}\n版权所有" for title in titles]
    for text in pages:
        known.learn("茶山", text.split("\n"))
    article = make_article(Draft(id="茶山/9.txt", text=pages[0]), boilerplate=known)
    assert isinstance(article, Article)
    assert (article.source, article.title) == ("茶山晚报", "一壶水")


def test_a_source_is_the_outlet_the_site_or_the_folder() -> None:
    assert source_of(Draft(id="a", text="", source="人民网", url="https://x.example/a")) == "人民网"
    assert source_of(Draft(id="a", text="", source="人民网", site="云岭新闻网")) == "云岭新闻网"
    assert source_of(Draft(id="a", text="", url="https://www.x.example/a")) == "x.example"
    assert source_of(Draft(id="茶山/2020/a.txt", text="", path="茶山/2020/a.txt")) == "茶山/2020"
