-- 名称：故障处理时长（中位数）
-- 单位：小时
-- 计算：年度内报修的故障，从报修到修复的时长的中位数。
-- 数据：tickets（opened 报修时间 时间，closed 修复时间 时间，未修复为空）
-- 边界：到年末未修复的按报修到年末的时长计入，不会因为没有修复时间而漏掉；年末以后才修复的按实际时长计；
--       修复时间早于报修时间的是错录，按未修复计。
SELECT median(epoch_us(CASE WHEN closed >= opened THEN closed ELSE greatest(CAST($next AS TIMESTAMP), opened) END)
              - epoch_us(opened)) AS numerator,
       3600000000 AS denominator
FROM tickets
WHERE opened >= $first AND opened < $next
HAVING count(*) > 0
