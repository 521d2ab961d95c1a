package io.fraudstream.kpl;

/**
 * One record that a producer was given, as it stands in an aggregate.
 *
 * @param explicitHashKey decimal, null where the producer was given none
 */
public record UserRecord(String partitionKey, String explicitHashKey, byte[] data) {}
