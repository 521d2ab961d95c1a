package io.fraudstream.bench;

import io.fraudstream.kinesis.StreamAddress;
import io.fraudstream.kinesis.source.KinesisSource;
import io.fraudstream.kinesis.source.Position;
import io.fraudstream.kinesis.source.UserRecordDeserializer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.Collector;

/**
 * User records that the source reads a second, in a Flink of this process. Run by
 * bench/flink-source.js.
 *
 * <p>Arguments: {@code kinesis-url stream records}. Prints {@link CpuMeter#line}.
 */
public final class SourceBench {
  private static final Duration POLL = Duration.ofMillis(200);

  private SourceBench() {}

  public static void main(String[] arguments) throws Exception {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(1, new Configuration());
    env.getConfig().enableObjectReuse();
    StreamAddress address = new StreamAddress(arguments[1], "us-east-1", arguments[0], null);
    KinesisSource<byte[]> source =
        new KinesisSource<>(
            address, Position.TRIM_HORIZON, Duration.ofSeconds(10), POLL, new Counted());
    env.fromSource(source, WatermarkStrategy.noWatermarks(), "source")
        .sinkTo(new DiscardingSink<>());
    env.executeAsync();
    System.out.println(CpuMeter.line(Counted.SEEN::get, Long.parseLong(arguments[2])));
    System.exit(0);
  }

  private static final class Counted implements UserRecordDeserializer<byte[]> {
    private static final long serialVersionUID = 1;

    // The one subtask is in this process.
    private static final AtomicLong SEEN = new AtomicLong();

    @Override
    public void deserialize(byte[] data, String place, Collector<byte[]> out) {
      SEEN.incrementAndGet();
      out.collect(data);
    }

    @Override
    public void damaged(byte[] data, String reason, Collector<byte[]> out) {
      throw new IllegalStateException(reason);
    }

    @Override
    public TypeInformation<byte[]> getProducedType() {
      return PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO;
    }
  }
}
