"""chuchu beside what people would use instead: same texts, weights, machine and run. See docs/lab/comparison.md."""
