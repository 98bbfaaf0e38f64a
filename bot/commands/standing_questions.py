"""`chuchu watch add|list|remove|run`: standing questions from the command line."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import platformdirs
import typer

from bot import json_output, output
from bot.standing import Every, StandingQuestion, StandingQuestions
from bot.terminal import Index, Json
from bot.words import say
from retrieval import Archive, Hit, QuestionError, open_archive, read_settings

app = typer.Typer(help="Standing questions: what is new about them, each story once.", no_args_is_help=True)


def standing_questions() -> StandingQuestions:
    """Return the user's own standing questions, not open yet."""
    return StandingQuestions(platformdirs.user_data_path("chuchu") / "standing.sqlite", time.time)


def owner_of(location: str) -> str:
    """Return what the standing questions of an archive are kept under."""
    return str(Path(location).resolve())


@app.command("add")
def add_command(
    question: Annotated[str, typer.Argument(help="a question, or a topic in a word or two")],
    index: Index = None,
    every: Annotated[Every, typer.Option(help="how often `run` may report news about it at most")] = Every.TIME,
) -> None:
    """Set a standing question. What is in the archive by now is no news."""
    settings = read_settings()
    location = index or settings.index
    with open_archive(location, settings) as archive, standing_questions() as standing:
        added = standing.add(owner_of(location), question, every, archive.moment())
    print_added(added, "chuchu watch run")


@app.command("list")
def list_command(index: Index = None, *, as_json: Json = False) -> None:
    """List the standing questions of an archive."""
    owner = owner_of(index or read_settings().index)
    with standing_questions() as standing:
        found = standing.of(owner)
    if as_json:
        output.print_json([_record(each) for each in found])
    else:
        print_list(found, "chuchu watch add 台风")


@app.command("remove")
def remove_command(
    question: Annotated[str, typer.Argument(help="the question, or its number in `chuchu watch list`")],
    index: Index = None,
) -> None:
    """End a standing question."""
    owner = owner_of(index or read_settings().index)
    with standing_questions() as standing:
        end(standing, owner, question)


@app.command("run")
def run_command(index: Index = None, *, as_json: Json = False) -> None:
    """Report the new stories, each once."""
    settings = read_settings()
    with open_archive(index or settings.index, settings) as archive, standing_questions() as standing:
        stories = look(standing, archive, owner_of(index or settings.index))
    if as_json:
        output.print_json([{**_record(each), "hits": [json_output.hit(hit) for hit in hits]} for each, hits in stories])
    else:
        print_news(stories)


def look(standing: StandingQuestions, archive: Archive, owner: str) -> list[tuple[StandingQuestion, tuple[Hit, ...]]]:
    """Return what is new, and note that it was reported."""
    news = standing.news(archive, owner)
    standing.mark(news)
    return [(each, hits) for each, hits in news.stories if hits]


def print_added(added: StandingQuestion, run: str) -> None:
    """Print a standing question by its number, and to a person the command that reports what is new."""
    output.console().print(output.name(f"{added.number}: {added.question}"))
    _hint(say("what is new about it: {command}", command=run))


def print_list(found: Sequence[StandingQuestion], add: str) -> None:
    """Print standing questions, a line each; where there are none, to a person the command that sets one."""
    for each in found:
        often = f" ({each.every})" * (each.every is not Every.TIME)
        output.console().print(output.name(f"{each.number}: {each.question}{often}"))
    if not found:
        _hint(say("there is no standing question; set one: {command}", command=add))


def _hint(said: str) -> None:
    """Say what to do next to a person at a terminal."""
    screen = output.console(stderr=True)
    if screen.is_terminal:
        screen.print(output.name(said, "dim"))


def print_news(stories: list[tuple[StandingQuestion, tuple[Hit, ...]]]) -> None:
    """Print what is new, by question."""
    screen = output.console()
    for each, hits in stories:
        screen.print(output.name(f"? {each.question}", "bold"))
        for hit in hits:
            output.print_hit(hit, screen)
    if not stories:
        screen.print(say("Nothing new."))


def end(standing: StandingQuestions, owner: str, question: str) -> None:
    """Remove a standing question by itself or its number.

    Raises:
        QuestionError: there is none.
    """
    found = next((each for each in standing.of(owner) if question in {each.question, str(each.number)}), None)
    if found is None:
        raise QuestionError("there is no standing question {question}. See: chuchu watch list", question=question)
    standing.remove(owner, found.number)


def _record(standing: StandingQuestion) -> dict[str, object]:
    return {"number": standing.number, "question": standing.question, "every": standing.every.value}
