"""What marks the parts of a question: its examples, its training, and how well it marks what it has not seen."""
