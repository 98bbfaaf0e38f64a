"""What a question says about dates: a grammar of rules, no model; the clock is passed in."""

from retrieval.search.when.reading import DateReading, understand_dates

__all__ = ["DateReading", "understand_dates"]
