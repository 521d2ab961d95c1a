package io.fraudstream.interop;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.kinesis.common.ConfigsBuilder;
import software.amazon.kinesis.common.InitialPositionInStream;
import software.amazon.kinesis.common.InitialPositionInStreamExtended;
import software.amazon.kinesis.coordinator.CoordinatorConfig;
import software.amazon.kinesis.coordinator.CoordinatorConfig.ClientVersionConfig;
import software.amazon.kinesis.coordinator.Scheduler;
import software.amazon.kinesis.exceptions.InvalidStateException;
import software.amazon.kinesis.exceptions.ShutdownException;
import software.amazon.kinesis.lifecycle.events.InitializationInput;
import software.amazon.kinesis.lifecycle.events.LeaseLostInput;
import software.amazon.kinesis.lifecycle.events.ProcessRecordsInput;
import software.amazon.kinesis.lifecycle.events.ShardEndedInput;
import software.amazon.kinesis.lifecycle.events.ShutdownRequestedInput;
import software.amazon.kinesis.metrics.MetricsLevel;
import software.amazon.kinesis.processor.ShardRecordProcessor;
import software.amazon.kinesis.processor.SingleStreamTracker;
import software.amazon.kinesis.retrieval.KinesisClientRecord;
import software.amazon.kinesis.retrieval.RetrievalSpecificConfig;
import software.amazon.kinesis.retrieval.fanout.FanOutConfig;
import software.amazon.kinesis.retrieval.polling.PollingConfig;

/**
 * Reads a stream from its beginning by the Scheduler of the KCL. Leases and metrics are served by
 * another service than the stream.
 *
 * <p>Arguments: {@code print|measure kinesis-url aws-url stream records idle-seconds
 * records-a-read [fan-out]}. With {@code print} each user record is a line {@code partition-key
 * explicit-hash-key data}, key and data in Base64. What the KCL delivers again, after a lease that
 * was lost, is left out by its sequence number, as an application does; what is in the stream twice
 * is printed twice. The end is three seconds after so many different records, or so long without
 * one. With {@code measure}: {@link Meter#line}.
 */
public final class ReadByKcl {
  private static final int POLL_MS = 200;

  /** When all have come, so long for some that come twice. */
  private static final int LINGER_MS = 3_000;

  /** Leases are taken every twice so long; the default of 10 s is for many workers. */
  private static final int FAILOVER_MS = 5_000;

  private ReadByKcl() {}

  public static void main(String[] arguments) throws Exception {
    boolean isPrinted = arguments[0].equals("print");
    long all = Long.parseLong(arguments[4]);
    long idleMs = Long.parseLong(arguments[5]) * 1_000;
    Meter meter = new Meter(all);
    AtomicLong lastAt = new AtomicLong(System.nanoTime());
    Set<String> positions = ConcurrentHashMap.newKeySet();
    Set<String> different = ConcurrentHashMap.newKeySet();
    Consumer<List<KinesisClientRecord>> records =
        batch -> {
          if (batch.isEmpty()) return;
          if (isPrinted) {
            List<String> lines =
                batch.stream()
                    .filter(record -> positions.add(positionOf(record)))
                    .map(ReadByKcl::lineOf)
                    .toList();
            print(lines);
            different.addAll(lines);
          }
          meter.add(batch.size());
          lastAt.set(System.nanoTime());
        };
    int limit = Integer.parseInt(arguments[6]);
    boolean isFanOut = arguments.length > 7 && arguments[7].equals("fan-out");
    Scheduler scheduler =
        scheduler(arguments[1], arguments[2], arguments[3], limit, isFanOut, records);
    Thread thread = new Thread(scheduler, "kcl");
    thread.setDaemon(true);
    thread.start();
    if (isPrinted) {
      long silentMs = 0;
      while (silentMs < (different.size() < all ? idleMs : LINGER_MS)) {
        Thread.sleep(POLL_MS);
        silentMs = (System.nanoTime() - lastAt.get()) / 1_000_000;
      }
      System.out.flush();
    } else {
      System.out.println(meter.line());
    }
    Runtime.getRuntime().halt(0);
  }

  private static synchronized void print(List<String> lines) {
    for (String line : lines) System.out.println(line);
  }

  private static String positionOf(KinesisClientRecord record) {
    return record.sequenceNumber() + "/" + record.subSequenceNumber();
  }

  private static String lineOf(KinesisClientRecord record) {
    ByteBuffer data = record.data().duplicate();
    byte[] bytes = new byte[data.remaining()];
    data.get(bytes);
    byte[] key = record.partitionKey().getBytes(StandardCharsets.UTF_8);
    Base64.Encoder encoder = Base64.getEncoder();
    return encoder.encodeToString(key)
        + " "
        + record.explicitHashKey()
        + " "
        + encoder.encodeToString(bytes);
  }

  private static Scheduler scheduler(
      String kinesisUrl,
      String awsUrl,
      String stream,
      int limit,
      boolean isFanOut,
      Consumer<List<KinesisClientRecord>> records) {
    KinesisAsyncClient kinesis =
        isFanOut ? Clients.kinesisByTls(kinesisUrl) : Clients.kinesis(kinesisUrl);
    String application = "reader-" + UUID.randomUUID();
    ConfigsBuilder configs =
        new ConfigsBuilder(
            new SingleStreamTracker(
                stream,
                InitialPositionInStreamExtended.newInitialPosition(
                    InitialPositionInStream.TRIM_HORIZON)),
            application,
            kinesis,
            Clients.at(awsUrl, DynamoDbAsyncClient.builder()).build(),
            Clients.at(awsUrl, CloudWatchAsyncClient.builder()).build(),
            application,
            () -> new Processor(records));
    RetrievalSpecificConfig retrieval =
        isFanOut
            ? new FanOutConfig(kinesis).streamName(stream).applicationName(application)
            : new PollingConfig(stream, kinesis)
                .maxRecords(limit)
                .idleTimeBetweenReadsInMillis(POLL_MS)
                .usePollingConfigIdleTimeValue(true);
    CoordinatorConfig coordinator =
        configs.coordinatorConfig().parentShardPollIntervalMillis(POLL_MS);
    // By load, as version 3 gives leases out, a single worker on a busy machine may get some only.
    coordinator.clientVersionConfig(ClientVersionConfig.CLIENT_VERSION_CONFIG_COMPATIBLE_WITH_2X);
    return new Scheduler(
        configs.checkpointConfig(),
        coordinator,
        configs
            .leaseManagementConfig()
            .failoverTimeMillis(FAILOVER_MS)
            .shardSyncIntervalMillis(FAILOVER_MS),
        configs.lifecycleConfig(),
        configs.metricsConfig().metricsLevel(MetricsLevel.NONE),
        configs.processorConfig(),
        configs.retrievalConfig().retrievalSpecificConfig(retrieval));
  }

  private record Processor(Consumer<List<KinesisClientRecord>> records)
      implements ShardRecordProcessor {
    @Override
    public void initialize(InitializationInput input) {}

    @Override
    public void processRecords(ProcessRecordsInput input) {
      records.accept(input.records());
    }

    @Override
    public void leaseLost(LeaseLostInput input) {}

    @Override
    public void shardEnded(ShardEndedInput input) {
      try {
        input.checkpointer().checkpoint();
      } catch (InvalidStateException | ShutdownException lost) {
        throw new IllegalStateException(lost);
      }
    }

    @Override
    public void shutdownRequested(ShutdownRequestedInput input) {}
  }
}
