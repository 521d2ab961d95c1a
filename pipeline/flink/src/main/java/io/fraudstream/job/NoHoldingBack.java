package io.fraudstream.job;

import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;

/** Watermarks of a stream that never holds event time back: labels come when they come. */
final class NoHoldingBack<T> implements WatermarkGenerator<T> {
  @Override
  public void onEvent(T event, long timestamp, WatermarkOutput output) {
    // What a label says is true from now on, whenever its fraud was.
  }

  @Override
  public void onPeriodicEmit(WatermarkOutput output) {
    output.emitWatermark(Watermark.MAX_WATERMARK);
  }
}
