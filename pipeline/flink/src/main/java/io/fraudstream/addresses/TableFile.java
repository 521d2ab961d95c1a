package io.fraudstream.addresses;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * What a table file holds; its format is drawn in {@code src/addresses/table-file.ts}.
 *
 * <p>Units: {@code date} YYYYMMDD. Shapes: {@code countries} codes of two letters, the first is
 * number 1 in the runs; {@code v4} has addresses of 32 bits, {@code v6} the first 48 bits.
 */
record TableFile(String date, String[] countries, Runs v4, Runs v6) {
  private static final int VERSION = 2;
  private static final int VERSION_AT = 4;
  private static final int DIGEST_AT = 5;
  private static final int CHECKED_AT = 37;
  private static final int COUNTS_AT = 46;
  private static final int SIZES_AT = 48;
  private static final int SOURCES_AT = 60;

  /** Errors: {@link IllegalStateException} for a file that is damaged or of another version. */
  static TableFile read(byte[] file) {
    check(file);
    ByteBuffer sizes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).position(SIZES_AT);
    int v4Packed = sizes.getInt();
    int v4Size = sizes.getInt();
    int v6Size = sizes.getInt();
    int countries = Byte.toUnsignedInt(file[COUNTS_AT]);
    int codesAt = SOURCES_AT + Byte.toUnsignedInt(file[COUNTS_AT + 1]);
    int v4At = codesAt + countries * 2;
    int v6At = v4At + v4Packed;
    String codes = new String(file, codesAt, countries * 2, StandardCharsets.US_ASCII);
    return new TableFile(
        new String(file, CHECKED_AT, 8, StandardCharsets.US_ASCII),
        codes.split("(?<=\\G..)"),
        Runs.read(inflated(file, v4At, v6At, v4Size), 2),
        Runs.read(inflated(file, v6At, file.length, v6Size), 4));
  }

  private static void check(byte[] file) {
    boolean isTable =
        file.length >= SOURCES_AT
            && new String(file, 0, VERSION_AT, StandardCharsets.US_ASCII).equals("FSIP");
    if (!isTable || file[VERSION_AT] != VERSION) {
      throw new IllegalStateException("The table of IP ranges is none of version " + VERSION + ".");
    }
    byte[] told = Arrays.copyOfRange(file, DIGEST_AT, CHECKED_AT);
    if (!Arrays.equals(told, sha256(Arrays.copyOfRange(file, CHECKED_AT, file.length)))) {
      throw new IllegalStateException("The table of IP ranges is damaged: its SHA-256 is another.");
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException cause) {
      throw new IllegalStateException(
          "This Java has no SHA-256, which every Java must have.", cause);
    }
  }

  private static byte[] inflated(byte[] file, int from, int to, int size) {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(file, from, to - from);
      byte[] part = new byte[size];
      int length = 0;
      while (length < size && !inflater.finished()) {
        int more = inflater.inflate(part, length, size - length);
        if (more == 0) break;
        length += more;
      }
      if (length == size) return part;
      throw new IllegalStateException("The table of IP ranges is cut off.");
    } catch (DataFormatException cause) {
      throw new IllegalStateException("The table of IP ranges cannot be unpacked.", cause);
    } finally {
      inflater.end();
    }
  }
}
