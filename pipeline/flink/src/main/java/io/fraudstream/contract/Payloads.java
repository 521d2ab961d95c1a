package io.fraudstream.contract;

/**
 * The values at certain places of records, taken out of their bytes.
 *
 * <p>A value is a {@link String}, {@link Long} up to 2^53, {@link Double}, {@link
 * io.fraudstream.contract.values.NumberText}, {@link Boolean}, {@code byte[]}, {@link
 * java.util.Map}, {@link java.util.List}, or null where there is none.
 */
interface Payloads {
  /** Fills {@code values}; says why the bytes are no record, or null. Never throws. */
  String read(byte[] data, Object[] values);
}
