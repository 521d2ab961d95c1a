"""Records a second that aws_kinesis_agg of Python writes and reads: data bytes, records in turn, records in all."""

import base64
import sys
import time

from aws_kinesis_agg.aggregator import RecordAggregator
from aws_kinesis_agg.deaggregator import deaggregate_records

data_bytes, turn, count = map(int, sys.argv[1:])
records = [(str(4111111111000000 + i), f'{{"transaction_id":"{i}"'.ljust(data_bytes, "x")) for i in range(turn)]


def written():
    blobs = []
    aggregator = RecordAggregator(max_size=51_200)
    for key, data in records:
        complete = aggregator.add_user_record(key, data)
        if complete:
            blobs.append(complete.get_contents()[-1])
    rest = aggregator.clear_and_get()
    if rest:
        blobs.append(rest.get_contents()[-1])
    return blobs


def rate(task):
    task()
    started = time.perf_counter()
    for _ in range(count // turn):
        task()
    return count / (time.perf_counter() - started)


envelopes = [
    {"kinesis": {"data": base64.b64encode(blob).decode(), "partitionKey": "a", "sequenceNumber": "1",
                 "approximateArrivalTimestamp": 1, "kinesisSchemaVersion": "1.0"},
     "eventVersion": "1.0", "eventID": "1", "eventSource": "aws:kinesis", "awsRegion": "us-east-1",
     "invokeIdentityArn": "a", "eventName": "a", "eventSourceARN": "a"}
    for blob in written()
]
assert len(deaggregate_records(envelopes)) == turn
print(rate(written), rate(lambda: deaggregate_records(envelopes)))
