package io.fraudstream.kpl;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A position on the ring of 2^128 that the shards share.
 *
 * @param high the upper 64 bits, unsigned
 * @param low the lower 64 bits, unsigned
 */
public record HashKey(long high, long low) implements Comparable<HashKey> {
  private static final ThreadLocal<MessageDigest> MD5 = ThreadLocal.withInitial(Deaggregator::md5);

  /** Where Kinesis puts a partition key: the MD5 of its UTF-8 bytes. */
  public static HashKey of(String partitionKey) {
    byte[] digest = MD5.get().digest(partitionKey.getBytes(StandardCharsets.UTF_8));
    ByteBuffer bytes = ByteBuffer.wrap(digest);
    return new HashKey(bytes.getLong(), bytes.getLong());
  }

  /** A hash key as the API writes it: a decimal integer from 0 to 2^128 - 1. */
  public static HashKey ofDecimal(String text) {
    BigInteger value = new BigInteger(text);
    return new HashKey(value.shiftRight(Long.SIZE).longValue(), value.longValue());
  }

  /** As the API reads it. */
  public String decimal() {
    byte[] bytes = ByteBuffer.allocate(2 * Long.BYTES).putLong(high).putLong(low).array();
    return new BigInteger(1, bytes).toString();
  }

  @Override
  public int compareTo(HashKey other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh == 0 ? Long.compareUnsigned(low, other.low) : byHigh;
  }
}
