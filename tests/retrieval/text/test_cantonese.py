"""Questions typed in Cantonese."""

import pytest

from retrieval.text import in_written_chinese


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("死咗幾多人", "死了多少人"),
        ("邊個負責?", "誰負責?"),
        ("佢而家喺邊度", "他現在在哪裏"),
        ("邊間學校停課", "哪間學校停課"),
        ("市長同埋主席係邊個", "市長和主席是誰"),
        ("使咗幾多錢", "花了多少錢"),
        ("點解要推遲", "為什麼要推遲"),
        ("係咪真係取消咗", "是不是真是取消了"),
        ("有冇人受傷", "有沒有人受傷"),
        ("呢條橋有幾長", "這條橋有多長"),
        ("要使幾多錢", "要花多少錢"),
        ("海邊度假村燒咗幾多間房", "海邊度假村燒了多少間房"),
        ("周邊地區死咗幾多人", "周邊地區死了多少人"),
        ("大橋有咩新聞", "大橋有什麼新聞"),
        ("邊隊攞冠軍", "哪隊攞冠軍"),
    ],
)
def test_cantonese_words_become_those_of_written_chinese(typed: str, written: str) -> None:
    assert in_written_chinese(typed) == written


@pytest.mark.parametrize(
    "typed",
    [
        "兩國關係如何",
        "係數是多少",
        "幾時開",
        "乜大叔是誰",
        "桥什么时候通车",
        "机场呢，谁管的？",
        "湖邊度假村價格",
        "旁邊個別住戶",
        "這邊個案多少",
        "周邊條件如何",
        "雙邊條約何時簽",
        "然而家長怎麼說",
        "受害者家屬不滿什麼",
        "依家長意願",
        "幾點解封",
        "早上六點解除警報",
        "這一點解釋了什麼",
        "地點樣貌",
        "有幾大銀行倒閉",
        "有幾高中停課",
        "一同埋葬在哪",
        "他與乜先生的關係",
        "爆炸使多少人受傷",
        "俾斯麥是誰",
        "5G站點解決方案誰得標",
        "延邊隊主教練是誰",
        "皈依家裡",
    ],
)
def test_what_is_no_cantonese_stays(typed: str) -> None:
    assert in_written_chinese(typed) == typed
