"""chuchu beside what people would use instead: same texts, weights and machine, in one run. See docs/comparison.md."""
