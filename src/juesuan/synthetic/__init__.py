"""Synthetic jurisdictions (合成数据): invented units with ledgers and published files, with planted faults."""

from juesuan.synthetic.answer_key import read_answers, score
from juesuan.synthetic.findings import findings_in_folder, findings_in_store
from juesuan.synthetic.jurisdiction import SHARES, SimulationOrder, simulate

__all__ = ["SHARES", "SimulationOrder", "findings_in_folder", "findings_in_store", "read_answers", "score", "simulate"]
