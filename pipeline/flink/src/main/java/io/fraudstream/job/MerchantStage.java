package io.fraudstream.job;

import io.fraudstream.features.Fnv;
import io.fraudstream.features.MerchantFeatures;
import io.fraudstream.features.MerchantPast;
import io.fraudstream.features.RiskFeatures;
import io.fraudstream.features.RiskPast;
import io.fraudstream.job.ReportsToCome.Report;
import io.fraudstream.kinesis.PublishedMetrics;
import io.fraudstream.records.Instants;
import io.fraudstream.records.Label;
import io.fraudstream.scoring.Candidate;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Per merchant: learns of reported frauds; computes the features of it and its terminals.
 *
 * <p>A report is learnt before the first transaction that comes after its label and whose event
 * time is not before it, in every order of the features.
 */
final class MerchantStage extends KeyedCoProcessFunction<String, Candidate, Label, Candidate> {
  private static final long serialVersionUID = 2;

  private transient ValueState<MerchantPast> past;
  private transient MapState<Double, RiskPast> terminals;
  private transient ReportsToCome reports;
  private transient MapState<String, Boolean> learnt;
  private transient MerchantFeatures features;
  private transient RiskFeatures ofTerminal;
  private transient Counter late;
  private transient Counter labels;

  /**
   * The merchant; without one, the terminal. Transactions without either are spread by their cards
   * and keep no state.
   */
  static String key(Candidate candidate) {
    if (candidate.merchantId != null) return candidate.merchantId;
    double terminal = candidate.facts.terminal;
    return terminal == 0 ? "card " + candidate.cardId : terminalKey(terminal);
  }

  /** The key of a label that names its merchant or its terminal. */
  static String key(Label label) {
    return label.merchantId != null ? label.merchantId : terminalKey(Fnv.of(label.terminalId));
  }

  private static String terminalKey(double terminal) {
    return "terminal " + terminal;
  }

  /** Terminals without a merchant are negative: a merchant may have the name of their key. */
  private static double terminalOf(String merchantId, double terminal) {
    return merchantId == null ? -terminal : terminal;
  }

  @Override
  public void open(OpenContext context) {
    var pasts = new ValueStateDescriptor<>("merchant-past", MerchantPast.class);
    pasts.enableTimeToLive(Forgetting.ofFeatures());
    past = getRuntimeContext().getState(pasts);
    var ofTerminals = new MapStateDescriptor<>("terminal-pasts", Double.class, RiskPast.class);
    ofTerminals.enableTimeToLive(Forgetting.ofFeatures());
    terminals = getRuntimeContext().getMapState(ofTerminals);
    reports = new ReportsToCome(getRuntimeContext());
    var labelled = new MapStateDescriptor<>("labelled-transactions", String.class, Boolean.class);
    labelled.enableTimeToLive(Forgetting.ofFeatures());
    learnt = getRuntimeContext().getMapState(labelled);
    features = new MerchantFeatures();
    ofTerminal = RiskFeatures.ofTerminals();
    MetricGroup metrics = PublishedMetrics.of(getRuntimeContext().getMetricGroup());
    late = metrics.counter("late");
    labels = metrics.counter("labels");
  }

  @Override
  public void processElement1(Candidate candidate, Context context, Collector<Candidate> out)
      throws Exception {
    for (Report report : reports.takeUntil(candidate.facts.time)) learn(report);
    if (candidate.merchantId == null) features.writeMissing(candidate.features);
    else writeMerchant(candidate);
    if (candidate.facts.terminal == 0) ofTerminal.writeMissing(candidate.features);
    else writeTerminal(candidate);
    out.collect(candidate);
  }

  private void writeMerchant(Candidate candidate) throws Exception {
    MerchantPast known = known();
    if (known.isLate(candidate.facts)) late.inc();
    features.write(known, candidate.facts, candidate.features);
    known.remember(candidate.facts);
    past.update(known);
  }

  private void writeTerminal(Candidate candidate) throws Exception {
    double terminal = terminalOf(candidate.merchantId, candidate.facts.terminal);
    RiskPast known = known(terminal);
    ofTerminal.write(known, candidate.facts, candidate.features);
    known.remember(candidate.facts);
    terminals.put(terminal, known);
  }

  @Override
  public void processElement2(Label label, Context context, Collector<Candidate> out)
      throws Exception {
    // A fraud that does not say when it became known teaches nothing, as in the CLI.
    if (label.reportedAtMs == Instants.NONE) return;
    if (learnt.contains(label.transactionId)) return;
    learnt.put(label.transactionId, true);
    labels.inc();
    double terminal = terminalOf(label.merchantId, Fnv.of(label.terminalId));
    reports.add(new Report(label.reportedAtMs, terminal));
  }

  /** The merchant learns of all but those of terminals without one, and the terminal of its own. */
  private void learn(Report report) throws Exception {
    if (report.terminal() >= 0) {
      MerchantPast known = known();
      known.risk.report(report.time());
      past.update(known);
    }
    if (report.terminal() == 0) return;
    RiskPast known = known(report.terminal());
    known.report(report.time());
    terminals.put(report.terminal(), known);
  }

  private MerchantPast known() throws Exception {
    MerchantPast known = past.value();
    return known == null ? new MerchantPast() : known;
  }

  private RiskPast known(double terminal) throws Exception {
    RiskPast known = terminals.get(terminal);
    return known == null ? new RiskPast() : known;
  }
}
