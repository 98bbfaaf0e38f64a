"""`chuchu chat`: one question after another, with commands that begin with a slash."""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from rich.console import Console
from rich.text import Text

from bot import output
from bot.commands import standing_questions
from bot.standing import Every
from bot.terminal import keep_private
from retrieval import (
    Answer,
    Archive,
    Ask,
    ChuchuError,
    Filters,
    QuestionError,
    SettingsError,
    follow_up,
    make_filters,
    subject_of,
)

_PAGE = 3
_MOST_HITS = 30
_AROUND = 600  # characters of the article shown on each side of a passage
_ECHOED = 200  # characters of a piped question that are shown above its answer

HELP = """\
Type a question, in any language. Commands:
  /more              the next passages for the last question
  /open N            the article around passage N
  /timeline TOPIC    its stories in order of time; without TOPIC: of the last question
  /alone             ask the last question again, with nothing taken from the one before
  /since D  /until D published on or after, on or before: 2022, 2022-04, 2022-04-14; without D: any time
  /source NAME       only this outlet; without NAME: all
  /sources           the outlets there are
  /watch WHAT        keep looking for news about it; without WHAT: what is new; /watch remove WHAT
  /explain           show what each score is made of, or stop showing it
  /literal           read no dates and sources out of questions, or read them again
  /help              this list
  /quit, Ctrl-D      leave; Ctrl-C stops the current question"""


@dataclass(slots=True)
class Session:
    """What the commands of one conversation work on."""

    archive: Archive
    screen: Console
    page: int = _PAGE
    filters: Filters = field(default_factory=Filters)
    explain: bool = False
    is_literal: bool = False
    answer: Answer | None = None
    shown: int = 0
    owner: str = ""
    """What the standing questions of the archive are kept under."""
    typed: str = ""

    def reply(self, line: str) -> bool:
        """Answer a question or obey a command; return False when it was to leave."""
        line = line.strip()
        if not line:
            return True
        if line in {"/quit", "/exit", "/q"}:
            return False
        try:
            if line.startswith("/"):
                self._command(line)
            else:
                self._ask(line)
        except ChuchuError as error:
            self.screen.print(output.name(str(error), "red"))
        return True

    def _ask(self, question: str, *, alone: bool = False) -> None:
        self.typed = question
        followed = None if alone or self.is_literal else follow_up(question, self.answer)
        if followed:
            self.screen.print(output.name(f"taken from before: {followed.taken}; /alone takes it off", "dim"))
            question = followed.question
        self.answer = self.archive.answer(Ask(question, _MOST_HITS, self.filters, is_literal=self.is_literal))
        self.shown = 0
        output.print_reason(self.answer, self.screen)
        self._more()

    def _alone(self, _: str) -> None:
        if not self.typed:
            raise QuestionError("ask something first")
        self._ask(self.typed, alone=True)

    def _timeline(self, argument: str) -> None:
        topic = argument or (subject_of(self.answer) if self.answer else "")
        if not topic:
            raise QuestionError("/timeline wants a topic")
        told = self.archive.timeline(topic, Ask(topic, filters=self.filters, is_literal=self.is_literal))
        output.print_timeline(told, self.screen)

    def _more(self, _: str = "") -> None:
        if self.answer is None:
            raise QuestionError("ask something first")
        hits = self.answer.hits[self.shown : self.shown + self.page]
        if not hits:
            self.screen.print("Nothing more.")
        for hit in hits:
            if self.answer.timeline:
                output.print_timeline(self.answer.timeline, self.screen, [self.answer.timeline.stories[hit.rank - 1]])
                continue
            output.print_hit(hit, self.screen, dim=not self.answer.answered, explain=self.explain)
        self.shown += len(hits)

    def _open(self, argument: str) -> None:
        hits = self.answer.hits if self.answer else ()
        if not argument.isdecimal() or not 1 <= int(argument) <= len(hits):
            raise QuestionError(
                f"/open wants the number of a passage, 1 to {len(hits)}" if hits else "ask something first"
            )
        hit = hits[int(argument) - 1]
        text, (start, stop) = hit.article.text, hit.span
        begin, end = max(0, start - _AROUND), min(len(text), stop + _AROUND)
        before, after = output.quote(text[begin:start], "dim"), output.quote(text[stop:end], "dim")
        self.screen.print(output.citation(hit.article, hit))
        self.screen.print(
            Text.assemble("…" * (begin > 0), before, output.quote(text[start:stop]), after, "…" * (end < len(text)))
        )

    def _since(self, argument: str) -> None:
        self._filter(make_filters(argument, self.filters.until, self.filters.source))

    def _until(self, argument: str) -> None:
        self._filter(make_filters(self.filters.since, argument, self.filters.source))

    def _source(self, argument: str) -> None:
        known = {source.name for source in self.archive.sources()}
        if argument and argument not in known:
            raise SettingsError(f"no outlet is called {argument}; /sources lists them")
        self._filter(replace(self.filters, source=argument or None))

    def _filter(self, filters: Filters) -> None:
        self.filters = filters
        said = [f"since {filters.since}"] * bool(filters.since) + [f"until {filters.until}"] * bool(filters.until)
        said += [f"source {filters.source}"] * bool(filters.source)
        self.screen.print(output.name(f"Searching {', '.join(said) or 'everything'}.", "dim"))

    def _sources(self, _: str) -> None:
        output.print_sources(self.archive.sources())

    def _watch(self, argument: str) -> None:
        first, _, rest = argument.partition(" ")
        with standing_questions.standing_questions() as standing:
            if first == "remove":
                standing_questions.end(standing, self.owner, rest.strip())
            elif argument:
                standing.add(self.owner, argument, Every.TIME, self.archive.moment())
            else:
                standing_questions.print_news(standing_questions.look(standing, self.archive, self.owner))
            for each in standing.of(self.owner):
                self.screen.print(output.name(f"{each.number}: {each.question}", "dim"))

    def _explain(self, _: str) -> None:
        self.explain = not self.explain
        self.screen.print(Text(f"Scores are {'shown' if self.explain else 'not shown'}.", style="dim"))

    def _literal(self, _: str) -> None:
        self.is_literal = not self.is_literal
        said = "taken as they stand" if self.is_literal else "read for dates and sources"
        self.screen.print(Text(f"Questions are {said}.", style="dim"))

    def _help(self, _: str) -> None:
        self.screen.print(HELP)

    def _command(self, line: str) -> None:
        name, _, argument = line.partition(" ")
        command = self.commands().get(name)
        if command is None:
            raise QuestionError(f"there is no command {name}; /help lists them")
        command(argument.strip())

    def commands(self) -> dict[str, Callable[[str], None]]:
        """Return what can be typed after a slash."""
        return {
            "/more": self._more,
            "/open": self._open,
            "/timeline": self._timeline,
            "/alone": self._alone,
            "/since": self._since,
            "/until": self._until,
            "/source": self._source,
            "/sources": self._sources,
            "/watch": self._watch,
            "/explain": self._explain,
            "/literal": self._literal,
            "/help": self._help,
        }


def run(archive: Archive, history: Path, page: int = _PAGE, owner: str = "") -> None:
    """Talk until the person leaves, or until standard input ends."""
    session = Session(archive, output.console(), page, owner=owner)
    if sys.stdin.isatty():
        _converse(session, history)
    else:
        _recite(session, sys.stdin)


def _recite(session: Session, lines: Iterator[str]) -> None:
    """Answer questions given a line each: plain, or as question records."""
    for line in lines:
        question = _question(line)
        if question:
            session.screen.print(output.name(f"? {_shortened(question)}", "bold"))
        if not session.reply(question):
            return


def _question(line: str) -> str:
    line = line.strip()
    if line.startswith("{"):
        try:
            return str(json.loads(line)["question"])
        except (ValueError, KeyError):
            return line
    return line


def _converse(session: Session, history: Path) -> None:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import WordCompleter
    from prompt_toolkit.history import FileHistory, InMemoryHistory

    try:
        history.parent.mkdir(parents=True, exist_ok=True)
        keep_private(history)
        kept: FileHistory | InMemoryHistory = FileHistory(str(history))
    except OSError:
        kept = InMemoryHistory()
    completer = WordCompleter([*session.commands(), "/quit"], sentence=True)
    prompt: PromptSession[str] = PromptSession(history=kept, completer=completer, complete_while_typing=False)
    counts = session.archive.stats()
    session.screen.print(f"{counts['articles']:,} articles. Ask a question; /help for more, Ctrl-D to leave.")
    while True:
        try:
            if not session.reply(prompt.prompt("chuchu> ")):
                return
        except KeyboardInterrupt:
            session.screen.print(Text("stopped", style="dim"))
        except EOFError:
            return


def _shortened(question: str) -> str:
    return question if len(question) <= _ECHOED else f"{question[:_ECHOED]}…"
