-- 名称：心跳覆盖的运行时间占比
-- 单位：%
-- 计算：各系统有心跳覆盖的时间 ÷（系统数 × 全年时间）；一次心跳覆盖其后 interval 秒。
-- 数据：heartbeats（beat 时间 时间，system 系统 文本）；参数 interval：两次心跳的规定间隔（秒）
-- 边界：年初到第一次心跳、最后一次心跳到年末都计算在内；上年末的心跳覆盖到年初的部分计入；重复的心跳不重复计；
--       全年没有一次心跳的系统不在数据里，不计入系统数，应另查。
WITH beats AS (
    SELECT system, epoch_us(beat) AS began,
           lead(epoch_us(beat)) OVER (PARTITION BY system ORDER BY beat) AS following
    FROM heartbeats
    WHERE beat < $next AND epoch_us(beat) > epoch_us(CAST($first AS TIMESTAMP)) - CAST($interval AS BIGINT) * 1000000
),
covered AS (
    SELECT system,
           greatest(began, epoch_us(CAST($first AS TIMESTAMP))) AS a,
           least(began + CAST($interval AS BIGINT) * 1000000, coalesce(following, epoch_us(CAST($next AS TIMESTAMP))),
                 epoch_us(CAST($next AS TIMESTAMP))) AS b
    FROM beats
)
SELECT sum(greatest(b - a, 0)) AS numerator,
       count(DISTINCT system) * (epoch_us(CAST($next AS TIMESTAMP)) - epoch_us(CAST($first AS TIMESTAMP))) AS denominator
FROM covered
