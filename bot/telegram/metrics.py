"""What the bot counts, and Prometheus' text format of it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

_BOUNDS_S = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


@dataclass(slots=True)
class Metrics:
    """Counts since the start."""

    questions: Counter[str] = field(default_factory=Counter)
    """By where they came from: private, group, inline."""
    outcomes: Counter[str] = field(default_factory=Counter)
    """By how they ended: answered, refused, busy, slow, limited, failed."""
    presses: int = 0
    errors: int = 0
    latencies: Counter[float] = field(default_factory=Counter)
    seconds: float = 0.0

    def took(self, seconds: float) -> None:
        """Count how long a question took, its wait included."""
        self.seconds += seconds
        self.latencies[next((bound for bound in _BOUNDS_S if seconds <= bound), float("inf"))] += 1

    def render(self, gauges: Mapping[str, float]) -> str:
        """Write everything, with `gauges` as they are now."""
        lines = [*_family("chuchu_questions_total", "counter", _labelled("from", self.questions))]
        lines += _family("chuchu_outcomes_total", "counter", _labelled("outcome", self.outcomes))
        lines += _family("chuchu_presses_total", "counter", {"": self.presses})
        lines += _family("chuchu_errors_total", "counter", {"": self.errors})
        lines += self._histogram("chuchu_answer_seconds")
        for name, value in gauges.items():
            lines += _family(f"chuchu_{name}", "gauge", {"": value})
        return "\n".join(lines) + "\n"

    def _histogram(self, name: str) -> list[str]:
        lines, count = [f"# TYPE {name} histogram"], 0
        for bound in _BOUNDS_S:
            count += self.latencies[bound]
            lines.append(f'{name}_bucket{{le="{bound:g}"}} {count}')
        total = self.latencies.total()
        return [*lines, f'{name}_bucket{{le="+Inf"}} {total}', f"{name}_sum {self.seconds:g}", f"{name}_count {total}"]


def _labelled(label: str, counts: Mapping[str, int]) -> dict[str, float]:
    return {f'{{{label}="{name}"}}': count for name, count in sorted(counts.items())}


def _family(name: str, kind: str, values: Mapping[str, float]) -> list[str]:
    return [f"# TYPE {name} {kind}", *(f"{name}{labels} {value:g}" for labels, value in values.items())]
