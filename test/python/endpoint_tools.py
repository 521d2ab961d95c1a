"""What a boto3 user does with the SageMaker runtime, unchanged but for the environment. Prints what it saw as JSON.

Usage: endpoint_tools.py, with AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME, AWS_REGION and credentials set.
"""

import json
import os
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

url = os.environ["AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME"]
once = Config(retries={"total_max_attempts": 1})
runtime = boto3.client("sagemaker-runtime", config=once)
stranger = boto3.client("sagemaker-runtime", config=once, aws_access_key_id="stranger", aws_secret_access_key="x")
liar = boto3.client("sagemaker-runtime", config=once, aws_access_key_id="an-id", aws_secret_access_key="wrong")


def faults(text):
    request = urllib.request.Request(f"{url}/_fraudstream/faults", data=text.encode(), method="POST")
    urllib.request.urlopen(request).read()


def invoke(client=runtime, body="1,2,,0.5", **more):
    return client.invoke_endpoint(
        **{"EndpointName": "fraud", "ContentType": "text/csv", "Body": body, **more}
    )


def error(client=runtime, **more):
    try:
        invoke(client, **more)
    except ClientError as raised:
        answer = raised.response
        return [
            type(raised).__name__,
            answer["Error"]["Code"],
            answer["ResponseMetadata"]["HTTPStatusCode"],
            answer.get("OriginalStatusCode"),
        ]
    return None


answer = invoke(body="1,2,,0.5\n3,4,5,6", CustomAttributes="trace=7")
seen = {
    "scores": [float(line) for line in answer["Body"].read().split()],
    "variant": answer["InvokedProductionVariant"],
    "attributes": answer["CustomAttributes"],
    "contentType": answer["ContentType"],
    "json": json.loads(invoke(Accept="application/json")["Body"].read()),
    "wrong columns": error(body=",".join("1" * 1_000)),
    "unparsable": error(body="a"),
    "unknown endpoint": error(EndpointName="nowhere"),
    "stranger": error(stranger),
    "wrong secret": error(liar),
}
for text in ["throttle=1", "not-ready=1m", "http403=1", "http500=1", "http503=1", "http530=1", "model500=1"]:
    faults(text)
    seen[text] = error()
faults("[]")
print(json.dumps(seen))
