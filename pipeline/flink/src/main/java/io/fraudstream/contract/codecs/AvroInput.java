package io.fraudstream.contract.codecs;

import io.fraudstream.contract.codecs.Codec.Undecodable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bytes of one record of Avro, and how far they have been read. */
final class AvroInput {
  /** Items without bytes, such as nulls: their count alone would cost memory. */
  private static final int MOST_EMPTY_ITEMS = 10_000;

  private final byte[] data;
  private int at;
  private int emptyItems;

  AvroInput(byte[] data) {
    this.data = data;
  }

  int left() {
    return data.length - at;
  }

  int position() {
    return at;
  }

  void addEmptyItem() {
    emptyItems += 1;
    if (emptyItems > MOST_EMPTY_ITEMS) {
      throw new Undecodable("has more than " + MOST_EMPTY_ITEMS + " items without bytes");
    }
  }

  byte[] take(long count) {
    if (count < 0 || count > left()) throw ended();
    at += (int) count;
    return Arrays.copyOfRange(data, at - (int) count, at);
  }

  private Undecodable ended() {
    return new Undecodable("ends within a value at byte " + at);
  }

  int next() {
    if (at >= data.length) throw ended();
    return data[at++] & 0xff;
  }

  /** A number in zigzag and groups of seven bits. Source: Avro specification, binary encoding. */
  long number() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int seen = next();
      boolean isTooLong = shift == Long.SIZE - 1 && seen > 1;
      if (isTooLong) break;
      value |= (seen & 0x7fL) << shift;
      if (seen < 0x80) return value >>> 1 ^ -(value & 1);
    }
    throw new Undecodable("has a number of more than 64 bits before byte " + at);
  }

  String text() {
    byte[] bytes = take(number());
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException noText) {
      throw new Undecodable("has a text that is not UTF-8 before byte " + at);
    }
  }

  ByteBuffer fixed(int count) {
    return ByteBuffer.wrap(take(count)).order(ByteOrder.LITTLE_ENDIAN);
  }
}
