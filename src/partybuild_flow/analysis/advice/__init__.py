"""The nearest way up: what would be the least to change for a better outcome."""

from partybuild_flow.analysis.advice.advising import Advice, Step, Way, advise
from partybuild_flow.analysis.advice.gaps import Gap
from partybuild_flow.analysis.advice.telling import advice_lines, advice_record

__all__ = ["Advice", "Gap", "Step", "Way", "advice_lines", "advice_record", "advise"]
