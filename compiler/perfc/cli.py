"""The command line: arguments in, exit codes out. 0: done; 1: findings of level error; 2: the call could not run.

Everything heavy is imported inside the commands, so that help and completion stay quick.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from perfc.build import Outcome
    from perfc.diagnostic import Diagnostic
    from perfc.make import Plan
    from perfc.policy import Policy
    from perfc.source import Sources
    from perfc.specs import Spec

# Typer's own base of all that can be wrong with a call; it moved from click into typer.
_CallError: Any = typer.BadParameter.__mro__[-4]

_INTERRUPTED = 130  # what newer versions of typer return for Ctrl-C, which older ones raise


class Format(StrEnum):
    """How `perfc check` prints findings."""

    TEXT = "text"
    CONCISE = "concise"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"
    GITLAB = "gitlab"
    HTML = "html"


def _help(command: Any, context: Any) -> str:
    """The help of a command or of all, in Chinese; typer's own is English."""
    parameters = command.get_params(context)
    arguments = [one for one in parameters if one.param_type_name == "argument"]
    options = [one for one in parameters if one.param_type_name == "option" and not one.hidden]
    names = [command.get_command(context, name) for name in getattr(command, "commands", ())]
    usage = ["[选项]", *(one.metavar or one.name for one in arguments), *(["命令 …"] if names else [])]
    rows = {
        "参数": [(one.metavar or one.name, one.help or "") for one in arguments],
        "选项": [("、".join(one.opts), "显示这份说明" if one.name == "help" else one.help or "") for one in options],
        "命令": [(one.name, (one.help or "").partition("\n")[0]) for one in names],
    }
    text = f"用法：{context.command_path} {' '.join(usage)}\n\n{(command.help or '').strip()}\n"
    for title, entries in rows.items():
        width = max((len(name) for name, _ in entries), default=0)
        lines = [f"  {name:<{width}}  {said}" for name, said in entries]
        text += "\n".join(["", f"{title}：", *lines, ""]) if lines else ""
    return text.rstrip()


class _Command(TyperCommand):
    def get_help(self, ctx: Any) -> str:
        return _help(self, ctx)


class _Group(TyperGroup):
    def get_help(self, ctx: Any) -> str:
        return _help(self, ctx)


app = typer.Typer(
    name="perfc",
    cls=_Group,
    help="把预算绩效的 YAML 规格编译成 Word 文件。",
    rich_markup_mode=None,
    add_completion=False,
)

_Paths = Annotated[list[Path] | None, typer.Argument(metavar="[路径…]", help="规格文件或文件夹，默认 specs/")]
_Output = Annotated[Path, typer.Option("--output", "-o", metavar="文件夹", help="Word 文件放在哪里")]
_Jobs = Annotated[
    int | None, typer.Option("--jobs", "-j", metavar="个数", min=1, help="同时编译几份；不写则与处理器的核数相同")
]
_Strict = Annotated[bool, typer.Option("--strict", help="警告也算错误")]


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="显示版本")] = False,
) -> None:
    from perfc import __version__

    if version:
        typer.echo(f"perfc {__version__}")
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command(cls=_Command)
def build(
    paths: _Paths = None,
    output: _Output = Path("output"),
    jobs: _Jobs = None,
    force: Annotated[bool, typer.Option("--force", help="手工改动过的 Word 文件也覆盖")] = False,
    prune: Annotated[bool, typer.Option("--prune", help="删去规格已不在、或标题已改的 Word 文件")] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help="在旁边另存一份 PDF（需要 LibreOffice）")] = False,
    xlsx: Annotated[bool, typer.Option("--xlsx", help="在旁边另存一份 Excel 指标表，供导入预算系统")] = False,
    verify_pages: Annotated[bool, typer.Option("--verify-pages", help="用 LibreOffice 核对目录的页码")] = False,
    strict: _Strict = False,
) -> None:
    """检查规格，并把每份规格编译成一个 Word 文件；没有变化的不再编译。"""
    office = _office() if pdf or verify_pages else ""
    plan = _plan(output, strict=strict, force=force, office=office, pdf=pdf, verify_pages=verify_pages)
    raise typer.Exit(_build(paths or [Path("specs")], plan, jobs or os.cpu_count() or 1, prune=prune, xlsx=xlsx))


@app.command(cls=_Command)
def watch(paths: _Paths = None, output: _Output = Path("output"), jobs: _Jobs = None, strict: _Strict = False) -> None:
    """编译，然后每次保存时再编译有变化的规格；按 Ctrl-C 结束。"""
    from perfc import fingerprints, layout
    from perfc.places import SETTINGS
    from perfc.watch import changes

    given = paths or [Path("specs")]
    jobs = jobs or os.cpu_count() or 1
    session = _Session()
    plan = _plan(output, strict=strict)
    try:
        _build(given, plan, jobs, session=session)
        typer.echo("正在等待改动，按 Ctrl-C 结束", err=True)
        for changed in changes(given, plan.layouts, Path(SETTINGS)):
            if any(path.is_relative_to(folder.resolve()) for path in changed for folder in plan.layouts):
                fingerprints.forget()
                layout.forget()
            try:
                _build(given, _plan(output, strict=strict), jobs, session=session)
            except Exception as error:  # noqa: BLE001  # whatever it is, the next save may be better
                _complain(_reason(error))
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


@app.command(cls=_Command)
def check(
    paths: _Paths = None,
    form: Annotated[
        Format, typer.Option("--format", metavar="|".join(Format), help="结果的格式；html 是一页可查找的报告")
    ] = Format.TEXT,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="文件", help="结果写入文件，不印在屏幕上")
    ] = None,
    fix: Annotated[bool, typer.Option("--fix", help="改正有把握的问题，其余字节不动")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="只显示 --fix 会改什么，不改文件")] = False,
    strict: _Strict = False,
    no_waivers: Annotated[bool, typer.Option("--no-waivers", help="不理会放行，显示全部问题")] = False,
) -> None:
    """只检查规格，不生成文件。"""
    from perfc import places, report
    from perfc.diagnostic import errors
    from perfc.source import Sources

    specs, found = _specs(paths)
    sources, layouts = Sources(), places.folders(Path())
    policy, wrong = _policy(sources, strict=strict, waivers=not no_waivers)
    found += wrong
    checked = _checked(specs, sources, layouts, policy)
    if fix or diff:
        checked, sources = _mended(specs, checked, sources, layouts, policy, write=not diff)
    found += tuple(one for _, of_spec in checked for one in of_spec)
    if diff:
        raise typer.Exit(int(errors(found)))
    shown = _shown(form, checked, found, sources, colour=output is None and _coloured(sys.stdout))
    if output:
        _save(shown.encode(), output)
    else:
        typer.echo(shown, nl=False)
    if form in (Format.TEXT, Format.CONCISE) or output:
        typer.echo(report.summary(len(specs), found))
    raise typer.Exit(int(errors(found)))


@app.command(cls=_Command)
def verify(
    file: Annotated[Path, typer.Argument(metavar="文件", help="perfc 生成的 Word 文件")],
    spec: Annotated[Path | None, typer.Argument(metavar="[规格]", help="生成它的规格；不写则在 specs/ 中找")] = None,
) -> None:
    """核对 Word 文件生成以后有没有手工改动，改了哪里。"""
    from perfc import places, report
    from perfc.source import Sources
    from perfc.verify import NotWord, verify

    docx = file.read_bytes()
    sources, layouts = Sources(), places.folders(Path())
    try:
        specs, _ = _specs([spec] if spec else None)
        chosen = specs[0].file if spec else _origin(docx, specs)
        found = verify(docx, chosen, sources, layouts)
    except NotWord as error:
        raise _Refused(f"{file.as_posix()} {error}") from None
    typer.echo(report.text(found, sources, colour=_coloured(sys.stdout)), nl=False)
    if not found:
        typer.echo(f"{file.as_posix()} 与 {chosen} 一致，没有手工改动")
    raise typer.Exit(int(bool(found)))


@app.command(cls=_Command)
def layouts() -> None:
    """列出可用的版式。"""
    from perfc import layout, places

    within = places.folders(Path())
    for name in places.names(within):
        typer.echo(f"{name}\t{layout.title(name, within)}")


@app.command(cls=_Command)
def new(
    name: Annotated[str, typer.Argument(metavar="版式", help="版式的名称，见 perfc layouts")],
    path: Annotated[Path, typer.Argument(metavar="路径", help="新规格的文件名，以 .yaml 结尾")],
) -> None:
    """写一份带说明的规格，从它开始修改。"""
    from perfc import layout, places
    from perfc.disk import write

    within = places.folders(Path())
    _known(name, within)
    _fresh(path)
    write(layout.example(name, within), path)
    typer.echo(f"已写好 {path.as_posix()}")


@app.command("next", cls=_Command)
def follow(
    spec: Annotated[Path, typer.Argument(metavar="规格", help="上一阶段或上一年的规格")],
    name: Annotated[str, typer.Argument(metavar="版式", help="新规格的版式；与原来相同时，写下一年的规格")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="文件", help="新规格的文件名，以 .yaml 结尾；不写则印在屏幕上"),
    ] = None,
) -> None:
    """由目标写监控、自评的规格，或写下一年的规格：已有的照抄，要填的留空。"""
    from perfc import places, report
    from perfc.following import follow as following
    from perfc.source import Sources

    within = places.folders(Path())
    _known(name, within)
    if output:
        _fresh(output)
    text, found = following(spec.as_posix(), name, within, output.parent if output else Path())
    typer.echo(report.text(found, Sources(), colour=_coloured(sys.stderr)), err=True, nl=False)
    if text is None:
        raise typer.Exit(1)
    if output:
        _save(text.encode(), output, "已写好")
    else:
        typer.echo(text, nl=False)


@app.command(cls=_Command)
def explain(
    rule: Annotated[str | None, typer.Argument(metavar="[规则]", help="规则的名称；不写则列出全部")] = None,
) -> None:
    """说明一条规则：查什么，为什么，怎么改。"""
    from perfc.diagnostic import nearest
    from perfc.explain import manual

    pages = manual()
    if rule is None:
        for name, page in pages.items():
            typer.echo(f"{name}\t{page.partition(chr(10))[0]}")
    elif rule in pages:
        typer.echo(f"{rule}\n\n{pages[rule]}")
    else:
        near = nearest(rule, pages)
        raise _Refused(f"没有“{rule}”这条规则" + (f"；是不是“{near}”？" if near else ""))


def main() -> None:
    """Run the command line; whatever goes wrong is said in Chinese, without a traceback."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # a terminal's or a file's
    try:
        code = app(prog_name="perfc", standalone_mode=False)
        code = _complain("已中断") if code == _INTERRUPTED else code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 2
    except (KeyboardInterrupt, typer.Abort):
        code = _complain("已中断")
    except Exception as error:  # noqa: BLE001  # a mistake of perfc's own is still said in one line
        code = _complain(_reason(error))
    sys.exit(code or 0)


def _reason(error: Exception) -> str:
    """Why a command could not go on, in Chinese."""
    from perfc.source import internal, reason
    from perfc.workers import Died

    if isinstance(error, (_Refused, Died)):
        return str(error)
    if isinstance(error, _CallError):
        return _said(error)
    return f"{error.filename or ''}：{reason(error)}" if isinstance(error, OSError) else internal(error)


@dataclass
class _Session:
    """What a command that builds again and again has compiled and said already."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    said: set[Diagnostic] = field(default_factory=set)


def _plan(output: Path, *, strict: bool, **options: Any) -> Plan:
    from perfc import fingerprints, places
    from perfc.make import Plan

    base = fingerprints.base(places.SETTINGS, strict=strict)
    return Plan(output, places.folders(Path()), base, strict, **options)


def _build(
    given: list[Path],
    plan: Plan,
    jobs: int,
    *,
    prune: bool = False,
    xlsx: bool = False,
    session: _Session | None = None,
) -> int:
    """Build what is at the paths, say what happens, and give the exit code; in a session say nothing a second time."""
    from perfc import build, fingerprints, report
    from perfc.diagnostic import Severity
    from perfc.disk import sweep
    from perfc.progress import bar
    from perfc.source import Sources
    from perfc.stale import stale

    specs, strays = _specs(given)
    quiet = session is not None
    session = session or _Session()
    levels: Counter[Severity] = Counter()

    def say(found: Iterable[Diagnostic], *, once: bool = False) -> str:
        found = [one for one in found if not (once and one in session.said)]
        session.said.update(found if once else ())
        levels.update(one.severity for one in found)
        return report.text(found, Sources(), colour=_coloured(sys.stderr))

    known = fingerprints.remembered(plan.output)
    for folder in {Path(), *(spec.folder for spec in specs), *(Path(document).parent for document in known)}:
        sweep(plan.output / folder)
    before = dict(known)
    done = {} if plan.office else build.current(specs, plan, known, session.outcomes)
    now: dict[str, tuple[Path, ...]] = {}
    failed = False
    typer.echo(say(strays, once=True), err=True, nl=False)
    try:
        with (
            bar([spec.file for spec in specs if spec.file not in done]) as (step, above),
            closing(build.build(specs, plan, jobs, done, known)) as outcomes,
        ):
            for one in outcomes:
                _tell(say(one.found), above, err=True)
                _tell("".join(f"已生成 {path.as_posix()}\n" for path in one.written), above)
                _tell(one.failure and f"{one.failure}\n", above, err=True)
                failed = failed or bool(one.failure)
                if one.path:
                    now[one.spec.file] = one.paths
                if one.made:
                    step()
                    if quiet:
                        session.outcomes[one.spec.file] = replace(one, made=replace(one.made, docx=None, more=()))
        for wrong in _sheets({file: paths[0] for file, paths in now.items()}, specs, plan, jobs) if xlsx else ():
            typer.echo(say([wrong]), err=True, nl=False)
        for path, finding in stale(given, specs, now, plan, known):
            if not (prune and _pruned(path)):
                typer.echo(say([finding], once=True), err=True, nl=False)
    finally:
        if known != before:
            fingerprints.remember(known, plan.output)
    unchanged = f"；{len(done)} 份没有变化" if done else ""
    if not quiet or levels or len(done) < len(specs):
        typer.echo(f"{report.tally(len(specs), levels)}{unchanged}{'，有文件没有写成' if failed else ''}", err=True)
    return 2 if failed else int(bool(levels[Severity.ERROR]))


def _sheets(documents: dict[str, Path], specs: list[Spec], plan: Plan, jobs: int) -> Iterable[Diagnostic]:
    """Write a workbook beside each document, by the files of their specs, and give what hinders."""
    from functools import partial

    from perfc.sheets import save, workbook
    from perfc.source import reason
    from perfc.workers import in_order

    made = [spec for spec in specs if spec.file in documents]
    contents = in_order(partial(workbook, plan.layouts), [spec.file for spec in made], jobs)
    for spec, content in zip(made, contents, strict=True):
        path = documents[spec.file].with_suffix(".xlsx")
        try:
            done, wrong = save(content, path, spec, force=plan.force) if content else (False, None)
        except OSError as error:
            raise _Refused(f"无法写入 {path.as_posix()}：{reason(error)}") from None
        if wrong:
            yield wrong
        if done:
            typer.echo(f"已生成 {path.as_posix()}")


def _pruned(path: Path) -> bool:
    """Remove a document that is left over, if nobody has worked on it."""
    from perfc.source import reason
    from perfc.stale import prune

    try:
        gone = prune(path)
    except OSError as error:
        raise _Refused(f"无法删去 {path.as_posix()}：{reason(error)}") from None
    if gone:
        typer.echo(f"已删去 {path.as_posix()}")
    return gone


class _Refused(Exception):
    """A call that could not run; the message says why."""


def _known(name: str, within: tuple[Path, ...]) -> None:
    """Refuse what is no layout."""
    from perfc import places
    from perfc.diagnostic import nearest

    known = places.names(within)
    if name not in known:
        near = nearest(name, known)
        raise _Refused(
            f"没有“{name}”这个版式" + (f"；是不是“{near}”？" if near else f"；可用的版式：{'、'.join(known)}")
        )


def _fresh(path: Path) -> None:
    """Refuse to write a spec to where something is, or under a name that is no spec's."""
    if path.suffix != ".yaml":
        raise _Refused(f"规格的文件名应以 .yaml 结尾：{path.as_posix()}")
    if path.exists():
        raise _Refused(f"{path.as_posix()} 已经存在，没有改动它")


def _checked(
    specs: list[Spec], sources: Sources, layouts: tuple[Path, ...], policy: Policy
) -> list[tuple[Spec, tuple[Diagnostic, ...]]]:
    from perfc.make import check

    return list(check(specs, sources, layouts, policy))


def _mended(
    specs: list[Spec],
    checked: list[tuple[Spec, tuple[Diagnostic, ...]]],
    sources: Sources,
    layouts: tuple[Path, ...],
    policy: Policy,
    *,
    write: bool,
) -> tuple[list[tuple[Spec, tuple[Diagnostic, ...]]], Sources]:
    """Apply what is certain until nothing certain is left; write it, or show it as a diff."""
    from perfc import fix
    from perfc.source import Sources

    before = sources
    changed: dict[str, Any] = {}
    for _ in range(fix.PASSES):
        once = fix.mend((one for _, found in checked for one in found), sources)
        if not once:
            break
        changed |= once
        sources = Sources(changed)
        checked = _checked(specs, sources, layouts, policy)
    for name, source in sorted(changed.items()):
        if write:
            _save(fix.encoded(source), Path(name), "已改正")
        else:
            typer.echo("".join(fix.diff(before[name], source)), nl=False)
    if not changed:
        typer.echo("没有可以自动改正的问题", err=True)
    return checked, sources


def _shown(
    form: Format,
    checked: list[tuple[Spec, tuple[Diagnostic, ...]]],
    found: tuple[Diagnostic, ...],
    sources: Sources,
    *,
    colour: bool,
) -> str:
    """The findings in the form asked for."""
    from perfc import report

    if form is Format.SARIF:
        from perfc.sarif import sarif

        return sarif(found, sources)
    if form is Format.HTML:
        from perfc.load import load
        from perfc.review import review
        from perfc.vocabulary import department

        named = ((load(spec.file, sources)[0], spec.file, of_spec) for spec, of_spec in checked)
        return review((((values and department(values)) or file, of_spec) for values, file, of_spec in named), sources)
    if form is Format.TEXT:
        return report.text(found, sources, colour=colour) + report.skips(found)
    plain = {
        Format.CONCISE: report.concise,
        Format.JSON: report.as_json,
        Format.GITHUB: report.github,
        Format.GITLAB: report.gitlab,
    }
    return plain[form](found, sources)


def _policy(sources: Sources, *, strict: bool, waivers: bool = True) -> tuple[Policy, tuple[Diagnostic, ...]]:
    from perfc.policy import Policy, read

    levels, found = read(sources)
    return Policy(levels, strict, waivers), found


def _save(content: bytes, path: Path, done: str = "已生成") -> None:
    from perfc.disk import write
    from perfc.source import reason

    try:
        write(content, path)
    except OSError as error:
        raise _Refused(f"无法写入 {path.as_posix()}：{reason(error)}") from None
    typer.echo(f"{done} {path.as_posix()}")


def _office() -> str:
    from perfc import office

    try:
        return office.find()
    except office.Missing as error:
        raise _Refused(str(error)) from None


def _complain(message: str) -> int:
    typer.echo(f"perfc: {message}", err=True)
    return 2


def _said(error: Any) -> str:
    """What is wrong with a call, in Chinese, by the kind of typer's exception."""
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


def _specs(paths: list[Path] | None) -> tuple[list[Spec], tuple[Diagnostic, ...]]:
    from perfc.specs import NoSpecs, find

    try:
        return find(paths or [Path("specs")])
    except NoSpecs as error:
        raise _Refused(str(error)) from None


def _origin(docx: bytes, specs: list[Spec]) -> str:
    """The spec that a document was made of, by what the document says of itself."""
    from perfc.compile import digest
    from perfc.source import Sources
    from perfc.verify import made_of

    made = made_of(docx).get("spec")
    for spec in specs:
        if made and digest(spec.file, Sources()) == made:
            return spec.file
    raise _Refused("specs/ 中没有生成这个文件的规格，或规格已经改过；请写明规格：perfc verify 文件 规格")


def _tell(text: str, above: Callable[[str], None] | None, *, err: bool = False) -> None:
    """Write lines, above the bar if there is one on the same terminal."""
    if above and text and (err or sys.stdout.isatty()):
        above(text)
    else:
        typer.echo(text, err=err, nl=False)


def _coloured(stream: Any) -> bool:
    return bool(stream.isatty()) and "NO_COLOR" not in os.environ


if __name__ == "__main__":
    main()
