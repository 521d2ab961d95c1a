package io.fraudstream.contract;

/** Whether bytes are UTF-8. Source: RFC 3629. */
final class Utf8 {
  private Utf8() {}

  /** True for UTF-8 without NUL and without a byte order mark. */
  static boolean isText(byte[] data) {
    if (data.length >= 3 && data[0] == (byte) 0xef && data[1] == (byte) 0xbb) {
      if (data[2] == (byte) 0xbf) return false;
    }
    int at = 0;
    while (at < data.length) {
      if (data[at] > 0) {
        at += 1;
        continue;
      }
      int length = length(data, at);
      if (length == 0) return false;
      at += length;
    }
    return true;
  }

  /** Bytes of the character that begins here; 0 for none. */
  private static int length(byte[] data, int at) {
    int first = data[at] & 0xff;
    if (first >= 0xc2 && first <= 0xdf) return isRest(data, at + 1, 1) ? 2 : 0;
    int second = at + 1 < data.length ? data[at + 1] & 0xff : 0;
    if (first >= 0xe0 && first <= 0xef) {
      boolean isLong = first != 0xe0 || second >= 0xa0;
      boolean isScalar = first != 0xed || second <= 0x9f;
      return isLong && isScalar && isRest(data, at + 1, 2) ? 3 : 0;
    }
    if (first < 0xf0 || first > 0xf4) return 0;
    boolean isLong = first != 0xf0 || second >= 0x90;
    boolean isScalar = first != 0xf4 || second <= 0x8f;
    return isLong && isScalar && isRest(data, at + 1, 3) ? 4 : 0;
  }

  private static boolean isRest(byte[] data, int from, int count) {
    if (from + count > data.length) return false;
    for (int at = from; at < from + count; at++) if ((data[at] & 0xc0) != 0x80) return false;
    return true;
  }
}
