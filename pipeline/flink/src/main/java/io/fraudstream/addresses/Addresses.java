package io.fraudstream.addresses;

/** Internet addresses as numbers, the same as those of {@code src/addresses/parse-address.ts}. */
public final class Addresses {
  /** What {@link #parse} answers for a text that is no address. */
  public static final long NONE = -1;

  /** What is added to the first 48 bits of an IPv6 address, so that no IPv4 address is the same. */
  public static final long V6 = 1L << 48;

  private static final int GROUPS = 8;

  private Addresses() {}

  /**
   * The number of an address, or {@link #NONE}.
   *
   * <p>IPv4: the address, below 2^32. IPv6: {@link #V6} and the first 48 bits; the rest is checked
   * and dropped. An IPv4 address in the form of IPv6 ({@code ::ffff:192.0.2.1}) is that IPv4
   * address. A zone ({@code %eth0}) is refused: it means nothing away from its machine.
   */
  public static long parse(String text) {
    return text.indexOf(':') < 0 ? parseV4(text) : parseV6(text);
  }

  private static long parseV4(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) return NONE;
    long address = 0;
    for (String part : parts) {
      int number = partOf(part);
      if (number < 0) return NONE;
      address = address << 8 | number;
    }
    return address;
  }

  /** A leading zero is refused: some read such a part as octal. */
  private static int partOf(String part) {
    boolean hasForm = !part.isEmpty() && part.length() <= 3;
    if (!hasForm || part.length() > 1 && part.charAt(0) == '0') return -1;
    int number = 0;
    for (int at = 0; at < part.length(); at++) {
      int digit = part.charAt(at) - '0';
      if (digit < 0 || digit > 9) return -1;
      number = number * 10 + digit;
    }
    return number <= 255 ? number : -1;
  }

  private static long parseV6(String text) {
    int gap = text.indexOf("::");
    if (gap < 0) {
      int[] groups = groupsOf(text);
      return groups != null && groups.length == GROUPS ? numberOf(groups) : NONE;
    }
    int[] before = gap == 0 ? new int[0] : groupsOf(text.substring(0, gap));
    boolean isLast = gap + 2 == text.length();
    int[] after = isLast ? new int[0] : groupsOf(text.substring(gap + 2));
    // An IPv4 part can only stand at the end, and a gap stands for at least one group.
    if (before == null || after == null || before.length + after.length >= GROUPS) return NONE;
    if (gap > 0 && text.lastIndexOf('.', gap) >= 0) return NONE;
    int[] groups = new int[GROUPS];
    System.arraycopy(before, 0, groups, 0, before.length);
    System.arraycopy(after, 0, groups, GROUPS - after.length, after.length);
    return numberOf(groups);
  }

  /** Groups between single colons, IPv4 at the end as two of them; null for anything else. */
  private static int[] groupsOf(String text) {
    String[] parts = text.split(":", -1);
    boolean endsInV4 = parts[parts.length - 1].indexOf('.') >= 0;
    int count = parts.length + (endsInV4 ? 1 : 0);
    if (count > GROUPS) return null;
    int[] groups = new int[count];
    for (int at = 0; at < parts.length - (endsInV4 ? 1 : 0); at++) {
      groups[at] = groupOf(parts[at]);
      if (groups[at] < 0) return null;
    }
    if (!endsInV4) return groups;
    long v4 = parseV4(parts[parts.length - 1]);
    groups[count - 2] = (int) (v4 >>> 16);
    groups[count - 1] = (int) (v4 & 0xffff);
    return v4 == NONE ? null : groups;
  }

  private static int groupOf(String part) {
    if (part.isEmpty() || part.length() > 4) return -1;
    int group = 0;
    for (int at = 0; at < part.length(); at++) {
      char code = part.charAt(at);
      int digit = code < 128 ? Character.digit(code, 16) : -1;
      if (digit < 0) return -1;
      group = group * 16 + digit;
    }
    return group;
  }

  private static long numberOf(int[] groups) {
    boolean isMapped = groups[5] == 0xffff;
    for (int at = 0; at < 5; at++) isMapped &= groups[at] == 0;
    if (isMapped) return (long) groups[6] << 16 | groups[7];
    return V6 + ((long) groups[0] << 32 | (long) groups[1] << 16 | groups[2]);
  }
}
