"""Jinja as layouts, equations and prose may use it: sandboxed, over the spec's own values, with Chinese errors."""

from __future__ import annotations

import re
import traceback
from decimal import Decimal
from typing import Any

import jinja2
from jinja2.exceptions import SecurityError
from jinja2.runtime import LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment

from perfc.load import Map

Failure = (jinja2.TemplateError, ArithmeticError, TypeError, ValueError, LookupError, AttributeError, RecursionError)


class Missing(jinja2.StrictUndefined):
    """A name that stands nowhere; using it is an error."""

    @property
    def name(self) -> str:
        """The name that was looked for."""
        return str(self._undefined_name)

    @property
    def among(self) -> Map | None:
        """The mapping that it was looked for in, if it was one."""
        return self._undefined_obj if isinstance(self._undefined_obj, Map) else None

    @property
    def said(self) -> str:
        """What is missing, in Chinese."""
        return f"没有“{self._undefined_name}”"

    _undefined_message = said


class Blank(jinja2.ChainableUndefined):
    """A term that is left empty: nothing in a sum; a product or a quotient with it is empty too."""

    def __add__(self, other: Any) -> Any:
        return other

    __radd__ = __rsub__ = __add__

    def __sub__(self, other: Any) -> Any:
        return -other

    def _empty(self, *_: Any) -> Any:
        return self

    __neg__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _empty


# What makes a text of any size of a number, or another one each time.
_UNSAFE = ("center", "indent", "wordwrap", "random")
_LOOP = frozenset({"index", "first", "last", "length"})  # what is asked for in every row, and safe
_STEPS = 300_000  # of all loops and calls of a template; a department of 400 projects takes some 20 000


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment in which `a.b` reads a mapping's key, never a method of it, and all comes to an end."""

    # A power or a repeated text of any size is one short expression.
    intercepted_binops = frozenset({"*", "**"})

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.globals.pop("lipsum")
        for name in _UNSAFE:
            self.filters.pop(name)
        self.filters["步数"] = self._counted
        self.steps = 0

    def render(self, template: str, values: dict[str, Any]) -> str:
        """The text that a template makes of values."""
        self.steps = 0
        return self.get_template(template).render(values)

    def call(self, context: Any, called: Any, *arguments: Any, **named: Any) -> Any:
        self._step(1)
        if called.__class__ is Macro:  # safe, and without detours: there is one for every row
            named.pop("_loop_vars", None)
            named.pop("_block_vars", None)
            return called(context.eval_ctx, *arguments, **named)
        return super().call(context, called, *arguments, **named)

    def _counted(self, items: Any) -> Any:
        items = items if hasattr(items, "__len__") else list(items)
        self._step(len(items))
        return items

    def _step(self, number: int) -> None:
        self.steps += number
        if self.steps > _STEPS:
            raise SecurityError(f"循环和宏超过 {_STEPS} 步")

    def _parse(self, source: str, name: str | None, filename: str | None) -> jinja2.nodes.Template:
        template = super()._parse(source, name, filename)
        for loop in template.find_all(jinja2.nodes.For):
            loop.iter = jinja2.nodes.Filter(loop.iter, "步数", [], [], None, None, lineno=loop.lineno)
        return template

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, dict):
            return obj[attribute] if attribute in obj else self.absent(obj, attribute)
        if obj.__class__ is LoopContext and attribute in _LOOP:
            return getattr(obj, attribute)
        return self.absent(obj, attribute) if obj is None else super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, dict):
            return obj[argument] if argument in obj else self.absent(obj, argument)
        return self.absent(obj, argument) if obj is None else super().getitem(obj, argument)

    def absent(self, obj: dict[str, Any] | None, key: str) -> Any:
        """What a key stands for that a mapping, or nothing at all, does not have."""
        return self.undefined(obj=obj, name=key)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator == "**" or not all(isinstance(one, Decimal | int | Blank) for one in (left, right)):
            raise SecurityError(f"这里不能用 {operator}")
        return super().call_binop(context, operator, left, right)


def explained(error: BaseException) -> str:
    """What is wrong with a template or an expression, in Chinese; Jinja says it in English."""
    said = str(getattr(error, "message", None) or error)
    if re.search("[一-鿿]", said) and not isinstance(error, jinja2.TemplateSyntaxError | jinja2.TemplateNotFound):
        return said
    name = (re.findall(r"'([^']*)'", said) or [""])[0]
    if isinstance(error, jinja2.TemplateNotFound):
        return f"没有“{error.name}”这个文件"
    if "unknown tag" in said:
        return f"没有 {{% {name} %}} 这个标签"
    if "filter named" in said:
        return f"没有“{name}”这个过滤器"
    if "Unexpected end of template" in said:
        return "缺少结束的标签，如 {% endfor %}、{% endif %}"
    if isinstance(error, jinja2.TemplateSyntaxError):
        return "{{ … }} 或 {% … %} 的写法不对"
    kinds = {
        ArithmeticError: "除数是零，或无法计算",
        TypeError: "文字、空值与数不能一起计算，或者用法不对",
        RecursionError: "互相引用，没有尽头",
    }
    return next((words for kind, words in kinds.items() if isinstance(error, kind)), "写法不对")


def place_of(error: BaseException, template: str) -> tuple[str, int]:
    """The file and the zero-based line at which a template failed; the template's first line where none is known."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        return error.filename or template, error.lineno - 1
    frames = traceback.extract_tb(error.__traceback__)
    places = [(frame.filename, frame.lineno or 1) for frame in frames if frame.filename.endswith(".html")]
    return (places[-1][0], places[-1][1] - 1) if places else (template, 0)
