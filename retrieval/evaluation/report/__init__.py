"""An evaluation as one self-contained HTML page."""

from retrieval.evaluation.report.page import render

__all__ = ["render"]
