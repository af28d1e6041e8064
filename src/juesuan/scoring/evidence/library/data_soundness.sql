-- 名称：数据完整可靠程度
-- 单位：%
-- 计算：各表抽查合格率按该表记录数加权：Σ（记录数 × 合格数 ÷ 抽查数）÷ Σ 记录数。
-- 数据：cleaning（source_table 表 文本，day 日期 日期，records 记录数 整数，checked 抽查数 整数，passed 合格数 整数）
-- 边界：一张表的各批次先合并再算；没有抽查的表按不合格计，不会因为没查而算作合格。
WITH tables AS (
    SELECT source_table, sum(records) AS records, sum(checked) AS checked, sum(passed) AS passed
    FROM cleaning
    WHERE day >= $first AND day < $next
    GROUP BY source_table
)
SELECT coalesce(sum(CASE WHEN checked > 0 THEN records * passed / checked END), 0) AS numerator,
       sum(records) AS denominator
FROM tables
