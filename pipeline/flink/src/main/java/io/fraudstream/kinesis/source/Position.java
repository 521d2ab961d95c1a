package io.fraudstream.kinesis.source;

import java.io.Serializable;

/**
 * Where reading of a shard goes on.
 *
 * @param at milliseconds since the epoch, of AT_TIMESTAMP
 * @param after sequence number of the last record read, of AFTER_SEQUENCE
 */
public record Position(Kind kind, long at, String after) implements Serializable {
  /** Kinds of position; savepoints hold their ordinals. */
  public enum Kind {
    TRIM_HORIZON,
    AT_TIMESTAMP,
    AFTER_SEQUENCE,
    /** All of a closed shard was read. */
    SHARD_END
  }

  public static final Position TRIM_HORIZON = new Position(Kind.TRIM_HORIZON, 0, "");
  public static final Position SHARD_END = new Position(Kind.SHARD_END, 0, "");

  public static Position atTimestamp(long ms) {
    return new Position(Kind.AT_TIMESTAMP, ms, "");
  }

  public static Position after(String sequenceNumber) {
    return new Position(Kind.AFTER_SEQUENCE, 0, sequenceNumber);
  }

  @Override
  public String toString() {
    return switch (kind) {
      case TRIM_HORIZON -> "its beginning";
      case AT_TIMESTAMP -> "timestamp " + at;
      case AFTER_SEQUENCE -> "sequence number " + after;
      case SHARD_END -> "its end";
    };
  }
}
