-- 名称：在用服务终端数
-- 单位：台
-- 计算：年度最后一天在用的某类终端（自助机、柜台）数。
-- 数据：terminals（terminal 编号 文本，kind 类别 文本，installed 启用日期 日期，removed 撤除日期 日期，在用为空）；
--       参数 kind：类别
-- 边界：当日撤除的不计；移机后重新登记的同一编号只计一次。
SELECT count(DISTINCT terminal)
FROM terminals
WHERE kind = $kind AND installed <= $last AND (removed IS NULL OR removed > $last)
