"""English, and by its fields what there is to say: every other language fills all of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class WebWording:
    """The sentences of the reading room that no other way of asking has; `found_in` says where a date was found."""

    room: str = "Reading room"
    skip: str = "Skip to the content"
    ask: str = "Ask"
    question: str = "Your question, in any language"
    narrow: str = "Narrow the search"
    from_day: str = "From"
    until_day: str = "Until"
    as_of_day: str = "As of"
    source: str = "Source"
    day_example: str = "2022, 2022-04 or 2022-04-14"
    latest: str = "Latest"
    sources: str = "Sources"
    evaluate: str = "Evaluate"
    timeline: str = "Timeline"
    topic: str = "What the stories are to be about"
    oldest_first: str = "Oldest first"
    feed: str = "Atom feed"
    language: str = "Language"
    more: str = "More passages"
    more_articles: str = "More articles"
    original: str = "Original"
    take_off: str = "Take off: {filter}"
    put_back: str = "Only {filter}, though nothing answers there"
    moved: str = "The passage has moved in its article since this link was made; it was found again by its words."
    gone: str = "The passage that this link is about is no longer in the article as it was."
    repaired_places: str = "Damaged places that were restored: {count}."
    show_repairs: str = "Show them"
    hide_repairs: str = "Hide them"
    was: str = "restored; it read {seen} (sure to {percent} %)"
    removed_lines: str = "What was read around the article and is not its own: {count} pieces."
    date_found: str = "date found: {place}"
    copies: str = "Other tellings of the same story"
    earlier: str = "earlier"
    later: str = "later"
    compare: str = "Compare"
    compared: str = "What only one of the two has is marked."
    cite: str = "Cite"
    copy: str = "Copy"
    copied: str = "Copied"
    plain: str = "Plain"
    by_month: str = "Articles by month"
    by_year: str = "Articles by year"
    in_period: str = "{period}: {count}"
    articles: str = "{count} articles"
    first_last: str = "from {first} to {last}"
    ask_source: str = "Ask this source"
    rated_so_far: str = "{count} passages are rated, {decided} questions decided: a set to measure answers with grows."
    rate_how: str = (
        "Below each answer you can say whether it is right. What you rate is stored together with the question."
    )
    download: str = "Download the questions, for chuchu eval"
    report: str = "Measure the answers to them"
    login: str = "Sign in"
    access_key: str = "Access token"
    bad_access_key: str = "This is not the token."
    sign_in_first: str = "This reading room is open to those who have its token."
    not_found: str = "There is no such page or article."
    cannot: str = "That did not work"
    back_to_ask: str = "Back to asking"
    keys: str = "Keys: / asks, j and k go through the passages."
    found_in: Mapping[str, str] = field(
        default_factory=lambda: {
            "record": "its record",
            "meta": "the page's metadata",
            "json-ld": "the page's structured data",
            "url": "its address",
            "dateline": "its dateline",
            "byline": "its byline",
            "foot": "its last lines",
            "script": "the page's script",
            "updated": "its last change, the only date there is",
            "none": "nowhere",
        }
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The sentences of one language. Names in braces are filled in; `commands` are shown in Telegram's menu."""

    name: str = "English"
    tag: str = "en"
    welcome: str = (
        "Ask me anything about the archive, in any language. I answer with passages from its articles, word for word, "
        "each with its source and date. I make nothing up: where the archive is silent, I say so.\n\n"
        "It holds {articles} articles from {sources} sources. /help says what else I can do."
    )
    welcome_group: str = (
        "Ask me with /ask and a question, in any language: I answer with passages from the archive, word for word, "
        "each with its source and date. /ask in reply to a message says whether articles say the same.\n\n"
        "The archive holds {articles} articles from {sources} sources. /help says what else I can do."
    )
    help: str = (
        "Type a question, or forward a text to see whether articles say the same.\n\n"
        "/ask – a question; in groups this always reaches me. In reply to a message it asks who says the same\n"
        "/watch – report new articles to this chat about something: /watch typhoon\n"
        "/since /until – only articles published on or after, on or before a date: /since 2022-04, /since last year\n"
        "/source – only one source: /source NAME\n"
        "/asof – as if that day were today: /asof 2022-04-14; nothing later is searched, and “last year” is 2021\n"
        "/clear – search everything again\n"
        "/latest – the newest articles\n"
        "/timeline – what the articles say about a topic, in order of time: /timeline typhoon\n"
        "/sources – the sources there are\n"
        "/lang – language, and the script passages are shown in\n"
        "/tz – timezone, for “today” and “yesterday”\n"
        "/stats – what the archive holds\n\n"
        "In groups I read only /ask, messages that mention me and replies to me. Most groups hide all other messages "
        "from bots, so /ask is the sure way. In any chat, type @{bot} and a question to choose a passage and post it.\n"
        "Reply to one of my answers to ask on within the same dates and source; edit a question, and I answer it anew. "
        "Dates and sources that a question names narrow the search; a button undoes that.\n\n"
        "I keep none of your questions, except those you judge with a button: they are stored with the judgement."
    )
    commands: Mapping[str, str] = field(
        default_factory=lambda: {
            "ask": "Ask the archive",
            "watch": "Hear about new articles",
            "latest": "The newest articles",
            "timeline": "A topic in order of time",
            "since": "Only articles since a date",
            "until": "Only articles up to a date",
            "source": "Only one source",
            "asof": "As if another day were today",
            "clear": "Search everything again",
            "sources": "List the sources",
            "lang": "Language and script",
            "tz": "Timezone",
            "stats": "What the archive holds",
            "help": "How to ask",
        }
    )
    admin_help: str = (
        "For admins: send a file (text, web page, JSON lines, zip …) to index it.\n"
        "/remove ID – remove an article; in private, an opened article has a button for it\n"
        "/reload – open the archive anew\n/pair – a link that lets one person in\n"
        "/feedback – how people rated passages"
    )
    suggestions: str = "Questions that it answers, for example:"
    # answers
    not_said: str = "The archive does not say."
    nothing: str = "The archive has nothing within these limits."
    asked_other: str = "You asked about {asked}; there it is {found}."
    asked_missing: str = "You asked about {asked}, which is not there."
    in_part: str = "Of {count} things asked {answered} are answered."
    comes_nearest: str = "This comes nearest:"
    outside: str = "Without these limits, this comes nearest:"
    holds: str = "It holds {count} articles."
    holds_dated: str = "It holds {count} articles, from {first} to {last}."
    undated: str = "undated"
    updated: str = "updated {date}"
    also_in: str = "also in"
    differing_line: str = " (differs: {differences})"
    searched: str = "Searched: {filters}"
    understood: str = "Understood: {said}"
    taken: str = "Taken from before: {words}"
    newest: str = "The newest article that answers is from {date}, {years} years ago."
    newest_year: str = "The newest article that answers is from {date}, a year ago."
    newest_undated: str = "This article has no date, so nobody knows when that was so."
    latest_heading: str = "Newest:"
    in_order: str = "In order of time:"
    stories: str = "{topic}: {stories} stories in {articles} articles"
    counted: str = "{articles} articles, {stories} stories, have all words of “{topic}” in one passage."
    no_question: str = "Ask me about what the articles report: who, when, where, how many."
    since: str = "since {date}"
    until: str = "until {date}"
    as_of: str = "as of {date}"
    converted: str = "passage converted to {script}"
    repaired: str = "damaged places of the article were repaired"
    similar: str = "Similar articles:"
    nothing_similar: str = "No similar article was found."
    reported: str = "Reported by {count}: {outlets}."
    not_as_claimed: str = "No article has this as it stands."
    differs: str = "\nNot there: {what}"
    changed: str = "The article has changed since then. Please ask again."
    part: str = "Part {number} of {count}"
    # buttons
    open_article: str = "Article"
    older: str = "Older"
    newer: str = "Newer"
    without: str = "Without {filter}"
    literally: str = "Take my words literally"
    back: str = "Back"
    more: str = "More…"
    share: str = "Share"
    share_on: str = "Send to a chat"
    original_page: str = "Original"
    remove: str = "Remove"
    remove_surely: str = "Yes, remove it"
    why: str = "Why this?"
    judge: str = "Rate this"
    judge_consent: str = "Stores your question too:"
    rightly_refused: str = "The archive does not say"
    right: str = "Right"
    wrong_source: str = "Wrong source"
    wrong_date: str = "Wrong date"
    not_relevant: str = "Not relevant"
    open_in_bot: str = "Read the article"
    # answers to buttons
    thanks: str = "Thank you, stored."
    expired: str = "This button has expired. Please ask again."
    not_yours: str = "These buttons belong to the person who asked."
    question_gone: str = "The question is no longer there. Please ask again."
    because: str = "Passage {rank} of {count}."
    because_words: str = "It has nearly all of the words you asked with."
    because_some: str = "It has some of the words you asked with, and much the same meaning."
    because_meaning: str = "It hardly shares words with the question; it was found by its meaning."
    because_date: str = "It was published at the time you asked about."
    sure: str = "I am quite sure that the first passage answers."
    likely: str = "The first passage probably answers; read it before you rely on it."
    unsure: str = "I do not think that it answers."
    # commands
    timeline_what: str = "Which topic? For example: /timeline typhoon"
    ask_what: str = "What do you want to know? Write the question after /ask."
    filters_now: str = "From now on I search: {filters}. /clear takes this back."
    filters_none: str = "I search everything."
    bad_date: str = "“{value}” is not a date I can read. Write 2022, 2022-04 or 2022-04-14."
    bad_day: str = "“{value}” is not a day I can read. Write 2022-04-14."
    no_source: str = "No source is called “{value}”. /sources lists them."
    sources_heading: str = "Sources:"
    unnamed: str = "(none named)"
    stats: str = "{articles} articles, {passages} passages, {sources} sources; {first} to {last}, {undated} undated."
    choose_language: str = "Language, and the script passages are shown in:"
    language_set: str = "Done."
    original: str = "Passages as written"
    timezone: str = "Timezone: {zone}. Today is {today}. Choose one, or write /tz Asia/Shanghai or /tz +8."
    zones: Mapping[str, str] = field(
        default_factory=lambda: {
            "Asia/Shanghai": "Shanghai",
            "Asia/Tokyo": "Tokyo",
            "Europe/London": "London",
            "America/New_York": "New York",
            "America/Los_Angeles": "Los Angeles",
        }
    )
    timezone_server: str = "the server's"
    bad_timezone: str = "“{value}” is not a timezone I know. Write /tz Asia/Shanghai or /tz +8."
    # standing questions
    watch_what: str = "What shall I look out for? For example: /watch typhoon"
    watch_set: str = "I look out for: {question}. New articles are announced here, {every}."
    watch_heading: str = "I look out for:"
    watch_none: str = "I look out for nothing here."
    watch_news: str = "New about “{question}”:"
    watch_more: str = "… and {count} more: /ask {question}"
    watch_admins: str = "In groups only admins set this."
    watch_most: str = "That is the {most}th already. Take one off first: /watch"
    hourly: str = "at most once an hour"
    daily: str = "at most once a day"
    weekly: str = "at most once a week"
    # refusals and faults
    too_long: str = "That is too long for a question. Please ask in at most {most} characters."
    busy: str = "I am busy: {waiting} before you. Please ask again in a minute."
    slow: str = "That took too long, and I gave up. Please ask again."
    too_many: str = "That is a lot at once. Please ask again in {seconds} s."
    no_archive: str = "The archive cannot be read at the moment. Please try again later."
    fault: str = "Something went wrong on my side. Please ask again; whoever runs me can see it in the log."
    private: str = "This bot answers invited people only. Your number is {user}."
    invited: str = "Welcome, you are in."
    bad_code: str = "This invitation is used up or too old. Ask for a new one."
    text_only: str = "I can only read text. Please type a question."
    # admins
    indexing: str = "Indexing {name}: {done} articles done, {skipped} skipped …"
    indexed: str = "{name}: {added} added, {changed} changed, {unchanged} unchanged, {skipped} skipped."
    index_failed: str = "{name} was not indexed: {reason}"
    file_not_fetched: str = "{name} could not be fetched from Telegram. Please send it again."
    file_too_big: str = "{name} is too big: Telegram lets bots fetch {most} MB at most."
    removed: str = "Removed: {ids}"
    not_removed: str = "There is no article {ids}."
    remove_asked: str = "Remove the article {id} from the archive?"
    reloaded: str = "Opened anew: {articles} articles."
    pair: str = "This link lets one person in, once, until tomorrow:\n{link}"
    feedback_heading: str = "Ratings: {counts}"
    feedback_none: str = "Nobody has rated anything yet."
    web: WebWording = field(default_factory=WebWording)


WORDING = Wording()
