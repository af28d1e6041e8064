-- 名称：线上服务日均访问量
-- 单位：人次
-- 计算：年度内访问人次合计 ÷ 全年天数。
-- 数据：visits（hour 时段 时间，visits 人次 整数）
-- 边界：没有记录的日子也在全年天数之内，不会抬高平均数；闰年按 366 天。
SELECT sum(visits) AS numerator, date_diff('day', $first, $next) AS denominator
FROM visits
WHERE hour >= $first AND hour < $next
