"""What a question says about dates: a grammar of rules, no model; the clock is passed in."""
