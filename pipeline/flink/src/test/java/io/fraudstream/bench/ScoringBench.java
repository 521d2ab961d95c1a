package io.fraudstream.bench;

import io.fraudstream.features.Facts;
import io.fraudstream.features.Manifest;
import io.fraudstream.job.BenchedScoring;
import io.fraudstream.scoring.Candidate;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.datastream.AsyncDataStream;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.async.RichAsyncFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * Transactions a second of the scoring operator in a Flink of this process: ours beside the pattern
 * of the AWS sample. Run by bench/flink.js.
 *
 * <p>Arguments: {@code ours|sample url slots capacity rows-per-request transactions}.
 */
public final class ScoringBench {
  private static final long TIMEOUT_MS = 60_000;

  private ScoringBench() {}

  public static void main(String[] arguments) throws Exception {
    String url = arguments[1];
    int slots = Integer.parseInt(arguments[2]);
    int capacity = Integer.parseInt(arguments[3]);
    int batchRows = Integer.parseInt(arguments[4]);
    long transactions = Long.parseLong(arguments[5]);
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(slots, new Configuration());
    DataStream<Candidate> candidates =
        env.fromSequence(1, transactions).map(ScoringBench::candidate);
    boolean isOurs = arguments[0].equals("ours");
    double perSecond =
        isOurs
            ? measured(
                env,
                candidates,
                BenchedScoring.function(url, capacity, batchRows),
                capacity * batchRows,
                transactions)
            : measured(env, candidates, new BlockingFunction(url), capacity, transactions);
    System.out.println(perSecond);
  }

  private static <T> double measured(
      StreamExecutionEnvironment env,
      DataStream<Candidate> candidates,
      RichAsyncFunction<Candidate, T> function,
      int capacity,
      long transactions)
      throws Exception {
    Meter<T> meter = new Meter<>(transactions * 2 / 5, transactions);
    AsyncDataStream.unorderedWait(candidates, function, TIMEOUT_MS, TimeUnit.MILLISECONDS, capacity)
        .filter(meter)
        .sinkTo(new DiscardingSink<>());
    env.execute();
    return meter.perSecond();
  }

  private static Candidate candidate(long number) {
    Candidate candidate = new Candidate();
    candidate.transactionId = String.valueOf(number);
    candidate.cardId = "card-" + number % 1000;
    candidate.eventTime = "2026-01-01T00:00:00.000Z";
    candidate.facts = new Facts();
    candidate.features = new float[Manifest.WIDTH];
    Arrays.fill(candidate.features, number % 977 / 7f);
    candidate.data = new byte[570];
    return candidate;
  }
}
