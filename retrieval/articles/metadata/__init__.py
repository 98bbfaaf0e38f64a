"""Title, outlet, authors and date of an article, from what its page prints."""
