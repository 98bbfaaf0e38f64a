"""A damaged line is cut into what the decoder left."""

from retrieval.repair.hypotheses import Token, TokenKind, tokenise


def test_glosses_stay_with_their_character() -> None:
    assert tokenise("結(jié)號") == [
        Token(TokenKind.CHARACTER, "結(jié)", ("jié",)),
        Token(TokenKind.CHARACTER, "號"),
    ]


def test_a_gloss_without_its_bracket_begins_damage() -> None:
    tokens = tokenise("勇?lián)?dāng)")
    assert tokens[1:] == [
        Token(TokenKind.OPEN_GLOSS, "?lián)", ("lián",)),
        Token(TokenKind.OPEN_GLOSS, "?dāng)", ("dāng",)),
    ]
    assert tokens[1].is_trigger


def test_what_is_no_reading_is_no_gloss() -> None:
    tokens = tokenise("是?why)")
    assert "".join(token.text for token in tokens) == "是?why)"
    assert not any(token.is_trigger for token in tokens)


def test_a_question_mark_before_a_boundary_may_be_a_byte() -> None:
    assert [token.stops for token in tokenise("心?!好?。行?嗎?")] == [
        False, True, False, False, True, False, False, False, False, True,
    ]  # fmt: skip
    assert [token.is_cut_off for token in tokenise("學??。")] == [False, False, True, False]
