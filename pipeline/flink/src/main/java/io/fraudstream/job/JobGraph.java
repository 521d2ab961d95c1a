package io.fraudstream.job;

import io.fraudstream.records.Label;
import io.fraudstream.scoring.Candidate;
import io.fraudstream.scoring.Outcome;
import io.fraudstream.scoring.ScoreSettings;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.datastream.AsyncDataStream;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The walk of a transaction through the job; drawn in docs/pipeline.md.
 *
 * <p>Each operator with state has a uid by which savepoints find it. It changes only with the
 * definitions of the features: Flink refuses a savepoint whose state was computed by others.
 */
final class JobGraph {
  /** The operator's own timeout comes after the scorer's, which answers first. */
  private static final long MARGIN_MS = 5_000;

  /** What waits for watermarks waits for the next one: a quarter of Flink's own interval. */
  private static final long WATERMARK_INTERVAL_MS = 50;

  /** Ends the uid of each operator that keeps features, or what they are computed from. */
  private static final String FEATURES = "-features-2";

  private final JobSettings settings;

  JobGraph(JobSettings settings) {
    this.settings = settings;
  }

  void build(StreamExecutionEnvironment env) {
    env.setMaxParallelism(settings.get(Options.MAX_PARALLELISM));
    // A type that only Kryo can write would never let a field be added to it.
    env.configure(new Configuration().set(PipelineOptions.GENERIC_TYPES, false));
    if (settings.isByEventTime()) env.getConfig().setAutoWatermarkInterval(WATERMARK_INTERVAL_MS);
    // Nobody writes to what it has handed on, but for candidates that wait in state by event time:
    // a checkpoint on the heap may still be reading them. Without, each is copied four times.
    else env.getConfig().enableObjectReuse();
    SingleOutputStreamOperator<Candidate> candidates = candidates(env);
    DataStream<Candidate> complete = withFeatures(candidates, labels(env, candidates));
    SingleOutputStreamOperator<Line> verdicts = verdicts(scored(complete));
    verdicts.sinkTo(Streams.verdicts(settings)).uid("verdict-sink").name("verdicts");
    candidates
        .getSideOutput(Enrich.REJECTIONS)
        .union(verdicts.getSideOutput(Enrich.REJECTIONS))
        .sinkTo(Streams.rejects(settings))
        .uid("reject-sink")
        .name("rejects");
  }

  private SingleOutputStreamOperator<Candidate> candidates(StreamExecutionEnvironment env) {
    return env.fromSource(
            Streams.source(settings, Options.FROM_STREAM, new ArrivalSchema(settings.contract())),
            watermarks()
                // Kinesis stamps a whole aggregate with one arrival: the time of the payload
                // counts.
                .withTimestampAssigner((arrival, stamp) -> arrival.timeMs())
                .withIdleness(settings.get(Options.IDLENESS)),
            "transactions",
            TypeInformation.of(Arrival.class))
        .uid("transaction-source")
        .process(new Enrich(settings.get(Options.IP_SPACE)))
        .uid("enrich")
        .name("geography and own features");
  }

  private WatermarkStrategy<Arrival> watermarks() {
    Duration outOfOrderness = settings.get(Options.OUT_OF_ORDERNESS);
    if (!settings.isByEventTime())
      return WatermarkStrategy.forBoundedOutOfOrderness(outOfOrderness);
    Duration delay = settings.get(Options.WATERMARK_DELAY);
    return WatermarkStrategy.forGenerator(
        context -> new SettledWatermarks<>(context.getInputActivityClock(), outOfOrderness, delay));
  }

  /** Where none are configured, a stream on which nothing ever comes: the graph is the same. */
  private DataStream<Label> labels(
      StreamExecutionEnvironment env, SingleOutputStreamOperator<Candidate> candidates) {
    if (!settings.has(Options.LABELS_STREAM)) return candidates.getSideOutput(Enrich.NO_LABELS);
    return env.fromSource(
            Streams.source(settings, Options.LABELS_STREAM, new LabelSchema()),
            WatermarkStrategy.forGenerator(context -> new NoHoldingBack<>()),
            "labels",
            TypeInformation.of(Label.class))
        .uid("label-source");
  }

  private DataStream<Candidate> withFeatures(
      DataStream<Candidate> candidates, DataStream<Label> labels) {
    DataStream<Candidate> ofCards =
        by(candidate -> candidate.cardId, "card", candidates)
            .process(new CardStage(settings.get(Options.DUPLICATE_HORIZON)))
            .uid("card" + FEATURES)
            .name("card: duplicates, features");
    DataStream<Candidate> ofAddresses =
        by(IpStage::key, "ip", ofCards)
            .process(new IpStage())
            .uid("ip" + FEATURES)
            .name("ip: features");
    return by(MerchantStage::key, "merchant", ofAddresses)
        .connect(labels.keyBy(MerchantStage::key))
        .process(new MerchantStage())
        .uid("merchant" + FEATURES)
        .name("merchant: labels, features");
  }

  /** By key, in the order that features are wanted in. */
  private KeyedStream<Candidate, String> by(
      KeySelector<Candidate, String> key, String stage, DataStream<Candidate> candidates) {
    KeyedStream<Candidate, String> keyed = candidates.keyBy(key);
    if (!settings.isByEventTime()) return keyed;
    DataStream<Candidate> inOrder =
        keyed
            .transform("event order", TypeInformation.of(Candidate.class), new EventOrder())
            .uid(stage + "-event-order" + FEATURES)
            .name(stage + ": order of event time");
    return DataStreamUtils.reinterpretAsKeyedStream(inOrder, key);
  }

  private DataStream<Outcome> scored(DataStream<Candidate> withWatermarks) {
    DataStream<Candidate> candidates =
        withWatermarks
            .transform("watermark stop", TypeInformation.of(Candidate.class), new WatermarkStop())
            .uid("watermark-stop")
            .name("no watermarks from here on");
    ScoreSettings scoring = Endpoints.scoring(settings);
    ScoringFunction function = new ScoringFunction(scoring, Endpoints.target(settings));
    long timeoutMs = scoring.longestLifeMs() + MARGIN_MS;
    int rows = scoring.capacity() * scoring.batchRows();
    if (settings.get(ScoringOptions.ORDER) == ScoringOptions.Order.UNORDERED) {
      return AsyncDataStream.unorderedWait(
              candidates, function, timeoutMs, TimeUnit.MILLISECONDS, rows)
          .uid("score" + FEATURES)
          .name("score");
    }
    DataStream<Candidate> inOrder =
        candidates
            .keyBy(candidate -> candidate.cardId)
            .process(new CardOrder())
            .uid("card-order" + FEATURES)
            .name("order of each card");
    return AsyncDataStream.orderedWait(inOrder, function, timeoutMs, TimeUnit.MILLISECONDS, rows)
        .uid("score" + FEATURES)
        .name("score");
  }

  private SingleOutputStreamOperator<Line> verdicts(DataStream<Outcome> outcomes) {
    return outcomes
        .process(
            new Judge(
                settings.get(ScoringOptions.THRESHOLD),
                settings.get(ScoringOptions.MODEL_VERSION),
                settings.get(ScoringOptions.WITH_FEATURES),
                settings.contract()))
        .uid("judge")
        .name("judge");
  }
}
