"""Click's commands, options and complaints in the reader's language, from ``app/messages/cli.toml``; no command's work."""

from __future__ import annotations

import difflib
import importlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

import click

from app.text import LANGUAGES, Language, messages, say

_PARTS = {
    "NoSuchOption": "option_name",
    "NoSuchCommand": "command_name",
    "MissingParameter": "param",
    "BadParameter": "param",
    "BadOptionUsage": "option_name",
}


_EXTRA = re.compile(r"Got unexpected extra arguments? \((.*)\)", re.DOTALL)
"""What click says of arguments that no place is left for."""


class UnknownCommand(click.UsageError):
    """No command of that name is here."""


class Localised(click.Command):
    """A command whose texts are ``cli.<key>`` (one line), ``cli.<key>-help`` and ``cli.<key>-example``."""

    def __init__(self, *positional: Any, key: str = "", **named: Any) -> None:
        super().__init__(*positional, **named)
        self.key = key or str(self.name)

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002  click's signature
        return say(f"cli.{self.key}", _language())

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), say("cli.usage", _language()) + " ")

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        pieces = [f"[{say('cli.options', _language())}]"]
        return pieces + [piece for param in self.get_params(ctx) for piece in param.get_usage_pieces(ctx)]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(say(f"cli.{self.key}", _language()))
            for paragraph in _lines(f"{self.key}-help"):
                formatter.write_paragraph()
                formatter.write_text(paragraph)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        records = [_translated(param, ctx) for param in self.get_params(ctx)]
        with formatter.section(say("cli.options-title", _language())):
            formatter.write_dl([record for record in records if record is not None])
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        examples = _lines(f"{self.key}-example")
        if examples:
            with formatter.section(say("cli.example-title", _language())):
                for line in examples:
                    formatter.write(" " * formatter.current_indent + line + "\n")


class LocalisedGroup(Localised, click.Group):
    """A command with commands below it."""

    def __init__(self, *positional: Any, **named: Any) -> None:
        super().__init__(*positional, **named)
        self.params.append(_language_option())

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return [*super().collect_usage_pieces(ctx), say("cli.command-usage", _language())]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(say("cli.commands-title", _language())):
            formatter.write_dl([(name, self.line_of(ctx, name)) for name in self.list_commands(ctx)])

    def line_of(self, ctx: click.Context, name: str) -> str:
        """What a command of the group does, in one line."""
        command = self.get_command(ctx, name)
        return command.get_short_help_str() if command else ""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in self.list_commands(ctx) and not args[0].startswith("-"):
            raise UnknownCommand(_no_such_command(args[0], self.list_commands(ctx)), ctx)
        return super().resolve_command(ctx, args)


def _no_such_command(found: str, known: list[str]) -> str:
    """That there is no such command, and the one whose name is nearest."""
    nearest = difflib.get_close_matches(found, known, n=1)
    key = "cli.misnamed-command" if nearest else "cli.no-such-command"
    return say(key, _language(), found=found, nearest="".join(nearest))


class Commands(LocalisedGroup):
    """The commands by the module that holds each as ``command``; a module is imported when its command is wanted."""

    def __init__(self, name: str, modules: Mapping[str, str]) -> None:
        super().__init__(name, key=name)
        self.modules = modules
        self.params.append(click.Option(["--version"], is_flag=True, is_eager=True, expose_value=False, callback=_show_version))

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self.modules)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        module = self.modules.get(name)
        return importlib.import_module(module).COMMAND if module else None

    def line_of(self, ctx: click.Context, name: str) -> str:  # noqa: ARG002
        """Without loading the command, whose texts bear its name."""
        return say(f"cli.{name}", _language())


class Whole(click.ParamType[int]):
    """A whole number of at least ``least``."""

    name = "n"

    def __init__(self, least: int = 0) -> None:
        self.least = least

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        text = str(value)
        if not (text.isascii() and text.isdigit() and len(text) < 19) or int(text) < self.least:
            self.fail(say("cli.not-whole", _language(), found=text, least=self.least), param, ctx)
        return int(text)


class Folder(click.ParamType[Path]):
    """A folder that is there."""

    name = "folder"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = Path(value)
        if not path.is_dir():
            self.fail(say("cli.not-a-folder" if path.exists() else "cli.no-such-folder", _language(), path=str(path)), param, ctx)
        return path


class NewFile(click.ParamType[Path]):
    """A file to write, which may be there already."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = Path(value)
        if path.is_dir():
            self.fail(say("cli.a-folder", _language(), path=str(path)), param, ctx)
        return path


class OneOf(click.ParamType[str]):
    """One of some words."""

    name = "word"

    def __init__(self, words: Mapping[str, Any] | tuple[str, ...]) -> None:
        self.words = tuple(words)

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002
        return "|".join(self.words)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if str(value).lower() not in self.words:
            self.fail(say("cli.not-one-of", _language(), found=str(value), words=", ".join(self.words)), param, ctx)
        return str(value).lower()


def make(key: str, group: click.Group | None = None) -> Callable[[Callable[..., Any]], Localised]:
    """A command with the options that all have; below ``group``, its texts are named ``<group>-<key>``."""

    def decorate(function: Callable[..., Any]) -> Localised:
        made = click.command(key, cls=Localised, key=f"{group.name}-{key}" if group else key)(function)
        made.params += [
            click.Option(["--json"], is_flag=True, expose_value=False),
            _language_option(),
        ]
        if group is not None:
            group.add_command(made)
        return made

    return decorate


def usage_problem(error: click.UsageError, language: Language) -> str:
    """What is wrong with the arguments, and where to read how they go."""
    kind, message = type(error).__name__, error.message
    if error.ctx is not None and (kind == "NoArgsIsHelpError" or _lacks_command(error, error.ctx)):
        return f"{say('cli.wrong-NoArgsIsHelpError', language)}\n\n{error.ctx.get_help()}"
    if kind == "UsageError" and (extra := _EXTRA.fullmatch(error.message)):
        kind, message = "Extra", extra[1]
    part = getattr(error, _PARTS.get(kind, ""), None)
    named = _named(part) if isinstance(part, click.Parameter) else str(part or "")
    key = f"cli.wrong-{kind}"
    said = say(key, language, name=named, message=message) if key in messages() else message
    path = error.ctx.command_path if error.ctx else "maillage"
    return f"{said}\n{say('cli.see-help', language, command=path)}"


def _lacks_command(error: click.UsageError, ctx: click.Context) -> bool:
    return type(error) is click.UsageError and isinstance(ctx.command, click.Group) and ctx.invoked_subcommand is None


def _named(param: click.Parameter) -> str:
    return param.opts[-1] if isinstance(param, click.Option) else str(param.metavar or param.name).upper()


def _translated(param: click.Parameter, ctx: click.Context) -> tuple[str, str] | None:
    if isinstance(param, click.Argument):
        return _named(param), say(f"cli.argument-{param.name}", _language())
    record = param.get_help_record(ctx)
    if record is None:
        return None
    name = max(param.opts, key=len).lstrip("-")
    said = say(f"cli.option-{name}", _language())
    default = param.default
    if isinstance(default, str | int) and not isinstance(default, bool):
        said += f" [{say('cli.default', _language(), value=str(default))}]"
    return record[0], said


def _language_option() -> click.Option:
    return click.Option(["--lang"], type=OneOf(LANGUAGES), expose_value=False)


def _show_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:  # noqa: ARG001
    if value:
        from app import __version__

        click.echo(f"maillage {__version__}")
        ctx.exit()


def _lines(key: str) -> list[str]:
    texts = messages().get(f"cli.{key}")
    return texts[_language()].splitlines() if texts else []


def _language() -> Language:
    ctx = click.get_current_context(silent=True)
    return cast(Language, ctx.obj.language) if ctx is not None and ctx.obj is not None else "fr"
