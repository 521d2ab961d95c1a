package io.fraudstream.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fraudstream.scoring.Candidate;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CardOrderTest {
  @Test
  @DisplayName("candidates of a card that overtook each other leave in their order")
  void order() throws Exception {
    Candidate[] candidates =
        TestTransactions.lines(6, 1, 6).stream()
            .map(TestTransactions::candidate)
            .toArray(Candidate[]::new);
    for (int place = 0; place < candidates.length; place++) candidates[place].ordinal = place;
    try (var harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new KeyedProcessOperator<>(new CardOrder()), one -> one.cardId, Types.STRING)) {
      harness.open();
      for (int place : new int[] {1, 0, 4, 3, 2, 5}) harness.processElement(candidates[place], 0);
      long[] ordinals =
          harness.extractOutputValues().stream().mapToLong(one -> one.ordinal).toArray();
      assertArrayEquals(new long[] {0, 1, 2, 3, 4, 5}, ordinals);
    }
  }

  @Test
  @DisplayName("of a card that was counted before, the first ones go on after a while")
  void orderOfOldCard() throws Exception {
    Candidate candidate = TestTransactions.candidate(TestTransactions.lines(1, 1, 7).get(0));
    candidate.ordinal = 57;
    try (var harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new KeyedProcessOperator<>(new CardOrder()), one -> one.cardId, Types.STRING)) {
      harness.open();
      harness.processElement(candidate, 0);
      assertEquals(0, harness.extractOutputValues().size());
      harness.setProcessingTime(60_001);
      assertEquals(1, harness.extractOutputValues().size());
      Candidate next = TestTransactions.candidate(TestTransactions.lines(1, 1, 7).get(0));
      next.ordinal = 58;
      harness.processElement(next, 0);
      assertEquals(2, harness.extractOutputValues().size());
    }
  }
}
