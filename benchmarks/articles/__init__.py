"""Articles as the web and dumps hold them: what is expected of each, and what chuchu makes of it."""
