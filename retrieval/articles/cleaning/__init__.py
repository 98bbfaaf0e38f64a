"""Tell an article's own lines from the page around them."""
