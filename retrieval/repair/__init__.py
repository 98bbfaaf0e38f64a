"""Undo what a widespread converter did to Chinese pages: glossed characters, and bytes read out of step."""
