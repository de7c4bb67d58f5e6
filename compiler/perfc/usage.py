"""The help of the commands, and what is wrong with a call, in Chinese; typer's own is English."""

from __future__ import annotations

import sys
from typing import Any


def usage(command: Any, context: Any) -> str:
    """The help of a command of typer's, or of all."""
    parameters = command.get_params(context)
    arguments = [one for one in parameters if one.param_type_name == "argument"]
    options = [one for one in parameters if one.param_type_name == "option" and not one.hidden]
    names = [command.get_command(context, name) for name in getattr(command, "commands", ())]
    pattern = ["[选项]", *(one.metavar or one.name for one in arguments), *(["命令 …"] if names else [])]
    rows = {
        "参数": [(one.metavar or one.name, one.help or "") for one in arguments],
        "选项": [("、".join(one.opts), "显示这份说明" if one.name == "help" else one.help or "") for one in options],
        "命令": [(one.name, (one.help or "").partition("\n")[0]) for one in names],
    }
    text = f"用法：{context.command_path} {' '.join(pattern)}\n\n{(command.help or '').strip()}\n"
    for title, entries in rows.items():
        width = max((len(name) for name, _ in entries), default=0)
        lines = [f"  {name:<{width}}  {said}" for name, said in entries]
        text += "\n".join(["", f"{title}：", *lines, ""]) if lines else ""
    return text.rstrip()


def misused(error: Any) -> str:
    """What is wrong with a call, by the kind of typer's exception."""
    parameter = getattr(error, "param", None)
    name = "、".join(parameter.opts) if parameter is not None and parameter.param_type_name == "option" else ""
    name = name or (parameter.metavar if parameter is not None else "")
    kinds = {
        "NoSuchOption": lambda: f"没有 {error.option_name} 这个选项",
        "MissingParameter": lambda: f"缺少 {name}",
        "BadParameter": lambda: f"{name} 的值不对",
        "BadOptionUsage": lambda: f"{error.option_name} 的用法不对",
        "UsageError": lambda: f"没有这个命令，或多写了参数：{' '.join(sys.argv[1:])}",
    }
    said = kinds.get(type(error).__name__, lambda: str(error))()
    return f"{said}；用 perfc --help 查看用法"
