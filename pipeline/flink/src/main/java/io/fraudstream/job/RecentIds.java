package io.fraudstream.job;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Identifiers of a key, each with its second, as bytes.
 *
 * <pre>
 * 1 byte    flags: where else identifiers of the key are
 * then, for each identifier and from the oldest to the newest,
 * 4 bytes   seconds since 1970
 * 2 bytes   how many bytes follow
 * 1 byte    how the rest is written: a UUID in 16 bytes, a byte for each character, or two
 * </pre>
 */
final class RecentIds {
  /** In the map of an earlier jar. */
  static final int IN_OLD_MAP = 1;

  static final int IN_BUCKETS = 2;

  /** Beyond them, identifiers are moved to buckets; as many as the ring of a card has records. */
  static final int MOST = 32;

  private static final int BUCKETS = 16;
  private static final int HEAD = 1;
  private static final int ENTRY_HEAD = 6;
  private static final long SECOND_MS = 1000;
  private static final byte UUID_BYTES = 0;
  private static final byte LATIN = 1;
  private static final byte UTF_16 = 2;
  private static final int UUID_LENGTH = 36;

  private RecentIds() {}

  static byte[] none(int flags) {
    return new byte[] {(byte) flags};
  }

  static boolean hasFlag(byte[] ids, int flag) {
    return (ids[0] & flag) != 0;
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

  static boolean isFull(byte[] ids) {
    int count = 0;
    for (int at = HEAD; at < ids.length; at = next(ids, at)) count++;
    return count >= MOST;
  }

  /** With one more, which came now. */
  static byte[] with(byte[] ids, byte[] encoded, long nowMs, long since) {
    byte[] one =
        ByteBuffer.allocate(HEAD + ENTRY_HEAD + encoded.length)
            .put((byte) 0)
            .putInt((int) (nowMs / SECOND_MS))
            .putShort((short) encoded.length)
            .put(encoded)
            .array();
    return joined(ids, one, since);
  }

  /** The older, without those at the front that are over, and then the newer. */
  static byte[] joined(byte[] older, byte[] newer, long since) {
    int from = HEAD;
    while (from < older.length && isOver(older, from, since)) from = next(older, from);
    int kept = older.length - from;
    byte[] joined = new byte[kept + newer.length];
    joined[0] = older[0];
    System.arraycopy(older, from, joined, HEAD, kept);
    System.arraycopy(newer, HEAD, joined, HEAD + kept, newer.length - HEAD);
    return joined;
  }

  /** Those that are not over, by their buckets. */
  static Map<Integer, byte[]> byBucket(byte[] ids, long since) {
    Map<Integer, byte[]> buckets = new HashMap<>();
    for (int at = HEAD; at < ids.length; at = next(ids, at)) {
      if (isOver(ids, at, since)) continue;
      byte[] one = new byte[HEAD + next(ids, at) - at];
      System.arraycopy(ids, at, one, HEAD, one.length - HEAD);
      int bucket = bucket(Arrays.copyOfRange(ids, at + ENTRY_HEAD, next(ids, at)));
      buckets.merge(bucket, one, (older, newer) -> joined(older, newer, since));
    }
    return buckets;
  }

  /** The bucket that an identifier is in once it has been moved. */
  static int bucket(byte[] encoded) {
    return Math.floorMod(Arrays.hashCode(encoded), BUCKETS);
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
}
