package io.fraudstream.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fraudstream.features.Fnv;
import io.fraudstream.features.Manifest;
import io.fraudstream.records.Instants;
import io.fraudstream.records.Label;
import io.fraudstream.scoring.Candidate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.api.operators.co.KeyedCoProcessOperator;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class StagesTest {
  private static final int RISK = place("merchant_risk_1d");
  private static final int TERMINAL_RISK = place("terminal_risk_1d");
  private static int labelled;

  private static final int MAX_PARALLELISM = 16;

  private static KeyedOneInputStreamOperatorTestHarness<String, Candidate, Candidate> card(
      int parallelism, int subtask) throws Exception {
    return new KeyedOneInputStreamOperatorTestHarness<>(
        new KeyedProcessOperator<>(new CardStage(Duration.ofHours(24))),
        candidate -> candidate.cardId,
        Types.STRING,
        MAX_PARALLELISM,
        parallelism,
        subtask);
  }

  private static KeyedOneInputStreamOperatorTestHarness<String, Candidate, Candidate> ip()
      throws Exception {
    return new KeyedOneInputStreamOperatorTestHarness<>(
        new KeyedProcessOperator<>(new IpStage()), IpStage::key, Types.STRING);
  }

  private static KeyedTwoInputStreamOperatorTestHarness<String, Candidate, Label, Candidate>
      merchant() throws Exception {
    return new KeyedTwoInputStreamOperatorTestHarness<>(
        new KeyedCoProcessOperator<>(new MerchantStage()),
        MerchantStage::key,
        MerchantStage::key,
        Types.STRING);
  }

  private static List<Candidate> candidates(List<String> lines) {
    return lines.stream().map(TestTransactions::candidate).toList();
  }

  private static List<Candidate> through(
      OneInputStreamOperatorTestHarness<Candidate, Candidate> harness, List<Candidate> candidates)
      throws Exception {
    for (Candidate candidate : candidates) harness.processElement(candidate, 0);
    List<Candidate> out = new ArrayList<>(harness.extractOutputValues());
    harness.getOutput().clear();
    return out;
  }

  private static void assertRows(Map<String, float[]> wanted, List<Candidate> seen, int[] places) {
    for (Candidate candidate : seen) {
      float[] row = wanted.get(candidate.transactionId);
      for (int place : places) {
        assertEquals(
            Float.floatToIntBits(row[place]), Float.floatToIntBits(candidate.features[place]));
      }
    }
  }

  @Test
  @DisplayName("a transaction that comes again is left out, until it is forgotten")
  void duplicates() throws Exception {
    List<Candidate> candidates = candidates(TestTransactions.lines(50, 5, 1));
    try (var harness = card(1, 0)) {
      harness.open();
      assertEquals(50, through(harness, candidates).size());
      assertEquals(0, through(harness, candidates).size());
      harness.setStateTtlProcessingTime(Duration.ofHours(25).toMillis());
      assertEquals(50, through(harness, candidates).size());
    }
  }

  @Test
  @DisplayName("of a card with a hundred transactions each copy is a duplicate, across a savepoint")
  void manyOfOneCard() throws Exception {
    List<Candidate> candidates = candidates(TestTransactions.lines(100, 1, 1));
    OperatorSubtaskState state;
    try (var harness = card(1, 0)) {
      harness.open();
      for (Candidate candidate : candidates) {
        assertEquals(1, through(harness, List.of(candidate, candidate)).size());
      }
      assertEquals(0, through(harness, candidates).size());
      state = harness.snapshot(1, 1);
    }
    try (var harness = card(1, 0)) {
      harness.initializeState(state);
      harness.open();
      assertEquals(0, through(harness, candidates).size());
    }
  }

  @Test
  @DisplayName("the transactions of a card are numbered without a gap")
  void ordinals() throws Exception {
    try (var harness = card(1, 0)) {
      harness.open();
      Map<String, Long> next = new HashMap<>();
      for (Candidate candidate : through(harness, candidates(TestTransactions.lines(200, 7, 2)))) {
        assertEquals(next.getOrDefault(candidate.cardId, 0L), candidate.ordinal);
        next.put(candidate.cardId, candidate.ordinal + 1);
      }
    }
  }

  @Test
  @DisplayName("state that is taken over by two and then by three subtasks goes on to the last bit")
  void rescaled() throws Exception {
    List<String> lines = TestTransactions.lines(900, 40, 3);
    Map<String, float[]> wanted = CardRows.of(lines);
    List<Candidate> all = candidates(lines);
    OperatorSubtaskState state;
    try (var harness = card(1, 0)) {
      harness.open();
      assertRows(wanted, through(harness, all.subList(0, 300)), CardRows.PLACES);
      state = harness.snapshot(1, 1);
    }
    state = goOn(state, 1, 2, all.subList(300, 600), wanted);
    goOn(state, 2, 3, all.subList(600, 900), wanted);
  }

  private static OperatorSubtaskState goOn(
      OperatorSubtaskState state,
      int from,
      int to,
      List<Candidate> rest,
      Map<String, float[]> wanted)
      throws Exception {
    int seen = 0;
    List<OperatorSubtaskState> parts = new ArrayList<>();
    for (int subtask = 0; subtask < to; subtask++) {
      try (var harness = card(to, subtask)) {
        harness.initializeState(
            AbstractStreamOperatorTestHarness.repartitionOperatorState(
                state, MAX_PARALLELISM, from, to, subtask));
        harness.open();
        List<Candidate> own = ofSubtask(rest, to, subtask);
        List<Candidate> out = through(harness, own);
        assertRows(wanted, out, CardRows.PLACES);
        seen += out.size();
        parts.add(harness.snapshot(2, 2));
      }
    }
    assertEquals(rest.size(), seen);
    return AbstractStreamOperatorTestHarness.repackageState(
        parts.toArray(OperatorSubtaskState[]::new));
  }

  private static List<Candidate> ofSubtask(
      List<Candidate> candidates, int parallelism, int subtask) {
    return candidates.stream()
        .filter(
            candidate ->
                KeyGroupRangeAssignment.assignKeyToParallelOperator(
                        candidate.cardId, MAX_PARALLELISM, parallelism)
                    == subtask)
        .toList();
  }

  @Test
  @DisplayName("transactions without an address or a merchant pass with those features missing")
  void unknown() throws Exception {
    Candidate candidate = candidates(TestTransactions.lines(1, 1, 4)).get(0);
    candidate.sourceIp = null;
    candidate.merchantId = null;
    try (var addresses = ip();
        var merchants = merchant()) {
      addresses.open();
      merchants.open();
      through(addresses, List.of(candidate));
      merchants.processElement1(candidate, 0);
      Candidate out = merchants.extractOutputValues().get(0);
      int missing = 0;
      for (float value : out.features) if (Float.isNaN(value)) missing += 1;
      assertTrue(missing >= 10);
      assertEquals(0, addresses.numKeyedStateEntries() + merchants.numKeyedStateEntries());
    }
  }

  static int place(String feature) {
    return Manifest.FEATURES.stream().map(Manifest.Definition::name).toList().indexOf(feature);
  }

  private static Candidate at(double time) {
    Candidate candidate = candidates(TestTransactions.lines(1, 1, 5)).get(0);
    candidate.facts.time = time;
    return candidate;
  }

  private static Label fraud(long reportedAtMs) {
    return fraud("transaction " + ++labelled, reportedAtMs);
  }

  private static Label fraud(String transactionId, long reportedAtMs) {
    Label label = new Label();
    label.transactionId = transactionId;
    label.isFraud = true;
    label.merchantId = at(0).merchantId;
    label.reportedAtMs = reportedAtMs;
    return label;
  }

  /** The risk that the last one saw. */
  private static float risk(
      KeyedTwoInputStreamOperatorTestHarness<String, Candidate, Label, Candidate> harness) {
    List<Candidate> out = harness.extractOutputValues();
    float[] features = out.get(out.size() - 1).features;
    return features[RISK];
  }

  /** Of a merchant whose transactions are too young for their frauds to be known. */
  private static float risk(double frauds) {
    return (float) ((frauds + 0.02) / 4);
  }

  @Test
  @DisplayName("labels raise the risk of their merchant, across a snapshot too")
  void labels() throws Exception {
    OperatorSubtaskState state;
    try (var harness = merchant()) {
      harness.open();
      harness.processElement2(fraud(0), 0);
      harness.processElement1(at(1000), 0);
      assertEquals(risk(1), risk(harness), "of a merchant that has handled nothing");
      harness.processElement2(fraud(2000), 0);
      state = harness.snapshot(1, 1);
    }
    try (var harness = merchant()) {
      harness.initializeState(state);
      harness.open();
      harness.processElement1(at(2000), 0);
      assertEquals(risk(2), risk(harness));
    }
  }

  @Test
  @DisplayName("they wait for their report, without one they teach nothing")
  void reports() throws Exception {
    OperatorSubtaskState state;
    try (var harness = merchant()) {
      harness.open();
      for (long time : new long[] {4000, 2000, 3000, 2000, Instants.NONE}) {
        harness.processElement2(fraud(time), 0);
      }
      harness.processElement1(at(1000), 0);
      assertEquals(risk(0), risk(harness));
      harness.processElement1(at(1999), 0);
      assertEquals(risk(0), risk(harness));
      state = harness.snapshot(1, 1);
    }
    try (var harness = merchant()) {
      harness.initializeState(state);
      harness.open();
      harness.processElement1(at(2000), 0);
      assertEquals(risk(2), risk(harness));
      harness.processElement1(at(4000), 0);
      assertEquals(risk(4), risk(harness));
      assertEquals(2, harness.numKeyedStateEntries(), "the past, and who was labelled");
    }
  }

  @Test
  @DisplayName("a label that comes again is learnt once")
  void repeatedLabels() throws Exception {
    try (var harness = merchant()) {
      harness.open();
      harness.processElement1(at(1000), 0);
      for (int copy = 0; copy < 3; copy++) harness.processElement2(fraud("one", 1500), 0);
      harness.processElement1(at(2000), 0);
      assertEquals(risk(1), risk(harness));
      harness.processElement2(fraud("one", 1500), 0);
      harness.processElement2(fraud("another", 1500), 0);
      harness.processElement1(at(3000), 0);
      assertEquals(risk(2), risk(harness));
    }
  }

  @Test
  @DisplayName("a terminal learns of the frauds that name it and its merchant, and of no others")
  void terminals() throws Exception {
    for (String merchant : new String[] {at(0).merchantId, null}) {
      try (var harness = merchant()) {
        harness.open();
        for (String terminal : new String[] {"1", "1", "2", null}) {
          Label label = fraud(1000);
          label.merchantId = merchant;
          label.terminalId = terminal;
          if (merchant != null || terminal != null) harness.processElement2(label, 0);
        }
        List<Candidate> out = new ArrayList<>();
        for (String terminal : new String[] {"1", "2", "3"}) {
          Candidate candidate = at(2000);
          candidate.merchantId = merchant;
          candidate.facts.terminal = Fnv.of(terminal);
          harness.processElement1(candidate, 0);
          out.add(candidate);
        }
        assertEquals(risk(2), out.get(0).features[TERMINAL_RISK]);
        assertEquals(risk(1), out.get(1).features[TERMINAL_RISK]);
        assertEquals(risk(0), out.get(2).features[TERMINAL_RISK]);
        assertEquals(merchant == null ? Float.NaN : risk(4), out.get(2).features[RISK]);
      }
    }
  }

  @Test
  @DisplayName("twenty thousand reports of one merchant, each due after the other, take no hour")
  void manyReports() throws Exception {
    try (var harness = merchant()) {
      harness.open();
      for (int report = 0; report < 20_000; report++) {
        harness.processElement2(fraud(1_000_000L + report * 60_000L), 0);
      }
      harness.processElement1(at(0), 0);
      for (int turn = 1; turn < 2_000; turn++) {
        harness.processElement1(at(1_000_000 + turn * 600_000.0), 0);
      }
      // 2727 were reported on the last day and the one before, 288 transactions are a week older.
      assertEquals((float) ((2727 + 0.02) / (288 + 4)), risk(harness));
    }
  }
}
