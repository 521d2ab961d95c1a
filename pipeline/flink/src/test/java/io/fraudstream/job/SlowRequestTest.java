package io.fraudstream.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fraudstream.scoring.Candidate;
import io.fraudstream.scoring.Endpoint;
import io.fraudstream.scoring.Outcome;
import io.fraudstream.scoring.Reply;
import io.fraudstream.scoring.Scorer;
import io.fraudstream.scoring.VirtualLoop;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.streaming.api.datastream.AsyncDataStream.OutputMode;
import org.apache.flink.streaming.api.functions.async.AsyncFunction;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.api.operators.async.AsyncWaitOperatorFactory;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Latency of the scoring operator in virtual time: 1,000 transactions/s, answers of 5 to 12 ms, and
 * one in a thousand of 1.5 s.
 */
class SlowRequestTest {
  private static final int COUNT = 10_000;
  private static final int SLOW_MS = 1_500;
  private static final int WATERMARK_MS = 200;

  private record Figures(long p50, long p99, double shareOver100) {}

  /** The scorer of the run: Flink copies functions. */
  private static Scorer scorer;

  private static final class Scoring implements AsyncFunction<Candidate, Outcome> {
    private static final long serialVersionUID = 1;

    @Override
    public void asyncInvoke(Candidate candidate, ResultFuture<Outcome> result) {
      scorer.score(candidate, outcome -> result.complete(List.of(outcome)));
    }
  }

  private static Figures figures(boolean hasSlow, boolean hasStop) throws Exception {
    VirtualLoop loop = new VirtualLoop();
    Random random = new Random(5);
    int[] requests = {0};
    Endpoint endpoint =
        body -> {
          CompletableFuture<Reply> reply = new CompletableFuture<>();
          boolean isSlow = hasSlow && ++requests[0] % 1000 == 500;
          Reply answer = new Reply(200, "text/csv", "", "", 0, "0.25", null, "");
          loop.after(isSlow ? SLOW_MS : 5 + random.nextInt(8), () -> reply.complete(answer));
          return reply;
        };
    scorer = scorer(endpoint, loop);
    var type = TypeInformation.of(Candidate.class);
    var operator =
        new AsyncWaitOperatorFactory<>(new Scoring(), 60_000, COUNT, OutputMode.UNORDERED);
    long[] latencies = new long[COUNT];
    int left = 0;
    try (var stop = new OneInputStreamOperatorTestHarness<>(new WatermarkStop());
        var harness =
            new OneInputStreamOperatorTestHarness<>(
                operator, type.createSerializer(new SerializerConfigImpl()))) {
      stop.open();
      harness.open();
      long beganAt = loop.now();
      for (int at = 0; left < COUNT; at++) {
        if (at < COUNT) enter(candidate(at), at, hasStop ? stop : null, harness);
        loop.run(1);
        for (var mail = harness.getTaskMailbox().tryTake(0); mail.isPresent(); ) {
          mail.get().run();
          mail = harness.getTaskMailbox().tryTake(0);
        }
        for (Object one = harness.getOutput().poll(); one != null; ) {
          if (one instanceof StreamRecord<?> record) {
            Outcome outcome = (Outcome) record.getValue();
            latencies[left++] = loop.now() - beganAt - outcome.candidate.ordinal;
          }
          one = harness.getOutput().poll();
        }
      }
    }
    Arrays.sort(latencies);
    double over = Arrays.stream(latencies).filter(ms -> ms > 100).count();
    return new Figures(latencies[COUNT / 2], latencies[COUNT * 99 / 100], over / COUNT);
  }

  private static Scorer scorer(Endpoint endpoint, VirtualLoop loop) {
    Map<String, String> given =
        Map.of(
            "from-stream", "s",
            "to-stream", "s",
            "rejects-stream", "s",
            "kinesis-endpoint-url", "http://127.0.0.1:1",
            "url", "http://127.0.0.1:1");
    var metrics = new FlinkScoringMetrics(new UnregisteredMetricsGroup());
    return new Scorer(Endpoints.scoring(JobSettings.of(given)), endpoint, loop, () -> 0.5, metrics);
  }

  private static Candidate candidate(int ordinal) {
    Candidate candidate = new Candidate();
    candidate.transactionId = "T" + ordinal;
    candidate.cardId = "c";
    candidate.ordinal = ordinal;
    candidate.features = new float[] {1};
    return candidate;
  }

  /** A transaction, and five times a second a watermark, through the stop where there is one. */
  private static void enter(
      Candidate candidate,
      int at,
      OneInputStreamOperatorTestHarness<Candidate, Candidate> stop,
      OneInputStreamOperatorTestHarness<Candidate, Outcome> scoring)
      throws Exception {
    if (stop == null) {
      scoring.processElement(candidate, at);
      if (at % WATERMARK_MS == 0) scoring.processWatermark(at);
      return;
    }
    stop.processElement(candidate, at);
    if (at % WATERMARK_MS == 0) stop.processWatermark(at);
    for (Object one = stop.getOutput().poll(); one != null; one = stop.getOutput().poll()) {
      if (one instanceof Watermark watermark) scoring.processWatermark(watermark);
      else scoring.processElement(((StreamRecord<?>) one).<Candidate>asRecord().getValue(), at);
    }
  }

  @Test
  @DisplayName("p99 with one slow request in 1,000 is at most three times that without")
  void p99() throws Exception {
    Figures without = figures(false, true);
    Figures with = figures(true, true);
    assertTrue(with.p99 <= 3 * without.p99, without + " " + with);
    assertEquals(without.p50, with.p50);
    assertTrue(with.shareOver100 <= 0.001, with.toString());
  }

  @Test
  @DisplayName("with watermarks it would be a hundred times that")
  void withWatermarks() throws Exception {
    Figures with = figures(true, false);
    assertTrue(with.p99 > 100 * figures(false, true).p99, with.toString());
  }
}
