package io.fraudstream.job;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.util.List;

/** Writes KPL aggregates, simply: one partition key for all. */
final class KplWriter {
  private static final int[] MAGIC = {0xf3, 0x89, 0x9a, 0xc2};

  private KplWriter() {}

  static byte[] aggregate(String key, List<byte[]> records) throws Exception {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    counted(message, 0x0a, key.getBytes());
    for (byte[] record : records) {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      body.write(0x08);
      body.write(0);
      counted(body, 0x1a, record);
      counted(message, 0x1a, body.toByteArray());
    }
    ByteArrayOutputStream aggregate = new ByteArrayOutputStream();
    for (int part : MAGIC) aggregate.write(part);
    aggregate.writeBytes(message.toByteArray());
    aggregate.writeBytes(MessageDigest.getInstance("MD5").digest(message.toByteArray()));
    return aggregate.toByteArray();
  }

  private static void counted(ByteArrayOutputStream out, int tag, byte[] bytes) {
    out.write(tag);
    int length = bytes.length;
    for (; length >= 0x80; length >>>= 7) out.write(length & 0x7f | 0x80);
    out.write(length);
    out.writeBytes(bytes);
  }
}
