package io.fraudstream.job;

import java.time.Duration;
import org.apache.flink.api.common.state.StateTtlConfig;

/** When state is forgotten. */
final class Forgetting {
  /** Horizon of the features (30 days) and the day that the manifest adds before a key may go. */
  private static final Duration FEATURES = Duration.ofDays(31);

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
