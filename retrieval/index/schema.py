"""The catalogue's tables.

A window's id is its passage's number times `WINDOWS_A_PASSAGE`, plus its place in the passage, so that no table is
needed to go back. `sequence` numbers the changes of an archive: derived indexes replay what is newer than what they
cover. Numbers of articles and passages only grow and are never used twice, so that a newer article has a greater
sequence, a greater number and greater passages than any older one.

`checksum` seals an article's whole row, `parts` its passages and windows. `story` is the number of the first article
that told it: copies share it, and `bands` finds them.
"""

FORMAT = 3
"""Part of the manifest: an archive of another format cannot be opened."""

WINDOWS_A_PASSAGE = 1 << 12

TABLES = """
CREATE TABLE manifest (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE articles (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    sequence INTEGER NOT NULL,
    story INTEGER NOT NULL,
    first_passage INTEGER NOT NULL, last_passage INTEGER NOT NULL,
    origin TEXT NOT NULL,
    content BLOB NOT NULL,
    first_day INTEGER, last_day INTEGER,
    title TEXT, source TEXT, author TEXT, published TEXT, published_from TEXT NOT NULL,
    url TEXT, path TEXT, language TEXT,
    removed TEXT NOT NULL, repairs TEXT NOT NULL, text TEXT NOT NULL,
    parts BLOB NOT NULL,
    checksum BLOB NOT NULL
);
CREATE INDEX articles_places ON articles (number, first_passage, last_passage, story, first_day, last_day);
CREATE INDEX articles_sequence ON articles (sequence);
CREATE INDEX articles_story ON articles (story);
CREATE INDEX articles_days ON articles (first_day, last_day, source, first_passage, last_passage);
CREATE INDEX articles_source ON articles (source, first_day, last_day, first_passage, last_passage);
CREATE TABLE passages (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
    start INTEGER NOT NULL, stop INTEGER NOT NULL
);
CREATE INDEX passages_article ON passages (article);
CREATE TABLE windows (
    id INTEGER PRIMARY KEY,
    start INTEGER NOT NULL, stop INTEGER NOT NULL,
    text_hash BLOB NOT NULL, vector BLOB NOT NULL
);
CREATE INDEX windows_text ON windows (text_hash);
CREATE TABLE bands (
    key INTEGER NOT NULL,
    article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
    PRIMARY KEY (key, article)
) WITHOUT ROWID;
CREATE INDEX bands_article ON bands (article);
CREATE TABLE removals (sequence INTEGER PRIMARY KEY, first_passage INTEGER NOT NULL, last_passage INTEGER NOT NULL);
"""

LAST_SEQUENCE = """
SELECT max(coalesce((SELECT max(sequence) FROM articles), 0), coalesce((SELECT max(sequence) FROM removals), 0))
"""
