"""Reads aggregates with google.protobuf: a line of hex in, a line of JSON out."""

import hashlib
import json
import sys

from aggregated_record import DIGEST_BYTES, MAGIC, aggregated_record_class

AggregatedRecord = aggregated_record_class()


def read(blob):
    message, digest = blob[len(MAGIC) : -DIGEST_BYTES], blob[-DIGEST_BYTES:]
    if not blob.startswith(MAGIC) or hashlib.md5(message).digest() != digest:
        return {"damaged": True}
    parsed = AggregatedRecord.FromString(message)
    return {"records": [read_record(parsed, record) for record in parsed.records]}


def read_record(parsed, record):
    found = {
        "partitionKey": parsed.partition_key_table[record.partition_key_index],
        "dataHex": record.data.hex(),
    }
    if record.HasField("explicit_hash_key_index"):
        found["explicitHashKey"] = parsed.explicit_hash_key_table[record.explicit_hash_key_index]
    return found


for line in sys.stdin:
    print(json.dumps(read(bytes.fromhex(line))))
