"""What the commands print: progress, problem lists, and what was made."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, NoReturn

import click

from juesuan.account import SEVERITY_NAMES, Issue

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from juesuan.compiler import Compilation

SCORING_SHOWN = 8
"""How many issues of scoring are printed before the rest is counted."""


SAME_SHOWN = 4
"""So many problems of one sheet that say the same are printed as one line with their rows."""

_ROW = re.compile(r"\d+")


def stop(message: str) -> NoReturn:
    """Ends the command with a sentence on what cannot be done: exit code 2."""
    click.echo(message, err=True)
    sys.exit(2)


class Steps:
    """A progress bar over the steps of a command; silent where the output is not a terminal."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Steps:
        if sys.stderr.isatty():
            # rich takes a tenth of a second to load: only for those who watch.
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

            columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
            self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
            self._progress.start()
            self._task = self._progress.add_task("", total=self._total)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def begin(self, name: str) -> None:
        """Show what is going on."""
        if self._progress and self._task is not None:
            self._progress.update(self._task, description=name)

    def finish(self, name: str) -> None:
        """Count a step as done."""
        if self._progress and self._task is not None:
            self._progress.update(self._task, description=f"完成 {name}", advance=1)

    def stop(self) -> None:
        """Take the bar away."""
        if self._progress:
            self._progress.stop()
            self._progress = None


def noticed(compilation: Compilation) -> None:
    """Prints what was noticed in exports and other documents, and does not keep from publishing."""
    if compilation.notes:
        click.echo(f"另注意到 {len(compilation.notes)} 处：")
        for note in compilation.notes:
            click.echo(f"  [{note.code}] {note}")


def asked(compilation: Compilation, path: Path, sheets: Sequence[str], held: Sequence[Path]) -> None:
    """Prints what the workbook at `path` asks for, and what to do with it."""
    account = compilation.account
    figures = len(account.facts)
    click.echo(f"{account.year}年度 {account.unit.name}：从报表和文件里取到、算出 {figures} 个数。")
    rest = [missing for missing in compilation.missing if missing.code == "L205"]
    for missing in rest:
        click.echo(f"  还要填：{missing.expected}（“{missing.address.removesuffix('表')}”表）")
    if texts := len(compilation.missing) - len(rest):
        click.echo(f"  还要写：{texts} 处文字和原因")
    click.echo(f"已生成补充填报的工作簿：{path}（{'、'.join(sheets)}）")
    click.echo("要填的单元格标红，写了自动消失；全部列在“待办清单”表，连同差额来自哪里、上年写的和可参考的说法。")
    files = " ".join(map(quoted, (*held, path)))
    click.echo(f"填好后运行：juesuan compile {files} -o 输出文件夹")


def marked(compilation: Compilation, target: Path, sources: Sequence[Path]) -> bool:
    """Writes the marked copy of the workbook, one of the `sources`, to `target` and prints what is in it and what to do
    next; False where there is nothing to mark, or not there.
    """
    from juesuan.inspection import mark_workbook

    try:
        complaints, cells = mark_workbook(compilation, target)
    except ValueError as error:
        click.echo(str(error), err=True)
        return False
    if complaints:
        click.echo(f"已生成标注的工作簿：{target}（原工作簿没有改动）")
        click.echo(f"有 {complaints} 处要改、要填或要核实，标出 {cells} 个单元格；全部列在“待办清单”表。")
        workbook = compilation.workbook
        if workbook is not None and workbook in sources:
            files = " ".join(quoted(target if path == workbook else path) for path in sources)
            click.echo(f"改好、填好后运行：juesuan compile {files} -o 输出文件夹")
        else:
            click.echo("改好、填好后用它换下文件夹里原来的工作簿，再编制。")
    else:
        click.echo(f"没有要改、要填的；{target} 与原工作簿内容相同。")
    return True


def quoted(path: Path) -> str:
    """A path as it is typed in a command: in quotes where it has blanks."""
    return f'"{path}"' if " " in str(path) else str(path)


def _alike(problems: Sequence[Issue]) -> list[list[Issue]]:
    """The problems in order, those together that say the same of many rows of one sheet."""
    groups: dict[tuple[str, ...], list[Issue]] = {}
    for place, problem in enumerate(problems):
        source = problem.place
        key = (problem.code, problem.message, source.file, source.sheet)
        groups.setdefault(key if source.sheet else (str(place),), []).append(problem)
    return [part for group in groups.values() for part in ([group] if len(group) >= SAME_SHOWN else
                                                            [[problem] for problem in group])]


def _rows(problems: Sequence[Issue]) -> str:
    """The rows that problems of one sheet stand in: 第 5–27 行."""
    found = (_ROW.search(problem.place.cell) for problem in problems)
    spans: list[list[int]] = []
    for row in sorted({int(match.group()) for match in found if match}):
        if spans and row == spans[-1][1] + 1:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    return f"第 {'、'.join(str(one) if one == other else f'{one}–{other}' for one, other in spans)} 行" if spans else ""


def faults(compilation: Compilation, draft: bool) -> None:
    """Prints everything that keeps the accounts from publication, each with its place."""
    if compilation.problems:
        click.echo(f"填报有 {len(compilation.problems)} 处问题：")
        for number, (first, *others) in enumerate(_alike(compilation.problems), 1):
            if not others:
                click.echo(f"  {number}. [{first.code}] {first}")
            else:
                place = first.place
                where = f"{place.file} 工作表“{place.sheet}”{_rows([first, *others])}".strip()
                click.echo(f"  {number}. [{first.code}] {where}（{len(others) + 1} 处）：{first.message}")
    errors = [fault for fault in compilation.faults if fault.severity == "error"]
    if errors:
        click.echo(f"有 {len(errors)} 条公式不成立：")
        for number, fault in enumerate(errors, 1):
            click.echo(f"  {number}. [{fault.code}] {fault.message}")
            details = "　".join(part for part in (fault.equation, fault.basis and f"依据：{fault.basis}") if part)
            if details:
                click.echo(f"     {details}")
    if compilation.contradictions:
        click.echo(f"编成的文本自己核对有 {len(compilation.contradictions)} 处错误：")
        for number, issue in enumerate(compilation.contradictions, 1):
            click.echo(f"  {number}. [{issue.code}] {issue.message}")
        click.echo("  请核对填报的内容（juesuan rule 编号 可看说明）；填报无误的是本程序的问题，请告诉开发者。")
    _unproved(compilation)
    _against_figures(compilation)
    if compilation.missing and not draft:
        click.echo(f"还缺 {len(compilation.missing)} 处文字：")
        for number, missing in enumerate(compilation.missing, 1):
            click.echo(f"  {number}. [{missing.code}] {missing.message}（见“{missing.where}”）")
            offer = compilation.offer(missing.address)
            for line in offer.lines() if offer else ():
                click.echo(f"       {line}")
        if not compilation.problems and not errors and not compilation.contradictions:
            if any(fact.figure.value for fact in compilation.account.facts.values()):
                click.echo("数字都已核对无误。补齐文字后再编制；或加 --draft 先出草稿。")
            else:
                click.echo("没有取到一个数，请先核对给的文件（见下面认不出的单元格）。")
        if any(missing.code == "L205" for missing in compilation.missing):
            click.echo("缺的可以一次填齐：juesuan new 补充.xlsx --from 导出的文件；填好后与导出的文件一起编制。")
    noticed(compilation)
    click.echo("没有生成公开文本。")


def made(compilation: Compilation, written: Sequence[Path], draft: bool) -> None:
    """Prints what was made and where, what was verified, and what should be explained."""
    account = compilation.account
    what = "草稿" if draft else f"{compilation.statute.profile.kind}公开文本"
    click.echo(f"{account.year}年度 {account.unit.name}：{what}已生成。")
    for path in written:
        click.echo(f"  {path}")
    broken = len(compilation.faults)
    verdict = f"，另有 {broken} 条请核实" if broken else "，全部成立"
    click.echo(f"核对公式 {compilation.tables.held + broken} 条：成立 {compilation.tables.held} 条{verdict}。")
    for sheet in account.sheets:
        score = "未评分" if sheet.score is None else f"{sheet.score}分"
        click.echo(f"  绩效自评 {sheet.title}：{score}")
    for goals in account.goals:
        click.echo(f"  绩效目标 {goals.title}：{len(goals.indicators)} 个指标")
    warnings = [fault for fault in compilation.faults if fault.severity != "error"]
    if warnings:
        click.echo(f"以下 {len(warnings)} 处请核实，能说明的可以公开：")
        for fault in warnings:
            click.echo(f"  [{fault.code}] {fault.message}")
    noticed(compilation)
    _against_figures(compilation)
    _unprinted(compilation)
    _scoring(compilation)
    _unproved(compilation)
    if draft and compilation.missing:
        click.echo(f"草稿中还有 {len(compilation.missing)} 处待填：{'、'.join(m.address for m in compilation.missing)}")


def _against_figures(compilation: Compilation) -> None:
    """Reasons that contradict the direction of what they explain."""
    if compilation.against_figures:
        click.echo(f"有 {len(compilation.against_figures)} 处原因与增减的方向相反，请改写：")
        for issue in compilation.against_figures:
            click.echo(f"  [{issue.code}] {issue.where or issue.address}：{issue.message}")


def _unprinted(compilation: Compilation) -> None:
    """What was filled in and the profile has no part for: nothing is left out without a word."""
    account, profile = compilation.account, compilation.statute.profile
    parts = {part.content for part in profile.parts}
    counts = {"附件": ("绩效自评表", len(account.sheets)), "重点工作": ("重点工作", len(account.key_work))}
    for key, (name, count) in counts.items():
        if count and key not in parts:
            click.echo(f"口径“{profile.title}”的文本没有“{key}”部分：填写的 {count} 项{name}没有印出，只在 JSON 里。")


def _unproved(compilation: Compilation) -> None:
    proved = sum(1 for sheet in compilation.account.sheets for indicator in sheet.indicators if indicator.proof)
    if proved:
        click.echo(f"有佐证的实际完成值 {proved} 个，查询和数据指纹列在附件。")
    if compilation.unproved:
        click.echo(f"以下 {len(compilation.unproved)} 处没有取得佐证，其余不受影响：")
        for issue in compilation.unproved:
            click.echo(f"  [{issue.code}] {issue.message}")


def _scoring(compilation: Compilation) -> None:
    if not compilation.scoring:
        return
    click.echo(f"绩效自评有 {len(compilation.scoring)} 条提示：")
    for issue in compilation.scoring[:SCORING_SHOWN]:
        level = SEVERITY_NAMES[issue.severity]
        click.echo(f"  {level} [{issue.code}] {issue.where}：{issue.message}{issue.advice}")
    if len(compilation.scoring) > SCORING_SHOWN:
        click.echo(f"  另有 {len(compilation.scoring) - SCORING_SHOWN} 条")
