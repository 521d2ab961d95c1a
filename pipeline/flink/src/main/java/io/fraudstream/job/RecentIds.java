package io.fraudstream.job;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/**
 * The last identifiers of a key, each with its second, as bytes.
 *
 * <pre>
 * 1 byte    1 if earlier ones are elsewhere
 * then, for each identifier and from the oldest to the newest,
 * 4 bytes   seconds since 1970
 * 2 bytes   how many bytes follow
 * 1 byte    how the rest is written: a UUID in 16 bytes, a byte for each character, or two
 * </pre>
 */
final class RecentIds {
  /** As many transactions as the ring of a card has. */
  static final int MOST = 32;

  private static final int HEAD = 1;
  private static final int ENTRY_HEAD = 6;
  private static final long SECOND_MS = 1000;
  private static final byte UUID_BYTES = 0;
  private static final byte LATIN = 1;
  private static final byte UTF_16 = 2;
  private static final int UUID_LENGTH = 36;

  private RecentIds() {}

  static byte[] none(boolean hasEarlier) {
    return new byte[] {(byte) (hasEarlier ? 1 : 0)};
  }

  /** Whether earlier identifiers of the key are elsewhere. */
  static boolean hasEarlier(byte[] ids) {
    return ids[0] != 0;
  }

  /** Whether an identifier came at {@code since} (epoch milliseconds) or later. */
  static boolean has(byte[] ids, byte[] encoded, long since) {
    for (int at = HEAD; at < ids.length; at = next(ids, at)) {
      boolean isIt =
          Arrays.equals(ids, at + ENTRY_HEAD, next(ids, at), encoded, 0, encoded.length);
      if (isIt && !isOver(ids, at, since)) return true;
    }
    return false;
  }

  /** The oldest of as many as there can be, if it is still to be remembered; else null. */
  static String surplus(byte[] ids, long since) {
    int from = firstToKeep(ids, since);
    return count(ids, from) < MOST
        ? null
        : decoded(Arrays.copyOfRange(ids, from + ENTRY_HEAD, next(ids, from)));
  }

  /** With one more that comes now; without those that are over, and without the surplus. */
  static byte[] with(byte[] ids, byte[] encoded, long nowMs, long since) {
    int from = firstToKeep(ids, since);
    boolean isFull = count(ids, from) >= MOST;
    if (isFull) from = next(ids, from);
    ByteBuffer grown =
        ByteBuffer.allocate(HEAD + ids.length - from + ENTRY_HEAD + encoded.length)
            .put((byte) (hasEarlier(ids) || isFull ? 1 : 0))
            .put(ids, from, ids.length - from)
            .putInt((int) (nowMs / SECOND_MS))
            .putShort((short) encoded.length)
            .put(encoded);
    return grown.array();
  }

  private static int firstToKeep(byte[] ids, long since) {
    int at = HEAD;
    while (at < ids.length && isOver(ids, at, since)) at = next(ids, at);
    return at;
  }

  private static int count(byte[] ids, int from) {
    int count = 0;
    for (int at = from; at < ids.length; at = next(ids, at)) count++;
    return count;
  }

  private static int next(byte[] ids, int at) {
    int length = (ids[at + 4] & 0xff) << 8 | ids[at + 5] & 0xff;
    return at + ENTRY_HEAD + length;
  }

  /** The whole second of an identifier lies before. */
  private static boolean isOver(byte[] ids, int at, long since) {
    long seconds = Integer.toUnsignedLong(ByteBuffer.wrap(ids).getInt(at));
    return (seconds + 1) * SECOND_MS <= since;
  }

  /** An identifier as it is compared and stored. */
  static byte[] encoded(String id) {
    byte[] uuid = uuid(id);
    if (uuid != null) return uuid;
    boolean isLatin = id.chars().allMatch(unit -> unit <= 0xff);
    if (isLatin) {
      byte[] latin = id.getBytes(StandardCharsets.ISO_8859_1);
      return ByteBuffer.allocate(1 + latin.length).put(LATIN).put(latin).array();
    }
    ByteBuffer wide = ByteBuffer.allocate(1 + Character.BYTES * id.length()).put(UTF_16);
    for (int at = 0; at < id.length(); at++) wide.putChar(id.charAt(at));
    return wide.array();
  }

  /** Null for what is not a UUID with hyphens and small letters, which its bits give back. */
  private static byte[] uuid(String id) {
    if (id.length() != UUID_LENGTH) return null;
    byte[] bytes = new byte[1 + 2 * Long.BYTES];
    bytes[0] = UUID_BYTES;
    int digits = 0;
    for (int at = 0; at < UUID_LENGTH; at++) {
      char unit = id.charAt(at);
      boolean isHyphen = at == 8 || at == 13 || at == 18 || at == 23;
      if (isHyphen && unit == '-') continue;
      int digit = isHyphen ? -1 : smallHex(unit);
      if (digit < 0) return null;
      bytes[1 + digits / 2] |= (byte) (digits % 2 == 0 ? digit << 4 : digit);
      digits += 1;
    }
    return bytes;
  }

  private static int smallHex(char unit) {
    if (unit >= '0' && unit <= '9') return unit - '0';
    return unit >= 'a' && unit <= 'f' ? unit - 'a' + 10 : -1;
  }

  private static String decoded(byte[] encoded) {
    ByteBuffer bytes = ByteBuffer.wrap(encoded);
    byte form = bytes.get();
    if (form == UUID_BYTES) return new UUID(bytes.getLong(), bytes.getLong()).toString();
    if (form == LATIN) return new String(encoded, 1, encoded.length - 1, StandardCharsets.ISO_8859_1);
    return bytes.asCharBuffer().toString();
  }
}
