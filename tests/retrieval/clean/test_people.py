import pytest

from retrieval.clean.names import is_name, read_names


@pytest.mark.parametrize(
    "word", ["张三", "欧阳小红", "楊臻瑩", "佐藤健", "古賀みどり", "Jane Smith", "Anna de Vries", "弗拉基米尔·伊万诺夫"]
)
def test_knows_names(word: str) -> None:
    assert is_name(word)


@pytest.mark.parametrize("word", ["人民公园", "石桥乡事", "首页", "News", "Football Cricket Rugby Tennis", "2020", ""])
def test_knows_what_is_no_name(word: str) -> None:
    assert not is_name(word)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("甘肃陇南市宕昌县委宣传部刘治学 刘国庆 王晓勇", ("刘治学", "刘国庆", "王晓勇")),
        ("記者林子涵／白沙報導", ("林子涵",)),
        ("地域報道部・鵜殿澄", ("鵜殿澄",)),
        ("By Jane Smith, Peter Quill and Rosa Delgado", ("Jane Smith", "Peter Quill", "Rosa Delgado")),
        ("Fiona Blackwood Scotland correspondent", ("Fiona Blackwood",)),
        ("한서윤 기자", ("한서윤",)),
        ("婁底市直機關工委 劉藝 王純芳", ("劉藝", "王純芳")),
        ("张三、张三", ("张三",)),
        ("这不是一串名字", ()),
        ("", ()),
    ],
)
def test_reads_lists_of_people(text: str, names: tuple[str, ...]) -> None:
    assert read_names(text) == names


def test_below_a_label_a_pen_name_will_do() -> None:
    assert read_names("江边钓客") == ()
    assert read_names("江边钓客", declared=True) == ("江边钓客",)
