"""A proof recomputed: every digest, the reading of the file, every finding; a replaced file voids it."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import msgspec

from juesuan.account import Account, UnreadableFileError, from_json
from juesuan.inspection.document import Inspection, inspect
from juesuan.inspection.proof.model import (
    ACCOUNT,
    AGAINST,
    CONCLUDING,
    FORMATS,
    MANIFEST,
    READ_ME,
    Proof,
    ProofError,
    digest_of,
    law_digest,
    sm3_of,
)
from juesuan.inspection.proof.packing import manifest_of, read_me
from juesuan.version import VERSION

MOST = 1024 * 1024 * 1024
"""What the files of an archive may come to."""


class Verification(msgspec.Struct, frozen=True):
    """What came of verifying: `faults` void the proof, `notes` are to be known; `digest` is that of the manifest, `sm3`
    the same by the national algorithm where the proof has it.
    """

    proof: Proof
    digest: str
    faults: tuple[str, ...]
    notes: tuple[str, ...]
    sm3: str = ""

    @property
    def sound(self) -> bool:
        """Whether everything is as the proof says."""
        return not self.faults


def verify_proof(path: Path, file: Path | None = None, digest: str = "") -> Verification:
    """Recomputes the proof at `path`: the digests, the account that the file gives, every finding.

    `file` is to be the very file that was reviewed, `digest` that of the manifest as it was noted elsewhere. Raises
    ProofError for an archive that is no proof.
    """
    parts = _parts(path)
    data = parts.pop(MANIFEST)
    proof = _manifest(data)
    faults = list(_replaced(proof, parts))
    notes: list[str] = []
    if digest and digest.lower() not in (digest_of(data), sm3_of(data)):
        faults.append(f"证明指纹是 {digest_of(data)}，与记下的 {digest} 不同：证明被改写。")
    if file is not None and digest_of(file.read_bytes()) != proof.file.sha256:
        faults.append(f"{file.name} 不是审核的那一份文件（SHA-256 不同）：对它来说这次审核作废。")
    if proof.file.sm3 and not sm3_of(b""):
        notes.append("这台电脑的 Python 没有 SM3，只核对了 SHA-256。")
    if read_me(proof) != parts.get(READ_ME, b"").decode("utf-8", "replace"):
        faults.append(f"{READ_ME} 与证明的内容不一致。")
    if not faults:
        same = (proof.law, proof.program) == (law_digest(), VERSION)
        found = list(_differing(proof, parts))
        (faults if same else notes).extend(found)
        if not same:
            then, now = (f"{version}、法规数据 {law[:12]}…" for version, law in
                         ((proof.program, proof.law), (VERSION, law_digest())))
            result = "结果有不同" if found else "结果相同"
            notes.insert(0, f"出具时的程序是 {then}，现在是 {now}：按现在的规则重新核对，{result}。")
    sm3 = sm3_of(data) if proof.file.sm3 else ""
    return Verification(proof, digest_of(data), tuple(faults), tuple(notes), sm3)


def _parts(path: Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > MOST:
                raise ProofError(f"{path.name}：内容太大，不是审核证明。")
            parts = {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, RuntimeError) as error:
        raise ProofError(f"{path.name}：不是审核证明，或者已经损坏（{error}）。") from None
    if MANIFEST not in parts:
        raise ProofError(f"{path.name}：里面没有 {MANIFEST}，不是审核证明。")
    return parts


def _manifest(data: bytes) -> Proof:
    try:
        proof = msgspec.json.decode(data, type=Proof)
    except msgspec.DecodeError as error:
        raise ProofError(f"{MANIFEST} 读不出来（{error}）。") from None
    if proof.format not in FORMATS:
        raise ProofError(f"{MANIFEST} 是第 {proof.format} 版的格式，请用更新的程序核验。")
    return proof


def _replaced(proof: Proof, parts: dict[str, bytes]) -> Iterator[str]:
    """What of the archive is not what the manifest says."""
    listed = {each.name: each for each in (proof.file, *proof.files)}
    for name, each in listed.items():
        if name not in parts:
            yield f"缺少文件 {name}。"
        elif digest_of(parts[name]) != each.sha256:
            void = "：审核的文件被替换，审核作废" if name == proof.file.name else ""
            yield f"{name} 与证明记下的指纹不符{void}。"
        elif each.sm3 and sm3_of(parts[name]) not in ("", each.sm3):
            yield f"{name} 与证明记下的 SM3 指纹不符。"
    yield from (f"多出文件 {name}，证明里没有。" for name in sorted(set(parts) - set(listed)))


def _differing(proof: Proof, parts: dict[str, bytes]) -> Iterator[str]:
    """What reading and checking the file once more gives otherwise than the proof says."""
    name = PurePosixPath(proof.file.name).name
    others = [from_json(data) for path, data in sorted(parts.items()) if path.startswith(f"{AGAINST}/")]
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.write_bytes(parts[proof.file.name])
            inspection = inspect(path, name=name, against=others)
    except UnreadableFileError as error:
        yield f"重新读取审核的文件，读不出来：{error}"
        return
    yield from _other_figures(from_json(parts[ACCOUNT]), inspection)
    again = manifest_of(inspection, proof.decision, proof.file.name, parts)
    before, after = ({each.fingerprint: each for each in one.findings} for one in (proof, again))
    for fingerprint in sorted(before.keys() - after.keys()):
        yield f"证明里有、重新核对没有的问题：[{before[fingerprint].code}] {before[fingerprint].message}"
    for fingerprint in sorted(after.keys() - before.keys()):
        yield f"重新核对有、证明里没有的问题：[{after[fingerprint].code}] {after[fingerprint].message}"
    for what, one, other in (
        ("单位", proof.unit, again.unit), ("年度", proof.year, again.year),
        ("结论", proof.conclusion, again.conclusion if proof.format >= CONCLUDING else _concluded_then(inspection)),
        ("核对的公式", proof.relations, again.relations), ("核对范围", proof.checked, again.checked),
        ("没有核对的", proof.unchecked, again.unchecked),
    ):
        if one != other:
            yield f"{what}与重新核对的不同。"


def _concluded_then(inspection: Inspection) -> str:
    """The conclusion in the words of the earlier formats, to which a notice was 问题 as well."""
    report = inspection.report
    return "有问题" if report.findings or report.faults else report.conclusion


def _other_figures(account: Account, inspection: Inspection) -> Iterator[str]:
    before = {key: fact.figure for key, fact in account.facts.items()}
    after = {key: fact.figure for key, fact in inspection.reading.account.facts.items()}
    count = sum(before.get(key) != after.get(key) for key in before.keys() | after.keys())
    if count:
        yield f"重新读取审核的文件，有 {count} 个数与证明里的决算数据不同。"
