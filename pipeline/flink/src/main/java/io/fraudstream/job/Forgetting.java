package io.fraudstream.job;

import io.fraudstream.features.Manifest;
import java.time.Duration;
import org.apache.flink.api.common.state.StateTtlConfig;

/** When state is forgotten. */
final class Forgetting {
  /** As long as the manifest keeps the key that is kept longest. */
  private static final Duration FEATURES = Duration.ofDays(Manifest.KEPT_DAYS);

  private Forgetting() {}

  /** So long after the last transaction of a key its past is gone. */
  static StateTtlConfig ofFeatures() {
    return after(FEATURES);
  }

  static StateTtlConfig after(Duration span) {
    return StateTtlConfig.newBuilder(span)
        .setUpdateType(StateTtlConfig.UpdateType.OnCreateAndWrite)
        .setStateVisibility(StateTtlConfig.StateVisibility.NeverReturnExpired)
        .build();
  }
}
