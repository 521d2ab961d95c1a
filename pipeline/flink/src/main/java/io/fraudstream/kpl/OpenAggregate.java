package io.fraudstream.kpl;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An aggregated Kinesis record that still takes user records. Layout: {@link Deaggregator}.
 *
 * <p>Its size is kept exact while it fills, so that nothing is encoded twice to learn whether it
 * fits. Sizes in bytes. Not for two threads at once.
 */
public final class OpenAggregate {
  /** Magic and MD5. */
  private static final int FRAME_BYTES = Deaggregator.MAGIC.length + Deaggregator.DIGEST_BYTES;

  private static final int NONE = -1;

  private record Slot(int keyIndex, int hashIndex, byte[] data, int bodyBytes) {}

  private final int limitBytes;
  private final int maxCount;
  private final Map<String, Integer> keys = new LinkedHashMap<>();
  private final Map<String, Integer> hashKeys = new LinkedHashMap<>();
  private final ByteArrayOutputStream keyTable = new ByteArrayOutputStream();
  private final ByteArrayOutputStream hashKeyTable = new ByteArrayOutputStream();
  private final List<Slot> slots = new ArrayList<>();
  private UserRecord first;
  private int sizeBytes = FRAME_BYTES;

  /** At most so many bytes and records, except that a first record is always taken. */
  public OpenAggregate(int limitBytes, int maxCount) {
    this.limitBytes = limitBytes;
    this.maxCount = maxCount;
  }

  public int count() {
    return slots.size();
  }

  /** What {@link #encode} would answer now, in bytes. */
  public int sizeBytes() {
    return sizeBytes;
  }

  /** The record that decides to which shard the aggregate goes; null where it is empty. */
  public UserRecord first() {
    return first;
  }

  /** Takes the record and answers true; answers false, unchanged, when it does not fit. */
  public boolean tryAdd(UserRecord record) {
    byte[] newKey = listing(keys, record.partitionKey());
    byte[] newHash = listing(hashKeys, record.explicitHashKey());
    int keyIndex = indexOf(keys, record.partitionKey());
    int hashIndex = indexOf(hashKeys, record.explicitHashKey());
    int body = bodyBytes(record.data().length, keyIndex, hashIndex);
    int added = counted(newKey) + counted(newHash) + 1 + varintBytes(body) + body;
    if (!hasSpace(added)) return false;
    if (newKey != null) list(keys, keyTable, record.partitionKey(), newKey, 0x0a);
    if (newHash != null) list(hashKeys, hashKeyTable, record.explicitHashKey(), newHash, 0x12);
    if (first == null) first = record;
    slots.add(new Slot(keyIndex, hashIndex, record.data(), body));
    sizeBytes += added;
    return true;
  }

  private boolean hasSpace(int addedBytes) {
    if (slots.isEmpty()) return true;
    return slots.size() < maxCount && sizeBytes + addedBytes <= limitBytes;
  }

  /** The key in UTF-8, or null where it is listed already or there is none. */
  private static byte[] listing(Map<String, Integer> table, String key) {
    boolean isNew = key != null && !table.containsKey(key);
    return isNew ? key.getBytes(StandardCharsets.UTF_8) : null;
  }

  private static int indexOf(Map<String, Integer> table, String key) {
    return key == null ? NONE : table.getOrDefault(key, table.size());
  }

  private static void list(
      Map<String, Integer> table, ByteArrayOutputStream text, String key, byte[] bytes, int tag) {
    table.put(key, table.size());
    writeField(text, tag, bytes.length);
    text.writeBytes(bytes);
  }

  private static int counted(byte[] bytes) {
    return bytes == null ? 0 : 1 + varintBytes(bytes.length) + bytes.length;
  }

  /** Bytes of a Record behind its own tag and length. */
  private static int bodyBytes(int dataBytes, int keyIndex, int hashIndex) {
    int hashBytes = hashIndex == NONE ? 0 : 1 + varintBytes(hashIndex);
    return 1 + varintBytes(keyIndex) + hashBytes + 1 + varintBytes(dataBytes) + dataBytes;
  }

  /** The aggregated Kinesis record; the aggregate itself stays as it is. */
  public byte[] encode() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(sizeBytes);
    out.writeBytes(Deaggregator.MAGIC);
    out.writeBytes(keyTable.toByteArray());
    out.writeBytes(hashKeyTable.toByteArray());
    for (Slot slot : slots) {
      writeField(out, 0x1a, slot.bodyBytes);
      writeField(out, 0x08, slot.keyIndex);
      if (slot.hashIndex != NONE) writeField(out, 0x10, slot.hashIndex);
      writeField(out, 0x1a, slot.data.length);
      out.writeBytes(slot.data);
    }
    byte[] message = out.toByteArray();
    MessageDigest md5 = Deaggregator.md5();
    md5.update(message, Deaggregator.MAGIC.length, message.length - Deaggregator.MAGIC.length);
    out.writeBytes(md5.digest());
    return out.toByteArray();
  }

  private static void writeField(ByteArrayOutputStream out, int tag, int value) {
    out.write(tag);
    int rest = value;
    for (; rest >= 0x80; rest >>>= 7) out.write(rest & 0x7f | 0x80);
    out.write(rest);
  }

  private static int varintBytes(int value) {
    int bytes = 1;
    for (int rest = value >>> 7; rest > 0; rest >>>= 7) bytes += 1;
    return bytes;
  }
}
