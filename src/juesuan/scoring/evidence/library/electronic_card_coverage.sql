-- 名称：电子社保卡申领覆盖率
-- 单位：%
-- 计算：年度最后一天，已申领电子社保卡的有效持卡人 ÷ 有效持卡人，两边都一人只计一次。
-- 数据：cards（holder 文本，valid_from 日期，valid_to 日期）
--       electronic_cards（holder 文本，signed 申领日期 日期，cancelled 解约日期 日期，未解约为空）
-- 边界：有电子卡而没有有效实体卡的人，分子分母都不计；当日解约的不计；重复申领的只计一次。
WITH holders AS (
    SELECT DISTINCT holder
    FROM cards
    WHERE valid_from <= $last AND (valid_to IS NULL OR valid_to >= $last) AND trim(holder) <> ''
),
signed_up AS (
    SELECT DISTINCT holder
    FROM electronic_cards
    WHERE signed <= $last AND (cancelled IS NULL OR cancelled > $last)
)
SELECT count(signed_up.holder) AS numerator, count(*) AS denominator
FROM holders LEFT JOIN signed_up USING (holder)
