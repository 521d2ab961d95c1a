package io.fraudstream.features;

import java.util.List;
import java.util.Map;

/** Features of one key that look at no days, with their places in the row. */
record IndexedFeature<F>(int index, double windowMs, F of) {
  /** Errors: {@link IllegalStateException} for a feature of the manifest that nobody computes. */
  static <F> List<IndexedFeature<F>> all(String key, Map<String, F> known) {
    List<Manifest.Definition> all = Manifest.FEATURES;
    return all.stream()
        .filter(definition -> definition.key().equals(key) && !definition.isOfDays())
        .map(definition -> withIndex(definition, all.indexOf(definition), known))
        .toList();
  }

  private static <F> IndexedFeature<F> withIndex(
      Manifest.Definition definition, int index, Map<String, F> known) {
    F of = known.get(definition.name());
    if (of != null) return new IndexedFeature<>(index, definition.windowMs(), of);
    throw new IllegalStateException("Nobody computes the feature " + definition.name() + ".");
  }
}
