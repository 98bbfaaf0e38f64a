"""The ways of talking to an archive: commands, a REPL, Telegram."""
