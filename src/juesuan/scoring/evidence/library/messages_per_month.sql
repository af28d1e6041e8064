-- 名称：月均发送短信量
-- 单位：条
-- 计算：年度内送达的短信条数 ÷ 12。
-- 数据：messages（sent 发送时间 时间，state 状态 文本：已送达、失败）
-- 边界：没有短信的月份也在 12 个月之内；发送失败的不计；一条短信有几行就是几条（长短信按分条计）。
SELECT count(*) AS numerator, 12 AS denominator
FROM messages
WHERE sent >= $first AND sent < $next AND state = '已送达'
HAVING count(*) > 0
