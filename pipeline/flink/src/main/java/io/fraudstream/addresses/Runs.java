package io.fraudstream.addresses;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * An address space cut into runs, each of one owner; a run ends where the next begins.
 *
 * <p>A start is two parts: its first 16 bits are a bucket, the rest stands in {@code lows}. The
 * runs that begin in bucket b are those from {@code index[b]} up to, but not including, {@code
 * index[b + 1]}. Shapes: {@code index} 65,537; the others one for each run. Country 0 is nobody.
 */
record Runs(int[] index, int[] lows, byte[] countries, byte[] kinds) {
  private static final int BUCKETS = 65_536;

  /** Reads a part of a table file; {@code lowBytes} is 2 for IPv4 and 4 for IPv6. */
  static Runs read(byte[] part, int lowBytes) {
    ByteBuffer bytes = ByteBuffer.wrap(part).order(ByteOrder.LITTLE_ENDIAN);
    int count = bytes.getInt();
    int[] index = new int[BUCKETS + 1];
    for (int bucket = 0; bucket <= BUCKETS; bucket++) index[bucket] = bytes.getInt();
    int[] lows = new int[count];
    int low = 0;
    for (int run = 0; run < count; run++) {
      // IPv4 stands there as it is, IPv6 as the difference from the run before.
      low = lowBytes == 2 ? Short.toUnsignedInt(bytes.getShort()) : low + bytes.getInt();
      lows[run] = low;
    }
    byte[] countries = new byte[count];
    byte[] kinds = new byte[count];
    bytes.get(countries).get(kinds);
    return new Runs(index, lows, countries, kinds);
  }

  /** The run that an address is in; {@code low} is what follows the 16 bits of its bucket. */
  int runOf(int bucket, int low) {
    // Where no run of the bucket begins at or before the address, it is in the last run before
    // them.
    int first = index[bucket] - 1;
    int last = index[bucket + 1] - 1;
    while (first < last) {
      int middle = (first + last + 1) >> 1;
      if (Integer.compareUnsigned(lows[middle], low) <= 0) first = middle;
      else last = middle - 1;
    }
    return first;
  }
}
