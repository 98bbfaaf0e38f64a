"""`chuchu eval`: the command; what it does is loaded when it is called, for other commands start without it."""

from pathlib import Path
from typing import Annotated

import typer

from bot.terminal import Index, Json


def evaluate_command(
    questions: Annotated[Path, typer.Argument(help="question records (.jsonl), or a set in SQuAD's format (.json)")],
    index: Index = None,
    k: Annotated[
        int, typer.Option("-k", min=1, max=100, help="places to look among for the right article, 10 at least")
    ] = 10,
    report: Annotated[Path | None, typer.Option(help="write a page with plots and failures")] = None,
    compare_with: Annotated[
        Path | None, typer.Option("--compare", help="an earlier run's --json: say what changed since")
    ] = None,
    answers: Annotated[
        Path | None, typer.Option(help="a parallel set, in the articles' language, to take the answers from")
    ] = None,
    fail_under: Annotated[
        list[str] | None, typer.Option(metavar="METRIC=X", help="exit with 1 when the whole set is worse than X")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="put the questions as on this day: nothing later is there")
    ] = None,
    *,
    build_first: Annotated[
        bool, typer.Option("--build", help="first index the paragraphs of a set in SQuAD's format; needs --index")
    ] = False,
    as_json: Json = False,
) -> None:
    """Put a question set to the archive and measure the answers."""
    from bot.commands.evaluating import Evaluation, run

    run(
        Evaluation(
            questions=questions,
            index=index,
            k=k,
            report=report,
            compare_with=compare_with,
            answers=answers,
            fail_under=tuple(fail_under or ()),
            build_first=build_first,
            as_of=as_of,
            as_json=as_json,
        )
    )
