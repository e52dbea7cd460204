"""The engine: one call an event, through six hops, in one transaction."""

from partybuild_flow.engine.engine import Engine
from partybuild_flow.engine.forms import Form, Possible, Question
from partybuild_flow.engine.requests import Send, Start

__all__ = ["Engine", "Form", "Possible", "Question", "Send", "Start"]
