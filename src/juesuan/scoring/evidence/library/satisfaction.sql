-- 名称：服务对象满意度
-- 单位：%
-- 计算：年度内有效答卷中，“很满意”和“满意”的比例。
-- 数据：survey（respondent 答卷人 文本，answered 时间 时间，answer 回答 文本：很满意、满意、一般、不满意、很不满意）
-- 边界：匿名答卷（答卷人空白）各算一份；一人多次作答的取最后一次；空白和其他回答是无效答卷，不计入分母；同一时刻的几次作答取其中最差的。
WITH answers AS (
    SELECT coalesce(nullif(trim(respondent), ''), '匿名 ' || row_number() OVER ()) AS respondent, answered,
           list_position(['很满意', '满意', '一般', '不满意', '很不满意'], trim(answer)) AS place
    FROM survey
    WHERE answered >= $first AND answered < $next
),
latest AS (
    SELECT place, row_number() OVER (PARTITION BY respondent ORDER BY answered DESC, place DESC) AS newest
    FROM answers
    WHERE place > 0
)
SELECT count(*) FILTER (WHERE place <= 2) AS numerator, count(*) AS denominator
FROM latest
WHERE newest = 1
