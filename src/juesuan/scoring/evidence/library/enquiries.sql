-- 名称：自助查询打印业务量
-- 单位：笔
-- 计算：年度内办理成功的查询和打印笔数。
-- 数据：enquiries（enquiry 流水号 文本，handled 办理时间 时间，result 结果 文本：成功、失败）
-- 边界：失败的不计；同一流水号重复上传的只计一次；12 月 31 日 24 时以前的都计入，次年 0 时的不计。
SELECT count(DISTINCT enquiry)
FROM enquiries
WHERE handled >= $first AND handled < $next AND result = '成功'
