"""Writes aggregates with google.protobuf: a line of JSON (user records) in, a line of hex out."""

import hashlib
import json
import sys

from aggregated_record import MAGIC, aggregated_record_class

AggregatedRecord = aggregated_record_class()


def write(records):
    message = AggregatedRecord()
    for given in records:
        record = message.records.add(data=bytes.fromhex(given["dataHex"]))
        record.partition_key_index = place(message.partition_key_table, given["partitionKey"])
        if "explicitHashKey" in given:
            record.explicit_hash_key_index = place(
                message.explicit_hash_key_table, given["explicitHashKey"]
            )
    encoded = message.SerializeToString()
    return MAGIC + encoded + hashlib.md5(encoded).digest()


def place(table, key):
    """Where the key stands in the table, listing it first when it is new."""
    if key not in table:
        table.append(key)
    return list(table).index(key)


for line in sys.stdin:
    print(write(json.loads(line)).hex())
