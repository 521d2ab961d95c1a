package io.fraudstream.features;

/** FNV-1a of 32 bits, the hash by which identifiers are compared. Source: Fowler, Noll and Vo. */
public final class Fnv {
  private static final int OFFSET = 0x811c9dc5;
  private static final int PRIME = 0x01000193;

  /** Half of a pair has no bytes of its own: it is written as this, as JavaScript does. */
  private static final int REPLACEMENT = 0xfffd;

  private Fnv() {}

  /** The hash of the UTF-8 bytes of a text; 0 becomes 1, and 0 stands for no text (null). */
  public static double of(String text) {
    if (text == null) return 0;
    int hash = OFFSET;
    for (int at = 0; at < text.length(); at++) {
      int code = text.charAt(at);
      if (code < 0x80) {
        hash = (hash ^ code) * PRIME;
        continue;
      }
      int point = text.codePointAt(at);
      if (point >= Character.MIN_SUPPLEMENTARY_CODE_POINT) at++;
      boolean isHalf = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
      hash = ofUtf8(hash, isHalf ? REPLACEMENT : point);
    }
    return hash == 0 ? 1 : Integer.toUnsignedLong(hash);
  }

  /** The hash with the two to four bytes of a character beyond ASCII. Source: RFC 3629. */
  private static int ofUtf8(int before, int point) {
    int rest = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    int first = point >> 6 * rest | (rest == 1 ? 0xc0 : rest == 2 ? 0xe0 : 0xf0);
    int hash = (before ^ first) * PRIME;
    for (int left = rest - 1; left >= 0; left--) {
      hash = (hash ^ (point >> 6 * left & 0x3f | 0x80)) * PRIME;
    }
    return hash;
  }
}
