package io.fraudstream.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fraudstream.scoring.Candidate;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.AsyncDataStream.OutputMode;
import org.apache.flink.streaming.api.functions.async.AsyncFunction;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.api.operators.async.AsyncWaitOperatorFactory;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** One slow request in a thousand, a watermark after every tenth transaction. */
class WatermarkStopTest {
  private static final int COUNT = 1000;

  /** The one that is answered when the test says so. */
  private static final class OneSlow implements AsyncFunction<Candidate, Candidate> {
    private static final long serialVersionUID = 1;
    private static ResultFuture<Candidate> slow;

    @Override
    public void asyncInvoke(Candidate candidate, ResultFuture<Candidate> result) {
      if (candidate.ordinal == 0) slow = result;
      else result.complete(List.of(candidate));
    }
  }

  private static Candidate candidate(int ordinal) {
    Candidate candidate = TestTransactions.candidate(TestTransactions.lines(1, 1, 9).get(0));
    candidate.ordinal = ordinal;
    return candidate;
  }

  private static OneInputStreamOperatorTestHarness<Candidate, Candidate> scoring()
      throws Exception {
    var type = TypeInformation.of(Candidate.class);
    return new OneInputStreamOperatorTestHarness<>(
        new AsyncWaitOperatorFactory<>(new OneSlow(), 60_000, 2 * COUNT, OutputMode.UNORDERED),
        type.createSerializer(new SerializerConfigImpl()));
  }

  /** All that comes through the stop. */
  private static List<Object> throughStop() throws Exception {
    try (var stop = new OneInputStreamOperatorTestHarness<>(new WatermarkStop())) {
      stop.open();
      for (int ordinal = 0; ordinal < COUNT; ordinal++) {
        stop.processElement(candidate(ordinal), ordinal);
        if (ordinal % 10 == 0) stop.processWatermark(ordinal);
      }
      return new ArrayList<>(stop.getOutput());
    }
  }

  /** How many results come while the slow one is under way. */
  private static int resultsBeside(List<Object> input) throws Exception {
    try (var harness = scoring()) {
      harness.open();
      for (Object one : input) {
        if (one instanceof Watermark watermark) harness.processWatermark(watermark);
        else harness.processElement(((StreamRecord<?>) one).<Candidate>asRecord().getValue(), 0);
      }
      for (var mail = harness.getTaskMailbox().tryTake(0); mail.isPresent(); ) {
        mail.get().run();
        mail = harness.getTaskMailbox().tryTake(0);
      }
      int results = harness.extractOutputValues().size();
      OneSlow.slow.complete(List.of(candidate(0)));
      harness.endInput();
      assertEquals(COUNT, harness.extractOutputValues().size());
      return results;
    }
  }

  @Test
  @DisplayName("a slow request holds up nobody but itself, so that p99 is that of the others")
  void slow() throws Exception {
    assertEquals(COUNT - 1, resultsBeside(throughStop()));
  }

  @Test
  @DisplayName("with watermarks it would hold up all that came after the next one")
  void withWatermarks() throws Exception {
    List<Object> input = new ArrayList<>();
    for (int ordinal = 0; ordinal < COUNT; ordinal++) {
      input.add(new StreamRecord<>(candidate(ordinal), ordinal));
      if (ordinal % 10 == 0) input.add(new Watermark(ordinal));
    }
    assertTrue(resultsBeside(input) <= 10);
  }

  @Test
  @DisplayName("the watermark of the end passes")
  void end() throws Exception {
    try (var stop = new OneInputStreamOperatorTestHarness<>(new WatermarkStop())) {
      stop.open();
      stop.processWatermark(5);
      stop.processWatermark(Watermark.MAX_WATERMARK);
      assertEquals(List.of(Watermark.MAX_WATERMARK), new ArrayList<>(stop.getOutput()));
    }
  }
}
