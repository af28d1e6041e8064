"""A proof written: the file read and checked once more, and everything put into one archive."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from juesuan.account import SEVERITY_NAMES, Account, Issue, Severity, from_json, to_json
from juesuan.inspection.document import Inspection, inspect
from juesuan.inspection.proof.model import (
    ACCOUNT,
    AGAINST,
    COUNTING,
    FILE,
    FORMAT,
    MANIFEST,
    NATIONAL_FORMAT,
    PUBLISHED,
    READ_ME,
    RULES,
    Decision,
    Explained,
    PackedFile,
    Proof,
    ProofError,
    ProofFinding,
    digest_of,
    law_digest,
    register_text,
    sm3_of,
)
from juesuan.version import VERSION

_TIME = (1980, 1, 1, 0, 0, 0)
"""The time of every file in the archive: the same proof has the same bytes."""


def write_proof(
    path: Path, file: Path, decision: Decision, *, against: Sequence[Path] = (), published: Mapping[str, Path] = {},
    national: bool = False,
) -> str:
    """Writes the proof of `file` to `path` and gives the digest of its manifest (证明指纹).

    `against` are the accounts (JSON) that it is held against, `published` the files that were published of it, by their
    names; `national`: every file has the digest SM3 besides. Raises UnreadableFileError, ProofError
    and OSError.
    """
    if national and not sm3_of(b""):
        raise ProofError("这里的 Python（OpenSSL）没有 SM3，不能出具带国密指纹的证明。")
    others = [from_json(other.read_bytes()) for other in against]
    inspection = inspect(file, name=file.name, against=others)
    parts = _parts(file, inspection, others, published)
    manifest = manifest_of(inspection, decision, f"{FILE}/{file.name}", parts, national=national)
    parts[READ_ME] = read_me(manifest).encode()
    last = packed(READ_ME, parts[READ_ME], national=national)
    manifest = msgspec.structs.replace(manifest, files=(*manifest.files, last))
    data = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in ((MANIFEST, data), *sorted(parts.items())):
            archive.writestr(zipfile.ZipInfo(name, _TIME), content, zipfile.ZIP_DEFLATED)
    return digest_of(data)


def _parts(
    file: Path, inspection: Inspection, others: Sequence[Account], published: Mapping[str, Path]
) -> dict[str, bytes]:
    parts = {
        f"{FILE}/{file.name}": file.read_bytes(), ACCOUNT: to_json(inspection.reading.account),
        RULES: register_text(inspection.reading.statute),
    }
    parts |= {f"{AGAINST}/{number}.json": to_json(other) for number, other in enumerate(others, 1)}
    return parts | {f"{PUBLISHED}/{name}": path.read_bytes() for name, path in published.items()}


def packed(name: str, data: bytes, *, national: bool = False) -> PackedFile:
    """A file of the archive as the manifest names it."""
    return PackedFile(name, digest_of(data), len(data), sm3_of(data) if national else "")


def manifest_of(
    inspection: Inspection, decision: Decision, file: str, parts: Mapping[str, bytes], *, national: bool = False
) -> Proof:
    """What the proof says of a file that was read and checked, and of what people decided."""
    from juesuan.checker.reports import coverage_text

    report = inspection.report
    waived = {each.fingerprint: each for each in decision.waived}
    told = {each.message: each.text for each in decision.explained}
    findings = tuple(
        ProofFinding(
            located.finding.code, located.finding.severity, located.finding.message, located.place, located.fingerprint,
            located.finding.equation, waived.get(located.fingerprint), told.get(located.finding.message, ""),
        )
        for located in inspection.checked.found
    )
    there = {finding.fingerprint for finding in findings}
    unchecked = tuple(
        {"部分": item.part, "内容": item.text, "原因": item.why, "位置": str(item.source or "")}
        for item in report.coverage.unchecked
    )
    return Proof(
        NATIONAL_FORMAT if national else FORMAT, report.unit, report.year, inspection.reading.statute.profile.key,
        VERSION, law_digest(),
        packed(file, parts[file], national=national), decision, concluded(inspection, decision),
        coverage_text(report.coverage),
        msgspec.to_builtins(report.relations), unchecked, findings,
        tuple(each for each in decision.waived if each.fingerprint not in there),
        tuple(packed(name, data, national=national) for name, data in sorted(parts.items()) if name != file),
    )


def concluded(inspection: Inspection, decision: Decision) -> str:
    """The conclusion in words, of what is not waived and of what only the desk could find."""
    from juesuan.checker.reports import Accepted, verdict_text

    reasons = {each.fingerprint: each.reason for each in decision.waived}
    checked = inspection.checked
    left = [located for located in checked.found if located.fingerprint not in reasons]
    taken = [Accepted(located, reasons[located.fingerprint]) for located in checked.found
             if located.fingerprint in reasons]
    report = checked.with_found(left, taken).report
    known = {located.finding.code for located in checked.found}
    desk = tuple(Issue(each.code, each.severity, each.message) for each in decision.found if each.code not in known)
    report = msgspec.structs.replace(report, findings=(*report.findings, *desk))
    return verdict_text(report, len(taken)).removesuffix("。")


def read_me(proof: Proof) -> str:
    """The proof in words, for who opens the archive: in those of the format in which it was written."""
    decision, tally = proof.decision, proof.relations
    first = proof.format < COUNTING
    beside = () if first else _told_at_the_desk(proof)
    lines = [
        f"{proof.unit}　{proof.year}年度　{decision.subject}",
        f"办理结果：{decision.outcome}" if decision.outcome else "",
        f"文件：{proof.file.name}　SHA-256 {proof.file.sha256}{f'　SM3 {proof.file.sm3}' if proof.file.sm3 else ''}",
        f"口径：{proof.profile}　程序 {proof.program}　法规数据 {proof.law}",
        "", "一、核对了什么",
        f"公式 {tally['decided']} 条：成立 {tally['held']}，尾差内 {tally['rounding']}，不成立 {tally['failed']}；"
        f"另有 {tally['undecided']} 条无从判断。",
        proof.checked, f"结论：{proof.conclusion}。", "", f"二、没有核对的（{len(proof.unchecked)} 处）",
        *(f"· {item['部分']}：{item['内容']}（{item['原因']}）" for item in proof.unchecked),
        "", f"三、问题（{len(proof.severities)} 处{'' if first else f'：{degrees(proof)}'}，"
            f"另有 {len(proof.findings) - len(proof.left)} 处已豁免）",
    ]
    for finding in proof.findings:
        lines.append(f"· [{finding.code}] {SEVERITY_NAMES[finding.severity]}：{finding.message}")
        if finding.waived:
            lines.append(f"　　豁免：{finding.waived.reason}（{finding.waived.name}，{finding.waived.moment}）")
        if finding.explanation:
            lines.append(f"　　单位说明：{finding.explanation}")
    lines += [f"· [{each.code}] {SEVERITY_NAMES[each.severity]}：{each.message}（填报时查出，从文件里看不出）"
              for each in proof.desk_only]
    then = in_degrees([each.severity for each in decision.found])
    if decision.found and then != degrees(proof):
        lines.append(f"送审时查出的是：{then}。规则或对照的文件此后有变化。")
    if beside:
        lines += ["", "单位对须说明的所作的说明"]
        lines += [line for each in beside for line in (f"· {each.message}", f"　　单位说明：{each.text}")]
    lines += ["", "四、办理"]
    lines += [f"· {each.moment}　{each.step}　{each.name}（{each.role}）{'　' + each.opinion if each.opinion else ''}"
              for each in decision.signoffs]
    lines += ["", f"由 {decision.maker} 于 {decision.made} 出具。用 juesuan verify 重新计算以上全部内容。", ""]
    return "\n".join(lines)


def degrees(proof: Proof) -> str:
    """How many findings without a waiver there are of each degree, in words."""
    return in_degrees(proof.severities)


def in_degrees(severities: Sequence[Severity]) -> str:
    """How many there are of each degree, in words."""
    return "、".join(f"{name} {severities.count(severity)}" for severity, name in SEVERITY_NAMES.items())


def _told_at_the_desk(proof: Proof) -> tuple[Explained, ...]:
    """The explanations that stand at no finding here: the desk tells a finding by its sheet and line."""
    placed = {finding.message for finding in proof.findings if finding.explanation}
    return tuple(each for each in proof.decision.explained if each.message not in placed)
