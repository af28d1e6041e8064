"""The operational data of an information centre, made up from a seed: `generate.py FOLDER --scale 0.001 --seed 2022`.

Scale 1 is the true size: 11.1 million card holders, 1.3 million messages, 305,000 enquiries, 10.5 million heartbeats,
361,000 visits a day. The same scale and seed give the same bytes. Nothing in it is data of a real person or system.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import duckdb

SECONDS = 365 * 24 * 3600
HOLDERS, ENQUIRIES, MESSAGES, BEATS, VISITS = 11_107_100, 305_213, 1_322_808, 10_512_000, 361_204
CLEANED, ANSWERS = 19_000_000_000, 12_000
SYSTEMS = 20

OUTAGES = (
    ("核心交换机", "2021-12-31 23:10:00", "2022-01-01 00:40:00", False),
    ("市电检修", "2022-03-12 01:00:00", "2022-03-12 02:30:00", True),
    ("社保卡库", "2022-05-20 09:15:00", "2022-05-20 10:05:00", False),
    ("自助查询", "2022-05-20 09:40:00", "2022-05-20 10:35:00", False),
    ("短信网关", "2022-08-03 15:00:00", "2022-08-03 15:25:00", False),
    ("存储阵列", "2022-10-16 04:00:00", "2022-10-16 05:10:00", False),
    ("出口链路", "2022-12-31 23:30:00", None, False),
)
"""Outages of the machine room: one over the turn of the year, two at the same time, one not yet ended at the end."""


class Maker:
    """Writes the data sets of one folder."""

    def __init__(self, folder: Path, scale: float, seed: int) -> None:
        self.folder = folder
        self.scale = scale
        self.seed = seed
        # One thread: row groups then fall the same way on every machine.
        self.connection = duckdb.connect(config={"threads": "1"})
        self.connection.execute(f"CREATE MACRO draw(i, what, n) AS CAST(hash(i, what, {seed}) % n AS BIGINT)")

    def size(self, number: int) -> int:
        """`number` at this scale, at least one."""
        return max(1, round(number * self.scale))

    def write(self, name: str, query: str) -> None:
        """The rows of `query` as the file `name`."""
        kind = "FORMAT csv, HEADER" if name.endswith(".csv") else "FORMAT parquet, COMPRESSION zstd"
        self.connection.execute(f"COPY ({query}) TO '{(self.folder / name).as_posix()}' ({kind})")

    @property
    def interval(self) -> int:
        """The seconds between two heartbeats of a system."""
        return max(60, round(SECONDS * self.systems / self.size(BEATS)))

    @property
    def systems(self) -> int:
        """How many systems send heartbeats."""
        return max(1, round(SYSTEMS * self.scale))

    def cards(self) -> None:
        """A valid card for every holder, replaced ones, ended ones, and ones of the next year."""
        holders = self.size(HOLDERS)
        self.write("cards.parquet", f"""
            WITH holders AS (
                SELECT i, '42' || lpad(CAST(i AS VARCHAR), 9, '0') AS holder,
                       DATE '2012-01-01' + CAST(draw(i, 'issued', 3980) AS INTEGER) AS valid_from
                FROM range({holders}) t(i)
            ),
            cards AS (
                SELECT i * 4 AS n, holder, valid_from, CAST(NULL AS DATE) AS valid_to FROM holders
                UNION ALL
                SELECT i * 4 + 1, holder, valid_from - 1200, valid_from FROM holders WHERE draw(i, 'replaced', 100) < 6
                UNION ALL
                SELECT i * 4 + 2, '43' || lpad(CAST(i AS VARCHAR), 9, '0'), valid_from - 900,
                       DATE '2022-12-30' - CAST(draw(i, 'ended', 700) AS INTEGER)
                FROM holders WHERE draw(i, 'left', 1000) < 9
                UNION ALL
                SELECT i * 4 + 3, '44' || lpad(CAST(i AS VARCHAR), 9, '0'), DATE '2023-01-01' + CAST(i % 15 AS INTEGER), NULL
                FROM holders WHERE draw(i, 'new', 1000) < 4
            )
            SELECT 'A' || lpad(CAST(n AS VARCHAR), 9, '0') AS card, holder,
                   '01' || lpad(CAST(draw(n, 'branch', 810) AS VARCHAR), 4, '0') AS branch, valid_from, valid_to
            FROM cards ORDER BY n
        """)
        self.write("electronic_cards.parquet", f"""
            SELECT '42' || lpad(CAST(i AS VARCHAR), 9, '0') AS holder,
                   DATE '2019-06-01' + CAST(draw(i, 'signed', 1300) AS INTEGER) AS signed,
                   CASE WHEN draw(i, 'cancelled', 500) = 0 THEN DATE '2022-12-31' END AS cancelled
            FROM range({holders}) t(i) WHERE draw(i, 'electronic', 10000) < 6163 ORDER BY i
        """)
        self.write("branches.csv", """
            SELECT '01' || lpad(CAST(i AS VARCHAR), 4, '0') AS branch, '4201' || lpad(CAST(i % 17 AS VARCHAR), 2, '0')
                       AS district, DATE '2012-01-01' + CAST(i AS INTEGER) AS opened,
                   CASE WHEN i >= 810 THEN DATE '2022-06-30' END AS closed
            FROM range(822) t(i) ORDER BY i
        """)

    def services(self) -> None:
        """Enquiries and prints, messages, and visits of the services online."""
        year = "TIMESTAMP '2022-01-01'"
        enquiries, messages = self.size(ENQUIRIES), self.size(MESSAGES)
        moment = "to_seconds(draw({i}, '{what}', " + str(SECONDS) + "))"
        handled, sent = moment.format(i="i", what="handled"), moment.format(i="i", what="sent")
        self.write("enquiries.parquet", f"""
            SELECT lpad(CAST(i AS VARCHAR), 8, '0') AS enquiry, {year} + {handled} AS handled,
                   CASE WHEN draw(i, 'kind', 10) < 6 THEN '查询' ELSE '打印' END AS kind,
                   'Z' || lpad(CAST(draw(i, 'terminal', 512) AS VARCHAR), 4, '0') AS terminal,
                   CASE WHEN i < {enquiries} THEN '成功' ELSE '失败' END AS result
            FROM range({enquiries} + {enquiries} // 50) t(i) ORDER BY i
        """)
        self.write("messages.parquet", f"""
            SELECT {year} + {sent} AS sent, CASE WHEN i < {messages} THEN '已送达' ELSE '失败' END AS state
            FROM range({messages} + {messages} // 80) t(i) ORDER BY i
        """)
        # Fewer at night; the total of the year comes out to the visit, the rest of the division in the last hour.
        hourly = self.size(VISITS) * 365 / (8760 * 4)
        self.write("visits.parquet", f"""
            SELECT {year} + to_hours(h) AS hour, channel,
                   CAST(round({hourly} * CASE WHEN h % 24 BETWEEN 8 AND 19 THEN 1.6 ELSE 0.4 END
                              * (90 + draw(h * 4 + c, 'visits', 21)) / 100) AS BIGINT) AS visits
            FROM range(8760) t(h), (VALUES (0, '网站'), (1, '手机应用'), (2, '小程序'), (3, '公众号')) channels(c, channel)
            ORDER BY h, c
        """)

    def machine_room(self) -> None:
        """Outages, the heartbeats that fall out during them, and fault tickets."""
        self.connection.execute(
            "CREATE OR REPLACE TABLE outages (system VARCHAR, began TIMESTAMP, ended TIMESTAMP, planned BOOLEAN)"
        )
        self.connection.executemany("INSERT INTO outages VALUES (?, ?, ?, ?)", OUTAGES)
        self.write("outages.csv", "SELECT * FROM outages ORDER BY began")
        self.write("heartbeats.parquet", f"""
            SELECT beats.beat, '系统' || lpad(CAST(beats.s AS VARCHAR), 2, '0') AS system
            FROM (
                SELECT s, b, TIMESTAMP '2022-01-01' + to_seconds(b * {self.interval}) AS beat
                FROM range({SECONDS} // {self.interval}) t(b), range({self.systems}) u(s)
            ) beats
            LEFT JOIN outages ON beats.beat >= outages.began
                AND beats.beat < coalesce(outages.ended, TIMESTAMP '2023-01-01')
            WHERE outages.system IS NULL ORDER BY b, s
        """)
        self.write("tickets.csv", f"""
            SELECT 'T' || lpad(CAST(i AS VARCHAR), 5, '0') AS ticket, opened,
                   CASE WHEN i % 97 <> 0 THEN opened + to_minutes(5 + draw(i, 'minutes', 130)
                        + CASE WHEN draw(i, 'slow', 20) = 0 THEN 1440 ELSE 0 END) END AS closed,
                   CASE WHEN draw(i, 'priority', 10) < 2 THEN '紧急' ELSE '一般' END AS priority
            FROM (SELECT i, TIMESTAMP '2022-01-01' + to_seconds(draw(i, 'opened', {SECONDS})) AS opened
                  FROM range({max(60, self.size(420))}) t(i)) ORDER BY i
        """)

    def others(self) -> None:
        """Terminals, the log of the data cleaning, the survey, and acceptances."""
        self.write("terminals.csv", """
            SELECT 'Z' || lpad(CAST(i AS VARCHAR), 4, '0') AS terminal,
                   CASE WHEN i < 512 THEN '自助机' ELSE '柜台' END AS kind,
                   '4201' || lpad(CAST(i % 17 AS VARCHAR), 2, '0') AS district,
                   DATE '2018-01-01' + CAST(i AS INTEGER) AS installed,
                   CASE WHEN i % 60 = 7 THEN DATE '2022-09-30' END AS removed
            FROM range(688) t(i) ORDER BY i
        """)
        self.write("cleaning.csv", f"""
            SELECT 'AC' || lpad(CAST(i AS VARCHAR), 3, '0') AS source_table,
                   DATE '2022-02-01' + CAST(i % 120 AS INTEGER) AS day,
                   {self.size(CLEANED)} // 240 AS records, {self.size(CLEANED)} // 240 AS cleaned,
                   400 AS checked, CASE WHEN i IN (41, 187) THEN 398 ELSE 400 END AS passed
            FROM range(240) t(i) ORDER BY i
        """)
        self.write("survey.csv", f"""
            SELECT lpad(CAST(CAST(floor(i / 1.02) AS BIGINT) AS VARCHAR), 6, '0') AS respondent,
                   TIMESTAMP '2022-11-01' + to_seconds(draw(i, 'answered', 2592000)) AS answered,
                   ['很满意', '很满意', '满意', '满意', '满意', '一般', '不满意', ''][
                       CASE WHEN draw(i, 'answer', 100) < 94 THEN 1 + i % 5 ELSE 6 + i % 3 END] AS answer
            FROM range({max(400, self.size(ANSWERS))}) t(i) ORDER BY i
        """)
        self.write("acceptances.csv", """
            SELECT 'Y' || lpad(CAST(CASE WHEN i = 63 THEN 17 ELSE i END AS VARCHAR), 3, '0') AS item,
                   CASE WHEN i % 3 = 0 THEN '系统' ELSE '设备' END AS kind,
                   DATE '2022-03-01' + CAST(i * 4 AS INTEGER) AS inspected,
                   CASE WHEN i = 17 THEN '不合格' ELSE '合格' END AS result
            FROM range(64) t(i) ORDER BY i
        """)


def generate(folder: Path, scale: float = 0.001, seed: int = 2022) -> Maker:
    """Writes every data set into `folder`; what is given back knows the interval of the heartbeats."""
    folder.mkdir(parents=True, exist_ok=True)
    maker = Maker(folder, scale, seed)
    maker.cards()
    maker.services()
    maker.machine_room()
    maker.others()
    return maker


def main() -> None:
    """Writes the data sets into the folder given, or beside the evidenced example."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parent.parent / "evidenced" / "data")
    parser.add_argument("--scale", type=float, default=0.001)
    parser.add_argument("--seed", type=int, default=2022)
    options = parser.parse_args()
    maker = generate(options.folder, options.scale, options.seed)
    print(f"{options.folder}: scale {options.scale:g}, a heartbeat of {maker.systems} systems every {maker.interval} s")


if __name__ == "__main__":
    main()
