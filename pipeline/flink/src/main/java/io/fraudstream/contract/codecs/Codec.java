package io.fraudstream.contract.codecs;

/**
 * Turns the value of one record into its bytes and back, in a form that has a schema.
 *
 * <p>Values are maps, lists, texts, {@link Long}, {@link Double}, {@link
 * io.fraudstream.contract.values.NumberText} past 2^53, {@link Boolean}, {@code byte[]} and null.
 */
public interface Codec {
  /** Errors: {@link Misfit} for a value that does not fit the schema. */
  byte[] encode(Object value);

  /** Errors: {@link Undecodable} for bytes that are not of the schema or the framing. */
  Object decode(byte[] data);

  /** Why bytes have no value. Has no stack: one a record. */
  final class Undecodable extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Undecodable(String reason) {
      super(reason, null, false, false);
    }
  }
}
