"""Reads aggregates with google.protobuf: a line of hex in, a line of JSON out."""

import hashlib
import json
import sys

from google.protobuf.message import DecodeError

from aggregated_record import DIGEST_BYTES, MAGIC, aggregated_record_class

AggregatedRecord = aggregated_record_class()


def read(blob):
    message, digest = blob[len(MAGIC) : -DIGEST_BYTES], blob[-DIGEST_BYTES:]
    if not blob.startswith(MAGIC) or hashlib.md5(message).digest() != digest:
        return {"damaged": "md5"}
    try:
        parsed = AggregatedRecord.FromString(message)
    except DecodeError:
        return {"damaged": "protobuf"}
    # Python takes a message without its required fields; Java, and so the KCL, does not.
    if not parsed.IsInitialized():
        return {"damaged": "protobuf"}
    try:
        return {"records": [read_record(parsed, record) for record in parsed.records]}
    except IndexError:
        return {"damaged": "index"}


def read_record(parsed, record):
    found = {
        "partitionKey": text(parsed.partition_key_table[record.partition_key_index]),
        "dataHex": record.data.hex(),
    }
    if record.HasField("explicit_hash_key_index"):
        key = parsed.explicit_hash_key_table[record.explicit_hash_key_index]
        found["explicitHashKey"] = text(key)
    return found


def text(key):
    """Protobuf hands over a string that is not UTF-8 as bytes."""
    return key if isinstance(key, str) else key.decode("utf-8", "replace")


for line in sys.stdin:
    print(json.dumps(read(bytes.fromhex(line))))
