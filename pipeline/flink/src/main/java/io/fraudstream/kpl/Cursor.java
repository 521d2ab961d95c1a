package io.fraudstream.kpl;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads protobuf out of a stretch of bytes and never throws.
 *
 * <p>Once something cannot be read {@link #isBroken} stays true, every read answers 0 and the
 * cursor stands at the end, so that loops over it finish and one look at the end suffices.
 */
final class Cursor {
  /** Kinds of protobuf field, the low three bits of a tag. Source: protobuf encoding guide. */
  private static final int VARINT = 0;

  private static final int EIGHT_BYTES = 1;
  private static final int COUNTED = 2;
  private static final int FOUR_BYTES = 5;

  private final byte[] bytes;
  private final int end;
  private int at;
  private boolean isBroken;

  Cursor(byte[] bytes, int start, int end) {
    this.bytes = bytes;
    this.end = end;
    this.at = start;
  }

  boolean isAtEnd() {
    return at >= end;
  }

  boolean isBroken() {
    return isBroken;
  }

  int at() {
    return at;
  }

  /** A whole number; exact below 2^63, which is past every length and index. */
  long varint() {
    long value = 0;
    // Ten bytes carry 64 bits; an eleventh is malformed.
    for (int shift = 0; shift < 70 && at < end; shift += 7) {
      byte next = bytes[at++];
      if (shift < 64) value |= (long) (next & 0x7f) << shift;
      if (next >= 0) return value;
    }
    return broken();
  }

  /** Steps over a counted stretch and answers its length: it ends at {@link #at}. */
  int counted() {
    return advance(varint());
  }

  /** The counted stretch that comes next, as text. */
  String text() {
    int length = counted();
    return new String(bytes, at - length, length, StandardCharsets.UTF_8);
  }

  /** The counted stretch that comes next, as bytes of its own. */
  byte[] data() {
    int length = counted();
    return Arrays.copyOfRange(bytes, at - length, at);
  }

  /** Steps over the value of a field that nobody asked for. */
  void skip(long tag) {
    int wireType = (int) (tag & 7);
    if (tag >= 0 && tag < 8) broken();
    else if (wireType == VARINT) varint();
    else if (wireType == EIGHT_BYTES) advance(8);
    else if (wireType == COUNTED) counted();
    else if (wireType == FOUR_BYTES) advance(4);
    else broken();
  }

  private int advance(long length) {
    if (length < 0 || length > end - at) return broken();
    at += (int) length;
    return (int) length;
  }

  private int broken() {
    isBroken = true;
    at = end;
    return 0;
  }
}
