"""Pure text: scripts, sentences, words, dates."""
