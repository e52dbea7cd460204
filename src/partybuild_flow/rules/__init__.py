"""Decision tables and rule sets: compiled to decide, traced to explain, and the reference that both are held to."""

from partybuild_flow.rules.inference import CompiledRuleSet, Inference, compile_rule_set
from partybuild_flow.rules.reference import REFERENCE, conclude_rule_set, conclude_table
from partybuild_flow.rules.tables import Conclude, compile_table
from partybuild_flow.rules.traced import (
    TracedRow,
    TracedRule,
    TracedRuleSet,
    TracedTable,
    trace_rule_set,
    trace_table,
)

__all__ = [
    "REFERENCE",
    "CompiledRuleSet",
    "Conclude",
    "Inference",
    "TracedRow",
    "TracedRule",
    "TracedRuleSet",
    "TracedTable",
    "compile_rule_set",
    "compile_table",
    "conclude_rule_set",
    "conclude_table",
    "trace_rule_set",
    "trace_table",
]
