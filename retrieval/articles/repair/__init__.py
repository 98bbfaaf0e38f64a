"""Undo what a widespread converter did to Chinese pages: glossed characters, and bytes read out of step."""

from retrieval.articles.repair.restore import RepairedText, repair

__all__ = ["RepairedText", "repair"]
