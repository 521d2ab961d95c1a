package io.fraudstream.interop;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Record number n of a run, the same as those of {@code test/support/interop.ts}: bytes of all
 * values behind the number, a key of many, and for each fifth an explicit hash key.
 */
final class TestRecords {
  private static final int KEYS = 997;
  private static final int HASHED = 5;
  private static final BigInteger STEP =
      BigInteger.ONE.shiftLeft(128).divide(BigInteger.valueOf(KEYS));

  private TestRecords() {}

  static String key(int number) {
    return "key-" + number % KEYS;
  }

  /** Null for most. */
  static String hashKey(int number) {
    if (number % HASHED != 0) return null;
    return STEP.multiply(BigInteger.valueOf(number % KEYS)).toString();
  }

  static ByteBuffer data(int number, int bytes) {
    byte[] data = new byte[bytes];
    for (int at = 0; at < bytes; at++) data[at] = (byte) (number * 31 + at);
    byte[] head = (number + " ").getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(head, 0, data, 0, head.length);
    return ByteBuffer.wrap(data);
  }
}
