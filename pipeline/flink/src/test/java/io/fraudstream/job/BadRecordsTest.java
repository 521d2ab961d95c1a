package io.fraudstream.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records that are no transactions, as large as the stream takes them. */
class BadRecordsTest extends PipelineCase {
  private static final int KIB = 1024;

  private static byte[] noise(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static byte[] filled(int length, String text) {
    byte[] pattern = TestTransactions.bytes(text);
    byte[] bytes = new byte[length];
    for (int place = 0; place < length; place++) bytes[place] = pattern[place % pattern.length];
    return bytes;
  }

  private static byte[] zipped(byte[] data) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(data);
    }
    return bytes.toByteArray();
  }

  private static String sha256(byte[] data) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(data));
  }

  @ParameterizedTest
  @ValueSource(ints = {1024, 10_240})
  @DisplayName(
      "noise, gzip, NULs, quotes and a damaged aggregate are rejections that fit, no restart")
  void bad(int streamKib) throws Exception {
    int large = streamKib * KIB * 4 / 5;
    byte[] damaged = KplWriter.aggregate("k", List.of(noise(large)));
    damaged[damaged.length - 1] ^= 1;
    Map<String, byte[]> bad = new HashMap<>();
    bad.put("noise", noise(large));
    bad.put("gzip", zipped(noise(large)));
    bad.put("NUL", filled(large / 3, "\0"));
    bad.put("quotes", filled(large, "\"\\"));
    bad.put("damaged", damaged);
    kinesis.create(transactions, 8, streamKib);
    kinesis.create(rejects + "-large", 8, streamKib);
    given.put("rejects-stream", rejects + "-large");
    List<String> lines = TestTransactions.lines(20, 5, 9);
    run(2, null);
    for (var record : bad.entrySet()) kinesis.put(transactions, record.getKey(), record.getValue());
    put(lines);
    verdictsOf(lines);
    List<JsonNode> found = kinesis.read(rejects + "-large", read -> read.size() >= bad.size());
    assertEquals(bad.size(), found.size());
    Map<String, Integer> wanted = new HashMap<>();
    for (byte[] data : bad.values()) wanted.put(sha256(data), data.length);
    for (JsonNode rejection : found) {
      assertEquals("bad_data", rejection.get("error").textValue());
      int bytes = wanted.get(rejection.get("transaction_sha256").textValue());
      assertEquals(bytes, rejection.get("transaction_bytes").intValue());
      assertTrue(rejection.get("transaction").textValue().length() > 60_000);
    }
    assertNoRestart();
  }
}
