package io.fraudstream.job;

import io.fraudstream.scoring.Candidate;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/**
 * Lets candidates pass and keeps watermarks back, of which nothing behind it has any use.
 *
 * <p>Async I/O lets no result overtake a watermark, even where it is unordered: one slow request
 * would hold back all that came after the next watermark, five times a second.
 */
final class WatermarkStop extends AbstractStreamOperator<Candidate>
    implements OneInputStreamOperator<Candidate, Candidate> {
  private static final long serialVersionUID = 1;

  @Override
  public void processElement(StreamRecord<Candidate> record) {
    output.collect(record);
  }

  /** The last one says that the input has ended. */
  @Override
  public void processWatermark(Watermark watermark) throws Exception {
    if (watermark.equals(Watermark.MAX_WATERMARK)) super.processWatermark(watermark);
  }

  @Override
  public void processWatermarkStatus(WatermarkStatus status) {
    // Of watermarks that do not come.
  }
}
