"""What the bot says, a field each; every language fills all of them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wording:
    """The bot's words in one language. Names in braces are filled in; `commands` are shown in Telegram's menu."""

    name: str
    welcome: str
    help: str
    commands: dict[str, str]
    admin_help: str
    # answers
    not_said: str
    nothing: str
    comes_nearest: str
    outside: str
    holds: str
    holds_dated: str
    undated: str
    also_in: str
    searched: str
    understood: str
    newest: str
    newest_year: str
    newest_undated: str
    latest_heading: str
    no_question: str
    since: str
    until: str
    as_of: str
    converted: str
    repaired: str
    similar: str
    nothing_similar: str
    changed: str
    part: str
    # buttons
    open_article: str
    older: str
    newer: str
    without: str
    literally: str
    back: str
    why: str
    judge: str
    judge_consent: str
    rightly_refused: str
    right: str
    wrong_source: str
    wrong_date: str
    not_relevant: str
    open_in_bot: str
    # answers to buttons
    thanks: str
    expired: str
    not_yours: str
    question_gone: str
    because: str
    # commands
    ask_what: str
    filters_now: str
    filters_none: str
    bad_date: str
    bad_day: str
    no_source: str
    sources_heading: str
    sources_more: str
    unnamed: str
    stats: str
    choose_language: str
    language_set: str
    original: str
    # refusals and faults
    too_long: str
    busy: str
    slow: str
    too_many: str
    no_archive: str
    fault: str
    private: str
    invited: str
    bad_code: str
    text_only: str
    # admins
    indexing: str
    indexed: str
    index_failed: str
    file_too_big: str
    removed: str
    not_removed: str
    reloaded: str
    pair: str
    feedback_heading: str
    feedback_none: str
