package io.fraudstream.job;

import io.fraudstream.scoring.Candidate;
import io.fraudstream.scoring.Outcome;
import java.util.Map;
import org.apache.flink.streaming.api.functions.async.RichAsyncFunction;

/** The job's own scoring function, for the benchmark. */
public final class BenchedScoring {
  private BenchedScoring() {}

  public static RichAsyncFunction<Candidate, Outcome> function(
      String url, int capacity, int batchRows) {
    Map<String, String> given =
        Map.of(
            "from-stream",
            "unread",
            "to-stream",
            "unwritten",
            "rejects-stream",
            "unwritten",
            "kinesis-endpoint-url",
            url,
            "url",
            url,
            "capacity",
            String.valueOf(capacity),
            "batch-rows",
            String.valueOf(batchRows),
            "linger",
            batchRows > 1 ? "5 ms" : "0 ms",
            "timeout",
            "60 s",
            "request-timeout",
            "30 s");
    JobSettings settings = JobSettings.of(given);
    return new ScoringFunction(Endpoints.scoring(settings), Endpoints.target(settings));
  }
}
