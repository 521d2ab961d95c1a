package io.fraudstream.kpl;

import java.util.List;

/**
 * A record of an aggregate before its keys are looked up; {@code hashIndex} -1 where it has none.
 */
record RecordBody(long keyIndex, long hashIndex, byte[] data) {
  private static final long KEY_INDEX = 0x08;
  private static final long HASH_INDEX = 0x10;
  private static final long DATA = 0x1a;
  private static final long NONE = -1;

  /** Null where the body cannot be read, or lacks its key index or its data. */
  static RecordBody read(Cursor cursor) {
    long keyIndex = NONE;
    long hashIndex = NONE;
    byte[] data = null;
    while (!cursor.isAtEnd()) {
      long tag = cursor.varint();
      if (tag == KEY_INDEX) keyIndex = index(cursor);
      else if (tag == HASH_INDEX) hashIndex = index(cursor);
      else if (tag == DATA) data = cursor.data();
      else cursor.skip(tag);
    }
    boolean isRead = !cursor.isBroken() && keyIndex != NONE && data != null;
    return isRead ? new RecordBody(keyIndex, hashIndex, data) : null;
  }

  /** An index past every table rather than below it, so that it is never taken for none. */
  private static long index(Cursor cursor) {
    long index = cursor.varint();
    return index < 0 ? Long.MAX_VALUE : index;
  }

  /** Null where a table lacks the key. */
  UserRecord named(List<String> keys, List<String> hashKeys) {
    if (keyIndex >= keys.size() || hashIndex >= hashKeys.size()) return null;
    String hashKey = hashIndex == NONE ? null : hashKeys.get((int) hashIndex);
    return new UserRecord(keys.get((int) keyIndex), hashKey, data);
  }
}
