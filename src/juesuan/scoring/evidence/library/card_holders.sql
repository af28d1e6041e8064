-- 名称：社会保障卡有效持卡人数
-- 单位：人
-- 计算：年度最后一天持有有效卡的人数，一人只计一次。
-- 数据：cards（holder 持卡人编号 文本，valid_from 启用日期 日期，valid_to 停用日期 日期，含当日，未停用为空）
-- 边界：补换卡的旧卡已停用，与新卡不重复计人；年内注销的不计；年后启用的不计；持卡人编号空白的卡不计。
SELECT count(DISTINCT holder)
FROM cards
WHERE valid_from <= $last
  AND (valid_to IS NULL OR valid_to >= $last)
  AND trim(holder) <> ''
