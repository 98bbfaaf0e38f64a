"""English."""

from bot.telegram.texts.wording import Wording

ENGLISH = Wording(
    name="English",
    welcome=(
        "Ask me anything about the archive, in any language. I answer with passages from its articles, word for word, "
        "each with its source and date. I make nothing up: where the archive is silent, I say so.\n\n"
        "It holds {articles} articles from {sources} sources. /help says what else I can do."
    ),
    help=(
        "Type a question, or forward a text to find similar articles.\n\n"
        "/ask – a question; in groups this always reaches me\n"
        "/since /until – only articles published on or after, on or before a date: /since 2022-04\n"
        "/source – only one source: /source NAME\n"
        "/asof – as if that day were today: /asof 2022-04-14; nothing later is searched, and “last year” is 2021\n"
        "/clear – search everything again\n"
        "/latest – the newest articles\n"
        "/sources – the sources there are\n"
        "/lang – language, and the script passages are shown in\n"
        "/stats – what the archive holds\n\n"
        "In groups I read only /ask, messages that mention me and replies to me. Most groups hide all other messages "
        "from bots, so /ask is the sure way. In any chat, type @{bot} and a question to choose a passage and post it.\n"
        "Reply to one of my answers to ask on within the same dates and source. "
        "Dates and sources that a question names narrow the search; a button undoes that.\n\n"
        "I keep none of your questions, except those you judge with a button: they are stored with the judgement."
    ),
    commands={
        "ask": "Ask the archive",
        "latest": "The newest articles",
        "since": "Only articles since a date",
        "until": "Only articles up to a date",
        "source": "Only one source",
        "asof": "As if another day were today",
        "clear": "Search everything again",
        "sources": "List the sources",
        "lang": "Language and script",
        "stats": "What the archive holds",
        "help": "How to ask",
    },
    admin_help=(
        "For admins: send a file (text, web page, JSON lines, zip …) to index it.\n"
        "/remove ID – remove an article\n/reload – open the archive anew\n/pair – a link that lets one person in\n"
        "/feedback – how people rated passages"
    ),
    not_said="The archive does not say.",
    nothing="The archive has nothing within these limits.",
    comes_nearest="This comes nearest:",
    outside="Without these limits, this comes nearest:",
    holds="It holds {count} articles.",
    holds_dated="It holds {count} articles, from {first} to {last}.",
    undated="undated",
    also_in="also in",
    searched="Searched: {filters}",
    understood="Understood: {said}",
    newest="The newest article that answers is from {date}, {years} years ago.",
    newest_year="The newest article that answers is from {date}, a year ago.",
    newest_undated="This article has no date, so nobody can tell when that was so.",
    latest_heading="Newest:",
    no_question="Ask me about what the articles report: who, when, where, how many.",
    since="since {date}",
    until="until {date}",
    as_of="as of {date}",
    converted="passage converted to {script}",
    repaired="damaged places of the article were repaired",
    similar="Similar articles:",
    nothing_similar="No similar article was found.",
    changed="The article has changed since then. Please ask again.",
    part="Part {number} of {count}",
    open_article="Article",
    older="Older",
    newer="Newer",
    without="Without {filter}",
    literally="Take my words literally",
    back="Back",
    why="Why this?",
    judge="Rate this",
    judge_consent="Stores your question too:",
    rightly_refused="The archive does not say",
    right="Right",
    wrong_source="Wrong source",
    wrong_date="Wrong date",
    not_relevant="Not relevant",
    open_in_bot="Read the article",
    thanks="Thank you, stored.",
    expired="This button has expired. Please ask again.",
    not_yours="These buttons belong to the person who asked.",
    question_gone="The question is no longer there. Please ask again.",
    because="Passage {rank} of {count}. Score {score}: {shares}. Confidence {confidence}%.",
    ask_what="What do you want to know? Write the question after /ask.",
    filters_now="From now on I search: {filters}. /clear takes this back.",
    filters_none="I search everything.",
    bad_date="“{value}” is not a date I can read. Write 2022, 2022-04 or 2022-04-14.",
    bad_day="“{value}” is not a day I can read. Write 2022-04-14.",
    no_source="No source is called “{value}”. /sources lists them.",
    sources_heading="Sources:",
    sources_more="… and {count} more",
    unnamed="(none named)",
    stats="{articles} articles, {passages} passages, {sources} sources; {first} to {last}, {undated} undated.",
    choose_language="Language, and the script passages are shown in:",
    language_set="Done.",
    original="Passages as written",
    too_long="That is too long for a question. Please ask in at most {most} characters.",
    busy="I am busy: {waiting} before you. Please ask again in a minute.",
    slow="That took too long, and I gave up. Please ask again.",
    too_many="That is a lot at once. Please ask again in {seconds} s.",
    no_archive="The archive cannot be read at the moment. Please try again later.",
    fault="Something went wrong on my side. Please ask again; whoever runs me can see it in the log.",
    private="This bot answers invited people only. Your number is {user}.",
    invited="Welcome, you are in.",
    bad_code="This invitation is used up or too old. Ask for a new one.",
    text_only="I can only read text. Please type a question.",
    indexing="Indexing {name}: {done} articles done, {skipped} skipped …",
    indexed="{name}: {added} added, {changed} changed, {unchanged} unchanged, {skipped} skipped.",
    index_failed="{name} was not indexed: {reason}",
    file_too_big="{name} is too big: Telegram lets bots fetch {most} MB at most.",
    removed="Removed: {ids}",
    not_removed="There is no article {ids}.",
    reloaded="Opened anew: {articles} articles.",
    pair="This link lets one person in, once, until tomorrow:\n{link}",
    feedback_heading="Ratings: {counts}",
    feedback_none="Nobody has rated anything yet.",
)
