"""The command line: arguments in, exit codes out. 0: done; 1: findings of level error; 2: the call could not run.

Everything heavy is imported inside the commands, so that help and completion stay quick.
"""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from perfc.source import Refused, internal, reason
from perfc.terminal import coloured, save, tell
from perfc.usage import misused, usage

if TYPE_CHECKING:
    from perfc.make import Plan

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


class _Command(TyperCommand):
    def get_help(self, ctx: Any) -> str:
        return usage(self, ctx)


class _Group(TyperGroup):
    def get_help(self, ctx: Any) -> str:
        return usage(self, ctx)


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
_DEFAULT = [Path("specs")]


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="显示版本")] = False,
) -> None:
    if version:
        _version()
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command(cls=_Command)
def build(
    paths: _Paths = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="文件夹", help="Word 文件放在哪里，默认 output/，公开的在 output/public/"
        ),
    ] = None,
    public: Annotated[bool, typer.Option("--public", help="编译公开的文件，不含涉密内容和内部的栏目")] = False,
    jobs: _Jobs = None,
    force: Annotated[bool, typer.Option("--force", help="手工改动过的 Word 文件也覆盖")] = False,
    prune: Annotated[bool, typer.Option("--prune", help="删去规格已不在、或标题已改的 Word 文件")] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help="在旁边另存一份 PDF（需要 LibreOffice）")] = False,
    xlsx: Annotated[bool, typer.Option("--xlsx", help="在旁边另存一份 Excel 指标表，供导入预算系统")] = False,
    verify_pages: Annotated[bool, typer.Option("--verify-pages", help="用 LibreOffice 核对目录的页码")] = False,
    cluster: Annotated[
        str, typer.Option("--cluster", metavar="地址", help="由 Dask 集群编译，如 tcp://主机:8786")
    ] = "",
    strict: _Strict = False,
) -> None:
    """检查规格，并把每份规格编译成一个 Word 文件；没有变化的不再编译。"""
    from perfc import office
    from perfc.session import run

    program = office.find() if pdf or verify_pages else ""
    output = output or Path("output/public" if public else "output")
    options = {"force": force, "office": program, "pdf": pdf, "verify_pages": verify_pages, "cluster": cluster}
    plan = _plan(output, strict=strict, public=public, **options)
    raise typer.Exit(run(paths or _DEFAULT, plan, jobs or _processors(), prune=prune, xlsx=xlsx))


@app.command(cls=_Command)
def watch(paths: _Paths = None, output: _Output = Path("output"), jobs: _Jobs = None, strict: _Strict = False) -> None:
    """编译，然后每次保存时再编译有变化的规格；按 Ctrl-C 结束。"""
    from perfc import fingerprints, layout
    from perfc.places import SETTINGS
    from perfc.session import Session, run
    from perfc.watch import changes

    given, jobs, session = paths or _DEFAULT, jobs or _processors(), Session()
    plan = _plan(output, strict=strict)
    try:
        run(given, plan, jobs, session=session)
        tell("正在等待改动，按 Ctrl-C 结束\n", err=True)
        for changed in changes(given, plan.layouts, Path(SETTINGS)):
            if any(path.is_relative_to(folder.resolve()) for path in changed for folder in plan.layouts):
                fingerprints.forget()
                layout.forget()
            try:
                run(given, _plan(output, strict=strict), jobs, session=session)
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
    jobs: _Jobs = None,
    fix: Annotated[bool, typer.Option("--fix", help="改正有把握的问题，其余字节不动")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="只显示 --fix 会改什么，不改文件")] = False,
    strict: _Strict = False,
    no_waivers: Annotated[bool, typer.Option("--no-waivers", help="不理会放行，显示全部问题")] = False,
) -> None:
    """只检查规格，不生成文件。"""
    from perfc import checking, places, report
    from perfc.diagnostic import errors
    from perfc.policy import Policy, read
    from perfc.source import Sources
    from perfc.specs import find

    specs, others = find(paths or _DEFAULT)
    layouts, sources = places.folders(Path()), Sources()
    levels, wrong = read(sources)
    policy = Policy(levels, strict, not no_waivers)
    mends = fix or diff
    checked = list(checking.check(specs, sources, layouts, policy, 1 if mends else jobs or _processors()))
    if mends:
        checked, sources = checking.mend(checked, sources, layouts, policy, write=not diff)
    others += wrong
    found = (*others, *(one for _, of_spec in checked for one in of_spec))
    if not diff:
        text = checking.shown(form, checked, others, sources, colour=output is None and coloured(sys.stdout))
        if output:
            save(text.encode(), output)
        else:
            tell(text)
        if form in (Format.TEXT, Format.CONCISE) or output:
            tell(f"{report.summary(len(specs), found)}\n")
    raise typer.Exit(int(errors(found)))


@app.command(cls=_Command)
def verify(
    file: Annotated[Path, typer.Argument(metavar="文件", help="perfc 生成的 Word 文件")],
    spec: Annotated[Path | None, typer.Argument(metavar="[规格]", help="生成它的规格；不写则在 specs/ 中找")] = None,
) -> None:
    """核对 Word 文件生成以后有没有手工改动，改了哪里。"""
    from perfc import places, report
    from perfc.source import Sources
    from perfc.specs import find
    from perfc.verify import NotWord, origin, verify

    docx = file.read_bytes()
    sources, layouts = Sources(), places.folders(Path())
    try:
        files = [one.file for one in find([spec] if spec else _DEFAULT)[0]]
        chosen = files[0] if spec else origin(docx, files)
        found = verify(docx, chosen, sources, layouts)
    except NotWord as error:
        raise Refused(f"{file.as_posix()} {error}") from None
    tell(report.text(found, sources, colour=coloured(sys.stdout)))
    if not found:
        tell(f"{file.as_posix()} 与 {chosen} 一致，没有手工改动\n")
    raise typer.Exit(int(bool(found)))


@app.command(cls=_Command)
def layouts() -> None:
    """列出可用的版式。"""
    from perfc import layout, places

    within = places.folders(Path())
    for name in places.names(within):
        tell(f"{name}\t{layout.title(name, within)}\n")


@app.command(cls=_Command)
def new(
    name: Annotated[str, typer.Argument(metavar="版式", help="版式的名称，见 perfc layouts")],
    path: Annotated[Path, typer.Argument(metavar="路径", help="新规格的文件名，以 .yaml 结尾")],
) -> None:
    """写一份带说明的规格，从它开始修改。"""
    from perfc import layout, places

    within = places.folders(Path())
    _known(name, within)
    _fresh(path)
    save(layout.example(name, within), path, "已写好")


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
    tell(report.text(found, Sources(), colour=coloured(sys.stderr)), err=True)
    if text is None:
        raise typer.Exit(1)
    if output:
        save(text.encode(), output, "已写好")
    else:
        tell(text)


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
            tell(f"{name}\t{page.partition(chr(10))[0]}\n")
    elif rule in pages:
        tell(f"{rule}\n\n{pages[rule]}\n")
    else:
        near = nearest(rule, pages)
        raise Refused(f"没有“{rule}”这条规则" + (f"；是不是“{near}”？" if near else ""))


def main() -> None:
    """Run the command line; whatever goes wrong is said in Chinese, without a traceback."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # a terminal's or a file's
    try:
        # Typer takes longer to read its first option than to be imported.
        code = _version() if sys.argv[1:] == ["--version"] else app(prog_name="perfc", standalone_mode=False)
        code = _complain("已中断") if code == _INTERRUPTED else code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 2
    except (KeyboardInterrupt, typer.Abort):
        code = _complain("已中断")
    except Exception as error:  # noqa: BLE001  # a mistake of perfc's own is still said in one line
        code = _complain(_reason(error))
    sys.exit(code or 0)


def _version() -> int:
    from perfc import __version__

    tell(f"perfc {__version__}\n")
    return 0


def _reason(error: Exception) -> str:
    """Why a command could not go on, in Chinese."""
    if isinstance(error, Refused):
        return str(error)
    if isinstance(error, _CallError):
        return misused(error)
    return f"{error.filename or ''}：{reason(error)}" if isinstance(error, OSError) else internal(error)


def _plan(output: Path, *, strict: bool, public: bool = False, **options: Any) -> Plan:
    from perfc import fingerprints, places
    from perfc.make import Plan

    base = fingerprints.base(places.SETTINGS, strict=strict, public=public)
    return Plan(output, places.folders(Path()), base, strict, public, **options)


def _processors() -> int:
    return os.cpu_count() or 1


def _known(name: str, within: tuple[Path, ...]) -> None:
    """Refuse what is no layout."""
    from perfc import places
    from perfc.diagnostic import nearest

    known = places.names(within)
    if name not in known:
        near = nearest(name, known)
        raise Refused(
            f"没有“{name}”这个版式" + (f"；是不是“{near}”？" if near else f"；可用的版式：{'、'.join(known)}")
        )


def _fresh(path: Path) -> None:
    """Refuse to write a spec to where something is, or under a name that is no spec's."""
    if path.suffix != ".yaml":
        raise Refused(f"规格的文件名应以 .yaml 结尾：{path.as_posix()}")
    if path.exists():
        raise Refused(f"{path.as_posix()} 已经存在，没有改动它")


def _complain(message: str) -> int:
    tell(f"perfc: {message}\n", err=True)
    return 2


if __name__ == "__main__":
    main()
