"""Writes Parquet files as another implementation makes them: pyarrow. What stands in them goes to expected.json.

    pip install pyarrow
    python parquet_files.py ../../fixtures/parquet

Columns that nobody maps are there to be in the way: lists, maps and structures with long integers and decimals.
"""

import json
import random
import sys
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

ROWS = 60
START = datetime(2026, 1, 31, 23, 59, 0, 123000, tzinfo=timezone.utc)
random.seed(7)

rows = []
for index in range(ROWS):
    minor = random.choice([0, 1, 5, 99, 1999, random.randrange(10**6), random.randrange(10**9), 999_999_999_999])
    rows.append(
        {
            "id": f"T-{index} \u00e9\u4e16",
            "number": 12345678901234567 + index if index % 7 else None,
            "at": START + timedelta(milliseconds=977 * index),
            "amount": Decimal(minor).scaleb(-2),
            "card": {"id": f"card-{index % 5}", "issuer": {"country": random.choice(["DE", "US", None])}},
            "fraud": index % 11 == 0,
            "history": [{"seen": 2**62 + index, "sum": Decimal("1.23456789")}] * (index % 3),
            "limits": {"day": 2**53 + 1, "month": -(2**63)} if index % 2 else None,
        }
    )


def table(amount, at):
    history = pa.list_(pa.struct([("seen", pa.int64()), ("sum", pa.decimal128(20, 8))]))
    card = pa.struct([("id", pa.string()), ("issuer", pa.struct([("country", pa.string())]))])
    schema = pa.schema(
        [
            ("id", pa.string()),
            ("number", pa.int64()),
            ("at", at),
            ("amount", amount),
            ("card", card),
            ("fraud", pa.bool_()),
            ("history", history),
            ("limits", pa.map_(pa.string(), pa.int64())),
        ]
    )
    given = [{**row, "limits": list((row["limits"] or {}).items()) or None} for row in rows]
    return pa.Table.from_pylist(given, schema)


UTC = "UTC"
FILES = {
    # The precision says whether a decimal is stored in 4, 8 or more bytes where it is stored as an integer.
    "decimal-bytes": (pa.decimal128(14, 2), pa.timestamp("us", UTC), {"compression": "snappy"}),
    "decimal-int64": (
        pa.decimal128(14, 2),
        pa.timestamp("ms", UTC),
        {"store_decimal_as_integer": True, "compression": "gzip", "data_page_version": "2.0"},
    ),
    "decimal-38": (pa.decimal128(38, 10), pa.timestamp("ns", UTC), {"compression": "zstd"}),
    "decimal-256": (
        pa.decimal256(60, 4),
        pa.timestamp("us"),
        {"compression": "none", "use_dictionary": False, "row_group_size": 17},
    ),
    "int96": (
        pa.decimal128(14, 2),
        pa.timestamp("ns"),
        {"use_deprecated_int96_timestamps": True, "compression": "brotli", "row_group_size": 20},
    ),
    "double": (pa.float64(), pa.string(), {"compression": "lz4", "use_byte_stream_split": ["amount"], "use_dictionary": False}),
    "text": (pa.string(), pa.int64(), {"column_encoding": {"id": "DELTA_BYTE_ARRAY", "at": "DELTA_BINARY_PACKED"}, "use_dictionary": False}),
}


def as_type(value, kind):
    if pa.types.is_floating(kind):
        return float(value)
    if pa.types.is_string(kind):
        return value.isoformat() if isinstance(value, datetime) else str(value)
    if pa.types.is_integer(kind):
        return round(value.timestamp() * 1000)
    return value


folder = Path(sys.argv[1])
whole = rows
for name, (amount, at, settings) in FILES.items():
    rows = [{**row, "amount": as_type(row["amount"], amount), "at": as_type(row["at"], at)} for row in whole]
    pq.write_table(table(amount, at), folder / f"{name}.parquet", **settings)

expected = [
    {
        "transaction_id": row["id"],
        "event_time": row["at"].isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "card_id": row["card"]["id"],
        "card_country": row["card"]["issuer"]["country"],
        "merchant_id": None if row["number"] is None else str(row["number"]),
        "amount_minor": int(row["amount"].scaleb(2)),
        "is_fraud": row["fraud"],
    }
    for row in whole
]
(folder / "expected.json").write_text(json.dumps(expected, indent=1, ensure_ascii=False) + "\n")
