import pytest

from retrieval.text.words import query_words, words, words_found


def test_chinese_gives_dictionary_words_bigrams_and_characters() -> None:
    found = words("资源县图书馆")
    assert {"图书馆", "图书", "源县", "县图", "馆"} <= set(found)


def test_scripts_meet() -> None:
    assert words("資源縣劃撥黨費") == words("资源县划拨党费")


def test_letters_and_figures_stand_apart_from_characters() -> None:
    assert {"bskyb", "2012", "17.1"} <= set(words("BSkyB的标清广播2012年划拨17.1万元"))


def test_a_name_that_the_dictionary_tears_apart_still_matches_by_its_bigrams() -> None:
    name = {"仇阿", "阿苎"}
    assert name <= set(words("仇阿苧背得出三十七出戏")) & set(query_words("蓑衣戏艺人仇阿苧"))


def test_a_place_is_a_word_whatever_the_dictionary_says() -> None:
    assert "资源县" in set(words("廣西資源縣迅速下發通知")) & set(query_words("资源县划拨了多少？"))


def test_what_only_asks_is_left_out() -> None:
    assert not {"多少", "什么", "how", "many", "いつ"} & set(
        query_words("资源县划拨了多少？什么时候") + query_words("How many bridges?") + query_words("橋はいつ")
    )


def test_a_question_of_nothing_but_asking_keeps_its_words() -> None:
    assert query_words("什么时候？") != []


def test_figures_and_dates_meet_in_any_notation() -> None:
    assert "#171000" in set(words("划拨17.1万元")) & set(words("劃撥十七萬一千元")) & set(query_words("171,000元"))
    assert "@2022-04-14" in set(words("2022年4月14日")) & set(query_words("on April 14, 2022"))


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (["图书", "书馆"], {"图书"}),
        (["bridge", "ridge"], {"bridge"}),
        (["@2022-04-14", "#171000", "#2021"], {"@2022-04-14", "#171000"}),
        (["大桥", "bridge", "#171000"], {"大桥", "bridge", "#171000"}),
        ([], set()),
    ],
)
def test_what_stands_in_a_text_is_found_whatever_else_is_wanted(wanted: list[str], found: set[str]) -> None:
    text = "2022年4月14日，大橋（Bridge）和圖書角共劃撥17.1萬元"
    assert words_found([text, ""], wanted) == [[word in found for word in wanted], [False] * len(wanted)]


@pytest.mark.parametrize("mark", ["・", "･", "ー", "゛"])
def test_a_mark_without_kana_is_no_word(mark: str) -> None:
    assert words(f"马修{mark}格林") == [*words("马修"), *words("格林")]


def test_a_long_vowel_belongs_to_its_word_and_a_point_to_none() -> None:
    assert {"コー", "ーヒ", "ヒー", "ショ"} <= set(words("コーヒー・ショップ"))
    assert not any("・" in word for word in words("コーヒー・ショップ"))


def test_an_emoji_is_a_word_in_whatever_tone() -> None:
    assert words("用😂🙏🏽的人") == [*words("用"), "😂", "🙏", *words("的人")]
    assert words_found(["最常用的是😂"], ["😂", "🙏"]) == [[True, False]]
