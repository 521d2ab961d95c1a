package io.fraudstream.job;

import io.fraudstream.bench.BenchCounters;
import io.fraudstream.bench.CpuMeter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.FileUtils;

/**
 * Transactions that the whole job scores a second, and by each second of a processor, in a Flink of
 * this process. Run by bench/flink-job.js.
 *
 * <p>Arguments: {@code kinesis-url scoring-url parallelism transactions}; the transactions are in
 * the stream already. Prints {@link CpuMeter#line}.
 */
public final class BenchedJob {
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
    Configuration configuration = BenchCounters.configured();
    // Kept in memory, a checkpoint fails beyond 5 MB; and what a restart reads twice counts twice.
    Path checkpoints = Files.createTempDirectory("fraudstream-bench");
    configuration.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
    configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "disable");
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(parallelism, configuration);
    env.enableCheckpointing(10_000);
    new JobGraph(JobSettings.of(given)).build(env);
    JobClient job = env.executeAsync();
    System.out.println(CpuMeter.line(() -> BenchCounters.sum("scored"), all));
    job.cancel().get();
    FileUtils.deleteDirectory(checkpoints.toFile());
    System.exit(0);
  }
}
