package io.fraudstream.scoring;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Why a request brought no scores.
 *
 * @param isRowFault the endpoint refused what a row says: a batch is worth taking apart
 * @param waitMs what the endpoint asked to wait
 */
record Trouble(ErrorKind kind, String reason, boolean isRowFault, long waitMs) {
  /** Source: error codes of API Gateway and of AWS services, "Common Errors". */
  private static final Pattern AUTH =
      Pattern.compile(
          "^(AccessDenied|UnrecognizedClient|InvalidSignature|IncompleteSignature"
              + "|MissingAuthenticationToken|InvalidClientTokenId|SignatureDoesNotMatch"
              + "|ExpiredToken|Forbidden|NotAuthorized)");

  /** The endpoint has no capacity left; ModelNotReady is one that is still starting. */
  private static final Pattern THROTTLED =
      Pattern.compile(
          "^(Throttl|TooManyRequests|LimitExceeded|ModelNotReady|RequestLimitExceeded)");

  /** Statuses by which a container refuses what a row says, not the request around it. */
  private static final Set<Integer> ROW_REFUSALS = Set.of(400, 406, 413, 415, 422);

  private static final int REASON_LENGTH = 300;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The trouble of a reply; null for an answer that claims success. */
  static Trouble of(Reply reply) {
    if (reply.kind() != null) return new Trouble(reply.kind(), shortened(reply.reason()), false, 0);
    if (reply.status() >= 200 && reply.status() < 300) return null;
    Saying said = Saying.of(reply);
    String what = String.join(": ", said.name(), said.message()).replaceAll("^: |: $", "");
    String reason = shortened(("HTTP " + reply.status() + " " + what).trim());
    return judged(reply, said, reason);
  }

  /** An answer of success that is no sound list of scores. */
  static Trouble badResponse(String reason) {
    return new Trouble(ErrorKind.BAD_RESPONSE, shortened(reason), false, 0);
  }

  /** True when the table allows one more attempt after so many. */
  boolean isRetriedAfter(int attempts) {
    return !isRowFault && kind.isRetriedAfter(attempts);
  }

  boolean isOutage() {
    return !isRowFault && kind.isOutage();
  }

  private static Trouble judged(Reply reply, Saying said, String reason) {
    int status = reply.status();
    long waitMs = reply.retryAfterMs();
    // Throttling comes as 400 from SageMaker and as 429 from API Gateway.
    if (status == 429 || THROTTLED.matcher(said.name).find()) {
      return new Trouble(ErrorKind.THROTTLED, reason, false, waitMs);
    }
    if (status == 401 || status == 403 || AUTH.matcher(said.name).find()) {
      return new Trouble(ErrorKind.AUTH, reason, false, waitMs);
    }
    if (status == 424 || said.name.equals("ModelError")) {
      boolean isRowFault = said.originalStatus >= 400 && said.originalStatus < 500;
      return new Trouble(ErrorKind.MODEL_ERROR, reason, isRowFault, waitMs);
    }
    if (status >= 500) return new Trouble(ErrorKind.HTTP5XX, reason, false, waitMs);
    if (status < 400) return new Trouble(ErrorKind.BAD_RESPONSE, reason, false, waitMs);
    boolean isMissing = said.name.startsWith("Validation") || status == 404 || status == 405;
    boolean isRowFault = !isMissing && ROW_REFUSALS.contains(status);
    return new Trouble(ErrorKind.HTTP4XX, reason, isRowFault, waitMs);
  }

  /** What the body of an error says: SageMaker's JSON, API Gateway's, or plain text. */
  private record Saying(String name, String message, int originalStatus) {
    static Saying of(Reply reply) {
      String text = reply.body().trim();
      JsonNode said = objectIn(text);
      if (said == null) return new Saying(name(reply.errorType()), text, 0);
      String type = first(said, "__type", "code");
      String message = first(said, "OriginalMessage", "message", "Message");
      int original = said.path("OriginalStatusCode").asInt();
      return new Saying(
          name(reply.errorType().isEmpty() ? type : reply.errorType()), message, original);
    }

    /** {@code ModelError} of {@code com.amazonaws.sagemaker#ModelError:http://...}. */
    private static String name(String type) {
      return type.replaceFirst("^.*#", "").replaceFirst(":.*$", "");
    }

    private static JsonNode objectIn(String text) {
      try {
        JsonNode value = JSON.readTree(text);
        return value != null && value.isObject() ? value : null;
      } catch (JsonProcessingException notJson) {
        // The text itself is the message.
        return null;
      }
    }

    private static String first(JsonNode said, String... fields) {
      for (String field : fields) {
        if (said.hasNonNull(field)) return said.get(field).asText();
      }
      return "";
    }
  }

  private static String shortened(String text) {
    return text.length() > REASON_LENGTH ? text.substring(0, REASON_LENGTH) + "..." : text;
  }
}
