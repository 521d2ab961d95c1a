package io.fraudstream.kpl;

import io.fraudstream.kpl.Deaggregated.Aggregate;
import io.fraudstream.kpl.Deaggregated.Damage;
import io.fraudstream.kpl.Deaggregated.Damaged;
import io.fraudstream.kpl.Deaggregated.Plain;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Takes the user records out of the data of a Kinesis record. Not for two threads at once.
 *
 * <pre>
 * offset   length  meaning
 * 0        4       magic F3 89 9A C2
 * 4        n       protobuf AggregatedRecord: 1 partition keys, 2 explicit hash keys, 3 records
 * 4 + n    16      MD5 of the protobuf bytes alone
 * </pre>
 *
 * Source: awslabs/amazon-kinesis-producer, aggregation-format.md.
 */
public final class Deaggregator {
  static final byte[] MAGIC = {(byte) 0xf3, (byte) 0x89, (byte) 0x9a, (byte) 0xc2};
  static final int DIGEST_BYTES = 16;

  private static final long PARTITION_KEY = 0x0a;
  private static final long EXPLICIT_HASH_KEY = 0x12;
  private static final long RECORD = 0x1a;

  private final MessageDigest md5 = md5();

  /**
   * Never throws: of a damaged aggregate nothing is taken, and the caller has the bytes to pass on.
   */
  public Deaggregated deaggregate(byte[] data) {
    if (!startsWithMagic(data)) return new Plain();
    int end = data.length - DIGEST_BYTES;
    if (end <= MAGIC.length) return new Damaged(Damage.SHORT);
    if (!hasItsDigest(data, end)) return new Damaged(Damage.MD5);
    return readMessage(data, end);
  }

  private static boolean startsWithMagic(byte[] data) {
    return data.length >= MAGIC.length
        && Arrays.equals(data, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  private boolean hasItsDigest(byte[] data, int end) {
    md5.update(data, MAGIC.length, end - MAGIC.length);
    return Arrays.equals(md5.digest(), 0, DIGEST_BYTES, data, end, data.length);
  }

  /** Tables and records may come mixed, so no record is read before the last table entry. */
  private static Deaggregated readMessage(byte[] data, int end) {
    List<String> keys = new ArrayList<>();
    List<String> hashKeys = new ArrayList<>();
    List<Cursor> bodies = new ArrayList<>();
    Cursor cursor = new Cursor(data, MAGIC.length, end);
    while (!cursor.isAtEnd()) {
      long tag = cursor.varint();
      if (tag == RECORD) {
        int length = cursor.counted();
        bodies.add(new Cursor(data, cursor.at() - length, cursor.at()));
      } else if (tag == PARTITION_KEY) keys.add(cursor.text());
      else if (tag == EXPLICIT_HASH_KEY) hashKeys.add(cursor.text());
      else cursor.skip(tag);
    }
    return cursor.isBroken() ? new Damaged(Damage.PROTOBUF) : readBodies(bodies, keys, hashKeys);
  }

  /** Reads to the end even where a key is missing: what cannot be read at all is graver. */
  private static Deaggregated readBodies(
      List<Cursor> bodies, List<String> keys, List<String> hashKeys) {
    List<UserRecord> records = new ArrayList<>(bodies.size());
    boolean isWhole = true;
    for (Cursor body : bodies) {
      RecordBody read = RecordBody.read(body);
      if (read == null) return new Damaged(Damage.PROTOBUF);
      UserRecord named = read.named(keys, hashKeys);
      if (named == null) isWhole = false;
      else records.add(named);
    }
    return isWhole ? new Aggregate(records) : new Damaged(Damage.INDEX);
  }

  static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException cause) {
      throw new IllegalStateException("This Java has no MD5, which every Java must have.", cause);
    }
  }
}
