"""The paragraph, character and table styles of the DOCX, in the type that GB/T 9704-2012 and custom ask for."""

from __future__ import annotations

import re
from typing import Literal

import msgspec

NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
}
DECLARED = " ".join(f'xmlns:{prefix}="{address}"' for prefix, address in NAMESPACES.items())

FANGSONG, HEITI, KAITI, SONGTI = "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"
XIAOBIAOSONG = "方正小标宋简体"
LATIN = "Times New Roman"


class DocxStyle(msgspec.Struct, frozen=True, omit_defaults=True):
    """A paragraph style: its identifier, its name, its type in half points and its lines in twentieths of a point."""

    key: str
    name: str
    face: str = ""
    size: int = 0
    line: int = 0
    rule: Literal["exact", "atLeast", "auto"] = "exact"
    align: str = ""
    base: str = "Normal"
    before: int = 0
    after: int = 0
    first: int = 0
    """The indent of the first line, in hundredths of a character."""
    left: int = 0
    outline: int | None = None
    bold: bool = False
    keep: bool = False
    grid: bool = False
    spacing: int = 0
    following: str = ""
    dots: int = 0
    """Where a right tab with dots stands."""
    primary: bool = True


CELL_TEXT = "TableText"
"""The style of text in cells; each type that tables are set in has one based on it."""
BODY_LINE = 579
TOC_WIDTH = 8844

STYLES = (
    DocxStyle("Normal", "Normal", FANGSONG, 32, BODY_LINE, align="both", base="", grid=True, spacing=-4),
    DocxStyle("NormalIndent", "Normal Indent", first=200, grid=True),
    DocxStyle("Title", "Title", XIAOBIAOSONG, 56, 960, align="center", before=4000, spacing=0),
    DocxStyle("CoverDate", "封面日期", FANGSONG, 36, align="center", before=5600),
    DocxStyle("Heading1", "heading 1", XIAOBIAOSONG, 44, 680, align="center", after=300, outline=0, keep=True,
          following="NormalIndent"),
    DocxStyle("Heading2", "heading 2", HEITI, 32, first=200, outline=1, keep=True, following="NormalIndent"),
    DocxStyle("Heading3", "heading 3", KAITI, 32, first=200, outline=2, keep=True, bold=True, following="NormalIndent"),
    DocxStyle(
        "Heading4", "heading 4", FANGSONG, 32, first=200, outline=3, keep=True, bold=True, following="NormalIndent"
    ),
    *(
        # Headings that stay out of the contents: Word collects the contents by style, so they need styles of their own.
        DocxStyle(f"Heading{level}Unlisted", f"标题 {level}（不入目录）", base=f"Heading{level}", outline=9, keep=True)
        for level in (1, 2, 3, 4)
    ),
    DocxStyle("TocTitle", "目录标题", XIAOBIAOSONG, 44, 680, align="center", after=300),
    DocxStyle("TOC1", "toc 1", HEITI, 28, 460, align="left", before=80, dots=TOC_WIDTH, primary=False),
    DocxStyle("TOC2", "toc 2", FANGSONG, 28, 440, align="left", left=440, dots=TOC_WIDTH, primary=False),
    DocxStyle("TOC3", "toc 3", FANGSONG, 28, 440, align="left", left=880, dots=TOC_WIDTH, primary=False),
    DocxStyle("TOC4", "toc 4", FANGSONG, 28, 440, align="left", left=1320, dots=TOC_WIDTH, primary=False),
    DocxStyle("TableTitle", "表题", XIAOBIAOSONG, 36, 520, align="center", after=80, keep=True),
    DocxStyle("TableCaption", "表格题注", SONGTI, 21, 320, align="left", keep=True),
    DocxStyle(CELL_TEXT, "表格文字", SONGTI, 21, 250, align="left"),
    DocxStyle("TableNote", "表注", SONGTI, 18, 260, align="left"),
    DocxStyle("FigureCaption", "图题", HEITI, 24, 400, align="center", after=160),
    DocxStyle("Figure", "图", line=240, rule="auto", align="center", before=160, keep=True),
    DocxStyle("Spacer", "间隔", size=2, line=20, primary=False),
    DocxStyle("Header", "header", FANGSONG, 21, 300, align="right", primary=False),
    DocxStyle("Footer", "footer", SONGTI, 28, 400, align="center", primary=False),
)  # fmt: skip


def faces(face: str) -> str:
    """The run properties that name a Chinese typeface, with its Latin companion for figures."""
    return f'<w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:cs="{LATIN}" w:eastAsia="{face}"/>'


_CELL_STYLES = re.compile(rf'w:val="{CELL_TEXT}(\d+)(Bold)?"')


def _paragraph(style: DocxStyle) -> str:
    if style.base == CELL_TEXT:
        return "<w:pPr/>"
    parts: list[str] = []
    if style.keep:
        parts.append("<w:keepNext/>")
    if style.dots:
        parts.append(f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{style.dots}"/></w:tabs>')
    if not style.grid:
        parts.append('<w:snapToGrid w:val="0"/>')
    line = f' w:line="{style.line}" w:lineRule="{style.rule}"' if style.line else ""
    if not style.base.startswith("Heading"):
        parts.append(f'<w:spacing w:before="{style.before}" w:after="{style.after}"{line}/>')
        first = f' w:firstLineChars="{style.first}" w:firstLine="{style.first * 32 // 10}"' if style.first else ""
        parts.append(f'<w:ind w:left="{style.left}" w:right="0"{first}/>')
    if style.align:
        parts.append(f'<w:jc w:val="{style.align}"/>')
    if style.outline is not None:
        parts.append(f'<w:outlineLvl w:val="{style.outline}"/>')
    return f"<w:pPr>{''.join(parts)}</w:pPr>"


def _run(style: DocxStyle) -> str:
    parts: list[str] = []
    if style.face:
        parts.append(faces(style.face))
    if style.bold:
        parts.append("<w:b/>")
    if not style.base or style.size:
        parts.append(f'<w:spacing w:val="{style.spacing}"/>')
    if style.size:
        parts.append(f'<w:sz w:val="{style.size}"/><w:szCs w:val="{style.size}"/>')
    return f"<w:rPr>{''.join(parts)}</w:rPr>"


def _style(style: DocxStyle) -> str:
    default = ' w:default="1"' if style.key == "Normal" else ""
    custom = ' w:customStyle="1"' if any("一" <= sign <= "鿿" for sign in style.name) else ""
    return (
        f'<w:style w:type="paragraph"{default}{custom} w:styleId="{style.key}"><w:name w:val="{style.name}"/>'
        + (f'<w:basedOn w:val="{style.base}"/>' if style.base else "")
        + (f'<w:next w:val="{style.following}"/>' if style.following else "")
        + ("<w:qFormat/>" if style.primary else "")
        + _paragraph(style)
        + _run(style)
        + "</w:style>"
    )


def cell_style(size: float, bold: bool) -> DocxStyle:
    """The style of cells set in a size of type (points).

    A style, not the properties of runs: LibreOffice sets what stands in a content control as its paragraph is set.
    """
    half_points = round(size * 2)
    plain, weight = f"{half_points / 2:g}", "粗" if bold else ""
    key = f"{CELL_TEXT}{half_points}{'Bold' if bold else ''}"
    return DocxStyle(key, f"表格文字 {plain} 磅{weight}", size=half_points, bold=bold, base=CELL_TEXT, primary=False)


def styles_xml(used: str = "") -> str:
    """The whole styles part as XML text, with the styles of cells that the XML of a document uses."""
    found = sorted(set(_CELL_STYLES.findall(used)), key=lambda pair: (int(pair[0]), pair[1]))
    cells = [cell_style(int(half_points) / 2, bool(bold)) for half_points, bold in found]
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    return (
        f"<w:styles {DECLARED}><w:docDefaults><w:rPrDefault><w:rPr>{faces(FANGSONG)}"
        '<w:sz w:val="32"/><w:szCs w:val="32"/><w:lang w:val="zh-CN" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
        "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        + "".join(_style(style) for style in (*STYLES, *cells))
        + '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:semiHidden/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:semiHidden/>'
        '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:left w:w="60" w:type="dxa"/>'
        '<w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:basedOn w:val="TableNormal"/>'
        f"<w:qFormat/><w:tblPr><w:tblBorders>{sides}</w:tblBorders></w:tblPr></w:style></w:styles>"
    )


def settings_xml() -> str:
    """The settings part as XML text: a Chinese document of the present format, without any wish to update fields."""
    address = "http://schemas.microsoft.com/office/word"
    options = "".join(
        f'<w:compatSetting w:name="{name}" w:uri="{address}" w:val="{value}"/>'
        for name, value in (
            ("compatibilityMode", 15),
            ("overrideTableStyleFontSizeAndJustification", 1),
            ("enableOpenTypeFeatures", 1),
            ("doNotFlipMirrorIndents", 1),
        )
    )
    return (
        f'<w:settings {DECLARED}><w:zoom w:percent="100"/>'
        '<w:defaultTabStop w:val="420"/><w:characterSpacingControl w:val="compressPunctuation"/>'
        f"<w:compat><w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/>"
        f"<w:ulTrailSpace/><w:doNotExpandShiftReturn/><w:useFELayout/>{options}</w:compat>"
        '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/>'
        '<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>'
    )
