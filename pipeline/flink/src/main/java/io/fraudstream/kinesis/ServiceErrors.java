package io.fraudstream.kinesis;

import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** What an error of Kinesis means for whoever asked. */
public final class ServiceErrors {
  private static final Set<String> THROTTLED =
      Set.of(
          "ProvisionedThroughputExceededException",
          "LimitExceededException",
          "KMSThrottlingException");

  /** Refusals that pass by themselves: credentials are renewed, a stream becomes active. */
  private static final Set<String> PASSING =
      Set.of(
          "ExpiredToken",
          "ExpiredTokenException",
          "RequestExpired",
          "InvalidSignatureException",
          "IncompleteSignature",
          "ResourceInUseException",
          "RequestTimeout",
          "RequestTimeoutException");

  private static final Set<String> INVALID =
      Set.of("InvalidArgumentException", "ValidationException", "SerializationException");

  private static final int CLIENT_ERROR = 400;
  private static final int SERVER_ERROR = 500;

  private ServiceErrors() {}

  /** The error itself, without the futures that carried it. */
  public static Throwable cause(Throwable error) {
    boolean isWrapped = error instanceof CompletionException || error instanceof ExecutionException;
    return isWrapped && error.getCause() != null ? cause(error.getCause()) : error;
  }

  /** The code of the service, or empty for an error of the network. */
  public static String code(Throwable error) {
    if (!(cause(error) instanceof AwsServiceException refused)) return "";
    String code = refused.awsErrorDetails() == null ? null : refused.awsErrorDetails().errorCode();
    return code == null ? "" : code;
  }

  public static boolean isThrottled(Throwable error) {
    boolean isGeneral =
        cause(error) instanceof AwsServiceException refused && refused.isThrottlingException();
    return isGeneral || THROTTLED.contains(code(error));
  }

  public static boolean isNotFound(Throwable error) {
    return code(error).equals("ResourceNotFoundException");
  }

  /** The request itself is what the service cannot take. */
  public static boolean isInvalid(Throwable error) {
    return INVALID.contains(code(error));
  }

  /** The service understood and said no, and will go on saying so: permissions, arguments. */
  public static boolean isRefused(Throwable error) {
    if (!(cause(error) instanceof AwsServiceException refused)) return false;
    boolean isClientError =
        refused.statusCode() >= CLIENT_ERROR && refused.statusCode() < SERVER_ERROR;
    return isClientError && !isThrottled(error) && !PASSING.contains(code(error));
  }

  /** In one line: the code and what was said. */
  public static String text(Throwable error) {
    Throwable cause = cause(error);
    String message = cause.getMessage() == null ? "" : ": " + cause.getMessage();
    return (code(error).isEmpty() ? cause.getClass().getSimpleName() : code(error)) + message;
  }
}
