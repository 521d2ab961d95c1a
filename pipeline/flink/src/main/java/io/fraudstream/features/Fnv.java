package io.fraudstream.features;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** FNV-1a of 32 bits, the hash by which identifiers are compared. Source: Fowler, Noll and Vo. */
public final class Fnv {
  private static final int OFFSET = 0x811c9dc5;
  private static final int PRIME = 0x01000193;
  private static final Pattern LONE_SURROGATE = Pattern.compile("[\\ud800-\\udfff]");

  private Fnv() {}

  /** The hash of the UTF-8 bytes of a text; 0 becomes 1, and 0 stands for no text (null). */
  public static double of(String text) {
    if (text == null) return 0;
    int hash = OFFSET;
    // Half of a pair has no bytes of its own: it is written as U+FFFD, as JavaScript does.
    String whole = LONE_SURROGATE.matcher(text).replaceAll("\ufffd");
    for (byte next : whole.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ Byte.toUnsignedInt(next)) * PRIME;
    }
    return hash == 0 ? 1 : Integer.toUnsignedLong(hash);
  }
}
