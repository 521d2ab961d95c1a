package io.fraudstream.job;

import java.nio.charset.StandardCharsets;

/** One record for a stream: its partition key and its bytes. Flink's POJO. */
public class Line {
  public String key;
  public byte[] data;

  static Line of(String key, String text) {
    Line line = new Line();
    line.key = key;
    line.data = text.getBytes(StandardCharsets.UTF_8);
    return line;
  }
}
