"""Tables of a place that the unit may leave to the program: lines made of its projects or of its ledger's entries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from juesuan.account import ZERO, Account, Issue, total
from juesuan.compiler.entries import Entry
from juesuan.compiler.messages import issue_under
from juesuan.compiler.workbook import address_of
from juesuan.statute import MadeLines, PlaceTable, Statute

MADE = "L207"
APART = "|"
CLASS_LENGTH = 3


def made_tables(account: Account, entries: Sequence[Entry], statute: Statute) -> Iterator[tuple[str, str, Issue]]:
    """The text of each table that the unit has not written and that follows from what it has given: its key, its lines
    with the columns apart by |, and the notice that tells of it.

    A table is made only where it is whole: where its lines come to what the tables of the account print, and nothing
    that its blank columns would say is there.
    """
    for plan in statute.profile.tables:
        if plan.made is None or account.texts.get(plan.asked, "").strip():
            continue
        if any(account.amount(address_of(address)) for address in plan.made.nothing):
            continue
        by_projects = plan.made.by == "项目"
        lines = list(_of_projects(account, plan, statute) if by_projects else _of_entries(entries, plan, statute))
        amounts = [amount for _, amount in lines]
        if lines and total(amounts) == account.amount(address_of(plan.made.whole)) and all(text for text, _ in lines):
            text = f"《{plan.title}》没有填写，按{plan.made.source}编制；不对的请在“文字说明”表自己写"
            yield plan.asked, "\n".join(text for text, _ in lines), issue_under(MADE, text, where=plan.title)


def _of_projects(account: Account, plan: PlaceTable, statute: Statute) -> Iterator[tuple[str, Decimal]]:
    made = plan.made or MadeLines("项目", "", "")
    for project in account.projects:
        if project.outlay:
            said = {"名称": f"{project.function} {project.name}".strip(), "支出": _money(project.outlay, statute)}
            yield APART.join(said.get(cell, "") for cell in made.cells), project.outlay


def _of_entries(entries: Sequence[Entry], plan: PlaceTable, statute: Statute) -> Iterator[tuple[str, Decimal]]:
    """A line for each item with its amount by economic class; without text where a class has no column."""
    made = plan.made or MadeLines("科目", "", "")
    items: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    for entry in entries:
        if (entry.record, entry.source, entry.nature, entry.period) == ("支出", made.fund, made.nature, "本年"):
            items[entry.function][entry.economy[:CLASS_LENGTH]] += entry.amount
    for function, classes in sorted(items.items()):
        amount = total(classes.values())
        whole = bool(function) and set(classes) <= set(made.classes)
        cells = (_money(each, statute) for each in (amount, *(classes.get(key, ZERO) for key in made.classes)))
        name = statute.functional.name(function, statute.year)
        yield APART.join((f"{function} {name}", *cells)) if whole else "", amount


def _money(amount: Decimal, statute: Statute) -> str:
    return statute.amount_text(amount, "万元", table=True) if amount else ""
