"""PDF documents → their paragraphs in reading order, with the title and author that they declare."""

import logging
import re
import time
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any

from pypdf import PageObject, PdfReader, apply_configuration, get_configuration
from pypdf.errors import DependencyError, LimitReachedError, PyPdfError

from retrieval.read.documents import named_by_hand
from retrieval.read.files import MB, File, Limits, UnreadableError, tidy
from retrieval.read.texts import without_sheets
from retrieval.values import Draft

_END = re.compile(r"[。！？!?.：:；;”」』）)…]$")
_CJK = "\u3000-\u30ff\u3400-\u9fff\uff00-\uffef“”‘’…—"
_SEAM = re.compile(f"(?<=[{_CJK}]) (?=[{_CJK}])")
# A line shorter than this share of the longest one near it is the last of its paragraph.
_FULL = 0.75
# What bounds a stream that pypdf inflates.
_INFLATED = (
    "array_based_stream_maximum_output_length",
    "lzw_maximum_output_length",
    "run_length_maximum_output_length",
    "zlib_maximum_output_length",
    "brotli_maximum_output_length",
)

logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def read_pdf(file: File, limits: Limits) -> Iterator[Draft]:
    """Read a PDF's text layer. Its dates are those of the file, not of the article, and are left alone.

    Raises:
        UnreadableError: it is encrypted, damaged, takes too long, or has no text layer.
    """
    data = file.read(limits)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with apply_configuration(get_configuration().with_overwrites(**_bounds(limits))):
                reader = _opened(data)
                lines = without_sheets(list(_pages(reader, limits)))
                known = reader.metadata
        except LimitReachedError as error:
            raise UnreadableError(
                "a part of it inflates to more than {most} MB", most=limits.file_bytes // 4 // MB
            ) from error
        except _TooLateError as error:
            raise UnreadableError("takes more than {most:g} s to read", most=limits.seconds) from error
        except PyPdfError as error:
            raise UnreadableError("damaged PDF") from error
    text = "\n".join(joined(lines))
    if not text.strip():
        raise UnreadableError("a PDF without a text layer")
    title, author = (known.title, known.author) if known else (None, None)
    yield Draft(id=file.id, text=text, path=file.path, title=named_by_hand(title), author=named_by_hand(author))


def _bounds(limits: Limits) -> dict[str, int]:
    return dict.fromkeys(_INFLATED, limits.file_bytes // 4)


def _opened(data: bytes) -> PdfReader:
    reader = PdfReader(BytesIO(data))
    if reader.is_encrypted:
        try:
            opened = reader.decrypt("")
        except (DependencyError, NotImplementedError) as error:
            raise UnreadableError("encrypted") from error
        if not opened:
            raise UnreadableError("encrypted")
    return reader


def _pages(reader: PdfReader, limits: Limits) -> Iterator[list[str]]:
    end = time.monotonic() + limits.seconds
    characters = 0

    def look_at_clock(*_: object) -> None:
        if time.monotonic() > end:
            raise _TooLateError

    for number, page in enumerate(reader.pages):
        if number >= limits.pages:
            raise UnreadableError("more than {most} pages", most=limits.pages)
        look_at_clock()
        # being asked slows pages of drawings down, and only forms can make a page longer than pypdf's own bounds
        pieces: list[_Piece] = []
        text = page.extract_text(
            visitor_operand_before=look_at_clock if _has_forms(page) else None, visitor_text=partial(_gather, pieces)
        )
        characters += len(text)
        if characters > limits.characters:
            raise UnreadableError("an article of more than {most:,} characters", most=limits.characters)
        columns = _columns(pieces)
        yield [line.strip() for line in tidy("\n".join(columns) if columns else text).split("\n")]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A text that a page draws at once: its left edge and baseline in points, its width as well as it can be known."""

    text: str
    left: float
    base: float
    width: float
    indent: bool


# Pages that draw more pieces are drawings; a column has so many lines; a gap between columns is so wide, in points.
_PIECES, _COLUMN_LINES, _GAP = 5_000, 8, 6.0


def _gather(pieces: list[_Piece], text: str, cm: Any, tm: Any, _: Any, size: Any) -> None:
    """Keep what pypdf draws, and where."""
    if not text.strip() or len(pieces) > _PIECES:
        return
    scale = abs(float(size or 1) * float(tm[0] or tm[1] or 1) * float(cm[0] or cm[1] or 1))
    left, base = tm[4] * cm[0] + tm[5] * cm[2] + cm[4], tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
    shown = text.strip("\n\r")
    pieces.append(_Piece(shown.strip(), left, base, scale * _width(shown) / 2, shown[:1].isspace()))


def _columns(pieces: Sequence[_Piece]) -> list[str]:
    """Return the lines of a page that is set in columns but drawn across them, column by column; none for any other.

    The columns stand side by side on most lines, with a gap that no piece crosses; what is above and below them, or
    wider than a column, stays where it is.
    """
    if not 2 * _COLUMN_LINES <= len(pieces) <= _PIECES:
        return []
    lines = _rows(pieces)
    starts = Counter(round(piece.left) for line in lines if len(line) > 1 for piece in line[1:])
    gutter = next((start for start, count in starts.most_common(1) if count >= _COLUMN_LINES), None)
    if gutter is None:
        return []
    both = [at for at, line in enumerate(lines) if _is_parted(line, gutter)]
    if len(both) < _COLUMN_LINES or 2 * len(both) < both[-1] - both[0] + 1:
        return []
    first, last = both[0], both[-1]
    while last + 1 < len(lines) and not _crosses(lines[last + 1], gutter):
        last += 1
    if any(_crosses(line, gutter) for line in lines[first : last + 1]):
        return []
    inside = lines[first : last + 1]
    left = [[piece for piece in line if piece.left < gutter - 1] for line in inside]
    right = [[piece for piece in line if piece.left >= gutter - 1] for line in inside]
    return [_joined_row(line) for line in (*lines[:first], *left, *right, *lines[last + 1 :]) if line]


def _rows(pieces: Sequence[_Piece]) -> list[list[_Piece]]:
    """Gather pieces on one baseline, from the top of the page to its foot, each line from left to right."""
    rows: list[list[_Piece]] = []
    for piece in sorted(pieces, key=lambda piece: (-piece.base, piece.left)):
        if rows and abs(rows[-1][0].base - piece.base) <= 2:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda piece: piece.left) for row in rows]


def _is_parted(line: Sequence[_Piece], gutter: float) -> bool:
    """Recognise a line with a piece that begins at the gutter behind one that has ended before it."""
    right = next((at for at, piece in enumerate(line) if abs(piece.left - gutter) <= 1), 0)
    return right > 0 and line[right - 1].left + line[right - 1].width <= gutter - _GAP / 2


def _crosses(line: Sequence[_Piece], gutter: float) -> bool:
    return any(piece.left < gutter - 1 and piece.left + piece.width > gutter + _GAP for piece in line)


def _joined_row(line: Sequence[_Piece]) -> str:
    return ("\u3000\u3000" if line[0].indent else "") + " ".join(piece.text for piece in line)


class _TooLateError(BaseException):
    """Reading takes too long. No `Exception`, since pypdf passes over those in a form."""


def _has_forms(page: PageObject) -> bool:
    """Return whether a page draws forms, which may draw others, each many times."""
    try:
        resources: Any = page["/Resources"]
        objects = resources["/XObject"]
        return any(objects[name]["/Subtype"] == "/Form" for name in objects)
    except (KeyError, TypeError, AttributeError):
        return False
    except (PyPdfError, ValueError):
        return True


def joined(lines: list[str]) -> Iterator[str]:
    """Join lines that were wrapped: a full line that ends no sentence goes on in the next."""
    gathered: list[str] = []
    widths = list(map(_width, lines))
    for number, raw in enumerate(lines):
        line = _SEAM.sub("", raw)
        if line:
            _continue(gathered, line)
            width, longest = _width(line), max(widths[max(0, number - 8) : number + 9])
            if not (width < _FULL * longest or (_END.search(line[-1]) and width < 0.95 * longest)):
                continue
        if gathered:
            yield "".join(gathered)
        gathered = []
    if gathered:
        yield "".join(gathered)


def _continue(gathered: list[str], line: str) -> None:
    """Add a line to those of its paragraph; one that ends with a hyphen goes on without it."""
    last = gathered[-1] if gathered else ""
    if last and not re.match(f"[{_CJK}]", last[-1]) and not re.match(f"[{_CJK}]", line):
        if re.match("[a-z]-", last[-2:]) and re.match("[a-z]", line):
            gathered[-1] = last[:-1]
        else:
            gathered.append(" ")
    gathered.append(line)


def _width(line: str) -> int:
    """Measure a line in half-width columns."""
    return sum(2 if char > "\u2e80" else 1 for char in line)
