package io.fraudstream.features;

/** A feature that reads the past of a key; the window is that of the manifest. */
@FunctionalInterface
interface PastFeature {
  double of(Past past, Facts facts, double windowMs);
}
