package io.fraudstream.job;

import com.sun.management.OperatingSystemMXBean;
import io.fraudstream.bench.ScoredCounterFactory;
import java.lang.management.ManagementFactory;
import java.util.Map;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Transactions that the whole job scores a second, and by each second of a processor, in a Flink of
 * this process. Run by bench/flink-job.js.
 *
 * <p>Arguments: {@code kinesis-url scoring-url parallelism transactions}; the transactions are in
 * the stream already. Prints {@code transactions/s transactions/CPU-s}; the first two fifths warm
 * up.
 */
public final class BenchedJob {
  private static final long POLL_MS = 20;

  private BenchedJob() {}

  public static void main(String[] arguments) throws Exception {
    int parallelism = Integer.parseInt(arguments[2]);
    long all = Long.parseLong(arguments[3]);
    Map<String, String> given =
        Map.ofEntries(
            Map.entry("from-stream", "transactions"),
            Map.entry("to-stream", "verdicts"),
            Map.entry("rejects-stream", "rejects"),
            Map.entry("kinesis-endpoint-url", arguments[0]),
            Map.entry("url", arguments[1]),
            Map.entry("capacity", "100"),
            Map.entry("batch-rows", "16"),
            Map.entry("linger", "5 ms"));
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(
            parallelism, ScoredCounterFactory.configured());
    env.enableCheckpointing(10_000);
    new JobGraph(JobSettings.of(given)).build(env);
    JobClient job = env.executeAsync();
    untilScored(all * 2 / 5);
    long scoredAtFirst = ScoredCounterFactory.scored();
    long beganAt = System.nanoTime();
    long cpuAtFirst = cpuNanos();
    untilScored(all);
    double scored = ScoredCounterFactory.scored() - scoredAtFirst;
    double cpuSeconds = (cpuNanos() - cpuAtFirst) / 1e9;
    double seconds = (System.nanoTime() - beganAt) / 1e9;
    System.out.println(scored / seconds + " " + scored / cpuSeconds);
    job.cancel().get();
    System.exit(0);
  }

  private static void untilScored(long count) throws Exception {
    while (ScoredCounterFactory.scored() < count) Thread.sleep(POLL_MS);
  }

  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
