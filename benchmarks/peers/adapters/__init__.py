"""One script a system, each with the same three verbs; the peers' run in an environment without chuchu."""
