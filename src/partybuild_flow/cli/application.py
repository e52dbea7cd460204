"""All commands under one name, and the door at which errors become sentences and exit codes."""

from __future__ import annotations

from typing import Any, Final

import typer
from typer.core import TyperGroup

from partybuild_flow.cli import case_events, case_reading
from partybuild_flow.cli.advise import advise_case
from partybuild_flow.cli.catch_up import catch_up
from partybuild_flow.cli.check import check
from partybuild_flow.cli.demo import demo
from partybuild_flow.cli.diagram import diagram
from partybuild_flow.cli.export import export
from partybuild_flow.cli.impact import impact_of
from partybuild_flow.cli.import_rows import import_table
from partybuild_flow.cli.new import new
from partybuild_flow.cli.options import AS_JSON, LANGUAGE
from partybuild_flow.cli.personal import erase, personal
from partybuild_flow.cli.printing import put, put_json
from partybuild_flow.cli.rates import rates
from partybuild_flow.cli.records import error_record, error_sentence
from partybuild_flow.cli.replay import replay_log
from partybuild_flow.cli.schema import schema
from partybuild_flow.cli.table import export_to_file, import_from_file
from partybuild_flow.cli.test import run_features
from partybuild_flow.cli.verify import verify
from partybuild_flow.cli.wording import language_of, own_language
from partybuild_flow.errors import FlowError
from partybuild_flow.messages import Language, catalogue

REFUSED: Final = 1
"""The exit code where the answer is no, or problems were found."""


class Speaking(TyperGroup):
    """The group of all commands: helps in the language of the environment, and tells errors as sentences."""

    def make_context(self, *args: Any, **kwargs: Any) -> Any:
        """The context of a call; before it, every command and option gets its help."""
        _explain(self, "help", own_language())
        return super().make_context(*args, **kwargs)

    def invoke(self, ctx: Any) -> Any:
        """Run the command; errors that the package reports end it with exit code 1."""
        try:
            return super().invoke(ctx)
        except FlowError as error:
            _tell(error, ctx.meta)
        except BrokenPipeError:
            raise
        except OSError as error:
            _tell(
                FlowError(f"{error.filename or ''}: {error.strerror or error}".removeprefix(": ")), ctx.meta
            )
        raise typer.Exit(REFUSED)


def application() -> typer.Typer:
    """The command line `pbflow`."""
    app = _typer(cls=Speaking)
    app.command("demo")(demo)
    app.command("new")(new)
    app.command("check")(check)
    case = _typer()
    case.command("start")(case_events.start)
    case.command("send")(case_events.send)
    case.command("ask")(case_events.ask)
    case.command("correct")(case_events.correct)
    case.command("show")(case_reading.show)
    case.command("history")(case_reading.history)
    case.command("sent")(case_reading.sent)
    case.command("list")(case_reading.list_cases)
    app.add_typer(case, name="case")
    app.command("advise")(advise_case)
    app.command("catch-up")(catch_up)
    app.command("test")(run_features)
    app.command("import")(import_table)
    app.command("export")(export)
    app.command("rates")(rates)
    app.command("replay")(replay_log)
    app.command("impact")(impact_of)
    app.command("diagram")(diagram)
    table = _typer()
    table.command("export")(export_to_file)
    table.command("import")(import_from_file)
    app.add_typer(table, name="table")
    app.command("schema")(schema)
    app.command("erase")(erase)
    app.command("personal")(personal)
    app.command("verify")(verify)
    return app


def _typer(**settings: Any) -> typer.Typer:
    return typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
        **settings,
    )


def _tell(error: FlowError, meta: dict[str, Any]) -> None:
    spoken = meta.get(LANGUAGE)
    language, own = language_of(spoken), own_language(spoken)
    if meta.get(AS_JSON):
        put_json(error_record(error, language, own))
    else:
        put(error_sentence(error, language, own), complaint=True)


def _explain(command: Any, code: str, language: Language) -> None:
    """Give a command, its options and what stands below it the help of the catalogue."""
    sentences = catalogue(language)
    command.help = sentences[f"command.{code}"]
    for parameter in command.params:
        told = sentences.get(f"command.{code}.{parameter.name}") or sentences.get(
            f"command.help.option.{parameter.name}"
        )
        if told and hasattr(parameter, "help"):
            parameter.help = told
    for name, below in getattr(command, "commands", {}).items():
        _explain(below, f"{code}.{name}", language)
