package io.fraudstream.job;

import io.fraudstream.kinesis.PublishedMetrics;
import io.fraudstream.scoring.Candidate;
import io.fraudstream.scoring.Endpoint;
import io.fraudstream.scoring.HttpEndpoint;
import io.fraudstream.scoring.Loop;
import io.fraudstream.scoring.Outcome;
import io.fraudstream.scoring.ScoreSettings;
import io.fraudstream.scoring.Scorer;
import io.fraudstream.scoring.Target;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.api.functions.async.RichAsyncFunction;

/**
 * Scores candidates; the thread of the task never waits for the network.
 *
 * <p>Every future is completed with an outcome, never with an exception: an endpoint that fails
 * must not restart the job. Retries are made in here, under one deadline, and not by Flink's retry
 * strategies, which can lose an element when a timeout meets a retry (FLINK-40456).
 */
final class ScoringFunction extends RichAsyncFunction<Candidate, Outcome> {
  private static final long serialVersionUID = 1;

  private final ScoreSettings settings;
  private final Target target;
  private transient Loop loop;
  private transient HttpEndpoint endpoint;
  private transient Scorer scorer;

  ScoringFunction(ScoreSettings settings, Target target) {
    this.settings = settings;
    this.target = target;
  }

  @Override
  public void open(OpenContext context) {
    int subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
    MetricGroup group = PublishedMetrics.of(getRuntimeContext().getMetricGroup());
    loop = Loop.onThread("scorer-" + subtask);
    endpoint = new HttpEndpoint(target);
    scorer = scorer(endpoint, new FlinkScoringMetrics(group));
    group.gauge("requestsInFlight", scorer::inFlight);
    group.gauge("breakerOpen", () -> scorer.isBreakerOpen() ? 1 : 0);
  }

  private Scorer scorer(Endpoint asked, FlinkScoringMetrics metrics) {
    return new Scorer(
        settings, asked, loop, () -> ThreadLocalRandom.current().nextDouble(), metrics);
  }

  @Override
  public void asyncInvoke(Candidate candidate, ResultFuture<Outcome> result) {
    scorer.score(candidate, outcome -> result.complete(List.of(outcome)));
  }

  /** Only if the scorer itself failed to answer in time: even then nothing is lost. */
  @Override
  public void timeout(Candidate candidate, ResultFuture<Outcome> result) {
    result.complete(List.of(Outcome.timedOut(candidate)));
  }

  @Override
  public void close() {
    if (loop != null) loop.close();
    if (endpoint != null) endpoint.close();
  }
}
