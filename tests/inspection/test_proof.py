"""A proof of review: everything in it is recomputed, and a file that was replaced voids it."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from juesuan.cli import main
from juesuan.inspection.proof import (
    Decision,
    DeskFinding,
    Explained,
    Proof,
    ProofError,
    SignOff,
    Waived,
    digest_of,
    packing,
    verify_proof,
    verifying,
    write_proof,
)
from juesuan.inspection.proof.packing import manifest_of

FILE = Path(__file__).parents[2] / "examples" / "wuhan-2022" / "held" / "2021年决算公开.docx"
SIGNED = SignOff("接受", "周审核", "财政审核人", "2022-09-15 10:00", "同意")
DECISION = Decision("审核的文件", "2022-09-16 09:00", "周审核", "已接受", (SIGNED,))


def test_a_proof_of_the_third_format_is_verified_by_the_conclusion_of_its_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as then:
        then.setattr(packing, "manifest_of", lambda *given, **more: msgspec.structs.replace(
            manifest_of(*given, **more), format=3, conclusion="有问题"))
        write_proof(tmp_path / "third.zip", FILE, DECISION)
    assert verify_proof(tmp_path / "third.zip").sound
    with zipfile.ZipFile(tmp_path / "third.zip") as archive:
        assert "结论：有问题。" in archive.read("说明.txt").decode()


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("proof") / "证明.zip"
    write_proof(path, FILE, DECISION)
    return path


def _changed(pack: Path, target: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    with zipfile.ZipFile(pack) as archive:
        parts = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    change(parts)
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target


def test_it_says_what_was_checked_and_what_was_not_and_is_recomputed(pack: Path):
    found = verify_proof(pack, FILE)
    assert found.sound and not found.notes
    proof = found.proof
    assert (proof.unit, proof.year) == ("武汉市人力资源和社会保障信息中心", 2021)
    assert proof.file.sha256 == digest_of(FILE.read_bytes())
    assert proof.relations["decided"] and proof.unchecked, "what was not checked is listed"
    assert {"部分", "内容", "原因", "位置"} == set(proof.unchecked[0])
    with zipfile.ZipFile(pack) as archive:
        words = archive.read("说明.txt").decode()
        rules = archive.read("规则.csv").decode("utf-8-sig")
    assert f"没有核对的（{len(proof.unchecked)} 处）" in words and "周审核（财政审核人）　同意" in words
    assert "T101" in rules


def test_the_same_review_gives_the_same_bytes(pack: Path, tmp_path: Path):
    write_proof(tmp_path / "again.zip", FILE, DECISION)
    assert (tmp_path / "again.zip").read_bytes() == pack.read_bytes()


def test_a_waiver_stands_beside_its_finding_and_one_without_is_told_apart(tmp_path: Path, pack: Path):
    known = verify_proof(pack).proof.findings[0]
    waived = (Waived(known.fingerprint, "已核实", "周审核", "2022-09-15 10:00"),
              Waived("0" * 32, "早已改正", "周审核", "2022-09-15 10:00"))
    decision = Decision("审核的文件", "2022-09-16 09:00", "周审核", "已接受", (SIGNED,), waived)
    write_proof(tmp_path / "waived.zip", FILE, decision)
    proof = verify_proof(tmp_path / "waived.zip").proof
    assert proof.findings[0].waived == waived[0]
    assert proof.void == waived[1:]


def test_what_the_unit_says_stands_in_the_words_whatever_words_the_desk_told_the_finding_in(tmp_path: Path):
    known = "“三公经费”表 B6：比上年多 600%"
    said = (Explained(known, "接待任务由本单位承办"),)
    decision = Decision("批复的决算", "2022-09-16 09:00", "周审核", explained=said)
    write_proof(tmp_path / "explained.zip", FILE, decision)
    found = verify_proof(tmp_path / "explained.zip")
    assert found.sound
    with zipfile.ZipFile(tmp_path / "explained.zip") as archive:
        words = archive.read("说明.txt").decode()
    assert f"· {known}\n　　单位说明：接待任务由本单位承办" in words
    counts = {severity: sum(each.severity == severity for each in found.proof.findings)
              for severity in ("error", "warning", "notice")}
    told = f"错误 {counts['error']}、须说明 {counts['warning']}、提示 {counts['notice']}"
    assert f"三、问题（{len(found.proof.findings)} 处：{told}，" in words
    assert told in CliRunner().invoke(main, ["verify", str(tmp_path / "explained.zip")]).output


def test_a_proof_of_the_first_format_is_verified_in_the_words_of_its_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    explained = (Explained("“三公经费”表 B6：比上年多 600%", "接待任务由本单位承办"),)
    with monkeypatch.context() as then:
        then.setattr(packing, "manifest_of", lambda *given, **more: msgspec.structs.replace(
            manifest_of(*given, **more), format=1, conclusion="有问题"))
        decision = Decision("批复的决算", "2022-09-16 09:00", "周审核", explained=explained)
        write_proof(tmp_path / "first.zip", FILE, decision)
    with zipfile.ZipFile(tmp_path / "first.zip") as archive:
        words = archive.read("说明.txt").decode()
    assert "单位说明" not in words and "处：错误" not in words, "as it was written then"
    assert verify_proof(tmp_path / "first.zip").sound


def test_what_only_the_desk_found_counts_and_a_difference_since_is_told(tmp_path: Path, pack: Path):
    before = verify_proof(pack).proof
    notices = [each.severity for each in before.findings].count("notice")
    same = tuple(DeskFinding(each.code, each.severity, each.message) for each in before.findings)

    def made(name: str, found: tuple[DeskFinding, ...]) -> tuple[Proof, str]:
        write_proof(tmp_path / name, FILE, msgspec.structs.replace(DECISION, found=found))
        verified = verify_proof(tmp_path / name)
        assert verified.sound
        with zipfile.ZipFile(tmp_path / name) as archive:
            return verified.proof, archive.read("说明.txt").decode()

    proof, words = made("more.zip", (*same, DeskFinding("E110", "notice", "表中没有“满意度指标”。")))
    assert f"提示 {notices + 1}，" in words and "表中没有“满意度指标”。（填报时查出，从文件里看不出）" in words
    assert proof.conclusion.endswith(f"{notices + 1} 条提示") and proof.total == len(same) + 1
    assert "送审时查出的是" not in words
    proof, words = made("fewer.zip", same[1:])
    assert "送审时查出的是：" in words and proof.total == len(same)


def test_a_replaced_file_voids_the_review(pack: Path, tmp_path: Path):
    def replace(parts: dict[str, bytes]) -> None:
        parts[f"文件/{FILE.name}"] += b" "

    found = verify_proof(_changed(pack, tmp_path / "1.zip", replace))
    assert [fault for fault in found.faults if "审核的文件被替换，审核作废" in fault]
    other = tmp_path / "别的.docx"
    other.write_bytes(FILE.read_bytes() + b" ")
    assert "审核作废" in verify_proof(pack, other).faults[0]


def _manifest(parts: dict[str, bytes], change: Callable[[dict[str, object]], None]) -> None:
    data = json.loads(parts["证明.json"])
    change(data)
    parts["证明.json"] = json.dumps(data, ensure_ascii=False).encode()


CHANGES: dict[str, tuple[Callable[[dict[str, bytes]], None], str]] = {
    "a finding left out": (
        lambda parts: _manifest(parts, lambda data: data["findings"].pop(0)), "与证明的内容不一致"),
    "another verdict": (
        lambda parts: _manifest(parts, lambda data: data.update(conclusion="未发现问题")), "与证明的内容不一致"),
    "a file added": (lambda parts: parts.update({"多.txt": b""}), "多出文件 多.txt"),
    "a file gone": (lambda parts: parts.pop("规则.csv"), "缺少文件 规则.csv"),
    "a figure changed": (
        lambda parts: parts.update({"决算数据.json": parts["决算数据.json"].replace(b"1", b"2", 1)}), "指纹不符"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_is_changed_is_found(change: str, pack: Path, tmp_path: Path):
    how, told = CHANGES[change]
    faults = verify_proof(_changed(pack, tmp_path / "changed.zip", how)).faults
    assert any(told in fault for fault in faults), faults


def test_a_proof_written_anew_is_found_by_reading_the_file_again(pack: Path, tmp_path: Path):
    """Whoever rewrites manifest and words alike is told what the file itself gives; and by the digest noted before."""
    from juesuan.inspection.proof.packing import read_me
    from juesuan.inspection.proof.verifying import _manifest as manifest

    def rewrite(parts: dict[str, bytes]) -> None:
        _manifest(parts, lambda data: data["findings"].pop(0))
        words = read_me(manifest(parts["证明.json"])).encode()
        def note(data: dict[str, object]) -> None:
            for file in data["files"]:
                if file["name"] == "说明.txt":
                    file.update(sha256=digest_of(words), size=len(words))
        _manifest(parts, note)
        parts["说明.txt"] = words

    made = _changed(pack, tmp_path / "anew.zip", rewrite)
    assert any("重新核对有、证明里没有的问题" in fault for fault in verify_proof(made).faults)
    assert "证明被改写" in verify_proof(made, digest=verify_proof(pack).digest).faults[0]


def test_with_another_law_differences_are_told_and_are_no_fault(pack: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(verifying, "law_digest", lambda: "f" * 64)
    found = verify_proof(pack)
    assert found.sound and "按现在的规则重新核对，结果相同" in found.notes[0]


def test_what_is_no_proof_is_said_so(tmp_path: Path):
    (tmp_path / "a.zip").write_bytes(b"PK nothing")
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("x", "")
    for name in ("a.zip", "b.zip"):
        with pytest.raises(ProofError, match="不是审核证明"):
            verify_proof(tmp_path / name)


def test_the_command_says_it_and_ends_accordingly(pack: Path, tmp_path: Path):
    run = CliRunner().invoke
    good = run(main, ["verify", str(pack)])
    assert good.exit_code == 0 and "核验通过" in good.output and "没有核对的" in good.output
    bad = run(main, ["verify", str(pack), "--digest", "0" * 64])
    assert bad.exit_code == 1 and "证明被改写" in bad.output
    (tmp_path / "no.zip").write_text("x")
    assert run(main, ["verify", str(tmp_path / "no.zip")]).exit_code == 2
    assert run(main, ["verify", str(tmp_path / "absent.zip")]).exit_code == 2


def test_with_national_algorithms_every_file_has_both_digests_and_both_are_recomputed(tmp_path: Path):
    path = tmp_path / "国密.zip"
    write_proof(path, FILE, DECISION, national=True)
    found = verify_proof(path, FILE)
    assert found.sound and not found.notes
    expected = hashlib.new("sm3", FILE.read_bytes()).hexdigest()
    assert found.proof.file.sm3 == expected and all(each.sm3 for each in found.proof.files)
    assert verify_proof(path, FILE, found.sm3).sound and verify_proof(path, FILE, found.digest).sound
    assert not verify_proof(path, FILE, "0" * 64).sound
    told = CliRunner().invoke(main, ["verify", str(path)])
    assert told.exit_code == 0 and expected in told.output and f"SM3 {found.sm3}" in told.output

    def another(parts: dict[str, bytes]) -> None:
        parts["证明.json"] = parts["证明.json"].replace(expected.encode(), b"0" * 64)

    assert any("SM3 指纹不符" in fault for fault in verify_proof(_changed(path, tmp_path / "2.zip", another)).faults)
