"""The statute as an accountant can read it: forms, relations, clauses, schemes, profiles and codes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import click

from juesuan.account import plain
from juesuan.statute import CLASS_NAMES, ROOT, Form, Relation, Scheme, Statute, level_of, load_statute, profiles
from juesuan.statute.comparison import law_changes, not_seen
from juesuan.statute.language import known_definition
from juesuan.statute.loader import BASES as KINDS
from juesuan.statute.register import example_text

SOURCES = {"文件": "取自已公开的决算", "知识": "凭对科目的了解写入，未与《政府收支分类科目》原文核对"}
"""How an explanation of an item is known."""


def show(law: Statute, what: str, key: str | None) -> bool:
    """Prints a part of the statute, or one entry of it; False where there is no such part or entry."""
    if not what:
        _overview(law)
        return True
    parts: dict[str, tuple[Callable[[Statute], None], Callable[[Statute, str], bool]]] = {
        "forms": (_forms, _form),
        "relations": (_relations, _relation),
        "clauses": (_clauses, _clause),
        "schemes": (_schemes, _scheme),
        "profiles": (_profiles, _profile),
        "codes": (_codes, _code),
    }
    if what not in parts:
        # A key alone is enough: 表1, T101, N201, 2080108.
        return any(one(law, what) for _, one in parts.values()) or _unknown(what)
    many, one = parts[what]
    if key is None:
        many(law)
        return True
    return one(law, key) or _unknown(key)


def validate(law: Statute, root: Path | None) -> bool:
    """Loads every profile, those of the folder `root` where given. Raises StatuteError with all mistakes."""
    folder = root or ROOT
    known = [name for kind in KINDS for name in profiles(folder, kind=kind)]
    for name in known:
        load_statute(name, root=folder)
    click.echo(f"法规数据无误：{len(known)} 个口径，{len(law.forms)} 张表，{len(law.relations)} 条关系。")
    return True


def _unknown(key: str) -> bool:
    click.echo(f"没有“{key}”。运行 juesuan statute 看有哪些。", err=True)
    return False


def _overview(law: Statute) -> None:
    click.echo(f"口径：{law.profile.key} {law.profile.title}（{law.year} 年度）")
    click.echo(f"依据：{law.profile.basis}")
    click.echo(f"  forms      {len(law.published)} 张公开表，{len(law.forms) - len(law.published)} 组补充数据")
    click.echo(f"  relations  {len(law.relations)} 条关系")
    click.echo(f"  clauses    {len(law.sections)} 个部分，{len(law.clauses())} 条语句")
    click.echo(f"  schemes    {len(law.schemes)} 种评分办法：{'、'.join(law.schemes)}（本口径用 {law.profile.scheme}）")
    click.echo(f"  profiles   {'、'.join(profiles())}")
    functional, economic = len(law.functional.of_year(law.year)), len(law.economic.of_year(law.year))
    click.echo(f"  codes      功能分类 {functional} 个，经济分类 {economic} 个")
    item = next(code.code for code in law.functional.of_year(law.year) if level_of(code.code) == "项")
    shown = (law.published[0].key, next(iter(law.relations)), item)
    click.echo("查看一项：" + "；".join(f"juesuan statute {key}" for key in shown))


def _forms(law: Statute) -> None:
    for form in (*law.published, *(f for f in law.forms.values() if not f.published)):
        number = law.profile.style.table_number.format(序=law.number_of(form)) if form.published else "不公开"
        click.echo(f"{form.key}\t{number}\t{form.title}")


def _form(law: Statute, key: str) -> bool:
    form = law.forms.get(key)
    if form is None:
        return False
    click.echo(f"{form.key}　{form.title}　单位：{form.unit}")
    click.echo(f"依据：{form.basis}")
    _references(law, form.basis)
    for block in form.blocks:
        click.echo(f"【{block.head or block.key}】")
        for column in block.printed_columns():
            click.echo(f"  {column.key}栏  {' / '.join(column.heads)}")
        for row in block.rows:
            if row.label:
                click.echo(f"  {row.number or row.line}行  {row.label}{f'（{row.code}）' if row.code else ''}")
        if block.tree:
            click.echo("  各行  支出功能分类的类、款、项")
        if block.codes:
            click.echo(f"  各行  {'、'.join(f'{code}{law.economic.name(code, law.year)}' for code in block.codes)}")
    for closing in form.totals:
        click.echo(f"  {closing.key}行  {closing.label}")
    related = [relation for relation in law.relations.values() if _concerns(relation, form)]
    if related:
        click.echo("关系：")
        for relation in related:
            click.echo(f"  {relation.code}  {relation.printed}")
    if form.note:
        click.echo(f"注：{form.note}")
    if form.empty:
        click.echo(f"空表说明：{form.empty}")
    return True


def _concerns(relation: Relation, form: Form) -> bool:
    if relation.form == form.key or relation.kind != "equation":
        return relation.form == form.key
    return any(place.form == form.key for place in relation.equation.places())


def _relations(law: Statute) -> None:
    for relation in law.relations.values():
        form = f"{relation.form}：" if relation.form and relation.kind == "equation" else ""
        click.echo(f"{relation.code}\t{form}{relation.printed}\t{relation.why}")


def _relation(law: Statute, key: str) -> bool:
    relation = law.relations.get(key)
    if relation is None:
        return False
    click.echo(f"{relation.code}　{f'{relation.form}　' if relation.form else ''}{relation.printed}")
    click.echo(f"为什么：{relation.why}")
    click.echo(f"依据：{relation.basis}")
    _references(law, relation.basis, relation.reference)
    click.echo(f"类别：{relation.tolerance}（{CLASS_NAMES[relation.tolerance]}）")
    if relation.gives:
        click.echo(f"编制时由它算出：{relation.gives}")
    click.echo(f"成立的例子：{example_text(relation.ok)}")
    click.echo(f"不成立的例子：{example_text(relation.bad)}")
    return True


def _references(law: Statute, *texts: str) -> None:
    """The documents that a basis and a reference name, with number, date and article."""
    for text in texts:
        for reference in law.references(text):
            click.echo(f"  出处：{reference}")


def _clauses(law: Statute) -> None:
    for number, section in enumerate(law.sections, 1):
        click.echo(f"{number}. {section.title}")
        for paragraph in section.paragraphs:
            for clause in paragraph.clauses:
                first = next((case.text for case in clause.cases if case.text), "")
                click.echo(f"   {clause.key}\t{first}")


def _clause(law: Statute, key: str) -> bool:
    for section in law.sections:
        for paragraph in section.paragraphs:
            for clause in paragraph.clauses:
                if clause.key != key:
                    continue
                click.echo(f"{clause.key}　{section.title}")
                for name, text in {**paragraph.let, **clause.let}.items():
                    click.echo(f"  {name} = {text}")
                for case in clause.cases:
                    conditions = [case.when, *(f"写有“{name}”" for name in case.has)]
                    when = "，".join(filter(None, conditions)) or "其他情形"
                    click.echo(f"  [{when}] {case.text or '（不写）'}")
                for variant in clause.variants:
                    click.echo(f"  识读的其他写法：{variant}")
                return True
    return False


def _schemes(law: Statute) -> None:
    for key, scheme in law.schemes.items():
        groups = "、".join(f"{g.name}{plain(g.weight) if g.weight is not None else ''}" for g in scheme.groups)
        click.echo(f"{key}\t{scheme.name}\t预算执行{plain(scheme.execution.points)}、{groups}")


def _scheme(law: Statute, key: str) -> bool:
    scheme: Scheme | None = law.schemes.get(key)
    if scheme is None:
        return False
    click.echo(f"{scheme.key}　{scheme.name}")
    click.echo(f"依据：{scheme.basis}")
    click.echo(f"为什么：{scheme.why}")
    click.echo(f"{scheme.execution.label}：{plain(scheme.execution.points)} 分 × 执行率")
    for group in scheme.groups:
        weight = f"{plain(group.weight)} 分" if group.weight is not None else "分值由单位确定"
        click.echo(f"{group.name}：{weight}（{'、'.join(child.name for child in group.children)}）")
    for band in scheme.qualitative.bands:
        click.echo(f"定性 {band.name}：{plain(band.upper * 100)}%–{plain(band.lower * 100)}%")
    click.echo("等级：" + "、".join(f"{g.name} ≥ {plain(g.at_least)}" for g in scheme.grades.levels))
    for note in scheme.form.notes:
        click.echo(f"注：{note}")
    return True


def _profiles(law: Statute) -> None:
    for key in profiles():
        profile = load_statute(key).profile
        click.echo(f"{key}\t{profile.title}\t{profile.basis}")


def _profile(law: Statute, key: str) -> bool:
    if key not in profiles():
        return False
    _overview(load_statute(key))
    return True


def _codes(law: Statute) -> None:
    for title, table in (("支出功能分类", law.functional), ("部门预算支出经济分类", law.economic)):
        click.echo(f"{title}（{law.year} 年度）")
        for code in table.of_year(law.year):
            click.echo(f"  {code.code}\t{code.name}")


def _code(law: Statute, key: str) -> bool:
    for title, table in (("支出功能分类", law.functional), ("部门预算支出经济分类", law.economic)):
        if key in table:
            click.echo(f"{key}　{table.name(key, law.year)}（{title}，{law.year} 年度）")
            if (found := known_definition(key, law)) and level_of(key) == "项":
                click.echo(f"{found.text}（{SOURCES[found.known]}）")
            return True
    return False


def show_changes(profile: str, since: str | None, until: str | None, root: Path | None) -> bool:
    """Prints what changed in the law of a profile between two years of account; False where they are not two years."""
    years = [int(text) for text in (since, until) if text and re.fullmatch(r"20\d\d", text)]
    if len(years) != 2 or years[0] == years[1]:
        click.echo("请写两个年度：juesuan statute changes 2024 2025", err=True)
        return False
    first, second = (load_statute(profile, year, *([root] if root else [])) for year in sorted(years))
    found = list(law_changes(first, second))
    click.echo(f"{second.profile.title}：{first.year} 年度到 {second.year} 年度，{len(found)} 处变化。")
    for part in dict.fromkeys(change.part for change in found):
        changes = [change for change in found if change.part == part]
        click.echo(f"\n{part}（{len(changes)}）")
        for change in changes:
            basis = f"　依据：{change.basis}" if change.basis else ""
            doubt = "　凭知识写入，请与原文核对" if change.known == "知识" else ""
            click.echo(f"  {change.where}：{change.text}{basis}{doubt}")
    if not found:
        click.echo("已知的法规数据里，这两个年度没有不同。")
    if unseen := not_seen(second):
        listed = "、".join(f"《{document.title}》（取到 {document.through} 年度）" for document in unseen)
        click.echo(f"\n没有见过 {second.year} 年度的{listed}，沿用以前的，请与印发的原文核对。")
        click.echo("有新增科目的，填在工作簿的“自定义科目”表；行、栏有改动的，见 docs/howto.md 的 A year。")
    return True
