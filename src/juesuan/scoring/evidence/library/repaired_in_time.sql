-- 名称：故障及时处理率
-- 单位：%
-- 计算：年度内报修的故障中，在 hours 小时内修复的比例（恰好等于 hours 小时的算及时）。
-- 数据：tickets（opened 报修时间 时间，closed 修复时间 时间，未修复为空）；参数 hours：规定的小时数
-- 边界：未修复的算不及时；修复时间早于报修时间的是错录，算不及时。
SELECT count(*) FILTER (WHERE closed >= opened AND epoch_us(closed) - epoch_us(opened) <= $hours * 3600000000)
           AS numerator,
       count(*) AS denominator
FROM tickets
WHERE opened >= $first AND opened < $next
