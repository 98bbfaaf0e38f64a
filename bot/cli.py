"""The command line: parse, call, print."""

import logging
import os
import re
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import takewhile
from typing import Annotated, Never, cast

import typer

from bot import json_output, output, standing
from bot.commands.indexing import IndexCommand, index_command, read_command
from bot.commands.maintaining import copy_command, doctor_command, evaluate_command, verify_command
from bot.commands.serving import feedback, serve_command, telegram_command, tools_command
from bot.streams import LineFormatter, OutputError, finish_output, open_streams, shown_line
from bot.terminal import STOPPED, Index, Json, heed_interrupts, preparing_progress, translate_help
from bot.words import recognised, say, translated
from retrieval import (
    Archive,
    ArchiveMissingError,
    Ask,
    ChuchuError,
    Filters,
    Settings,
    SettingsError,
    command,
    make_filters,
    open_archive,
    parse_day,
    read_settings,
    shortage,
)

app = typer.Typer(
    help="Answer questions from an archive of articles, word for word, each passage with its source and date.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

Since = Annotated[str | None, typer.Option(help="published on or after: 2022, 2022-04 or 2022-04-14")]
Until = Annotated[str | None, typer.Option(help="published on or before")]
SourceOption = Annotated[str | None, typer.Option("--source", help="only this outlet, as `chuchu sources` names it")]
Count = Annotated[int, typer.Option("-k", min=1, max=100, help="passages to show")]


app.command("index", cls=IndexCommand)(index_command)
app.command("read")(read_command)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="the question, in any language")],
    index: Index = None,
    k: Count = 3,
    since: Since = None,
    until: Until = None,
    source: SourceOption = None,
    *,
    as_json: Json = False,
    explain: Annotated[bool, typer.Option("--explain", help="show what each score is made of")] = False,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="ask as if it were this day: nothing later is there")
    ] = None,
    literal: Annotated[bool, typer.Option("--literal", help="read no dates and sources out of the question")] = False,
) -> None:
    """Answer one question with the passages that answer it."""
    settings = read_settings()
    asked = Ask(question, k, make_filters(since, until, source), parse_day(as_of), literal)
    with open_archive(_location(index, settings), settings) as archive:
        with preparing_progress() as prepared:
            archive.load(prepared)
        answer = archive.answer(replace(asked, filters=_named_here(asked.filters, archive)))
    if as_json:
        output.print_json(json_output.answer(answer))
    else:
        output.print_answer(answer, explain=explain)


@app.command("timeline")
def timeline_command(
    topic: Annotated[str, typer.Argument(help="what the stories are about: a few words, or 关于…的新闻")],
    index: Index = None,
    since: Since = None,
    until: Until = None,
    source: SourceOption = None,
    *,
    as_json: Json = False,
    oldest_first: Annotated[bool, typer.Option("--oldest-first", help="begin with the oldest story")] = False,
) -> None:
    """Show a topic in order of time: a line a story, copies folded."""
    settings = read_settings()
    asked = Ask(topic, filters=make_filters(since, until, source))
    with open_archive(_location(index, settings), settings) as archive:
        with preparing_progress() as prepared:
            archive.load(prepared)
        asked = replace(asked, filters=_named_here(asked.filters, archive))
        found = archive.timeline(topic, asked, oldest_first=oldest_first)
    if as_json:
        output.print_json(json_output.timeline(found))
    else:
        output.print_timeline(found, output.console())


@app.command()
def chat(index: Index = None, k: Count = 3) -> None:
    """Ask one question after another; with questions on standard input, answer those."""
    from bot import repl

    settings = read_settings()
    with open_archive(_location(index, settings), settings) as archive:
        with preparing_progress() as prepared:
            archive.load(prepared)
        owner = standing.owner_of(_location(index, settings))
        repl.run(archive, settings.cache / "history", k, owner)


@app.command()
def show(
    article_id: Annotated[str, typer.Argument(help="the article's id, as answers and --json name it")],
    index: Index = None,
    *,
    as_json: Json = False,
) -> None:
    """Show one article, and what was removed from it or repaired."""
    settings = read_settings()
    location = _location(index, settings)
    with open_archive(location, settings) as archive:
        article = archive.article(article_id)
    if article is None:
        raise ArchiveMissingError(
            "{location} has no article {id}. The ids of what answers a question are printed by: {command}",
            location=location,
            id=article_id,
            command=command("ask QUESTION", location),
        )
    if as_json:
        output.print_json(json_output.whole_article(article))
    else:
        output.print_article(article)


@app.command()
def sources(index: Index = None, *, as_json: Json = False) -> None:
    """List the outlets with their articles and dates."""
    settings = read_settings()
    with open_archive(_location(index, settings), settings) as archive:
        found = archive.sources()
    if as_json:
        output.print_json([json_output.source(item) for item in found])
    else:
        output.print_sources(found)


@app.command()
def stats(index: Index = None, *, as_json: Json = False) -> None:
    """Say what the archive holds and what it was built with."""
    settings = read_settings()
    with open_archive(_location(index, settings), settings) as archive:
        values = archive.stats()
    if as_json:
        output.print_json(values)
    else:
        output.print_stats(values)


@app.command()
def remove(article_ids: Annotated[list[str], typer.Argument(help="ids of articles")], index: Index = None) -> None:
    """Remove articles from the archive."""
    from retrieval import remove_articles

    settings = read_settings()
    location = _location(index, settings)
    removed = remove_articles(location, article_ids, settings)
    output.print_removed(removed)
    missing = [article_id for article_id in article_ids if article_id not in removed]
    if missing:
        raise ArchiveMissingError(
            "{location} has no article {ids}; nothing else was left undone", location=location, ids=", ".join(missing)
        )


app.command("eval")(evaluate_command)
app.command("copy")(copy_command)
app.command("verify")(verify_command)
app.command("doctor")(doctor_command)
app.command("serve")(serve_command)
app.command("mcp")(tools_command)
app.command("telegram")(telegram_command)


app.add_typer(standing.app, name="watch")
app.add_typer(feedback, name="feedback")


def main() -> None:
    """Run the command line; what the user can fix ends in one line and exit status 2."""
    open_streams()
    log = logging.StreamHandler(sys.stderr)
    log.setFormatter(LineFormatter("%(levelname)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[log])
    with _one_line():
        heed_interrupts()
        raise SystemExit(_run(sys.argv[1:]))


def _run(arguments: list[str]) -> int:
    """Run a command and return its exit status; typer's own way would report its errors in its own words."""
    status = 0
    _check_dashes(arguments)
    try:
        command = typer.main.get_command(app)
        below = getattr(command, "commands", {}).get(arguments[0]) if len(arguments) == 1 else None
        if not arguments or "--help" in arguments or hasattr(below, "commands"):  # a group by itself shows its help
            translate_help(command)
        with command.make_context("chuchu", arguments) as context:
            context.command.invoke(context)
    except typer.Exit as left:
        status = left.exit_code
    sys.stdout.flush()
    return status


def _check_dashes(arguments: list[str]) -> None:
    """Refuse an option as Chinese keyboards and smart dashes write it: `－k`, `——index`, `—json`."""
    for argument in takewhile(lambda taken: taken != "--", arguments):
        if _DASHED.fullmatch(argument):
            plain = re.sub(f"[{_DASHES}]+", "-", unicodedata.normalize("NFKC", argument))
            name = plain.partition("=")[0].lstrip("-")
            meant = "-" * (1 + (len(name.rstrip("0123456789")) > 1)) + name
            command = "" if argument is arguments[0] else f" {arguments[0]}"
            raise SettingsError(
                "no such option: {option}; write {meant}. See: {help}",
                option=argument,
                meant=meant,
                help=f"chuchu{command} --help",
            )


@contextmanager
def _one_line() -> Iterator[None]:
    try:
        yield
    except ChuchuError as error:
        _leave(" ".join(translated(error.message).split()), 2)
    except _UsageError as error:
        _explain_usage(error)
    except KeyboardInterrupt:
        _say(say("stopped"))
        # the end of the process would wait for a thread whose start was interrupted, and which nobody wakes
        os._exit(STOPPED)
    except BrokenPipeError:
        # whoever read our output has enough of it
        finish_output()
        raise SystemExit(0) from None
    except OutputError as error:
        finish_output()
        _leave(say("standard output cannot be written: {reason}", reason=error.strerror), 2)
    except (OSError, MemoryError, ImportError, RuntimeError, ValueError) as error:
        said = shortage(error)
        if said is None:
            raise
        _leave(translated(said), 2)


def _leave(message: str, status: int) -> Never:
    _say(message)
    raise SystemExit(status) from None


def _say(message: str) -> None:
    finish_output()
    with suppress(OSError):
        sys.stderr.write(f"{shown_line(f'chuchu: {message}')}\n")
    finish_output()


def _explain_usage(error: typer.BadParameter) -> Never:
    message = error.format_message().strip()
    if not message:  # no arguments at all: the help has been printed
        raise SystemExit(2) from None
    named = error.ctx.command_path if error.ctx else "chuchu"
    said = translated(recognised(message, _USAGE)).rstrip(".。")
    _leave(say("{message}. See: {help}", message=said, help=f"{named} --help"), 2)


_USAGE = (
    "No such option: {option} (Possible options: {options})",
    "No such option: {option} Did you mean {options}?",
    "No such option: {option}",
    "Missing argument {name}.",
    "Missing option {name}.",
    "Missing command.",
    "No such command {name}. Did you mean {names}?",
    "No such command {name}.",
    "Got unexpected extra argument ({names})",
    "Got unexpected extra arguments ({names})",
    "Got unexpected extra argument(s) ({names})",
    "Option {name} requires an argument.",
    "Option {name} does not take a value.",
    "Invalid value for {name}: {value} is not in the range {range}.",
    "Invalid value for {name}: {value} is not a valid {kind}.",
    "Invalid value for {name}: Value error, {value} is not one of {names}",
    "Invalid value for {name}: {value} is not one of {names}.",
    "Invalid value for {name}: Input should be greater than or equal to {least}",
    "Invalid value for {name}: Input should be less than or equal to {most}",
    "Invalid value for {name}: Input should be a valid integer, unable to parse string as an integer",
    "Invalid value for {name}: {what}",
)
"""What typer says of a wrong command line, in English only; the first that fits is taken."""


_DASHES = "-\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2500\u2501\u2e3a\u2e3b\u30fc\ufe58\ufe63\uff0d"
"""Hyphens, dashes, minus signs and what looks like them."""
_DASHED = re.compile(
    f"(?!--?[A-Za-z])[{_DASHES}]{{1,4}}[A-Za-zＡ-Ｚａ-ｚ][{_DASHES}0-9A-Za-z０-９Ａ-Ｚａ-ｚ]*([=＝].*)?", re.DOTALL
)
"""A word that is an option but for its signs."""
_UsageError = cast("type[typer.BadParameter]", typer.BadParameter.__mro__[1])
"""What a wrong command line raises, of the click that typer brings or of the one next to it."""


def _location(index: str | None, settings: Settings) -> str:
    return index or settings.index


def _named_here(filters: Filters, archive: Archive) -> Filters:
    """Return filters whose outlet is named as the archive names it, where it has it."""
    if filters.source is None:
        return filters
    name = archive.outlet(filters.source)
    if name is None:
        output.print_hint(say("no outlet is called {name}; see: chuchu sources", name=filters.source))
    return replace(filters, source=name or filters.source)
