"""The larger commands, a file a group."""
