package io.fraudstream.addresses;

/**
 * What is known of an address.
 *
 * @param country where it is registered, ISO 3166-1 alpha-2
 * @param kind 0 consumer, 1 mobile, 2 hosting, 3 anonymiser
 */
public record Network(String country, int kind) {
  static final int KINDS = 4;
}
