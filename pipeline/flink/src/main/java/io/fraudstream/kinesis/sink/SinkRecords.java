package io.fraudstream.kinesis.sink;

import java.io.Serializable;

/**
 * Makes records for a stream of the elements of a sink. Limits are bytes, data and key together.
 */
public interface SinkRecords<T> extends Serializable {
  SinkEntry entry(T element, int recordBytes);

  /**
   * What goes to the stream of rejections instead of a record that Kinesis does not take; null
   * where there is none, as for a rejection: it is counted, told in the log and left out.
   */
  SinkEntry rejection(SinkEntry refused, String reason, int recordBytes);
}
