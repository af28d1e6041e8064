"""Accounts as xBRL-JSON (Open Information Model 1.0), over a taxonomy made of the statute's forms and relations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from juesuan.account import Account, Fact, plain
from juesuan.corpus.export.taxonomy import DIMENSION, PREFIX, concept_name, namespace, stem, write_taxonomy
from juesuan.corpus.store.query import QueryError, Store
from juesuan.statute import MONEY_UNITS, Statute, load_statute

UNITS = "urn:juesuan:unit"
"""The scheme of the entity: code of a unit, else its name."""


def export_xbrl(
    store: Store, folder: Path, *, year: int | None = None, unit: str = "", document: str = ""
) -> list[Path]:
    """Writes current accounts (of a year, a unit, or one document) with their taxonomies; gives the instances' paths.

    Raises QueryError where nothing is meant by that.
    """
    conditions = ["document = ?" if document else "current"]
    parameters: list[Any] = [document] if document else []
    if year is not None:
        conditions.append("year = ?")
        parameters.append(year)
    if unit:
        conditions.append("(unit_code = ? OR unit = ?)")
        parameters += [unit, unit]
    where = " AND ".join(conditions)
    sql = f"SELECT document, unit_code FROM documents WHERE {where} ORDER BY unit_code, unit, document"
    found = store.rows(sql, parameters)
    if not found:
        raise QueryError('库里没有这样的决算；用 juesuan query "SELECT * FROM documents" 查看。')
    return [write_instance(store.account(name), folder, code) for name, code in found]


def write_instance(account: Account, folder: Path, unit_code: str = "") -> Path:
    """Writes one account as xBRL-JSON, beside its taxonomy, and gives the path."""
    law = load_statute(account.profile, account.year)
    schema = folder / f"{stem(law)}.xsd"
    if not schema.exists():
        write_taxonomy(law, folder)
    entity = _entity(unit_code or account.unit.code or account.unit.name or "未知")
    path = folder / f"{account.year}-{law.profile.kind}-{entity}.json"
    aside = path.with_name(f".{path.name}.part")
    text = json.dumps(instance(account, law, entity), ensure_ascii=False, indent=1)
    aside.write_text(text + "\n", encoding="utf-8")
    aside.replace(path)
    return path


def instance(account: Account, statute: Statute, entity: str) -> dict[str, Any]:
    """The account as an xBRL-JSON report: every figure of a form as a fact, with the decimals it was printed with."""
    facts: dict[str, Any] = {}
    for fact in account.facts.values():
        described = _fact(fact, account, statute, entity)
        if described:
            facts[f"f{len(facts) + 1}"] = described
    return {
        "documentInfo": {
            "documentType": "https://xbrl.org/2021/xbrl-json",
            "namespaces": {
                PREFIX: namespace(statute),
                "unit": UNITS,
                "iso4217": "http://www.xbrl.org/2003/iso4217",
                "xbrl": "https://xbrl.org/2021",
            },
            "taxonomy": [f"{stem(statute)}.xsd"],
        },
        "facts": facts,
    }


def _fact(fact: Fact, account: Account, statute: Statute, entity: str) -> dict[str, Any] | None:
    address = fact.address
    form = statute.forms.get(address.form)
    if form is None or address.column not in form.columns or not form.layout.has(address.row):
        return None
    year = account.year - 1 if address.period == "上年" else account.year
    dimensions = {
        "concept": f"{PREFIX}:{concept_name(form, address)}",
        "entity": f"unit:{entity}",
        "period": f"{year}-01-01T00:00:00/{year + 1}-01-01T00:00:00",
    }
    if form.unit_of(address.row) in MONEY_UNITS:
        dimensions["unit"] = "iso4217:CNY"
    if form.layout.coded:
        dimensions[f"{PREFIX}:{DIMENSION}"] = address.row
    described: dict[str, Any] = {"value": plain(fact.figure.value), "dimensions": dimensions}
    if fact.figure.resolution:
        described["decimals"] = -fact.figure.resolution.adjusted()
    return described


def _entity(text: str) -> str:
    return "".join(sign for sign in text if not sign.isspace() and sign not in '\\/:*?"<>|')
