"""What is measured, in the order it is shown; each name is its path in the JSON record."""

from retrieval.errors import SettingsError

MEANS = (
    "success@1",
    "success@3",
    "success@10",
    "MRR@10",
    "nDCG@10",
    "answer@3",
    "highlight@1",
    "answered.coverage",
    "answered.wrong",
    "refusal.precision",
    "refusal.recall",
)
"""Each is the mean of the outcomes' marks of this name, over the outcomes that have one."""

AUROC = "refusal.auroc"
SAMPLED = (*MEANS, AUROC)
"""The measures that have confidence intervals."""

LATENCY = ("latency_ms.p50", "latency_ms.p95")
MEASURES = (*SAMPLED, *LATENCY)
LOWER_IS_BETTER = frozenset({"answered.wrong", *LATENCY})


def is_worse(measure: str, value: float, limit: float) -> bool:
    """Tell whether a value falls short of its limit: a floor, or a ceiling where lower is better."""
    return value > limit if measure in LOWER_IS_BETTER else value < limit


def measure_named(name: str) -> str:
    """Return the measure with this name, or with this last part of its name.

    Raises:
        SettingsError: there is none.
    """
    found = [measure for measure in MEASURES if name.lower() in (measure.lower(), measure.lower().rpartition(".")[2])]
    if not found:
        raise SettingsError(f"no measure is called {name}; there are {', '.join(MEASURES)}")
    return found[0]
