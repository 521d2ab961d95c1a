package io.fraudstream.job;

import io.fraudstream.features.Manifest;
import java.time.Duration;
import org.apache.flink.api.common.state.StateTtlConfig;

/** When state is forgotten. */
final class Forgetting {
  /** As long as the manifest keeps the key that is kept longest. */
  private static final Duration FEATURES = Duration.ofDays(Manifest.KEPT_DAYS);

  /**
   * Keys that state on the heap looks at with each access, to forget them. A transaction is two
   * accesses, so that one pass over all keys takes as many transactions as half of the keys. With
   * Flink's five a third of the job's processor time went into it, since of a map all is copied.
   */
  private static final int KEYS_AN_ACCESS = 1;

  private Forgetting() {}

  /** So long after the last transaction of a key its past is gone. */
  static StateTtlConfig ofFeatures() {
    return after(FEATURES);
  }

  static StateTtlConfig after(Duration span) {
    return StateTtlConfig.newBuilder(span)
        .setUpdateType(StateTtlConfig.UpdateType.OnCreateAndWrite)
        .setStateVisibility(StateTtlConfig.StateVisibility.NeverReturnExpired)
        .cleanupIncrementally(KEYS_AN_ACCESS, false)
        .build();
  }
}
