package io.fraudstream.contract.codecs;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bytes of one record of Avro as they are written. */
final class AvroOutput {
  private static final int FIRST_BYTES = 256;

  private byte[] bytes = new byte[FIRST_BYTES];
  private int length;

  int length() {
    return length;
  }

  /** Takes back what was written from a position on. */
  void cut(int to) {
    length = to;
  }

  byte[] whole() {
    return Arrays.copyOf(bytes, length);
  }

  void put(int value) {
    grow(1);
    bytes[length++] = (byte) value;
  }

  void raw(byte[] more) {
    grow(more.length);
    System.arraycopy(more, 0, bytes, length, more.length);
    length += more.length;
  }

  /** A number in zigzag and groups of seven bits. Source: Avro specification, binary encoding. */
  void number(long value) {
    long left = value << 1 ^ value >> Long.SIZE - 1;
    while ((left & ~0x7fL) != 0) {
      put((int) (left & 0x7f) | 0x80);
      left >>>= 7;
    }
    put((int) left);
  }

  void sized(byte[] more) {
    number(more.length);
    raw(more);
  }

  void text(String text) {
    sized(text.getBytes(StandardCharsets.UTF_8));
  }

  void single(float value) {
    raw(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array());
  }

  void twice(double value) {
    raw(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(value).array());
  }

  private void grow(int count) {
    if (length + count <= bytes.length) return;
    bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + count));
  }
}
