package io.fraudstream.contract.values;

/**
 * A value that is none of its kind; the message says what it must be. Has no stack: one a record.
 */
public final class UnreadableValue extends RuntimeException {
  private static final long serialVersionUID = 1;

  public UnreadableValue(String reason) {
    super(reason, null, false, false);
  }
}
