package io.fraudstream.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.FileUtils;

/**
 * A Flink on this machine, for as long as the job runs.
 *
 * <p>Elsewhere checkpoints, restarts and parallelism are the cluster's own; Managed Service for
 * Apache Flink refuses a job that sets them.
 */
final class LocalFlink {
  private static final int TOLERATED_CHECKPOINTS = 3;
  private static final long POLL_MS = 100;
  private static final long STOP_SECONDS = 20;

  private LocalFlink() {}

  static StreamExecutionEnvironment environment(JobSettings settings) throws IOException {
    Configuration configuration = new Configuration();
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
    if (settings.has(Options.PARALLELISM)) {
      configuration.set(CoreOptions.DEFAULT_PARALLELISM, settings.get(Options.PARALLELISM));
    }
    configuration.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
    configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints(settings));
    // A checkpoint that fails is no reason to go back to the one before.
    configuration.set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, TOLERATED_CHECKPOINTS);
    if (settings.has(Options.FROM_SAVEPOINT)) {
      configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, settings.get(Options.FROM_SAVEPOINT));
    }
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(configuration);
    env.enableCheckpointing(settings.ms(Options.CHECKPOINT_INTERVAL));
    return env;
  }

  /** Not in memory: that holds 5 MB of an operator and then fails. */
  private static String checkpoints(JobSettings settings) throws IOException {
    if (settings.has(Options.CHECKPOINT_DIR)) return settings.get(Options.CHECKPOINT_DIR);
    Path directory = Files.createTempDirectory("fraudstream-checkpoints");
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> FileUtils.deleteDirectoryQuietly(directory.toFile())));
    return directory.toUri().toString();
  }

  /** Runs the job until it ends or this process is told to; says in one line when it runs. */
  static void run(StreamExecutionEnvironment env, JobSettings settings) throws Exception {
    JobClient job = env.executeAsync("fraudstream");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(job, settings)));
    JobStatus status = job.getJobStatus().get();
    while (status == JobStatus.INITIALIZING || status == JobStatus.CREATED) {
      Thread.sleep(POLL_MS);
      status = job.getJobStatus().get();
    }
    System.out.println("{\"flink\":\"" + status + "\",\"job_id\":\"" + job.getJobID() + "\"}");
    job.getJobExecutionResult().get();
  }

  private static void stop(JobClient job, JobSettings settings) {
    try {
      if (job.getJobStatus().get().isTerminalState()) return;
      if (settings.has(Options.SAVEPOINT_DIR)) {
        String directory = settings.get(Options.SAVEPOINT_DIR);
        String left =
            job.stopWithSavepoint(false, directory, SavepointFormatType.CANONICAL)
                .get(STOP_SECONDS, TimeUnit.SECONDS);
        System.out.println("{\"savepoint\":\"" + left + "\"}");
      } else {
        job.cancel().get(STOP_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException | ExecutionException | TimeoutException error) {
      System.err.println("The job did not stop by itself: " + error.getMessage());
    }
  }
}
