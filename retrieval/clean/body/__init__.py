"""The lines of a page → those of the article itself."""
