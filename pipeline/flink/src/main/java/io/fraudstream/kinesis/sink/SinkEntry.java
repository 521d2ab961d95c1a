package io.fraudstream.kinesis.sink;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;

/**
 * One user record on its way out.
 *
 * @param isRejection whether it goes to the stream of rejections instead of that of the sink
 */
public record SinkEntry(boolean isRejection, String key, byte[] data) implements Serializable {
  /** Source: Kinesis API reference, PutRecordsRequestEntry. */
  private static final int LONGEST_KEY = 256;

  public static SinkEntry of(String key, byte[] data) {
    return new SinkEntry(false, key, data);
  }

  SinkEntry asRejection() {
    return new SinkEntry(true, key, data);
  }

  /** What Kinesis counts: data and partition key. */
  int sizeBytes() {
    return data.length + key.getBytes(StandardCharsets.UTF_8).length;
  }

  /** Why Kinesis would not take it, or null. */
  String problem(int recordBytes) {
    int characters = key.codePointCount(0, key.length());
    if (key.isEmpty() || characters > LONGEST_KEY) {
      return "its partition key has " + characters + " characters; Kinesis takes 1 to 256";
    }
    if (sizeBytes() > recordBytes) {
      return "it has %d bytes with its partition key; the stream takes %d"
          .formatted(sizeBytes(), recordBytes);
    }
    return null;
  }
}
