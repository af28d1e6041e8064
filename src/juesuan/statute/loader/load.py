"""The loader: reads the statute's files, lays the profile's overlay on the national base, and validates all of it."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import Any

import msgspec

from juesuan.account import Issue
from juesuan.statute.articulation.notation import parse, parse_place
from juesuan.statute.articulation.relation import Relation
from juesuan.statute.checking.across import load_across
from juesuan.statute.clause import SectionPlan
from juesuan.statute.codes import CodeTable, read_codes
from juesuan.statute.form import Form
from juesuan.statute.language.reasons import reason_places
from juesuan.statute.language.residue import load_residue
from juesuan.statute.loader.binding import Binder
from juesuan.statute.loader.cache import cached_statute
from juesuan.statute.loader.dated import in_force
from juesuan.statute.loader.own import add_own, read_own, state_of
from juesuan.statute.loader.titles import keep_titles
from juesuan.statute.loader.validate import validate
from juesuan.statute.profile import ChartPlan, Explanation, GlossaryTerm, Kind, Profile, Statute
from juesuan.statute.reference import load_documents
from juesuan.statute.scheme import Scheme, SchemeError, decode_scheme
from juesuan.statute.source import Node, Sequence, StatuteError, convert, is_dated, mistake, overlay, read_yaml
from juesuan.statute.workbook import Workbook

ROOT = Path(__file__).parents[1]
"""The folder with the statute that comes with the package."""

NATIONAL = "national"

NO_PROFILE = (
    "没有您所在地的口径时，可先用全国口径（不写 --profile）；要有本地的表名和语句，"
    "见《没有本地口径怎么办》：juesuan statute place。"
)
"""What is said to who asks for a place of which no profile is declared."""

OWN_PROFILE = "自己的口径文件（profile learn 学到的）请写文件名：--profile 口径.yaml。"
"""What is said besides to who asks for a key that may be that of a file of their own."""

BASES: dict[Kind, str] = {"决算": NATIONAL, "预算": "budget"}
"""The national profile of each kind of disclosure."""

_WORKBOOKS: dict[Kind, str] = {"决算": "workbook.yaml", "预算": "workbook_budget.yaml"}
"""The file with the workbook to fill in for a kind of disclosure."""

_FOLDERS: dict[Kind, str] = {"决算": "", "预算": "budget"}
"""Where among the forms, relations and profiles those of a kind of disclosure stand."""

_BY_FILE = frozenset({"forms", "schemes"})
"""The parts of the law whose own years do not take them away: a form that is not asked for yet is still known."""

LATEST = 2022
"""The year of account where neither the profile nor the caller names one."""

_TEXTS: dict[Kind, dict[str, tuple[str, str]]] = {
    "决算": {
        "sections": ("clauses/national.yaml", "sections"),
        "charts": ("clauses/charts.yaml", "charts"),
        "glossary": ("glossary/terms.yaml", "terms"),
    },
    "预算": {
        "sections": ("clauses/budget.yaml", "sections"),
        "charts": ("clauses/budget.yaml", "charts"),
        "glossary": ("glossary/terms_budget.yaml", "terms"),
    },
}
"""The file and the key in it that the texts of a kind of disclosure come from."""


def profiles(root: Path = ROOT, kind: Kind = "决算") -> list[str]:
    """The keys of the profiles of a kind of disclosure, the national base first."""
    keys = sorted(path.stem for path in (root / "profiles" / _FOLDERS[kind]).glob("*.yaml"))
    return sorted(keys, key=lambda key: key != BASES[kind])


def own_profile(path: Path, root: Path = ROOT) -> str:
    """Makes the profile in the file at `path` known, and gives the key that it is loaded by. Raises StatuteError."""
    key = add_own(path, [known for kind in _FOLDERS for known in profiles(root, kind)])
    load_statute.cache_clear()
    return key


@cache
def load_statute(profile: str = NATIONAL, year: int | None = None, root: Path = ROOT) -> Statute:
    """The statute of `profile` for `year` (default: the profile's own), read from the files under `root`.

    Raises StatuteError with every mistake found, each with its file and line.
    """
    if root == ROOT:
        name = "-".join(filter(None, [profile, str(year or ""), state_of(profile)]))
        return cached_statute(name, partial(_read_with_notation, profile, year, root))
    return _read_statute(profile, year, root)


def _read_with_notation(profile: str, year: int | None, root: Path) -> Statute:
    """The statute, with every text in its notation parsed, so that the parser need not be built another time."""
    statute = _read_statute(profile, year, root)
    wording = load_residue()
    for place in (*(count.place for count in wording.counts), wording.carried.place, *reason_places()):
        parse_place(place)
    for relation in load_across().relations.values():
        parse(relation.statement)
    for _, clause in statute.clauses():
        if "!" in clause.each:
            parse_place(clause.each)
    return statute


class ProfileHead(msgspec.Struct, frozen=True):
    """What tells which place and year a profile is for."""

    key: str
    place: str
    places: tuple[str, ...]
    year: int | None
    since: int | None = None
    until: int | None = None
    title: str = ""
    told_by: tuple[str, ...] = ()

    def distance(self, year: int) -> tuple[bool, int]:
        """How far from `year` the profile is: whether it is out of force then, and the years to its own."""
        return not (self.since or year) <= year <= (self.until or year), abs((self.year or year) - year)


@cache
def heads(kind: Kind = "决算") -> tuple[ProfileHead, ...]:
    """The heads of the profiles of a kind of disclosure, without the law that they stand for."""

    def read() -> tuple[ProfileHead, ...]:
        known = (_profile_alone(key, ROOT) for key in profiles(kind=kind))
        return tuple(ProfileHead(p.key, p.place, p.places, p.year, p.since, p.until, p.title, p.told_by) for p in known)

    return cached_statute(f"heads-{kind}", read)


def _profile_alone(key: str, root: Path) -> Profile:
    """The profile without the law that it stands for. Raises StatuteError."""
    mistakes: list[Issue] = []
    chain = _profile_chain(key, root, mistakes)
    described = _described(chain)
    profile = _chosen(described, _year_of(described), mistakes)
    if mistakes or profile is None:
        raise StatuteError(mistakes)
    return profile


def _read_statute(profile: str, year: int | None, root: Path) -> Statute:
    mistakes: list[Issue] = []
    chain = _profile_chain(profile, root, mistakes)
    if not chain or any(tree.unread for tree in chain):
        raise StatuteError(mistakes)
    kind = chain[0].get("kind", "决算")
    if kind not in _FOLDERS:
        mistakes.append(mistake(*chain[0].at("kind"), f"kind 只能是{'或'.join(_FOLDERS)}，不能是“{kind}”"))
        raise StatuteError(mistakes)
    law = _base(root, kind, mistakes)
    for tree in chain:
        if "overlay" in tree:
            law = keep_titles(law, overlay(law, tree["overlay"]))
    described = _described(chain)
    at = year or _year_of(described)
    chosen = _chosen(described, at, mistakes)
    current = _current(law, at, mistakes)
    statute = _assemble(current, law, chosen, at, root, mistakes) if chosen else None
    if statute is not None:
        validate(statute, current, law, mistakes)
    if mistakes or statute is None:
        raise StatuteError(mistakes)
    return statute


def _described(chain: list[Node]) -> Node:
    """What the files of a profile say of itself, each laid over the one that it builds on."""
    described = Node("profiles", 1)
    for tree in chain:
        described = overlay(described, tree)
    described.pop("overlay", None)
    return described


def _year_of(described: Node) -> int:
    return int(described.get("year") or LATEST)


def _chosen(described: Node, year: int, mistakes: list[Issue]) -> Profile | None:
    return convert(_each_in_force(described, year, mistakes), Profile, (described.file, described.line), mistakes)


def _profile_chain(key: str, root: Path, mistakes: list[Issue]) -> list[Node]:
    chain: list[Node] = []
    seen: set[str] = set()
    while key and key not in seen:
        seen.add(key)
        name = next((name for name in _places(key) if (root / name).is_file()), "")
        tree = read_yaml(root / name, name, mistakes) if name else read_own(key, mistakes)
        if tree is None:
            known = "、".join(known for kind in _FOLDERS for known in profiles(root, kind))
            text = f"没有“{key}”这个口径；现有：{known}。{NO_PROFILE}{OWN_PROFILE}"
            mistakes.append(mistake(f"profiles/{key}.yaml", 1, text, "H104"))
            return []
        chain.append(tree)
        key = tree.get("base", "")
    return chain[::-1]


def _places(key: str) -> list[str]:
    """Where the file of a profile may be."""
    return ["/".join(filter(None, ["profiles", folder, f"{key}.yaml"])) for folder in _FOLDERS.values()]


def _base(root: Path, kind: Kind, mistakes: list[Issue]) -> Node:
    law = Node("statute", 1)
    forms = Node("forms", 1)
    for name in _files(root, "forms", kind):
        tree = read_yaml(root / name, name, mistakes)
        forms.put(str(tree.get("key", Path(name).stem)), tree, name, 1)
    law.put("forms", forms, "forms", 1)
    law.put("relations", _merged(root, _files(root, "relations", kind), mistakes), "relations", 1)
    law.put("explanations", _explained(root, mistakes), "explanations", 1)
    for part, (file, key) in _TEXTS[kind].items():
        law.put(part, read_yaml(root / file, file, mistakes).get(key, Sequence()), file, 1)
    law.put("workbook", read_yaml(root / _WORKBOOKS[kind], _WORKBOOKS[kind], mistakes), _WORKBOOKS[kind], 1)
    schemes = Node("schemes", 1)
    for path in sorted((root / "schemes").glob("*.yaml")):
        name = f"schemes/{path.name}"
        schemes.put(path.stem, read_yaml(path, name, mistakes), name, 1)
    law.put("schemes", schemes, "schemes", 1)
    return law


def _files(root: Path, folder: str, kind: Kind) -> list[str]:
    """The files of a folder that belong to a kind of disclosure, by their names under `root`."""
    place = root / folder / _FOLDERS[kind]
    return sorted(path.relative_to(root).as_posix() for path in place.glob("*.yaml"))


def _explained(root: Path, mistakes: list[Issue]) -> Node:
    """The explanations of all files, each with how it is known, which its file says once."""
    merged = Node("glossary/explanations", 1)
    for name in _files(root, "glossary/explanations", "决算"):
        tree = read_yaml(root / name, name, mistakes)
        known = tree.pop("known", "知识")
        if known not in ("文件", "知识"):
            mistakes.append(mistake(*tree.at("known"), f"known 只能是文件或知识，不能是“{known}”"))
        for code, text in tree.items():
            if code in merged:
                mistakes.append(mistake(*tree.at(code), f"“{code}”在 {merged.at(code)[0]} 里已有", "H103"))
            entry = Node(*tree.at(code))
            entry.put("text", str(text), *tree.at(code))
            entry.put("known", known, *tree.at(code))
            merged.put(code, entry, *tree.at(code))
    return merged


def _merged(root: Path, names: list[str], mistakes: list[Issue]) -> Node:
    merged = Node(names[0] if names else "", 1)
    for name in names:
        tree = read_yaml(root / name, name, mistakes)
        for key, value in tree.items():
            if key in merged:
                mistakes.append(mistake(*tree.at(key), f"“{key}”在 {merged.at(key)[0]} 里已有", "H103"))
            merged.put(key, value, *tree.at(key))
    return merged


def _each_in_force(trees: Node, year: int, mistakes: list[Issue]) -> Node:
    """What holds in `year` inside of each of `trees`; their own years say when they are asked for."""
    found = Node(trees.file, trees.line)
    for key, tree in trees.items():
        inner = Node(tree.file, tree.line) if isinstance(tree, Node) else tree
        if isinstance(tree, Node) and not is_dated(tree):
            inner.unread = tree.unread
            for name, value in tree.items():
                if (held := in_force(value, year, mistakes)) is not None:
                    inner.put(name, held, *tree.at(name))
        else:
            inner = in_force(tree, year, mistakes)
        if inner is not None:
            found.put(key, inner, *trees.at(key))
    return found


def _current(law: Node, year: int, mistakes: list[Issue]) -> Node:
    """The law of `year`, bound to the lines that the forms have in it."""
    current = Node(law.file, law.line)
    for part, tree in law.items():
        held = _each_in_force(tree, year, mistakes) if part in _BY_FILE else in_force(tree, year, mistakes)
        current.put(part, held if held is not None else Node(law.file, 1), *law.at(part))
    binder = Binder(law["forms"], year)
    for code, tree in list(current["relations"].items()):
        if isinstance(tree, Node) and not binder.relation(tree):
            del current["relations"][code]
    for part in ("sections", "charts", "glossary", "workbook"):
        binder.texts(current[part])
    return current


def _assemble(law: Node, declared: Node, profile: Profile, year: int, root: Path, mistakes: list[Issue]) -> Statute:
    """The statute from the law of the year; `declared` is that of all years, for what is named and not in force."""
    forms = _declared(law["forms"], Form, mistakes)
    relations: dict[str, Relation] = {}
    for code, tree in law["relations"].items():
        if isinstance(tree, Node) and code not in profile.without:
            tree.put("code", code, *law["relations"].at(code))
            relation = convert(tree, Relation, law["relations"].at(code), mistakes)
            if relation:
                relations[code] = relation
    plans = {plan.key: plan for plan in _items(law["sections"], SectionPlan, mistakes)}
    for key in profile.sections:
        if key not in plans and key not in {str(tree.get("key")) for tree in declared["sections"]}:
            mistakes.append(mistake(f"profiles/{profile.key}.yaml", 1, f"sections 里的“{key}”没有声明", "H104"))
    sections = tuple(plans[key] for key in profile.sections if key in plans)
    charts = {plan.key: plan for plan in _items(law["charts"], ChartPlan, mistakes)}
    glossary = _items(law["glossary"], GlossaryTerm, mistakes)
    sheets: Node = law["workbook"]
    workbook = None if sheets.unread else convert(sheets, Workbook, (_WORKBOOKS[profile.kind], 1), mistakes)
    schemes = {}
    for key, tree in law["schemes"].items():
        if tree.unread:
            continue
        place: tuple[str, int] = law["schemes"].at(key)
        try:
            schemes[key] = decode_scheme(tree)
        except msgspec.ValidationError:
            convert(tree, Scheme, place, mistakes)
        except SchemeError as error:
            mistakes.append(mistake(*place, str(error)))
    tables = [
        CodeTable(read_codes(root / "classification" / name, f"classification/{name}", mistakes))
        for name in ("functional.csv", "economic.csv", "government.csv")
    ]
    return Statute(
        profile=profile,
        year=year,
        forms=forms,
        relations=relations,
        sections=sections,
        charts=charts,
        glossary=glossary,
        explanations={code: Explanation(text["text"], text["known"]) for code, text in law["explanations"].items()},
        schemes=schemes,
        functional=tables[0],
        economic=tables[1],
        government=tables[2],
        workbook=workbook,
        documents=load_documents(root),
    )


def _declared(trees: Node, kind: type[Any], mistakes: list[Issue]) -> dict[str, Any]:
    read = {key: tree for key, tree in trees.items() if not tree.unread}
    found = {key: convert(tree, kind, trees.at(key), mistakes) for key, tree in read.items()}
    return {key: value for key, value in found.items() if value is not None}


def _items(trees: Any, kind: type[Any], mistakes: list[Issue]) -> tuple[Any, ...]:
    if not isinstance(trees, Sequence):
        return ()
    found = [convert(tree, kind, place, mistakes) for tree, place in zip(trees, trees.lines, strict=True)]
    return tuple(value for value in found if value is not None)
