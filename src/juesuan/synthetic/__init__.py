"""Synthetic jurisdictions (合成数据): invented units with ledgers and published files, with planted faults."""
