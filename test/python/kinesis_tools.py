"""What a boto3 user does with Kinesis, unchanged but for the environment. Prints what it saw as JSON.

Usage: kinesis_tools.py STREAM, with AWS_ENDPOINT_URL_KINESIS, AWS_REGION and credentials set.
"""

import json
import sys
import time

import boto3

stream = sys.argv[1]
kinesis = boto3.client("kinesis")
kinesis.create_stream(StreamName=stream, ShardCount=2)
kinesis.get_waiter("stream_exists").wait(
    StreamName=stream, WaiterConfig={"Delay": 1, "MaxAttempts": 10}
)
put = kinesis.put_records(
    StreamName=stream,
    Records=[{"PartitionKey": f"card-{i}", "Data": f"record {i}".encode()} for i in range(50)],
)
arn = kinesis.describe_stream_summary(StreamName=stream)["StreamDescriptionSummary"]["StreamARN"]
shards = kinesis.list_shards(StreamARN=arn)["Shards"]
kinesis.split_shard(
    StreamName=stream,
    ShardToSplit=shards[0]["ShardId"],
    NewStartingHashKey=str(int(shards[0]["HashKeyRange"]["EndingHashKey"]) // 2),
)
while kinesis.describe_stream_summary(StreamName=stream)["StreamDescriptionSummary"]["StreamStatus"] != "ACTIVE":
    time.sleep(0.05)

read = []
for shard in kinesis.list_shards(StreamName=stream)["Shards"]:
    iterator = kinesis.get_shard_iterator(
        StreamName=stream, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    page = kinesis.get_records(ShardIterator=iterator)
    read += [record["Data"].decode() for record in page["Records"]]

try:
    kinesis.describe_stream(StreamName="nowhere")
    missing = None
except kinesis.exceptions.ResourceNotFoundException as error:
    missing = error.response["Error"]["Code"]

paginated = [name for page in kinesis.get_paginator("list_streams").paginate() for name in page["StreamNames"]]
print(
    json.dumps(
        {
            "failed": put["FailedRecordCount"],
            "read": sorted(read),
            "shards": len(kinesis.list_shards(StreamName=stream)["Shards"]),
            "missing": missing,
            "streams": paginated,
        }
    )
)
