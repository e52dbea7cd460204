"""From written files to a definition: text with positions, keywords of both languages, names, expressions.

Everything that is wrong is told as problems, all of a definition at once; see docs/problems.md.
"""

from partybuild_flow.reader.files import hash_of, read_texts, read_workflow, with_set
from partybuild_flow.reader.outlines import Outlines
from partybuild_flow.reader.values import UnfitTextError, value_of

__all__ = ["Outlines", "UnfitTextError", "hash_of", "read_texts", "read_workflow", "value_of", "with_set"]
