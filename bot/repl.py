"""`chuchu chat`: one question after another, with commands that begin with a slash."""

import json
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from rich.cells import chop_cells
from rich.console import Console
from rich.text import Text

from bot import output, standing
from bot.standing import Every
from bot.telegram.state import RatedPassage, Rating, question_records
from bot.terminal import keep_private, write_private
from bot.words import limits_said, listed, say, translated
from retrieval import (
    Answer,
    Archive,
    Ask,
    ChuchuError,
    Filters,
    Hit,
    QuestionError,
    SettingsError,
    make_filters,
)

_PAGE = 3
_MOST_HITS = 30
_AROUND = 600  # characters of the article shown on each side of a passage
_ECHOED = 200  # characters of a piped question that are shown above its answer
_HELP_CELLS = 21  # of a line of help that name the command

HELP = """\
Type a question, in any language. Commands:
  /more              the passages in full, page by page
  /open N            the article around passage N
  /timeline TOPIC    its stories in order of time; without TOPIC: of the last question
  /alone             ask the last question again, with nothing taken from the one before
  /since D  /until D published on or after, on or before: 2022, 2022-04, 2022-04-14; without D: any time
  /source NAME       only this outlet; without NAME: all
  /sources           the outlets there are
  /watch WHAT        keep looking for news about it; without WHAT: what is new; /watch remove WHAT
  /explain           show what each score is made of, or stop showing it
  /literal           read no dates and sources out of questions, or read them again
  /right N  /wrong N passage N (or the first) answers the question, or does not
  /no-answer         the archive cannot answer the question
  /save FILE         write the questions judged so far for chuchu eval
  /help              this list
  /quit, Ctrl-D      leave; Ctrl-C stops the current question"""
_WORDS = {
    **dict.fromkeys(("quit", "exit", "q", "退出", "離開", "离开", "再见", "再見"), "/quit"),
    **dict.fromkeys(("help", "?", "帮助", "幫助", "説明", "說明"), "/help"),
    **dict.fromkeys(("/exit", "/q", "/退出", "/離開"), "/quit"),
    **dict.fromkeys(("/帮助", "/幫助", "/?"), "/help"),
}
"""What people type to leave or to be helped: commands, whole lines only."""


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
    rated: dict[tuple[str, str], RatedPassage] = field(default_factory=dict)
    owner: str = ""
    """What the standing questions of the archive are kept under."""
    typed: str = ""
    saved: set[Path] = field(default_factory=set)
    """Files that were written here, and are written anew with what is judged later."""

    def reply(self, line: str) -> bool:
        """Answer a question or obey a command; return False when it was to leave."""
        line = as_command(line)
        if not line:
            return True
        if line == "/quit":
            return False
        try:
            if line.startswith("/"):
                self._command(line)
            else:
                self._ask(line)
        except ChuchuError as error:
            self.screen.print(output.name(translated(error.message), "red"))
        return True

    def _ask(self, question: str, *, alone: bool = False) -> None:
        self.typed = question
        before = self.answer.question if self.answer and not alone else ""
        followed = self.archive.completed(self._asked(question), before)
        if followed:
            self.screen.print(
                output.name(say("taken from before: {words}; /alone takes it off", words=followed.taken), "dim")
            )
            question = followed.question
        self.answer = self._answered(question)
        self.shown = 0
        output.print_verdict(self.answer, self.screen)
        if self.answer.timeline:
            output.print_count(self.answer.timeline, self.screen)
        if self.screen.is_terminal and not self.explain and not self.answer.timeline:
            hits = self.answer.hits[: self.page]
            output.print_short(hits, self.screen, is_stated=bool(self.answer.parts))
            if hits:
                self.screen.print(Text(say("/more: passages in full · /open 1: the article · /help"), style="dim"))
        else:
            self._more()

    def _answered(self, question: str) -> Answer:
        return self.archive.answer(self._asked(question))

    def _asked(self, question: str) -> Ask:
        return Ask(question, _MOST_HITS, self.filters, is_literal=self.is_literal)

    def _question(self, argument: str) -> None:
        if not argument:
            raise QuestionError("ask something first")
        self._ask(argument)

    def _alone(self, _: str) -> None:
        if not self.typed:
            raise QuestionError("ask something first")
        self._ask(self.typed, alone=True)

    def _timeline(self, argument: str) -> None:
        topic = argument or (self.archive.subject(self.answer.question) if self.answer else "")
        if not topic:
            raise QuestionError("/timeline wants a topic")
        timeline = self.archive.timeline(topic, Ask(topic, filters=self.filters, is_literal=self.is_literal))
        output.print_timeline(timeline, self.screen)

    def _answer(self) -> Answer:
        if self.answer is None:
            raise QuestionError("ask something first")
        return self.answer

    def _more(self, _: str = "") -> None:
        answer = self._answer()
        hits = answer.hits[self.shown : self.shown + self.page]
        if not hits:
            self.screen.print(say("Nothing more."))
        for hit in hits:
            if answer.timeline:
                output.print_timeline(answer.timeline, self.screen, [answer.timeline.stories[hit.rank - 1]])
                continue
            output.print_hit(hit, self.screen, dim=not answer.answered, explain=self.explain)
        self.shown += len(hits)

    def _hit(self, command: str, number: str) -> Hit:
        hits = self.answer.hits if self.answer else ()
        if not hits:
            raise QuestionError("ask something first")
        number = unicodedata.normalize("NFKC", number)
        if not number.isdecimal() or not 1 <= int(number) <= len(hits):
            raise QuestionError("{command} wants the number of a passage, 1 to {most}", command=command, most=len(hits))
        return hits[int(number) - 1]

    def _open(self, argument: str) -> None:
        hit = self._hit("/open", argument)
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
        name = self.archive.outlet(argument) if argument else None
        if argument and name is None:
            raise SettingsError("no outlet is called {name}; /sources lists them", name=argument)
        self._filter(replace(self.filters, source=name))

    def _filter(self, filters: Filters) -> None:
        self.filters = filters
        limits = listed(limits_said(filters)) or say("everything")
        self.screen.print(output.name(say("Searching {limits}.", limits=limits), "dim"))

    def _sources(self, _: str) -> None:
        output.print_sources(self.archive.sources())

    def _watch(self, argument: str) -> None:
        first, _, rest = argument.partition(" ")
        with standing.standing_questions() as questions:
            if first == "remove":
                standing.end(questions, self.owner, rest.strip())
            elif argument:
                standing.print_added(questions.add(self.owner, argument, Every.TIME, self.archive.moment()), "/watch")
                return
            elif questions.of(self.owner):
                standing.print_news(standing.look(questions, self.archive, self.owner))
            standing.print_list(questions.of(self.owner), "/watch 台风")

    def _explain(self, _: str) -> None:
        self.explain = not self.explain
        self._say(say("Scores are shown.") if self.explain else say("Scores are not shown."))

    def _literal(self, _: str) -> None:
        self.is_literal = not self.is_literal
        taken = say("Questions are taken as they stand.")
        self._say(taken if self.is_literal else say("Questions are read for dates and sources."))

    def _right(self, argument: str) -> None:
        self._rate(Rating.RIGHT, self._hit("/right", argument or "1"))

    def _wrong(self, argument: str) -> None:
        self._rate(Rating.NOT_RELEVANT, self._hit("/wrong", argument or "1"))

    def _no_answer(self, _: str) -> None:
        self._rate(Rating.UNANSWERABLE, None)

    def _rate(self, rating: Rating, hit: Hit | None) -> None:
        """Remember a judgement; one that contradicts an earlier one of the same question takes its place."""
        answer = self._answer()
        article, quote = (hit.article.id, hit.text[slice(*hit.highlight)]) if hit else ("", "")
        rated = RatedPassage(0, "", answer.question, article, quote, rating, answer.answered)
        contrary = {Rating.RIGHT: Rating.UNANSWERABLE, Rating.UNANSWERABLE: Rating.RIGHT}.get(rating)
        kept = {
            key: each for key, each in self.rated.items() if each.question != answer.question or each.rating != contrary
        }
        self.rated = {**kept, (answer.question, article): rated}
        self._say(say("Judged: {count}. /save FILE writes them for chuchu eval.", count=len(self.rated)))

    def _save(self, argument: str) -> None:
        if not argument:
            raise QuestionError("name a file: /save questions.jsonl")
        records, _ = question_records(self.rated.values())
        if not records:
            raise QuestionError("nothing is judged yet: /right, or /no-answer, after an answer")
        lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
        try:
            path = Path(argument).expanduser()
            if path.exists() and path not in self.saved:
                raise SettingsError("{path} is there already: name another file", path=argument)
            write_private(path, lines)
        except (OSError, RuntimeError, ValueError) as error:  # no such user's home; a name with a NUL
            reason = getattr(error, "strerror", None) or str(error)
            raise SettingsError("{path} cannot be written: {reason}", path=argument, reason=reason) from error
        self.saved.add(path)
        said = say("{path}: {count} questions. Measure with: chuchu eval {path}", path=argument, count=len(records))
        self.screen.print(output.name(said))

    def _help(self, _: str) -> None:
        heading, *lines = say(HELP).split("\n")
        self.screen.print(heading)
        for line in lines:
            command = chop_cells(line, _HELP_CELLS)[0]
            self.screen.print(output.hanging(Text(command), Text(line.removeprefix(command)), self.screen))

    def _say(self, words: str) -> None:
        self.screen.print(output.name(words, "dim"))

    def _command(self, line: str) -> None:
        name, _, argument = line.partition(" ")
        command = self.commands().get(name)
        if command is None:
            raise QuestionError("there is no command {name}; /help lists them", name=name)
        command(argument.strip())

    def commands(self) -> dict[str, Callable[[str], None]]:
        """Return what can be typed after a slash."""
        return {
            "/ask": self._question,
            "/more": self._more,
            "/open": self._open,
            "/show": self._open,
            "/timeline": self._timeline,
            "/alone": self._alone,
            "/since": self._since,
            "/until": self._until,
            "/source": self._source,
            "/sources": self._sources,
            "/watch": self._watch,
            "/explain": self._explain,
            "/literal": self._literal,
            "/right": self._right,
            "/wrong": self._wrong,
            "/no-answer": self._no_answer,
            "/save": self._save,
            "/help": self._help,
        }


_COMMAND = re.compile(r"(?P<name>[A-Za-zＡ-Ｚａ-ｚ]+(?:[-－][A-Za-zＡ-Ｚａ-ｚ]+)*|\S+)[\s:：，,、]*")
_SLASHES = ("/", "／")


def as_command(line: str) -> str:
    """Return a line as it is meant: `／since：2022` and `/since2022` as `/since 2022`, and 退出 as what it is."""
    line = line.strip()
    word = unicodedata.normalize("NFKC", line).lower()
    if word in _WORDS:
        return _WORDS[word]
    if not line.startswith(_SLASHES) or not (found := _COMMAND.match(line, 1)):
        return line
    return f"/{unicodedata.normalize('NFKC', found['name']).lower()} {line[found.end() :]}".rstrip()


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
    count = session.archive.stats()["articles"]
    session.screen.print(say("{count:,} articles. Ask a question; /help for more, Ctrl-D to leave.", count=count))
    while True:
        try:
            line = prompt.prompt("chuchu> ")
        except KeyboardInterrupt:  # at the prompt it only clears what was typed
            continue
        except EOFError:
            return
        try:
            if not session.reply(line):
                return
        except KeyboardInterrupt:
            session.screen.print(Text(say("stopped"), style="dim"))


def _shortened(question: str) -> str:
    return question if len(question) <= _ECHOED else f"{question[:_ECHOED]}…"
