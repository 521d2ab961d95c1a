package io.fraudstream.kpl;

import java.util.List;

/** What the data of a Kinesis record turned out to be. */
public sealed interface Deaggregated {
  /** No aggregate: the data is the one user record. */
  record Plain() implements Deaggregated {}

  /** An aggregate, its records in the order in which they were put. */
  record Aggregate(List<UserRecord> records) implements Deaggregated {}

  /** Bytes that begin like an aggregate and are none. */
  record Damaged(Damage reason) implements Deaggregated {}

  /** Why bytes that begin like an aggregate are none. */
  enum Damage {
    /** No room for a message. */
    SHORT,
    /** Another MD5 than that of the message. */
    MD5,
    /** A message that cannot be read. */
    PROTOBUF,
    /** A record that names a key which the tables do not hold. */
    INDEX
  }
}
