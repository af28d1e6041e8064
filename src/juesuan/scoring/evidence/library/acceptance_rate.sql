-- 名称：设备、系统验收合格率
-- 单位：%
-- 计算：年度内首次验收的设备和系统中，首次验收即合格的比例。
-- 数据：acceptances（item 编号 文本，inspected 验收日期 日期，result 结论 文本：合格、不合格）
-- 边界：整改后复验合格的，首次不合格，不算合格；上年已首次验收、本年复验的不计；同日几次验收有一次不合格的算不合格。
WITH firsts AS (
    SELECT item, inspected, result,
           row_number() OVER (PARTITION BY item ORDER BY inspected, result = '合格') AS number
    FROM acceptances
)
SELECT count(*) FILTER (WHERE result = '合格') AS numerator, count(*) AS denominator
FROM firsts
WHERE number = 1 AND inspected >= $first AND inspected < $next
