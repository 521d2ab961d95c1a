package io.fraudstream.kinesis.sink;

import org.apache.flink.connector.base.sink.writer.strategy.RateLimitingStrategy;
import org.apache.flink.connector.base.sink.writer.strategy.RequestInfo;
import org.apache.flink.connector.base.sink.writer.strategy.ResultInfo;

/**
 * So many batches at once. What is throttled is put again after a wait, which is all the slowing
 * down that is needed: Flink's own strategy halves the batches at each failure and takes thousands
 * of requests to come back.
 */
final class RequestsInFlight implements RateLimitingStrategy {
  private final int most;
  private final int batchEntries;
  private int inFlight;

  RequestsInFlight(int most, int batchEntries) {
    this.most = most;
    this.batchEntries = batchEntries;
  }

  @Override
  public void registerInFlightRequest(RequestInfo request) {
    inFlight += 1;
  }

  @Override
  public void registerCompletedRequest(ResultInfo result) {
    inFlight -= 1;
  }

  @Override
  public boolean shouldBlock(RequestInfo request) {
    return inFlight >= most;
  }

  @Override
  public int getMaxBatchSize() {
    return batchEntries;
  }
}
