"""Starts moto's server, with three things mended that keep it from deploying these templates.

    python moto_server.py -H 127.0.0.1 -p 0

1. `AWS::NoValue` in a list leaves nothing there, as CloudFormation has it; moto leaves None.
2. A stack that a change set makes tells its outputs; in moto only one that is created directly does.
3. Times of Managed Flink are seconds, not text, which the AWS SDK for JavaScript cannot read.
"""

from datetime import datetime, timezone

from moto.cloudformation import models, parsing
from moto.kinesisanalyticsv2 import models as flink
from moto.server import main

clean_json = parsing.clean_json


def clean_json_without_nothing(resource_json, resources_map):
    cleaned = clean_json(resource_json, resources_map)
    if isinstance(cleaned, list):
        return [value for value in cleaned if value is not None]
    return cleaned


parsing.clean_json = clean_json_without_nothing

apply = models.ChangeSet.apply


def apply_and_tell(change_set):
    apply(change_set)
    stack = change_set.stack
    stack.output_map = parsing.OutputMap(
        stack.resource_map, change_set.template_dict, stack.stack_id
    )


models.ChangeSet.apply = apply_and_tell

describe = flink.KinesisAnalyticsV2Backend.describe_application


def in_seconds(value):
    if not isinstance(value, dict):
        return value
    return {key: seconds(key, one) for key, one in value.items()}


def seconds(key, value):
    if key.endswith("Timestamp") and isinstance(value, str):
        at = datetime.fromisoformat(value.replace("Z", "+00:00"))
        return at.replace(tzinfo=at.tzinfo or timezone.utc).timestamp()
    return in_seconds(value)


def describe_in_seconds(self, *arguments, **named):
    return in_seconds(describe(self, *arguments, **named))


flink.KinesisAnalyticsV2Backend.describe_application = describe_in_seconds

if __name__ == "__main__":
    main()
