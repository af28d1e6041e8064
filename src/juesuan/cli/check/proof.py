"""`juesuan verify`: a proof of review recomputed."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from juesuan.account import os_error_text

SOUND, FAULTY, UNREADABLE = 0, 1, 2
"""Exit codes: everything is as the proof says; something is not; it is no proof or cannot be read."""


@click.command()
@click.argument("pack", type=click.Path(path_type=Path), metavar="证明.zip")
@click.option("--file", type=click.Path(path_type=Path, dir_okay=False), default=None,
              help="现在手里的文件：是不是审核的那一份")
@click.option("--digest", default="", help="先前记下的证明指纹，用来发现整个证明被改写")
def verify(pack: Path, file: Path | None, digest: str) -> None:
    """核验一份审核证明：重新算指纹、重新读文件、重新核对。

    返回码：0 全部一致；1 有不一致（逐条说明）；2 不是证明或读不出来。
    """
    from juesuan.inspection.proof import ProofError, degrees, verify_proof

    try:
        found = verify_proof(pack, file, digest.strip())
    except ProofError as error:
        click.echo(str(error), err=True)
        sys.exit(UNREADABLE)
    except OSError as error:
        click.echo(f"读不出来：{error.filename or pack}（{os_error_text(error)}）", err=True)
        sys.exit(UNREADABLE)
    proof = found.proof
    click.echo(f"{proof.unit}　{proof.year}年度　{proof.decision.subject}　{proof.decision.outcome}")
    national = f"　SM3 {proof.file.sm3}" if proof.file.sm3 else ""
    click.echo(f"文件 {proof.file.name}　SHA-256 {proof.file.sha256}{national}")
    click.echo(f"出具：{proof.decision.maker} {proof.decision.made}　程序 {proof.program}　法规数据 {proof.law[:12]}…")
    waived = sum(finding.waived is not None for finding in proof.findings)
    click.echo(f"结论：{proof.conclusion}；问题 {proof.total} 处（{degrees(proof)}；豁免 {waived} 处），"
               f"没有核对的 {len(proof.unchecked)} 处。{proof.checked}")
    for step in proof.decision.signoffs:
        click.echo(f"  {step.moment}　{step.step}　{step.name}（{step.role}）{step.opinion}")
    for note in found.notes:
        click.echo(f"注意：{note}")
    for fault in found.faults:
        click.echo(f"不一致：{fault}", err=True)
    click.echo(f"证明指纹 {found.digest}{f'　SM3 {found.sm3}' if found.sm3 else ''}")
    if found.faults:
        click.echo("核验没有通过。", err=True)
        sys.exit(FAULTY)
    click.echo("核验通过：文件没有换过，重新读取和核对的结果与证明一致。" if not found.notes
               else "文件没有换过；与现在的程序有不同之处见上。")
