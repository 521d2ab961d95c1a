package io.fraudstream.job;

/** One record for a stream: its partition key and its bytes. Flink's POJO. */
public class Line {
  public String key;
  public byte[] data;

  static Line of(String key, byte[] data) {
    Line line = new Line();
    line.key = key;
    line.data = data;
    return line;
  }
}
