"""Word out, Word back: what is edited in our DOCX comes back into the account, and no figure does."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import docx
import msgspec
import openpyxl
import pytest
from click.testing import CliRunner
from lxml import etree
from word_rules import broken_rules

import juesuan
from juesuan.account import spaceless, to_json
from juesuan.cli.main import main
from juesuan.inspection import compile_sources
from juesuan.publisher.binding import PrintedParagraph
from juesuan.revision import NotTakenError, TakenBack, refresh, take_back, write_workbook_back
from juesuan.revision.edited.document import EditedDocx
from juesuan.revision.edited.paragraphs import compare

EXAMPLE = Path(__file__).parents[2] / "examples" / "wuhan-2022" / "whole" / "workbook.xlsx"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
REASON = "一是社保业务信息系统实现省级集中，本级信息化建设项目减少"
Edit = Callable[[Any], None]


@pytest.fixture
def made(published: dict[str, Path]) -> Path:
    """The example as DOCX."""
    return published["docx"]


def edited(made: Path, folder: Path, *edits: Edit) -> Path:
    """A copy of the DOCX with its main part changed."""
    target = folder / "改过的.docx"
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                root = etree.fromstring(data)
                for edit in edits:
                    edit(root)
                data = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
            new.writestr(name, data)
    return target


def paragraph(root: Any, words: str) -> Any:
    return next(p for p in root.iter(f"{W}p") if words in "".join(t.text or "" for t in p.iter(f"{W}t")))


def replaced(old: str, new: str, within: str = "") -> Edit:
    """Has one run read otherwise."""

    def edit(root: Any) -> None:
        where = paragraph(root, within) if within else root
        text = next(t for t in where.iter(f"{W}t") if old in (t.text or ""))
        text.text = text.text.replace(old, new)

    return edit


def in_control(key: str, old: str, new: str) -> Edit:
    """Has the text in the control of a text of the unit read otherwise."""

    def edit(root: Any) -> None:
        aliases = (alias for alias in root.iter(f"{W}alias") if alias.get(f"{W}val") == f"填写 {key}")
        replaced(old, new)(next(aliases).getparent().getparent())

    return edit


def added_behind(words: str, *texts: str) -> Edit:
    """Adds paragraphs of plain runs behind the paragraph with some words."""

    def edit(root: Any) -> None:
        before = paragraph(root, words)
        for text in texts:
            new = etree.fromstring(
                f'<w:p xmlns:w="{W[1:-1]}"><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
            )
            before.addnext(new)
            before = new

    return edit


def removed(words: str) -> Edit:
    def edit(root: Any) -> None:
        found = paragraph(root, words)
        found.getparent().remove(found)

    return edit


def back(made: Path, folder: Path, *edits: Edit) -> TakenBack:
    return take_back([EXAMPLE], edited(made, folder, *edits))


def texts(found: TakenBack) -> dict[str, str]:
    return {text.key: text.text for text in found.taken}


def test_nothing_edited_gives_the_same_account(account: juesuan.Account, made: Path, tmp_path: Path) -> None:
    found = back(made, tmp_path)
    assert found.clean
    assert not found.taken
    assert to_json(found.compilation.account) == to_json(account)


def test_a_reason_comes_back_and_stays_in_the_workbook(
    account: juesuan.Account, made: Path, tmp_path: Path
) -> None:
    found = back(made, tmp_path, replaced(REASON, "信息系统上收到省里", within="收、支总计各"))
    assert texts(found) == {
        "收支总计变动": "信息系统上收到省里；二是部分项目招标后的合同金额低于预算金额，节约了财政资金",
    }  # fmt: skip
    assert not found.figures
    target, written, homeless = write_workbook_back(found, tmp_path)
    assert target is not None
    assert (len(written), homeless) == (1, [])
    again = juesuan.compile([target])
    assert again.texts["收支总计变动"].startswith("信息系统上收到省里")
    assert EXAMPLE.read_bytes() != target.read_bytes()
    assert {**again.texts, "收支总计变动": ""} == {**account.texts, "收支总计变动": ""}


def test_texts_of_projects_forms_and_key_work_come_back(made: Path, tmp_path: Path) -> None:
    found = back(
        made,
        tmp_path,
        replaced("如期完成部、省两级社会保险信息系统的对接", "系统对接完成", within="项目支出主要用于"),
        replaced("完成数据清理和业务专网带宽扩容", "完成数据清理"),
        in_control("自评表:整体支出:improvement", "对执行进度实行动态监控", "对进度实行监控"),
    )
    assert set(texts(found)) == {
        "项目:人社系统信息化建设项目:主要成效", "重点工作:2:goal", "自评表:整体支出:improvement",
    }  # fmt: skip
    target, written, homeless = write_workbook_back(found, tmp_path)
    assert target is not None
    assert (len(written), homeless) == (3, [])
    again = juesuan.compile([target])
    project = next(p for p in again.projects if p.name == "人社系统信息化建设项目")
    assert project.results[0] == "系统对接完成"
    assert len(project.results) == 3
    assert again.key_work[1].goal.startswith("完成数据清理，")
    assert "对进度实行监控，" in again.sheets[0].improvement


def test_added_paragraphs_keep_their_place(made: Path, tmp_path: Path) -> None:
    found = back(
        made,
        tmp_path,
        added_behind("2022年度收入合计", "本年收入全部来自财政拨款。", "下一年争取拓宽来源。"),
        added_behind("负责全市人力资源", "承担局里交办的数据工作。"),
    )
    assert texts(found)["增补:收入.1"] == "本年收入全部来自财政拨款。\n下一年争取拓宽来源。"
    assert texts(found)["主要职能"].splitlines()[1:] == ["承担局里交办的数据工作。"]
    target, _, homeless = write_workbook_back(found, tmp_path)
    assert target is not None
    assert not homeless
    (docx,) = juesuan.publish(juesuan.compile([target]), tmp_path / "again", ["docx"])
    lines = [spaceless(passage.text) for passage in juesuan.read(docx).passages]
    at = next(n for n, line in enumerate(lines) if line.startswith("2022年度收入合计"))
    assert lines[at + 1 : at + 3] == ["本年收入全部来自财政拨款。", "下一年争取拓宽来源。"]
    # The new document knows the added paragraph as a text of its own.
    once_more = take_back([target], edited(docx, tmp_path, removed("下一年争取")))
    assert texts(once_more) == {"增补:收入.1": "本年收入全部来自财政拨款。"}


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
def test_what_libreoffice_saved_comes_back_all_the_same(
    account: juesuan.Account, made: Path, tmp_path: Path
) -> None:
    """LibreOffice drops the locks and titles of the controls; texts, figures and places are known without them."""
    path = edited(
        made,
        tmp_path,
        replaced(REASON, "信息系统上收到省里", within="收、支总计各"),
        replaced("1,777.5", "1,888.8", within="2022年度收入合计"),
        added_behind("2022年度收入合计", "本年收入全部来自财政拨款。"),
    )
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "docx", "--outdir", str(tmp_path / "saved"), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    found = take_back([EXAMPLE], tmp_path / "saved" / path.name)
    assert texts(found) == {
        "收支总计变动": "信息系统上收到省里；二是部分项目招标后的合同金额低于预算金额，节约了财政资金",
        "增补:收入.1": "本年收入全部来自财政拨款。",
    }
    assert [(each.figure.now, each.account) for each in found.figures] == [("合计1,888.8万元", "合计1,777.5万元")]
    assert found.compilation.account.facts == account.facts


def test_a_figure_changed_by_hand_is_told_with_both_values(
    account: juesuan.Account, made: Path, tmp_path: Path
) -> None:
    found = back(
        made,
        tmp_path,
        replaced("325.92", "320", within="收、支总计各"),
        replaced("减少", "增加", within="较上年减少0.79"),
        lambda root: replaced("1,597.51", "1,600")(next(root.iter(f"{W}tbl"))),
    )
    told = {(each.figure.key, each.figure.now, each.account) for each in found.figures}
    assert ("N102；N102.变动", "减少320万元", "减少325.92万元") in told
    assert ("表1!39行2栏", "1,600", "1,597.51") in told
    assert any(now.startswith("增加") and says == "减少0.79万元" for _, now, says in told)
    assert len(told) == 3
    assert all(each.figure.source for each in found.figures)
    assert to_json(found.compilation.account) == to_json(account)


def test_what_cannot_be_taken_is_told_and_never_lost(made: Path, tmp_path: Path) -> None:
    def copied(root: Any) -> None:
        found = paragraph(root, "2022年度支出合计")
        found.addnext(deepcopy(found))

    def moved(root: Any) -> None:
        found = paragraph(root, "2022年度无机关运行经费支出")
        paragraph(root, "单价100万元").addnext(found)

    found = back(
        made,
        tmp_path,
        copied,
        moved,
        removed("本单位当年无国有资本经营预算财政拨款支出"),
        replaced("与2021年度相比，收、支总计各", "同上年比，收、支总计各"),
        replaced("财政拨款收、支", "拨款收、支"),
    )
    remarks = "\n".join(remark.text for remark in found.remarks)
    assert "复制的段落含有决算数" in remarks
    assert "移动了位置" in remarks
    assert "这一段删去了，新文本里仍有" in remarks
    assert remarks.count("固定的句子改写了") == 2
    assert not found.taken
    assert not found.figures


def test_tracked_changes_count_as_accepted(made: Path, tmp_path: Path) -> None:
    def tracked(root: Any) -> None:
        text = next(t for t in root.iter(f"{W}t") if (t.text or "").startswith("人员调整，基本支出"))
        run = text.getparent()
        deletion = etree.Element(f"{W}del", {f"{W}id": "9001", f"{W}author": "审核"})
        run.addprevious(deletion)
        insertion = etree.fromstring(
            f'<w:ins xmlns:w="{W[1:-1]}" w:id="9002" w:author="审核"><w:r><w:t>人员退休</w:t></w:r></w:ins>'
        )
        run.addnext(insertion)
        deletion.append(run)
        text.tag = f"{W}delText"

    found = back(made, tmp_path, tracked)
    assert texts(found) == {"2080150:预决算差异": "人员退休"}
    assert any("2 处没有接受也没有拒绝的修订" in remark.text for remark in found.remarks)


def test_controls_taken_away_change_nothing(made: Path, tmp_path: Path) -> None:
    def opened(root: Any) -> None:
        for control in list(root.iter(f"{W}sdt")):
            for child in list(control.find(f"{W}sdtContent")):
                control.addprevious(child)
            control.getparent().remove(control)

    found = back(made, tmp_path, opened, replaced(REASON, "系统上收", within="收、支总计各"))
    assert texts(found)["收支总计变动"].startswith("系统上收；")
    assert not found.figures


def test_a_draft_filled_in_word_becomes_final(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(EXAMPLE)
    for row in book["原因说明"].iter_rows():
        for cell in row:
            if str(cell.value).startswith(f"{REASON}；二是"):
                cell.value = None
    short = tmp_path / "short.xlsx"
    book.save(short)
    missing = compile_sources([short])
    assert missing.missing
    (draft,) = juesuan.publish(missing.account, tmp_path, ["docx"], draft=True)

    def filled(root: Any) -> None:
        for text in root.iter(f"{W}t"):
            text.text = re.sub(r"【待填：[^】]*】", "系统上收，本级项目减少", text.text or "")

    found = take_back([short], edited(draft, tmp_path, filled))
    assert len(found.taken) == len(missing.missing)
    assert not found.compilation.missing


def test_another_s_document_is_refused(account: juesuan.Account, tmp_path: Path) -> None:
    strange = tmp_path / "plain.docx"
    docx.Document().save(str(strange))
    with pytest.raises(NotTakenError, match="不是本程序生成的 Word"):
        take_back([EXAMPLE], strange)
    for change, words in (({"year": 2021}, "2021 年度的"), ({"unit": "某某中心"}, "“某某中心”的")):
        unit = msgspec.structs.replace(account.unit, name=change.get("unit", account.unit.name))
        other = msgspec.structs.replace(account, unit=unit, year=change.get("year", account.year))
        (path,) = juesuan.publish(other, tmp_path / words[:2], ["docx"])
        with pytest.raises(NotTakenError, match=words):
            take_back([EXAMPLE], path)


def test_the_edited_layout_stays_with_the_account_s_figures(made: Path, tmp_path: Path) -> None:
    """Wording, style and added paragraphs stay; a figure changed by hand says what the account says."""
    file = edited(
        made,
        tmp_path,
        replaced("与2021年度相比，收、支总计各", "同上年比，收、支总计各"),
        replaced("325.92", "320", within="收、支总计各"),
        lambda root: replaced("1,597.51", "1,600")(next(root.iter(f"{W}tbl"))),
        added_behind("2022年度收入合计", "本年收入全部来自财政拨款。"),
    )
    found = take_back([EXAMPLE], file)
    target = tmp_path / "kept.docx"
    assert refresh(found, target) == []
    assert broken_rules(target) == []
    lines = [spaceless(passage.text) for passage in juesuan.read(target).passages]
    assert any("同上年比，收、支总计各减少325.92万元，下降15.5%" in line for line in lines)
    assert "本年收入全部来自财政拨款。" in lines
    account = juesuan.read(target)
    assert str(account.facts["表1!39行2栏"].figure.value) == "15975100.00"
    with zipfile.ZipFile(target) as package, zipfile.ZipFile(made) as original:
        count = package.read("word/document.xml").count(b"sdtContentLocked")
        assert count == original.read("word/document.xml").count(b"sdtContentLocked")
        assert b"<v>1,597.51</v>" in package.read("customXml/item1.xml")
    # Taken back once more it has nothing new to say.
    copy, _, _ = write_workbook_back(found, tmp_path)
    assert copy is not None
    again = take_back([copy], target)
    assert (again.taken, again.figures, again.remarks) == ([], [], [])


def test_new_figures_in_the_edited_layout(made: Path, tmp_path: Path) -> None:
    """The workbook changed after the document was made: its figures enter the edited document."""
    book = openpyxl.load_workbook(EXAMPLE)
    sheet = book["上年数"]
    row = next(cell.row for line in sheet.iter_rows() for cell in line if str(cell.value).startswith("上年 收支总计"))
    where = next(cell for cell in sheet[row] if isinstance(cell.value, int | float))
    where.value = 17_000_000
    other = tmp_path / "other.xlsx"
    book.save(other)
    found = take_back([other], edited(made, tmp_path))
    assert not found.figures
    target = tmp_path / "kept.docx"
    notes = refresh(found, target)
    text = "".join(spaceless(passage.text) for passage in juesuan.read(target).passages)
    # 1777.50 − 1700.00 = 77.50, 77.50 ÷ 1700 = 4.56 %
    assert "收、支总计各增加77.5万元，增长4.6%" in text, notes


def test_the_command(made: Path, tmp_path: Path) -> None:
    file = edited(
        made,
        tmp_path,
        replaced(REASON, "系统上收", within="收、支总计各"),
        replaced("325.92", "320", within="收、支总计各"),
    )
    folder = tmp_path / "out"
    given = ["compile", str(EXAMPLE), "--edited", str(file), "-o", str(folder), "--formats", "docx,json"]
    result = CliRunner().invoke(main, given)
    assert result.exit_code == 1, result.output
    assert "取回 1 处文字" in result.output
    assert "Word 里是“减少320万元”，决算是“减少325.92万元”" in result.output
    assert (folder / "workbook（取回文字）.xlsx").is_file()
    result = CliRunner().invoke(main, [*given, "--layout", "edited"])
    assert "版面按改过的 Word" in result.output
    plain = tmp_path / "other.docx"
    plain.write_bytes(b"nothing")
    assert CliRunner().invoke(main, [*given[:3], str(plain), *given[4:]]).exit_code == 2


def test_pieces_are_found_again_whatever_was_written_around_them(made: Path) -> None:
    for item in EditedDocx(made).printed.items:
        if not isinstance(item, PrintedParagraph):
            continue
        found = compare(item, f"据统计，{item.text}特此说明。")
        assert (found.texts, found.figures, found.unclear) == ((), (), ()) or len(item.pieces) == 1
