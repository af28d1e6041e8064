"""The statute's forms and relations as an XBRL taxonomy: concepts, Chinese labels, and sums that a processor checks.

Cells of forms with fixed lines are a concept each (表1_27行_1栏). Columns of forms by classification are a concept each
(表2_1栏), and the line is the value of a typed dimension (科目). A relation “a = b + c − d” is a summation of
Calculations 1.1 in a role of its own: sums hold within the rounding that the `decimals` of the figures allow. Relations
between lines of a classification, and those with conditions or “≤”, have no such form and are not in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import msgspec
from lxml import etree

from juesuan.account import Address, Period
from juesuan.statute import MONEY_UNITS, TOTAL, Expander, Form, Instance, Relation, Statute

DIMENSION = "科目"
BUDGET: Period = "年初预算"
PREFIX = "js"

_XS = "http://www.w3.org/2001/XMLSchema"
_XBRLI = "http://www.xbrl.org/2003/instance"
_LINK = "http://www.xbrl.org/2003/linkbase"
_XLINK = "http://www.w3.org/1999/xlink"
_XBRLDT = "http://xbrl.org/2005/xbrldt"
_SUMMATION = "https://xbrl.org/2023/arcrole/summation-item"
_CONCEPT_LABEL = "http://www.xbrl.org/2003/arcrole/concept-label"
_LINKBASE = "http://www.w3.org/1999/xlink/properties/linkbase"
_UNFIT = re.compile(r"[^\w.\-]")


class Concept(msgspec.Struct, frozen=True):
    """An item: its name, what it is called, and whether it is money."""

    name: str
    label: str
    money: bool


class Summation(msgspec.Struct, frozen=True):
    """A total and what it is the sum of, with weights 1 and −1, under a relation of the statute."""

    relation: str
    why: str
    total: str
    parts: tuple[tuple[str, int], ...]


def namespace(statute: Statute) -> str:
    """The namespace of the taxonomy of a profile and year."""
    return f"urn:juesuan:taxonomy:{statute.profile.key}:{statute.year}"


def stem(statute: Statute) -> str:
    """What the names of the taxonomy's files begin with."""
    return f"juesuan-{statute.profile.key}-{statute.year}"


def concept_name(form: Form, address: Address) -> str:
    """The concept of an address: with its line where the form's lines are fixed, without where they are codes."""
    row = "" if form.layout.coded else f"_{address.row}行"
    name = f"{form.key}{row}_{address.column}栏" + (f"_{BUDGET}" if address.period == BUDGET else "")
    return _UNFIT.sub("_", name)


def concepts(statute: Statute) -> dict[str, Concept]:
    """Every concept of the forms of a statute by name; each also as the approved budget."""
    found: dict[str, Concept] = {}
    for form in statute.forms.values():
        for row in form.layout.certain():
            for column in form.columns:
                for period in ("本年", BUDGET):
                    address = Address(form.key, row, column, period)
                    name = concept_name(form, address)
                    money = form.unit_of(row) in MONEY_UNITS
                    found[name] = Concept(name, _label(statute, form, address), money)
    return found


def _label(statute: Statute, form: Form, address: Address) -> str:
    if not form.layout.coded:
        return statute.describe(address)
    budget = BUDGET if address.period == BUDGET else ""
    return f"{budget}{form.title}“{form.columns[address.column].label}”"


def summations(statute: Statute) -> list[Summation]:
    """The relations that are sums of concepts."""
    expander = Expander(statute.forms, partial(_lines, statute))
    known = concepts(statute)
    found: list[Summation] = []
    for relation in statute.relations.values():
        if relation.kind == "equation":
            for instance in expander.instances(relation):
                summation = _summation(relation, instance, statute)
                if summation and {summation.total, *(name for name, _ in summation.parts)} <= known.keys():
                    found.append(summation)
    return found


def _lines(statute: Statute, key: str) -> list[str]:
    return statute.forms[key].layout.certain()


def _summation(relation: Relation, instance: Instance, statute: Statute) -> Summation | None:
    if instance.comparator != "=" or instance.guard or instance.constant or not instance.left or not instance.right:
        return None
    first = instance.left[0]
    addresses = instance.addresses()
    coded = [statute.forms[address.form].layout.coded for address in addresses]
    # Sums over codes compare figures of different lines: a summation compares figures of one.
    if any(coded) and (not all(coded) or {(a.form, a.row) for a in addresses} != {(addresses[0].form, TOTAL)}):
        return None
    if any(coded) and not _of_every_line(relation):
        return None
    if first.sign < 0 or any(address.period != "本年" for address in addresses):
        return None
    rest = [(o.address, o.sign) for o in instance.right] + [(o.address, -o.sign) for o in instance.left[1:]]
    parts = tuple((concept_name(statute.forms[address.form], address), sign) for address, sign in rest)
    total = concept_name(statute.forms[first.address.form], first.address)
    if len({name for name, _ in parts} | {total}) <= len(parts):
        return None
    return Summation(relation.code, relation.why, total, parts)


def _of_every_line(relation: Relation) -> bool:
    """Whether a relation of a form by classification holds on each of its lines."""
    return all(place.rows is None or place.rows.kind == "each" for place in relation.equation.body.places())


def write_taxonomy(statute: Statute, folder: Path) -> Path:
    """Writes schema, labels and summations into `folder` and gives the schema's path; the same bytes each time."""
    folder.mkdir(parents=True, exist_ok=True)
    name = stem(statute)
    items = concepts(statute)
    sums = summations(statute)
    _save(folder / f"{name}-label.xml", _labels(items, name))
    _save(folder / f"{name}-calculation.xml", _calculations(sums, name))
    path = folder / f"{name}.xsd"
    _save(path, _schema(statute, items, sums, name))
    return path


def _save(path: Path, root: etree._Element) -> None:
    aside = path.with_name(f".{path.name}.part")
    aside.write_bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))
    aside.replace(path)


def _role(relation: str) -> str:
    return f"urn:juesuan:relation:{relation}"


def _schema(
    statute: Statute, items: dict[str, Concept], sums: list[Summation], name: str
) -> etree._Element:
    own = namespace(statute)
    spaces = {"xs": _XS, "xbrli": _XBRLI, "link": _LINK, "xlink": _XLINK, "xbrldt": _XBRLDT, PREFIX: own}
    root = etree.Element(f"{{{_XS}}}schema", targetNamespace=own, elementFormDefault="qualified", nsmap=spaces)
    notes = etree.SubElement(etree.SubElement(root, f"{{{_XS}}}annotation"), f"{{{_XS}}}appinfo")
    for relation, why in {s.relation: s.why for s in sums}.items():
        role = etree.SubElement(notes, f"{{{_LINK}}}roleType", roleURI=_role(relation), id=f"r_{relation}")
        etree.SubElement(role, f"{{{_LINK}}}definition").text = f"{relation} {why}"
        etree.SubElement(role, f"{{{_LINK}}}usedOn").text = "link:calculationLink"
    for kind, file in (("label", f"{name}-label.xml"), ("calculation", f"{name}-calculation.xml")):
        reference = etree.SubElement(notes, f"{{{_LINK}}}linkbaseRef")
        reference.set(f"{{{_XLINK}}}type", "simple")
        reference.set(f"{{{_XLINK}}}href", file)
        reference.set(f"{{{_XLINK}}}role", f"http://www.xbrl.org/2003/role/{kind}LinkbaseRef")
        reference.set(f"{{{_XLINK}}}arcrole", _LINKBASE)
    for space, place in (
        (_XBRLI, "http://www.xbrl.org/2003/xbrl-instance-2003-12-31.xsd"),
        (_XBRLDT, "http://www.xbrl.org/2005/xbrldt-2005.xsd"),
    ):
        etree.SubElement(root, f"{{{_XS}}}import", namespace=space, schemaLocation=place)
    code = f"{DIMENSION}编码"
    etree.SubElement(root, f"{{{_XS}}}element", name=code, id=f"d_{code}", type="xs:string")
    dimension = etree.SubElement(root, f"{{{_XS}}}element", name=DIMENSION, id=f"c_{DIMENSION}")
    dimension.set("type", "xbrli:stringItemType")
    dimension.set("substitutionGroup", "xbrldt:dimensionItem")
    dimension.set("abstract", "true")
    dimension.set(f"{{{_XBRLI}}}periodType", "duration")
    dimension.set(f"{{{_XBRLDT}}}typedDomainRef", f"#d_{code}")
    for item in items.values():
        element = etree.SubElement(root, f"{{{_XS}}}element", name=item.name, id=f"c_{item.name}")
        element.set("type", "xbrli:monetaryItemType" if item.money else "xbrli:decimalItemType")
        element.set("substitutionGroup", "xbrli:item")
        element.set("nillable", "true")
        element.set(f"{{{_XBRLI}}}periodType", "duration")
    return root


def _labels(items: dict[str, Concept], name: str) -> etree._Element:
    root = etree.Element(f"{{{_LINK}}}linkbase", nsmap={"link": _LINK, "xlink": _XLINK})
    link = _extended(root, "labelLink", "http://www.xbrl.org/2003/role/link")
    for item in items.values():
        _locator(link, name, item.name)
        label = etree.SubElement(link, f"{{{_LINK}}}label")
        label.set(f"{{{_XLINK}}}type", "resource")
        label.set(f"{{{_XLINK}}}label", f"l_{item.name}")
        label.set(f"{{{_XLINK}}}role", "http://www.xbrl.org/2003/role/label")
        label.set("{http://www.w3.org/XML/1998/namespace}lang", "zh")
        label.text = item.label
        _arc(link, "labelArc", _CONCEPT_LABEL, item.name, f"l_{item.name}")
    return root


def _calculations(sums: list[Summation], name: str) -> etree._Element:
    root = etree.Element(f"{{{_LINK}}}linkbase", nsmap={"link": _LINK, "xlink": _XLINK})
    for relation in dict.fromkeys(s.relation for s in sums):
        reference = etree.SubElement(root, f"{{{_LINK}}}roleRef", roleURI=_role(relation))
        reference.set(f"{{{_XLINK}}}type", "simple")
        reference.set(f"{{{_XLINK}}}href", f"{name}.xsd#r_{relation}")
    reference = etree.SubElement(root, f"{{{_LINK}}}arcroleRef", arcroleURI=_SUMMATION)
    reference.set(f"{{{_XLINK}}}type", "simple")
    reference.set(f"{{{_XLINK}}}href", "https://www.xbrl.org/2023/calculation-1.1.xsd#summation-item")
    for relation, own in _by_relation(sums):
        link = _extended(root, "calculationLink", _role(relation))
        for concept in dict.fromkeys(n for s in own for n in (s.total, *(part for part, _ in s.parts))):
            _locator(link, name, concept)
        for summation in own:
            for order, (part, weight) in enumerate(summation.parts, start=1):
                arc = _arc(link, "calculationArc", _SUMMATION, summation.total, part)
                arc.set("order", str(order))
                arc.set("weight", str(weight))
    return root


def _by_relation(sums: list[Summation]) -> Iterator[tuple[str, list[Summation]]]:
    for relation in dict.fromkeys(s.relation for s in sums):
        yield relation, [s for s in sums if s.relation == relation]


def _extended(root: etree._Element, kind: str, role: str) -> etree._Element:
    link = etree.SubElement(root, f"{{{_LINK}}}{kind}")
    link.set(f"{{{_XLINK}}}type", "extended")
    link.set(f"{{{_XLINK}}}role", role)
    return link


def _locator(link: etree._Element, name: str, concept: str) -> None:
    locator = etree.SubElement(link, f"{{{_LINK}}}loc")
    locator.set(f"{{{_XLINK}}}type", "locator")
    locator.set(f"{{{_XLINK}}}href", f"{name}.xsd#c_{concept}")
    locator.set(f"{{{_XLINK}}}label", f"c_{concept}")


def _arc(link: etree._Element, kind: str, role: str, start: str, end: str) -> etree._Element:
    arc = etree.SubElement(link, f"{{{_LINK}}}{kind}")
    arc.set(f"{{{_XLINK}}}type", "arc")
    arc.set(f"{{{_XLINK}}}arcrole", role)
    arc.set(f"{{{_XLINK}}}from", f"c_{start}")
    arc.set(f"{{{_XLINK}}}to", end if end.startswith("l_") else f"c_{end}")
    return arc
