"""The messages of the input side: every fault a workbook or ledger can have, in Chinese, with what would be right."""

from __future__ import annotations

from typing import Final

import msgspec

from juesuan.account import JuesuanError


class BadValueError(JuesuanError, ValueError):
    """A cell that cannot be taken as it stands.

    `kept` is what is nevertheless usable of it: a well-formed code that is missing from our table.
    """

    def __init__(self, message: str, kept: str = "") -> None:
        super().__init__(message)
        self.kept = kept


class Suggestion(msgspec.Struct, frozen=True):
    """A code that was perhaps meant, with its name."""

    code: str
    name: str

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


MESSAGES: Final[dict[str, str]] = {
    # amounts and numbers
    "amount.text": "“{found}”不是数字；金额以元为单位，只填数字，例如 12000.50。没有发生的请留空",
    "amount.worded": "“{found}”不是数字；金额以元为单位，只填数字，应填 {right}",
    "amount.decimals": "“{found}”的小数多于两位；金额以元为单位，应最多两位小数",
    "amount.wan": "“{found}”的小数多于两位；似以万元填写，应为元：{right}",
    "amount.negative": "金额为负数（{found}）；应填不小于 0 的数，冲减后的净额不应为负",
    "amount.blank": "金额是空的；应填以元为单位的数字",
    "number.text": "“{found}”不是数字；应只填数字",
    "count.text": "“{found}”不是整数；应填不小于 0 的整数，不带单位",
    "points.range": "分值“{found}”应在 0 至 100 之间",
    "share.range": "“{found}”应在 0 至 100 之间（百分数，达成预期填 100）",
    "share.ratio": "“{found}”小于等于 1；得分率按百分数填写，似应为 {right}",
    "year": "“{found}”不是年份；应填四位年份，例如 {right}",
    # texts, dates and choices
    "date": "“{found}”不是可识别的日期；应填如 {right} 的日期",
    "choice": "“{found}”不在可选项之内；应为：{options}",
    "subject": "“{found}”既不是“{fixed}”，也不是“{sheet}”表中的名称；应与其完全一致{nearest}",
    "nearest": "，最接近的是“{found}”",
    "error": "单元格是公式错误 {found}；应改为数值或文字",
    "uncached": "单元格是公式，但文件里没有计算结果；请用 Excel 打开、保存后再编制，或直接填数值",
    # codes
    "code.total": "“{found}”是合计行；合计由程序计算，请删除这一行",
    "code.digits": "“{found}”不是{table}科目编码；应为 {digits} 位数字{nearest}",
    "code.length": "“{found}”是 {count} 位，{table}科目编码应填到{level}级（{digits} 位）{nearest}",
    "code.level": "“{found}”是{found_level}级科目“{name}”；应填到{level}级（{digits} 位）{nearest}",
    "code.named": "“{found}”含有文字；应只填编码 {right}",
    "code.year": "{year} 年的{table}科目中没有 {found}“{name}”，它属于其他年度；应改用当年的科目{nearest}",
    "code.unknown": "{year} 年的{table}科目表中没有 {found}{nearest}；确为有效科目的，请在“自定义科目”表登记编码和名称",
    "code.nearest": "；相近的有：{found}",
    # lines and sheets
    "required": "缺少“{label}”；这一行有其他内容时必须填写",
    "required.field": "“{label}”必须填写",
    "duplicate": "与第 {line} 行重复（{what}）；应合并为一行",
    "text.twice": "科目 {code} 的“{label}”已在 {cell} 填写，两处内容不同；应只保留一处",
    "project.missing": (
        "科目 {code} 有项目支出 {amount} 元，但“{sheet}”表中没有该科目的项目；"
        "应在“{sheet}”表登记项目，或改填基本支出"
    ),
    "project.fund": (
        "科目 {code} 的项目支出有几种资金来源（{funds}），看不出项目“{name}”用的是哪一种；"
        "请在“资金来源”列填写，一个项目用了几种资金的，一种一行"
    ),
    "project.fund.none": (
        "科目 {code} 没有项目支出，看不出项目“{name}”用的是哪种资金（本单位的项目支出有{funds}）；"
        "请核对项目的科目编码，或在“资金来源”列填写"
    ),
    "function.needed": "{source}的{record}须写明功能分类科目（7 位编码）",
    "unit.wan": (
        "金额 {found}（单元格 {cells}）恰为{other}（单元格 {other_cells}）{right} 的一万分之一；"
        "似以万元填写，应改为元"
    ),
    "sheet.missing": "缺少工作表“{sheet}”；请用 juesuan new 重新生成工作簿，把已填内容粘贴过去",
    "sheet.unknown": "不认识的工作表“{sheet}”，其中的内容没有读取；应移入规定的工作表，或删除",
    "header.missing": "找不到表头“{label}”这一列；请恢复原来的表头",
    "header.unknown": "不认识的列“{label}”，其中的内容没有读取；应移入规定的列，或删除",
    "label.missing": "找不到“{label}”这一项；请恢复原来的项目名称",
    "label.unknown": "不认识的项目“{label}”，其填写的内容没有读取；应改用规定的项目名称，或删除",
    "evidence.differs": (
        "“{name}”的实际完成值填写为“{typed}”，佐证查询“{query}”（数据集 {data}）得出“{value}”，两者不一致；"
        "请核对数据和查询，改正填写的数，或留空由佐证填入"
    ),
    "evidence.place": "“{found}”不在已上传的佐证数据之内；请先上传文件，这里只填文件名",
    # ledgers
    "ledger.structure": "这一行有 {count} 列，表头有 {wanted} 列；应补齐或删去多余的列（内容含逗号的应加引号）",
    "ledger.fund": "缺少资金来源；应填资金性质的编码或名称，如 111 或 一般公共预算",
    "ledger.fund.unknown": "不认识的资金来源“{found}”；应为：{options}",
    "ledger.record": "不认识的收支类别“{found}”；应为：{options}",
    "ledger.nature": "缺少支出性质；应为：{options}",
    "ledger.nature.unknown": "不认识的支出性质“{found}”；应为：{options}",
    "ledger.function": "缺少功能分类科目编码；应填项级（7 位）编码",
    "ledger.economy": "一般公共预算基本支出缺少经济分类科目编码；应填款级（5 位）编码",
    "ledger.project": "项目支出没有写明项目；应填项目名称或项目编码",
    "ledger.month": "月份“{found}”不对；应为 1 至 12",
    "ledger.negative": "金额为负数（{found}）；冲销、红字记录应在“冲销标志”列注明",
    "ledger.net": "{what} 汇总后为负数（{found} 元，共 {entries} 条记录）；净额不应小于 0",
    "ledger.large": "{what} 汇总后为 {found} 元，超出可能的范围；请核对金额的单位（应为元）",
    "ledger.units": "含有多个单位：{found}；应指明编制哪一个单位",
    "ledger.unit.blank": "没有写明单位；应填单位编码或名称",
    "ledger.unit": "没有单位“{found}”的记录；应为文件中的单位：{options}",
    "ledger.more": "另有 {count} 行有同类问题（{label}）",
    "ledger.columns": "缺少应有的列：{missing}；文件的表头是：{found}",
    # whole files
    "file.missing": "{file}：没有这个文件",
    "file.empty": "{file}：文件是空的",
    "file.encrypted": "{file}：文件有打开密码；请在 Excel 中取消密码后另存为 .xlsx",
    "file.xls": "{file}：是旧的 .xls 格式；请在 Excel 中另存为 .xlsx",
    "file.workbook": "{file}：不是 Excel 工作簿（.xlsx），或文件已损坏；请在 Excel 中打开，另存为 .xlsx 后再用",
    "file.strange": "{file}：不是填报工作簿，没有一张规定的工作表；请先用 juesuan new 生成",
    "file.ledger": "{file}：不是可读的明细账；应为 CSV、Parquet 或 XLSX",
    "file.text": "{file}：文件既不是 UTF-8 也不是 GB18030 编码",
}


def say(key: str, **values: object) -> str:
    """The message `key` with its places filled in. Raises KeyError for a message that is not in the catalogue."""
    return MESSAGES[key].format(**values)
