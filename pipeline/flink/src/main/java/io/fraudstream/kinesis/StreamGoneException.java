package io.fraudstream.kinesis;

import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/** The stream does not exist. No restart brings it back, so that the job ends. */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class StreamGoneException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public StreamGoneException(String stream, String region, Throwable cause) {
    super(
        "The stream %s does not exist in %s: it was deleted, or its name is wrong."
            .formatted(stream, region),
        cause);
  }
}
