"""The DOCX of a document: editable, with real styles, a live table of contents and landscape sections.

The contents (目录) and Word's dialogue. Word brings a TOC field up to date on opening only if `w:updateFields` or
`w:dirty` asks for it, and then stops the reader with “该文档包含的域可能引用了其他文件……是否更新”, each time until
the file is saved; where the answer is no, or the viewer is not Word, the list stays as it was written, and a dirty
field can even show page 1 everywhere. So neither is set. The entries are written in full, as links with PAGEREF fields,
and their page numbers are those of the PDF of the same document: both have the same paper, the same 22 lines of 28
characters and new pages at the same places, so that the numbers are right, or a page off where fonts differ.
Word corrects PAGEREF fields by itself before it prints or exports; whoever edits the text presses F9 or the “更新目录”
button that stands above the list, because it is wrapped as a contents block.
"""

from __future__ import annotations

import io
import math
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from juesuan.publisher import pages as layout
from juesuan.publisher.binding import attach, printed, to_xml
from juesuan.publisher.document import (
    Chart,
    Document,
    Heading,
    Table,
    Text,
    TextGap,
    anchors,
    contents,
    printable,
    stretches,
)
from juesuan.publisher.docx.controls import Controls
from juesuan.publisher.docx.pictures import picture
from juesuan.publisher.docx.styles import BODY_LINE, DECLARED, TOC_WIDTH, settings_xml, styles_xml
from juesuan.publisher.docx.text import attribute, bookmarked, field, grid, paragraph, run
from juesuan.publisher.pdf import writer as pdf

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

ZIP_DATE = (2000, 1, 1, 0, 0, 0)
PORTRAIT = (
    '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2098" w:right="1462" w:bottom="1984" w:left="1587" '
    'w:header="1134" w:footer="1400" w:gutter="0"/>'
)
LANDSCAPE = (
    '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/><w:pgMar w:top="1587" w:right="1417" w:bottom="1587" '
    'w:left="1417" w:header="850" w:footer="1000" w:gutter="0"/>'
)

_CONTENTS_SIZE, _PAGE_NUMBER = 14.0, 30.0
"""The type of the contents, and the room of a page number with some dots before it, in points."""


def write_docx(document: Document, path: Path | str) -> None:
    """Write the document as DOCX; the same document gives the same bytes.

    Raises ValueError where a table's cells do not fill its grid.
    """
    import docx

    word = docx.Document()
    part: Any = word.part
    _bare_template(word)
    footer, footer_key = part.add_footer_part()
    _filled(footer.element, _root(_footer()))
    header_key = ""
    if document.draft:
        header, header_key = part.add_header_part()
        _filled(header.element, _root(_draft_header()))
    writer = _Writer(document, word, footer_key, header_key)
    body = writer.body()
    _filled(word.styles.element, styles_xml(body))
    _filled(word.element.body, _root(body))
    if writer.controls.kept:
        attach(word, to_xml(printed(document), writer.controls.values))
    _described(word, document)
    buffer = io.BytesIO()
    word.save(buffer)
    Path(path).write_bytes(_fixed(buffer.getvalue()))


class _Writer:
    """Lays the blocks of one document out as the body of the main part."""

    def __init__(self, document: Document, word: WordDocument, footer_key: str, header_key: str) -> None:
        self.document = document
        self.word = word
        self.footer_key = footer_key
        self.header_key = header_key
        self.anchors = anchors(document)
        self.numbers = {anchor: number for number, anchor in enumerate(self.anchors, 1) if anchor}
        self.pages = pdf.page_numbers(document)
        self.pictures = 0
        self.controls = Controls(document)

    def body(self) -> str:
        document = self.document
        # The header, if any, stands in the first section; the later ones inherit it, and the footer of the first body
        # section likewise.
        header = f'<w:headerReference w:type="default" r:id="{self.header_key}"/>' if self.header_key else ""
        footer = f'<w:footerReference w:type="default" r:id="{self.footer_key}"/>'
        parts = [self._cover()]
        if not document.brief:
            parts.append(self._section(PORTRAIT, header))
        if contents(document):
            parts += [self._contents(), self._section(PORTRAIT, "")]
        sheets = layout.sheets(document)
        first = header + footer if document.brief else footer
        numbering = '<w:pgNumType w:start="1"/>'
        for position, sheet in enumerate(sheets):
            opening = position == 0 or sheets[position - 1].landscape != sheet.landscape
            parts.append(self._sheet(sheet, not opening and bool(position or not document.brief)))
            last = position + 1 == len(sheets)
            if last or sheets[position + 1].landscape != sheet.landscape:
                paper = LANDSCAPE if sheet.landscape else PORTRAIT
                section = self._properties(paper, first, numbering)
                parts.append(section if last else self._spacer(section))
                first = numbering = ""
        if not sheets:
            parts.append(self._properties(PORTRAIT, footer, numbering))
        return "".join(parts)

    def _properties(self, paper: str, references: str, numbering: str) -> str:
        return (
            f'<w:sectPr>{references}<w:type w:val="nextPage"/>{paper}{numbering}'
            f'<w:docGrid w:type="lines" w:linePitch="{BODY_LINE}"/></w:sectPr>'
        )

    def _section(self, paper: str, references: str) -> str:
        return self._spacer(self._properties(paper, references, ""))

    def _spacer(self, properties: str = "") -> str:
        return paragraph("Spacer", "", properties)

    def _cover(self) -> str:
        # The longer the title, the less room stands between it and the date: both stay on the one page.
        if self.document.brief:
            return paragraph("Title", run("\n".join(self.document.cover), '<w:sz w:val="32"/>'),
                             '<w:spacing w:before="0" w:after="80" w:line="440" w:lineRule="exact"/>')
        before = max(600, 5600 - 960 * (len(self.document.cover) - 1))
        spacing = f'<w:spacing w:before="{before}"/>'
        date = paragraph("CoverDate", run(self.document.date), spacing) if self.document.date else ""
        widest = max([layout.breadth(line) for line in self.document.cover], default=1.0)
        size = round(2 * max(16.0, min(28.0, layout.TEXT_WIDTH / (widest + 0.5))))
        return paragraph("Title", run("\n".join(self.document.cover), f'<w:sz w:val="{size}"/>')) + date

    def _contents(self) -> str:
        entries = contents(self.document)
        deepest = max(entry.level for entry in entries)
        lines: list[str] = []
        for position, entry in enumerate(entries):
            mark = _bookmark(self.numbers[entry.anchor])
            page = field(f"PAGEREF {mark} \\h", str(self.pages.get(entry.anchor, "")))
            level = min(entry.level, 4)
            text = run(entry.text, _contents_size(entry.text, level))
            link = f'<w:hyperlink w:anchor="{mark}" w:history="1">{text}<w:r><w:tab/></w:r>{page}</w:hyperlink>'
            opening = closing = ""
            if position == 0:
                opening = (
                    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> '
                    f'TOC \\o "1-{deepest}" \\h \\z \\u </w:instrText></w:r>'
                    '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
                )
            if position + 1 == len(entries):
                closing = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
            lines.append(paragraph(f"TOC{level}", opening + link + closing))
        return (
            '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/>'
            f"</w:docPartObj></w:sdtPr><w:sdtContent>{paragraph('TocTitle', run('目　录'))}{''.join(lines)}"
            "</w:sdtContent></w:sdt>"
        )

    def _sheet(self, sheet: layout.PageRun, break_before: bool) -> str:
        above = layout.headings_height(self.document, sheet)
        parts: list[str] = []
        for position, number in enumerate(sheet.blocks):
            block = self.document.blocks[number]
            opening = "<w:pageBreakBefore/>" if break_before and position == 0 else ""
            if isinstance(block, Heading):
                parts.append(self._heading(block, number, opening, sheet.divider and position == 0))
            elif isinstance(block, Text):
                parts.append(self._text(block, opening))
            elif isinstance(block, Chart):
                parts.append(self._chart(block, number, opening))
            else:
                parts.append(self._table(block, number, opening, above))
        return "".join(parts)

    def _marked(self, content: str, number: int) -> str:
        key = self.numbers[self.anchors[number]]
        return bookmarked(content, _bookmark(key), key)

    def _heading(self, heading: Heading, number: int, opening: str, lowered: bool) -> str:
        style = f"Heading{min(heading.level, 4)}" + ("" if heading.listed else "Unlisted")
        # The title of a part that has its page to itself stands where the eye expects it, above the middle.
        spacing = ' w:before="4400"' if lowered else ""
        indents = ""
        if heading.level == 1:
            width = layout.breadth(heading.text) * 22
            lines = max(1, math.ceil(width / layout.TEXT_WIDTH))
            # The PDF breaks the title after 第…部分; as much room here keeps the pages of both alike.
            more = len(layout.balanced(heading.text, 22, layout.TEXT_WIDTH)) - lines
            spacing += f' w:after="{300 + 680 * more}"' if more > 0 else ""
            if lines > 1:
                # Indents make the lines about equal; a line break would be copied into the contents.
                side = max(0, round((layout.TEXT_WIDTH - width / lines - 30) * 10))
                indents = f'<w:ind w:left="{side}" w:right="{side}"/>'
        place = (f"<w:spacing{spacing}/>" if spacing else "") + indents
        return paragraph(style, self._marked(run(heading.text), number), opening + place)

    def _text(self, text: Text, opening: str) -> str:
        content = self.controls.paragraph(text, lambda start, end: _runs(text, start, end))
        # A justified line that ends in a line break would be stretched over the whole width.
        broken = text.align == "left" and "\n" in text.text
        align = '<w:jc w:val="left"/>' if broken else "" if text.align == "left" else f'<w:jc w:val="{text.align}"/>'
        return paragraph("NormalIndent" if text.indent else "Normal", content, opening + align)

    def _chart(self, chart: Chart, number: int, opening: str) -> str:
        drawn = picture(chart)
        size = f'cx="{drawn.across}" cy="{drawn.down}"'
        key, _ = self.word.part.get_or_add_image(io.BytesIO(drawn.png))
        self.pictures += 1
        described = f'id="{self.pictures}" name="图片 {self.pictures}" descr="{attribute(chart.description)}"'
        drawing = (
            f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/>'
            f'<wp:docPr {described}/><wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/>'
            "</wp:cNvGraphicFramePr><a:graphic>"
            '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
            f"<pic:nvPicPr><pic:cNvPr {described}/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>"
            f'<a:blip r:embed="{key}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>'
            f'<a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
            "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
        )
        shown = paragraph("Figure", self._marked(drawing, number), opening)
        return shown + paragraph("FigureCaption", run(chart.caption))

    def _table(self, table: Table, number: int, opening: str, above: float) -> str:
        setting = layout.table_setting(table, above)
        width = sum(setting.columns)
        parts: list[str] = []
        if table.title:
            size = 12.0 if table.bare else layout.title_size(table, width)
            outline = f'<w:outlineLvl w:val="{table.heading - 1}"/>' if table.heading else ""
            text = run(table.title, f'<w:sz w:val="{round(size * 2)}"/>')
            parts.append(paragraph("TableTitle", self._marked(text, number), opening + outline))
        elif opening:
            parts.append(self._spacer(opening))
        right = '<w:jc w:val="right"/>'
        if table.number:
            parts.append(paragraph("TableCaption", run(table.number), right))
        if table.left or table.right:
            tab = f'<w:tabs><w:tab w:val="right" w:pos="{round(width * 20)}"/></w:tabs>'
            text = run(table.left) + "<w:r><w:tab/></w:r>" + run(table.right)
            parts.append(paragraph("TableCaption", text, tab))
        parts.append(grid(table, setting, self.controls))
        parts.extend(paragraph("TableNote", run(note)) for note in table.notes)
        if not table.notes:
            # A paragraph must follow: two tables without one between them would become one.
            parts.append(self._spacer('<w:spacing w:before="120"/>' if table.bare else ""))
        return "".join(parts)


def _contents_size(text: str, level: int) -> str:
    """The type of a line of the contents that leaves its page number no room: smaller, else the number is torn."""
    room = TOC_WIDTH / 20 - 22 * (level - 1) - _PAGE_NUMBER
    size = max(10.5, room / layout.breadth(text)) if text else _CONTENTS_SIZE
    return "" if size >= _CONTENTS_SIZE else f'<w:sz w:val="{int(size * 2)}"/>'


def _runs(text: Text, start: int, end: int) -> str:
    """The runs of a stretch of a paragraph, what is still to be written on yellow."""
    gaps = tuple(
        TextGap(max(gap.start, start) - start, min(gap.end, end) - start)
        for gap in text.gaps
        if gap.start < end and gap.end > start
    )
    part = Text(text.text[start:end], gaps)
    return "".join(run(stretch, '<w:highlight w:val="yellow"/>' if gap else "") for stretch, gap in stretches(part))


def _root(inner: str) -> str:
    return f"<w:body {DECLARED}>{inner}</w:body>"


def _bookmark(number: int) -> str:
    return f"_Toc{number:08d}"


def _footer() -> str:
    page = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    return paragraph("Footer", f"{run('— ')}{page}{run(' —')}")


def _draft_header() -> str:
    """The mark of a draft: words in the header for every program, and a watermark for those that show it."""
    mark = printable(pdf.DRAFT_MARK)
    watermark = (
        '<w:r><w:pict><v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" '
        'path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/>'
        '<v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/>'
        '<v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/>'
        '<v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/><v:f eqn="sum @6 0 @5"/></v:formulas>'
        '<v:path textpathok="t" o:connecttype="custom" o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" '
        'o:connectangles="270,180,90,0"/><v:textpath on="t" fitshape="t"/></v:shapetype>'
        '<v:shape id="DraftMark" o:spid="_x0000_s2049" type="#_x0000_t136" alt="草稿水印" '
        'style="position:absolute;margin-left:0;margin-top:0;width:420pt;height:70pt;rotation:325;z-index:-251658752;'
        "mso-position-horizontal:center;mso-position-horizontal-relative:page;mso-position-vertical:center;"
        'mso-position-vertical-relative:page" o:allowincell="f" fillcolor="#d9d9d9" stroked="f">'
        '<v:fill opacity=".6"/>'
        f'<v:textpath style="font-family:&quot;黑体&quot;;font-size:1pt" string="{mark}"/></v:shape></w:pict></w:r>'
    )
    return paragraph("Header", run(mark, '<w:color w:val="C00000"/>') + watermark)


def _filled(element: Any, xml: str) -> None:
    """Put what stands inside the root of the XML text in place of all that the element holds."""
    from docx.oxml import parse_xml

    for child in list(element):
        element.remove(child)
    for child in list(parse_xml(xml)):
        element.append(child)


def _bare_template(word: WordDocument) -> None:
    """Put our settings in place of those of python-docx's template, and take out the rest it brings along:

    a thumbnail, properties of the program it was made with, fonts and list styles of other languages.
    """
    from docx.opc.constants import RELATIONSHIP_TYPE as KINDS

    _filled(word.settings.element, settings_xml())
    for relations, retained in (
        (word.part.package.rels, {KINDS.OFFICE_DOCUMENT, KINDS.CORE_PROPERTIES}),
        (word.part.rels, {KINDS.STYLES, KINDS.SETTINGS, KINDS.THEME}),
    ):
        for key in [key for key, relation in relations.items() if relation.reltype not in retained]:
            del relations[key]


def _described(word: WordDocument, document: Document) -> None:
    moment = pdf.creation_time(document).replace(tzinfo=None)
    properties = word.core_properties
    properties.title = printable(document.title)
    properties.author = printable(document.author)
    properties.last_modified_by = printable(document.author)
    properties.subject = printable(document.subject)
    properties.keywords = f"决算公开 {document.year}"
    properties.language = "zh-CN"
    properties.comments = ""
    properties.category = ""
    properties.revision = 1
    properties.created = properties.modified = moment


def _fixed(content: bytes) -> bytes:
    """The same package with a constant date on every member, so that equal documents are equal bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, ZIP_DATE)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o600 << 16
            target.writestr(member, source.read(name))
    return buffer.getvalue()
