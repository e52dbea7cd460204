"""DMN models read from XML and evaluated to the standard, independent of any workflow."""

from __future__ import annotations

from partybuild_flow.dmn.model import DmnModel, DmnWarning, load_dmn

__all__ = ["DmnModel", "DmnWarning", "load_dmn"]
