"""The corruptor does what the converter was seen to do."""

import pytest

from tests.retrieval.repair.corruptor import Converter

READINGS = {
    "聯": "lián",
    "當": "dāng",
    "擔": "dān",
    "負": "fù",
    "項": "xiàng",
    "經": "jīng",
    "報": "bào",
    "請": "qǐng",
} | {
    "鄉": "xiāng",
    "結": "jié",
}


@pytest.mark.parametrize(
    ("true", "passes", "keeps_private", "seen"),
    [
        ("集結號", "結", True, "集結(jié)號"),
        ("勇擔當", "聯擔當", False, "勇?lián)?dāng)"),
        ("勇擔當", "聯擔當", True, "勇?lián)\ue2fd?dāng)"),
        ("重擔", "聯擔負", False, "重?fù)?dān)"),
        ("下撥專項", "聯項", False, "下?lián)軐m?xiàng)"),
        ("下撥到位。", "聯", False, "下?lián)艿轿?。"),
        ("旁山沖社", "經", True, "旁山?jīng)_社"),
        ("日報告", "報請", True, "日?qǐng)?bào)告"),
        ("心。”3月", "", True, "心?!?月"),
        ("心。“非必要不返鄉", "鄉", True, "心?!胺潜匾\ue011环掂l(xiāng)"),
        ("好。可", "", True, "好???"),
    ],
)
def test_rows_seen_in_real_files(true: str, passes: str, keeps_private: bool, seen: str) -> None:
    converter = Converter({letter: READINGS[letter] for letter in passes}, keeps_private=keeps_private)
    assert converter.damage(true) == seen
