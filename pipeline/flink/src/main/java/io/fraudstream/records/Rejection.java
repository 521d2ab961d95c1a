package io.fraudstream.records;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * One input that got no score, with the reason and its own bytes, so that it can be tried again.
 *
 * <p>The form of {@code src/records/rejection.ts}. {@code transactionId}, {@code cardId} and {@code
 * eventTime} are null for bytes that are no transaction, whose {@code error} is {@code bad_data}.
 * Units: {@code rejectedAt} epoch milliseconds. Public fields and an empty constructor: Flink's
 * POJO.
 */
public class Rejection {
  private static final ObjectMapper JSON = new ObjectMapper();

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

  /** The rejection as one line of JSON without its newline. */
  public String line() {
    ObjectNode line = JSON.createObjectNode();
    line.put("transaction_id", transactionId);
    line.put("card_id", cardId);
    line.put("event_time", eventTime);
    line.put("rejected_at", Instants.write(rejectedAt));
    line.put("end", end);
    line.put("error", error);
    line.put("reason", reason);
    line.put("attempts", attempts);
    line.put("transaction", text(data));
    return line.toString();
  }

  /** The bytes as text; those that are no UTF-8 in Base64 behind {@code base64:}. */
  private static String text(byte[] data) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(data)).toString();
    } catch (CharacterCodingException notText) {
      return "base64:" + Base64.getEncoder().encodeToString(data);
    }
  }
}
