package io.fraudstream.records;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * One input that got no score, with the reason and its own bytes, so that it can be tried again.
 *
 * <p>The form of {@code src/records/rejection.ts}, held to it by {@code fixtures/rejections}.
 * {@code transactionId}, {@code cardId} and {@code eventTime} are null for bytes that are no
 * transaction, whose {@code error} is {@code bad_data}. Units: {@code rejectedAt} epoch
 * milliseconds. Public fields and an empty constructor: Flink's POJO.
 */
public class Rejection {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What a rejection carries of an input that does not fit; Base64 of it needs no padding. */
  private static final int HEAD_BYTES = 65_535;

  private static final int REASON_CHARACTERS = 2_000;

  public String transactionId;
  public String cardId;
  public String eventTime;
  public long rejectedAt;
  public String end;
  public String error;
  public String reason;
  public int attempts;
  public byte[] data;

  /** Bytes that are no transaction at all. */
  public static Rejection unreadable(byte[] data, String reason, long rejectedAt) {
    Rejection rejection = new Rejection();
    rejection.rejectedAt = rejectedAt;
    rejection.end = "unread";
    rejection.error = "bad_data";
    rejection.reason = reason;
    rejection.data = data;
    return rejection;
  }

  /** A verdict that its stream does not take; it stands where the input would. */
  public static Rejection undeliverable(byte[] verdict, String reason, long rejectedAt) {
    Rejection rejection = unreadable(verdict, "the verdict cannot be put: " + reason, rejectedAt);
    rejection.end = "unwritten";
    try {
      JsonNode fields = JSON.readTree(verdict);
      rejection.transactionId = fields.path("transaction_id").textValue();
      rejection.eventTime = fields.path("event_time").textValue();
    } catch (IOException notJson) {
      // Then it says no more than its bytes.
    }
    return rejection;
  }

  /**
   * The rejection as one line of JSON without its newline, of so many bytes at most.
   *
   * <p>Of an input that does not fit it has the head, the length and the SHA-256.
   */
  public String line(int limitBytes) {
    boolean isText = isText(data);
    if (data.length <= limitBytes) {
      String whole = json(text(data, isText), false);
      if (utf8Bytes(whole) <= limitBytes) return whole;
    }
    return json(text(head(isText), isText), true);
  }

  /** The whole input as text. */
  public String wholeText() {
    return text(data, isText(data));
  }

  /** The first 65,535 bytes of the input as text. */
  public String headText() {
    boolean isText = isText(data);
    return text(head(isText), isText);
  }

  /** The reason, of 2,000 characters at most. */
  public String shortReason() {
    return shortened(reason);
  }

  private String json(String input, boolean isCut) {
    ObjectNode line = JSON.createObjectNode();
    line.put("transaction_id", transactionId);
    line.put("card_id", cardId);
    line.put("event_time", eventTime);
    line.put("rejected_at", Instants.write(rejectedAt));
    line.put("end", end);
    line.put("error", error);
    line.put("reason", shortened(reason));
    line.put("attempts", attempts);
    line.put("transaction", input);
    if (isCut) {
      line.put("transaction_bytes", data.length);
      line.put("transaction_sha256", sha256(data));
    }
    return line.toString();
  }

  /** The bytes as text; those that are no UTF-8 in Base64 behind {@code base64:}. */
  private static String text(byte[] data, boolean isText) {
    if (isText) return new String(data, StandardCharsets.UTF_8);
    return "base64:" + Base64.getEncoder().encodeToString(data);
  }

  private static boolean isText(byte[] data) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(data));
      return true;
    } catch (CharacterCodingException notText) {
      return false;
    }
  }

  /** The first bytes; of text as many as are whole characters. */
  private byte[] head(boolean isText) {
    int length = Math.min(HEAD_BYTES, data.length);
    while (isText && length < data.length && (data[length] & 0xc0) == 0x80) length -= 1;
    return Arrays.copyOf(data, length);
  }

  private static String shortened(String reason) {
    if (reason == null || reason.length() <= REASON_CHARACTERS) return reason;
    boolean isPair = Character.isHighSurrogate(reason.charAt(REASON_CHARACTERS - 1));
    return reason.substring(0, isPair ? REASON_CHARACTERS - 1 : REASON_CHARACTERS);
  }

  private static int utf8Bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static String sha256(byte[] data) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(data));
    } catch (NoSuchAlgorithmException cause) {
      throw new IllegalStateException("This Java has no SHA-256, which every Java has.", cause);
    }
  }
}
