from hypothesis import given
from hypothesis import strategies as st

from bot.web.view import Mark, MarkKind, differences, paragraphs

TEXTS = st.text(alphabet="甲乙丙。！\n <&", max_size=120)
SPANS = st.tuples(st.integers(-5, 130), st.integers(-5, 130))
MARKS = st.lists(st.builds(Mark, SPANS, st.sampled_from(MarkKind)), max_size=6)


@given(TEXTS, MARKS)
def test_every_character_is_shown_once_with_the_marks_that_hold_it(text: str, marks: list[Mark]) -> None:
    rows = paragraphs(text, marks)
    assert ["".join(piece.text for piece in row) for row in rows] == [line for line in text.split("\n") if line]
    shown = [(letter, piece.kinds) for row in rows for piece in row for letter in piece.text]
    expected = [
        (letter, frozenset(mark.kind for mark in marks if max(mark.span[0], 0) <= place < mark.span[1]))
        for place, letter in enumerate(text)
        if letter != "\n"
    ]
    assert shown == expected


@given(TEXTS, MARKS)
def test_one_piece_at_most_is_the_first_of_the_passage(text: str, marks: list[Mark]) -> None:
    pieces = [piece for row in paragraphs(text, marks) for piece in row]
    first = [piece for piece in pieces if piece.is_first]
    assert first == [piece for piece in pieces if MarkKind.PASSAGE in piece.kinds][:1]


def test_only_sentences_of_one_side_differ() -> None:
    one, other = "桥通车了。花了两亿元。\n老桥不拆。", "桥通车了。\n花了三亿元。老桥不拆。本报讯！"
    marked = [
        [text[slice(*mark.span)].strip() for mark in marks]
        for text, marks in zip((one, other), differences(one, other), strict=True)
    ]
    assert marked == [["花了两亿元。"], ["花了三亿元。", "本报讯！"]]
    assert differences(one, one) == ([], [])
