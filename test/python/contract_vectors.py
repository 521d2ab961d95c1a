"""Writes records in Avro and Protobuf as other implementations make them: fastavro and Google's protobuf.

    python contract_vectors.py ../../fixtures/contracts/codecs

`avro.json` and `protobuf.json` hold values and their bytes. A long past 2^53 is {"$long": "..."}, binary {"$hex": "..."}.
"""

import io
import json
import sys
from datetime import date, datetime, timezone
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import fastavro
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

FIRST = {
    "id": "TX-1 \u00e9\u4e16\U0001f4b3",
    "small": -2147483648,
    "big": 9007199254740993,
    "ratio": 0.25,
    "score": 0.1,
    "is_fraud": True,
    "raw": b"\x00\xff",
    "tag": b"abcd",
    "action": "DECLINE",
    "note": "n",
    "reason": None,
    "either": 5,
    "amount": Decimal("12.50"),
    "rate": Decimal("-0.000001"),
    "millis": datetime(2026, 1, 1, 12, 30, 0, 123000, tzinfo=timezone.utc),
    "micros": datetime(2026, 1, 1, 12, 30, 0, 123456, tzinfo=timezone.utc),
    "day": date(2026, 1, 1),
    "uuid": UUID("6d7f1c2e-0b1a-4c3d-9e8f-001122334455"),
    "scores": [0.5, -1.0, 3.25],
    "labels": {"a": 1, "b": -9223372036854775808},
    "chain": {"name": "one", "next": {"name": "two", "next": None}},
}
SECOND = {
    **FIRST,
    "id": "",
    "small": 2147483647,
    "big": 9223372036854775807,
    "is_fraud": False,
    "raw": b"",
    "action": "APPROVE",
    "note": None,
    "reason": "why",
    "either": "text",
    "amount": Decimal("-9999999999.99"),
    "rate": Decimal("123456789012.345678"),
    "scores": [],
    "labels": {},
    "chain": None,
}
THIRD = {
    **SECOND,
    "big": -1,
    "either": 0.5,
    "amount": Decimal("0.00"),
    "rate": Decimal("0.000000"),
}


def avro(folder: Path) -> list:
    schema = fastavro.parse_schema(json.loads((folder / "everything.avsc").read_text()))
    vectors = []
    for value in [FIRST, SECOND, THIRD]:
        out = io.BytesIO()
        fastavro.schemaless_writer(out, schema, value)
        vectors.append({"value": shown(value), "hex": out.getvalue().hex()})
    return vectors


def shown(value):
    """The value as the codec has it."""
    if isinstance(value, dict):
        return {key: shown(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [shown(one) for one in value]
    if isinstance(value, bytes):
        return {"$hex": value.hex()}
    if isinstance(value, datetime):
        micros = round(value.timestamp() * 1_000_000)
        return micros if micros % 1000 else micros // 1000
    if isinstance(value, date):
        return (value - date(1970, 1, 1)).days
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 2**53 - 1:
        return {"$long": str(value)}
    return value


Field = descriptor_pb2.FieldDescriptorProto


def message_class():
    """The message of everything.proto, without protoc."""
    file = descriptor_pb2.FileDescriptorProto(
        name="everything.proto", package="shop", syntax="proto3"
    )
    message = file.message_type.add(name="Everything")
    action = message.enum_type.add(name="Action")
    for number, name in enumerate(["APPROVE", "REVIEW", "DECLINE"]):
        action.value.add(name=name, number=number)
    link = message.nested_type.add(name="Link")
    add(link, "name", 1, Field.TYPE_STRING)
    add(link, "next", 2, Field.TYPE_MESSAGE, type_name=".shop.Everything.Link")
    entry = message.nested_type.add(name="LabelsEntry")
    entry.options.map_entry = True
    add(entry, "key", 1, Field.TYPE_STRING)
    add(entry, "value", 2, Field.TYPE_INT64)
    kinds = ["STRING", "INT32", "INT64", "UINT64", "SINT64", "FIXED64", "FLOAT", "DOUBLE", "BOOL", "BYTES"]
    names = ["id", "small", "big", "unsigned_big", "zigzag", "fixed_big", "ratio", "score", "is_fraud", "raw"]
    for number, (name, kind) in enumerate(zip(names, kinds), 1):
        add(message, name, number, getattr(Field, f"TYPE_{kind}"))
    enum = {"type_name": ".shop.Everything.Action"}
    add(message, "action", 11, Field.TYPE_ENUM, **enum)
    message.oneof_decl.add(name="outcome")
    message.oneof_decl.add(name="_probability")
    add(message, "probability", 12, Field.TYPE_DOUBLE, proto3_optional=True, oneof_index=1)
    repeated = {"label": Field.LABEL_REPEATED}
    add(message, "scores", 13, Field.TYPE_DOUBLE, **repeated)
    add(message, "tags", 14, Field.TYPE_STRING, **repeated)
    add(message, "labels", 15, Field.TYPE_MESSAGE, **repeated, type_name=".shop.Everything.LabelsEntry")
    add(message, "chain", 16, Field.TYPE_MESSAGE, type_name=".shop.Everything.Link")
    add(message, "error", 17, Field.TYPE_STRING, oneof_index=0)
    add(message, "code", 18, Field.TYPE_INT64, oneof_index=0)
    add(message, "history", 19, Field.TYPE_ENUM, **repeated, **enum)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("shop.Everything"))


def add(message, name, number, kind, label=Field.LABEL_OPTIONAL, **more):
    message.field.add(name=name, number=number, type=kind, label=label, **more)


ACTIONS = {"APPROVE": 0, "REVIEW": 1, "DECLINE": 2}
PROTOBUF = [
    {
        "id": "TX-1 \u00e9\u4e16\U0001f4b3",
        "small": -5,
        "big": -9223372036854775808,
        "unsigned_big": 18446744073709551615,
        "zigzag": -9007199254740993,
        "fixed_big": 9007199254740993,
        "ratio": 0.25,
        "score": 0.1,
        "is_fraud": True,
        "raw": b"\x00\xff",
        "action": "DECLINE",
        "probability": 0.0,
        "scores": [0.5, -1.0],
        "tags": ["a", ""],
        "labels": {"a": 9007199254740993},
        "chain": {"name": "one", "next": {"name": "two"}},
        "code": 7,
        "history": ["REVIEW", "APPROVE"],
    },
    {
        "id": "",
        "small": 0,
        "big": 0,
        "unsigned_big": 0,
        "zigzag": 0,
        "fixed_big": 0,
        "ratio": 0.0,
        "score": 0.0,
        "is_fraud": False,
        "raw": b"",
        "action": "APPROVE",
        "scores": [],
        "tags": [],
        "labels": {},
        "history": [],
    },
]


def protobuf() -> list:
    kind = message_class()
    vectors = []
    for value in PROTOBUF:
        given = dict(value)
        given["action"] = ACTIONS[given["action"]]
        given["history"] = [ACTIONS[one] for one in given["history"]]
        message = kind(**given)
        vectors.append({"value": shown(value), "hex": message.SerializeToString(deterministic=True).hex()})
    return vectors


if __name__ == "__main__":
    target = Path(sys.argv[1])
    for name, vectors in [("avro", avro(target)), ("protobuf", protobuf())]:
        text = json.dumps(vectors, indent=1, ensure_ascii=False)
        (target / f"{name}.json").write_text(f"{text}\n")
