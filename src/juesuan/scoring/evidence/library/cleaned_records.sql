-- 名称：数据清理条数
-- 单位：条
-- 计算：年度内各批次清理的数据条数合计。
-- 数据：cleaning（day 日期 日期，cleaned 清理条数 整数）
-- 边界：同一张表分几批清理的，各批都计。
SELECT sum(cleaned)
FROM cleaning
WHERE day >= $first AND day < $next
