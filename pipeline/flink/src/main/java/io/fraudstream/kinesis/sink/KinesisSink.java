package io.fraudstream.kinesis.sink;

import io.fraudstream.kinesis.ServiceErrors;
import io.fraudstream.kinesis.StreamAddress;
import io.fraudstream.kinesis.StreamGoneException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.base.sink.AsyncSinkBase;
import org.apache.flink.connector.base.sink.writer.BufferedRequestState;
import org.apache.flink.connector.base.sink.writer.config.AsyncSinkWriterConfiguration;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream of Kinesis as a sink of Flink, at least once.
 *
 * <p>Records are aggregated as the KPL does it. Those that Kinesis does not take go to another
 * stream, that of the rejections; no record makes the job restart.
 */
public final class KinesisSink<T> extends AsyncSinkBase<T, SinkEntry> {
  private static final long serialVersionUID = 1;
  private static final Logger LOG = LoggerFactory.getLogger(KinesisSink.class);

  /** What the largest record of any stream has. Source: Kinesis quotas. */
  private static final long LARGEST_RECORD_BYTES = 10L * 1024 * 1024;

  private static final int AGGREGATED_BATCH = 5_000;
  private static final int PLAIN_BATCH = 500;
  private static final int BATCHES_WAITING = 4;
  private static final int BATCHES_IN_FLIGHT = 8;
  private static final long REQUEST_TIMEOUT_MS = 300_000;

  /**
   * In which form records are put.
   *
   * @param isAggregated whether many share a Kinesis record, as with the KPL
   * @param isOrdered whether records of one partition key arrive in the order of the elements
   */
  public record Form(boolean isAggregated, boolean isOrdered, Duration longestWait)
      implements java.io.Serializable {}

  private final StreamAddress address;
  private final StreamAddress rejects;
  private final SinkRecords<T> records;
  private final Form form;

  public KinesisSink(
      StreamAddress address, StreamAddress rejects, SinkRecords<T> records, Form form) {
    super(
        // The one that is used knows the sizes that the streams take: see KinesisSinkWriter.
        (element, context) -> records.entry(element, KinesisWrites.USUAL_RECORD_BYTES),
        batch(form),
        form.isOrdered() ? 1 : BATCHES_IN_FLIGHT,
        batch(form) * BATCHES_WAITING,
        LARGEST_RECORD_BYTES,
        form.longestWait().toMillis(),
        LARGEST_RECORD_BYTES,
        REQUEST_TIMEOUT_MS,
        false);
    this.address = address;
    this.rejects = rejects;
    this.records = records;
    this.form = form;
  }

  private static int batch(Form form) {
    return form.isAggregated() ? AGGREGATED_BATCH : PLAIN_BATCH;
  }

  @Override
  public StatefulSinkWriter<T, BufferedRequestState<SinkEntry>> createWriter(
      WriterInitContext context) {
    return restoreWriter(context, List.of());
  }

  @Override
  public StatefulSinkWriter<T, BufferedRequestState<SinkEntry>> restoreWriter(
      WriterInitContext context, Collection<BufferedRequestState<SinkEntry>> restored) {
    AsyncSinkWriterConfiguration configuration =
        AsyncSinkWriterConfiguration.builder()
            .setMaxBatchSize(getMaxBatchSize())
            .setMaxBatchSizeInBytes(getMaxBatchSizeInBytes())
            .setMaxInFlightRequests(getMaxInFlightRequests())
            .setMaxBufferedRequests(getMaxBufferedRequests())
            .setMaxTimeInBufferMS(getMaxTimeInBufferMS())
            .setMaxRecordSizeInBytes(getMaxRecordSizeInBytes())
            .setRequestTimeoutMS(getRequestTimeoutMS())
            .setFailOnTimeout(getFailOnTimeout())
            .setRateLimitingStrategy(
                new RequestsInFlight(getMaxInFlightRequests(), getMaxBatchSize()))
            .build();
    return new KinesisSinkWriter<>(
        Streams.open(address, rejects), records, form, context, configuration, restored);
  }

  @Override
  public SimpleVersionedSerializer<BufferedRequestState<SinkEntry>> getWriterStateSerializer() {
    return new SinkEntrySerializer();
  }

  /** The two streams of a writer and what they said of themselves when it started. */
  record Streams(
      StreamAddress address,
      StreamWrites own,
      StreamWrites rejects,
      ShardMap shards,
      int recordBytes,
      int rejectionBytes)
      implements AutoCloseable {
    static Streams open(StreamAddress address, StreamAddress rejects) {
      StreamWrites own = new KinesisWrites(address);
      StreamWrites rejected = new KinesisWrites(rejects);
      CompletableFuture<ShardMap> shards = own.shards();
      CompletableFuture<Integer> recordBytes = own.recordBytes();
      CompletableFuture<Integer> rejectionBytes = rejected.recordBytes();
      return new Streams(
          address,
          own,
          rejected,
          said(address, shards, ShardMap.UNKNOWN),
          said(address, recordBytes, KinesisWrites.USUAL_RECORD_BYTES),
          said(rejects, rejectionBytes, KinesisWrites.USUAL_RECORD_BYTES));
    }

    /** Writing begins without the answer where there is none. */
    private static <V> V said(StreamAddress stream, CompletableFuture<V> answer, V otherwise) {
      try {
        return answer.get();
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
        return otherwise;
      } catch (ExecutionException error) {
        if (ServiceErrors.isNotFound(error)) {
          throw new StreamGoneException(stream.stream(), stream.usedRegion(), error);
        }
        LOG.warn("{} does not say what it takes: {}", stream.stream(), ServiceErrors.text(error));
        return otherwise;
      }
    }

    String name() {
      return address.stream();
    }

    @Override
    public void close() {
      own.close();
      rejects.close();
    }
  }
}
