-- 名称：社会保障卡服务网点数
-- 单位：家
-- 计算：年度最后一天仍在办理业务的合作银行网点数。
-- 数据：branches（branch 网点编号 文本，opened 开办日期 日期，closed 停办日期 日期，未停办为空）
-- 边界：当日停办的不计；同一网点有多条记录（迁址、停办后重开）的只计一次。
SELECT count(DISTINCT branch)
FROM branches
WHERE opened <= $last AND (closed IS NULL OR closed > $last)
