"""From written files to a definition: text with positions, keywords of both languages, names, expressions.

Everything that is wrong is told as problems, all of a definition at once; see docs/problems.md.
"""

from partybuild_flow.reader.files import hash_of, read_texts, read_workflow
from partybuild_flow.reader.values import UnfitTextError, value_of

__all__ = ["UnfitTextError", "hash_of", "read_texts", "read_workflow", "value_of"]
