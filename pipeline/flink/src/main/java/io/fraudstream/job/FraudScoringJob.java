package io.fraudstream.job;

import java.util.Map;
import org.apache.flink.streaming.api.environment.LocalStreamEnvironment;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Transactions in, verdicts out: reads a stream of Kinesis, scores each transaction against an
 * endpoint, writes a verdict for each, and what cannot be scored to the rejects.
 *
 * <p>On Managed Service for Apache Flink and on any cluster; started by {@code java}, in a Flink of
 * its own on this machine.
 */
public final class FraudScoringJob {
  private FraudScoringJob() {}

  public static void main(String[] arguments) throws Exception {
    Map<String, String> given = GivenSettings.of(arguments);
    JobSettings settings = JobSettings.of(given);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    boolean isLocal = env instanceof LocalStreamEnvironment;
    StreamExecutionEnvironment used = isLocal ? LocalFlink.environment(settings) : env;
    new JobGraph(settings).build(used);
    if (isLocal) LocalFlink.run(used, settings);
    else used.execute("fraudstream");
  }
}
