-- 名称：每周正常服务时间
-- 单位：小时/周
-- 计算：168 小时 × 全年正常运行时间占比；目标写作“7*24小时”或“24小时不间断”（每天 24 小时）的都可以比较。
-- 数据：outages（began 开始时间 时间，ended 恢复时间 时间，未恢复为空）
-- 边界：同“全年正常运行时间占比”（uptime）。
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
SELECT (whole.microseconds - down.microseconds) * 168 AS numerator, whole.microseconds AS denominator
FROM down, whole
