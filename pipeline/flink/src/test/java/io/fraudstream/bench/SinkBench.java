package io.fraudstream.bench;

import io.fraudstream.kinesis.StreamAddress;
import io.fraudstream.kinesis.sink.KinesisSink;
import io.fraudstream.kinesis.sink.SinkEntry;
import io.fraudstream.kinesis.sink.SinkRecords;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Verdicts that the sink puts a second, aggregated or one by one, in a Flink of this process. Run
 * by bench/flink-sink.js.
 *
 * <p>Arguments: {@code kinesis-url stream aggregate records}. Prints {@link CpuMeter#line} and the
 * Kinesis records put.
 */
public final class SinkBench {
  private static final int CARDS = 10_000;
  private static final int VERDICT_BYTES = 330;
  private static final Duration BUFFER = Duration.ofMillis(100);

  private SinkBench() {}

  public static void main(String[] arguments) throws Exception {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(1, BenchCounters.configured());
    env.getConfig().enableObjectReuse();
    StreamAddress address = new StreamAddress(arguments[1], "us-east-1", arguments[0], null);
    long all = Long.parseLong(arguments[3]);
    KinesisSink.Form form = new KinesisSink.Form(Boolean.parseBoolean(arguments[2]), false, BUFFER);
    env.fromSequence(1, all).sinkTo(new KinesisSink<>(address, address, new Verdicts(), form));
    env.executeAsync();
    String line = CpuMeter.line(() -> BenchCounters.sum("userRecordsPut"), all);
    System.out.println(line + " " + BenchCounters.sum("kinesisRecordsPut"));
    System.exit(0);
  }

  private static final class Verdicts implements SinkRecords<Long> {
    private static final long serialVersionUID = 1;
    private static final String REST = "v".repeat(VERDICT_BYTES);

    @Override
    public SinkEntry entry(Long number, int recordBytes) {
      String text = (number + REST).substring(0, VERDICT_BYTES);
      return SinkEntry.of("card-" + number % CARDS, text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public SinkEntry rejection(SinkEntry refused, String reason, int recordBytes) {
      throw new IllegalStateException(reason);
    }
  }
}
