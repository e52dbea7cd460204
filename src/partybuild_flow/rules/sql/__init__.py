"""Tables, rule sets and conditions as SQL for populations, exact in every row or left to the engine. Sole importer of sqlglot."""

from partybuild_flow.rules.sql.codes import Code, Digits, Sql, Unfit, constant, surely
from partybuild_flow.rules.sql.columns import column_of, digits_of_field, sql_type
from partybuild_flow.rules.sql.dialects import DIALECTS, Dialect, written
from partybuild_flow.rules.sql.expressions import Compiler
from partybuild_flow.rules.sql.moments import plain
from partybuild_flow.rules.sql.rule_sets import compile_rule_set
from partybuild_flow.rules.sql.scope import Compiled, Names, Scope, Step
from partybuild_flow.rules.sql.tables import compile_table

__all__ = [
    "DIALECTS",
    "Code",
    "Compiled",
    "Compiler",
    "Dialect",
    "Digits",
    "Names",
    "Scope",
    "Sql",
    "Step",
    "Unfit",
    "column_of",
    "compile_rule_set",
    "compile_table",
    "constant",
    "digits_of_field",
    "plain",
    "sql_type",
    "surely",
    "written",
]
