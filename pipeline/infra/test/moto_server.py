"""Starts moto's server, with two things mended that keep it from deploying these templates.

    python moto_server.py -H 127.0.0.1 -p 0

1. `AWS::NoValue` in a list leaves nothing there, as CloudFormation has it; moto leaves None.
2. A stack that a change set makes tells its outputs; in moto only one that is created directly does.
"""

from moto.cloudformation import models, parsing
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

if __name__ == "__main__":
    main()
