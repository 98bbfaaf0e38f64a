"""Quality floors: question sets measured with the real pipeline, and the floors that they must reach."""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter

from retrieval import Archive, Settings, index_paths
from retrieval.encode.encoder import Encoder
from retrieval.errors import SettingsError
from retrieval.evaluation.outcomes import evaluate
from retrieval.evaluation.questions import build, read_questions, with_answers_of
from retrieval.evaluation.summary import LOWER_IS_BETTER, Summary, is_worse, summarise


@dataclass(frozen=True, slots=True)
class GatedSet:
    """A question set that is held to floors.

    Paths count from the project's root: `articles` is a folder, or a set in SQuAD's format; `answers` is a parallel set
    that lends its answers. `sha256` is of the questions' file. A floor is a ceiling where lower is better.
    Of the questions every so many-th is asked, over all articles; sets that are not `tested` are for `floors.py` alone.
    """

    questions: str
    articles: str
    sha256: str
    floors: Mapping[str, float]
    measured: Mapping[str, float]
    answers: str | None = None
    every: int = 1
    tested: bool = True


@dataclass(frozen=True, slots=True)
class Lowered:
    """A floor that was lowered, and why."""

    set: str
    measure: str
    was: float
    now: float
    reason: str


@dataclass(frozen=True, slots=True)
class Floors:
    """The file's content."""

    sets: Mapping[str, GatedSet]
    lowered: tuple[Lowered, ...] = ()


def read_floors(path: Path) -> Floors:
    """Read the file.

    Raises:
        SettingsError: it was edited by hand, or is not such a file.
    """
    try:
        content = json.loads(path.read_text("utf-8"))
        seal = content.pop("seal")
        floors = TypeAdapter(Floors).validate_python(content)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SettingsError(f"{path} does not hold quality floors: {error}") from error
    if seal != _seal(content):
        raise SettingsError(
            f"{path} was edited by hand. Take that back, then run: python benchmarks/floors.py, "
            f"which raises floors, and lowers them for a reason that it writes down"
        )
    return floors


def write_floors(path: Path, floors: Floors) -> None:
    """Write the file with its seal."""
    content = json.loads(json.dumps(asdict(floors)))
    path.write_text(json.dumps({**content, "seal": _seal(content)}, ensure_ascii=False, indent=2) + "\n", "utf-8")


def shortfalls(gated: GatedSet, summary: Summary) -> list[str]:
    """Say of each measure that does not keep its floor how far it fell; one that nothing counted for fell too."""
    return [
        f"{measure}: {summary.values.get(measure, math.nan):.4f}, floor {floor}"
        for measure, floor in gated.floors.items()
        if measure not in summary.values or is_worse(measure, summary.values[measure], floor)
    ]


def updated(floors: Floors, name: str, summary: Summary, sha256: str, reason: str | None = None) -> Floors:
    """Raise the floors of one set to what was measured, less a margin; lower those not kept only for a `reason`.

    Raises:
        SettingsError: a floor is not kept and no reason is given.
    """
    gated = floors.sets[name]
    fallen = shortfalls(gated, summary)
    if fallen and not (reason and reason.strip()):
        raise SettingsError(f'{name} fell: {"; ".join(fallen)}. Mend it, or lower its floors with --lower "the reason"')
    now = {measure: _moved(measure, floor, summary) for measure, floor in gated.floors.items()}
    lowered = [
        Lowered(name, measure, gated.floors[measure], floor, (reason or "").strip())
        for measure, floor in now.items()
        if is_worse(measure, floor, gated.floors[measure])
    ]
    measured = {measure: round(summary.values[measure], 4) for measure in now}
    changed = replace(gated, sha256=sha256, floors=now, measured=measured)
    return Floors({**floors.sets, name: changed}, (*floors.lowered, *lowered))


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _moved(measure: str, floor: float, summary: Summary) -> float:
    value = summary.values[measure]
    wanted = _below(measure, value, summary.n)
    # between the two the floor stays, or else it would creep down run by run
    return wanted if is_worse(measure, floor, wanted) or is_worse(measure, value, floor) else floor


def _below(measure: str, value: float, n: int) -> float:
    """Leave room for two questions, or half a point: other processors round the int8 model differently."""
    margin = max(2 / n, 0.005)
    if measure in LOWER_IS_BETTER:
        return math.ceil((value + margin) * 1000) / 1000
    return math.floor((value - margin) * 1000) / 1000


def _seal(content: Mapping[str, object] | Sequence[object]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def missing_files(gated: GatedSet, root: Path) -> list[Path]:
    """Return those of a set's files that are not there."""
    named = (gated.questions, gated.articles, gated.answers)
    return [root / name for name in named if name and not (root / name).exists()]


def measure(gated: GatedSet, root: Path, encoder: Encoder, folder: Path) -> Summary:
    """Index a set's articles into an archive below `folder`, which sets over the same articles share, and ask."""
    archive = folder / hashlib.sha256(gated.articles.encode()).hexdigest()[:16]
    if gated.articles.endswith(".json"):
        build(root / gated.articles, archive, encoder)
    else:
        index_paths([root / gated.articles], archive, encoder)
    questions = read_questions(root / gated.questions)
    if gated.answers:
        questions = with_answers_of(questions, read_questions(root / gated.answers))
    with Archive(archive, Settings(), encoder) as opened:
        return summarise(evaluate(opened, questions[:: gated.every]))
