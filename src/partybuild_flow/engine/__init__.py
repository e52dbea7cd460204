"""The engine: one call an event, through six hops, in one transaction."""

from partybuild_flow.engine.catch_up import CaughtUp
from partybuild_flow.engine.engine import Engine
from partybuild_flow.engine.forms import Form, Possible, Question
from partybuild_flow.engine.rates import Share
from partybuild_flow.engine.requests import Send, Start
from partybuild_flow.engine.sight import Marks

__all__ = ["CaughtUp", "Engine", "Form", "Marks", "Possible", "Question", "Send", "Share", "Start"]
