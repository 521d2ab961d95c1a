package io.fraudstream.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fraudstream.records.Label;
import io.fraudstream.scoring.Candidate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.api.operators.co.KeyedCoProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OperatorSnapshotUtil;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * State that the first jar of these features kept is read by this one: an upgrade forgets nothing.
 *
 * <p>The files in {@code state-2} are never written again; those of a later form stand beside them.
 * Where they are not there, as for a new form, {@code mvn test} writes them.
 */
class StateOfOldJarTest {
  private static final Path KEPT = Path.of("src/test/resources/state-2");
  private static final List<String> LINES = TestTransactions.lines(60, 6, 11);

  private static List<Candidate> first() {
    return LINES.subList(0, 40).stream().map(TestTransactions::candidate).toList();
  }

  private static Candidate next() {
    return TestTransactions.candidate(LINES.get(45));
  }

  private static KeyedOneInputStreamOperatorTestHarness<String, Candidate, Candidate> card()
      throws Exception {
    return new KeyedOneInputStreamOperatorTestHarness<>(
        new KeyedProcessOperator<>(new CardStage(Duration.ofDays(36500))),
        candidate -> candidate.cardId,
        Types.STRING);
  }

  private static KeyedTwoInputStreamOperatorTestHarness<String, Candidate, Label, Candidate>
      merchant() throws Exception {
    return new KeyedTwoInputStreamOperatorTestHarness<>(
        new KeyedCoProcessOperator<>(new MerchantStage()),
        MerchantStage::key,
        MerchantStage::key,
        Types.STRING);
  }

  @Test
  @DisplayName("the past of cards, and which transactions were seen")
  void cards() throws Exception {
    String file = KEPT.resolve("card.snapshot").toString();
    float[] wanted;
    try (var harness = card()) {
      harness.open();
      for (Candidate candidate : first()) harness.processElement(candidate, 0);
      if (!Files.exists(Path.of(file))) {
        Files.createDirectories(KEPT);
        OperatorSnapshotUtil.writeStateHandle(harness.snapshot(1, 1), file);
      }
      harness.processElement(next(), 0);
      List<Candidate> out = harness.extractOutputValues();
      wanted = out.get(out.size() - 1).features;
    }
    try (var harness = card()) {
      harness.initializeState(OperatorSnapshotUtil.readStateHandle(file));
      harness.open();
      harness.processElement(first().get(3), 0);
      harness.processElement(next(), 0);
      assertEquals(1, harness.extractOutputValues().size());
      assertEquals(
          Arrays.toString(wanted), Arrays.toString(harness.extractOutputValues().get(0).features));
    }
  }

  @Test
  @DisplayName("the past of merchants, and their frauds")
  void merchants() throws Exception {
    String file = KEPT.resolve("merchant.snapshot").toString();
    float[] wanted;
    Label label = new Label();
    label.transactionId = first().get(0).transactionId;
    label.isFraud = true;
    label.reportedAtMs = (long) first().get(0).facts.time;
    label.merchantId = next().merchantId;
    try (var harness = merchant()) {
      harness.open();
      for (Candidate candidate : first()) harness.processElement1(candidate, 0);
      harness.processElement2(label, 0);
      if (!Files.exists(Path.of(file))) {
        Files.createDirectories(KEPT);
        OperatorSnapshotUtil.writeStateHandle(harness.snapshot(1, 1), file);
      }
      harness.processElement1(next(), 0);
      List<Candidate> out = harness.extractOutputValues();
      wanted = out.get(out.size() - 1).features;
    }
    try (var harness = merchant()) {
      harness.initializeState(OperatorSnapshotUtil.readStateHandle(file));
      harness.open();
      harness.processElement1(next(), 0);
      assertEquals(
          Arrays.toString(wanted), Arrays.toString(harness.extractOutputValues().get(0).features));
    }
  }
}
