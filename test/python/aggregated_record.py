"""The KPL's message, described at run time: no generated code, no compiler needed.

Source: awslabs/amazon-kinesis-producer, aggregation-format.md.
"""

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

MAGIC = bytes.fromhex("f3899ac2")
DIGEST_BYTES = 16

_Field = descriptor_pb2.FieldDescriptorProto

_FIELDS = {
    "Tag": [
        ("key", 1, _Field.LABEL_REQUIRED, _Field.TYPE_STRING, None),
        ("value", 2, _Field.LABEL_OPTIONAL, _Field.TYPE_STRING, None),
    ],
    "Record": [
        ("partition_key_index", 1, _Field.LABEL_REQUIRED, _Field.TYPE_UINT64, None),
        ("explicit_hash_key_index", 2, _Field.LABEL_OPTIONAL, _Field.TYPE_UINT64, None),
        ("data", 3, _Field.LABEL_REQUIRED, _Field.TYPE_BYTES, None),
        ("tags", 4, _Field.LABEL_REPEATED, _Field.TYPE_MESSAGE, ".kpl.Tag"),
    ],
    "AggregatedRecord": [
        ("partition_key_table", 1, _Field.LABEL_REPEATED, _Field.TYPE_STRING, None),
        ("explicit_hash_key_table", 2, _Field.LABEL_REPEATED, _Field.TYPE_STRING, None),
        ("records", 3, _Field.LABEL_REPEATED, _Field.TYPE_MESSAGE, ".kpl.Record"),
    ],
}


def aggregated_record_class():
    """The message class AggregatedRecord."""
    file = descriptor_pb2.FileDescriptorProto(name="kpl.proto", package="kpl", syntax="proto2")
    for message_name, fields in _FIELDS.items():
        message = file.message_type.add(name=message_name)
        for name, number, label, kind, type_name in fields:
            message.field.add(
                name=name, number=number, label=label, type=kind, type_name=type_name
            )
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("kpl.AggregatedRecord"))
