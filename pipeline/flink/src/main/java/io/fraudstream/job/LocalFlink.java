package io.fraudstream.job;

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

/**
 * A Flink on this machine, for as long as the job runs.
 *
 * <p>Elsewhere checkpoints, restarts and parallelism are the cluster's own; Managed Service for
 * Apache Flink refuses a job that sets them.
 */
final class LocalFlink {
  private static final long POLL_MS = 100;
  private static final long STOP_SECONDS = 20;

  private LocalFlink() {}

  static StreamExecutionEnvironment environment(JobSettings settings) {
    Configuration configuration = new Configuration();
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
    if (settings.has(Options.PARALLELISM)) {
      configuration.set(CoreOptions.DEFAULT_PARALLELISM, settings.get(Options.PARALLELISM));
    }
    if (settings.has(Options.CHECKPOINT_DIR)) {
      String directory = settings.get(Options.CHECKPOINT_DIR);
      configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, directory);
    }
    if (settings.has(Options.FROM_SAVEPOINT)) {
      configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, settings.get(Options.FROM_SAVEPOINT));
    }
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(configuration);
    env.enableCheckpointing(settings.ms(Options.CHECKPOINT_INTERVAL));
    return env;
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
