package io.fraudstream.kinesis.source;

import java.io.Serializable;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.util.Collector;

/**
 * Makes elements of user records, which the source takes out of KPL aggregates.
 *
 * <p>Called by the thread of the task. It must not throw: one bad record would restart the job for
 * ever.
 */
public interface UserRecordDeserializer<T> extends Serializable, ResultTypeQueryable<T> {
  /** Called once, before any record. */
  default void open(MetricGroup metrics) {}

  /** {@code location} says where in the stream the record is, for messages. */
  void deserialize(byte[] data, String location, Collector<T> out);

  /** Bytes that begin like an aggregate and are none. */
  void damaged(byte[] data, String reason, Collector<T> out);
}
