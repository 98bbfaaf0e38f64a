"""The shipped tables are small and say what the converter says."""

from retrieval.repair.likelihood import MODEL_PATH, character_model, readings, spoken


def test_model_is_small() -> None:
    assert MODEL_PATH.stat().st_size <= 3_000_000


def test_changed_characters_fold_and_have_readings() -> None:
    model = character_model()
    assert model.folded("勇擔當,著火") == "勇担当,着火"
    assert model.readings["聯"] == ("lián",)
    assert model.readings["長"][0] == "zhǎng"
    assert "cháng" in model.readings["長"]
    assert "勇" not in model.readings
    assert "為" in model.images["为"]


def test_words_are_log_probabilities_of_folded_words() -> None:
    words = character_model().words
    assert words["学校"] > words["到位"]
    assert all(score < 0 for score in words.values())
    assert "學校" not in words


def test_readings_and_characters_mirror_each_other() -> None:
    assert (0xC2, 0x93) in spoken()["lián"]
    assert all(reading in readings(two) for reading, twos in spoken().items() for two in twos)
    assert readings((0xD3, 0xC2)) == readings(None) == ()
