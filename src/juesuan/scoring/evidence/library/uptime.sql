-- 名称：全年正常运行时间占比
-- 单位：%
-- 计算：1 −（年度内中断时间 ÷ 全年时间），按 7×24 小时计。
-- 数据：outages（began 开始时间 时间，ended 恢复时间 时间，未恢复为空）
-- 边界：跨年的中断只计落在年度内的部分；到年末未恢复的计到年末；几处同时中断的时段只计一次；计划内停机也是中断。
--       全年没有中断时数据集可以为空，须声明 may_be_empty = true。
WITH clipped AS (
    SELECT epoch_us(greatest(began, CAST($first AS TIMESTAMP))) AS a,
           epoch_us(least(coalesce(ended, CAST($next AS TIMESTAMP)), CAST($next AS TIMESTAMP))) AS b
    FROM outages
    WHERE began < $next AND coalesce(ended, CAST($next AS TIMESTAMP)) > $first
),
reached AS (
    SELECT a, b, max(b) OVER (ORDER BY a, b ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
    FROM clipped
    WHERE b > a
),
down AS (
    SELECT coalesce(sum(CASE WHEN before IS NULL OR a >= before THEN b - a
                             WHEN b > before THEN b - before ELSE 0 END), 0) AS microseconds
    FROM reached
),
whole AS (
    SELECT epoch_us(CAST($next AS TIMESTAMP)) - epoch_us(CAST($first AS TIMESTAMP)) AS microseconds
)
SELECT whole.microseconds - down.microseconds AS numerator, whole.microseconds AS denominator
FROM down, whole
