package io.fraudstream.kinesis.source;

import io.fraudstream.kinesis.ServiceErrors;

/** A shard that cannot be read, and asking again would not help. */
final class ReadFailedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ReadFailedException(String shardId, Position position, Throwable error) {
    super(
        "%s cannot be read from %s on: %s.".formatted(shardId, position, ServiceErrors.text(error)),
        error);
  }
}
