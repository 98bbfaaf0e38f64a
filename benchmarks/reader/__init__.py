"""The reader: its examples, its training, what it sees and how its probability is fitted."""
