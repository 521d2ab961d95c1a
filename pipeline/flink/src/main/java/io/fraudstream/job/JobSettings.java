package io.fraudstream.job;

import io.fraudstream.contract.ContractFiles;
import io.fraudstream.records.Instants;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/** The settings of one run, checked: what is read from them is sound. */
final class JobSettings {
  private static final String LOCAL_REGION = "us-east-1";
  private static final int REGION_IN_ARN = 3;

  /** Five reads of a shard a second. Source: Kinesis quotas. */
  private static final long SHORTEST_POLL_MS = 200;

  private final Configuration values;
  private ContractFiles contract;

  private JobSettings(Configuration values) {
    this.values = values;
  }

  /**
   * Settings by name.
   *
   * <p>Errors: {@link IllegalArgumentException} that names all that is wrong, one line each.
   */
  static JobSettings of(Map<String, String> given) {
    JobSettings settings = new JobSettings(Configuration.fromMap(given));
    List<String> problems = settings.problems(given);
    if (problems.isEmpty()) return settings;
    String all = String.join("\n  ", problems);
    throw new IllegalArgumentException("The settings of the job are not sound:\n  " + all);
  }

  <T> T get(ConfigOption<T> option) {
    return values.get(option);
  }

  long ms(ConfigOption<Duration> option) {
    return get(option).toMillis();
  }

  boolean has(ConfigOption<?> option) {
    return values.contains(option);
  }

  /** Whether features wait for the order of event time. */
  boolean isByEventTime() {
    return get(Options.FEATURE_ORDER) == Options.FeatureOrder.EVENT_TIME;
  }

  /** The form of the records; null for that of fraudstream. */
  ContractFiles contract() {
    return contract;
  }

  private List<String> problems(Map<String, String> given) {
    List<String> problems = new ArrayList<>();
    unknown(given, problems);
    for (ConfigOption<?> option : Options.ALL) unreadable(option, problems);
    if (!problems.isEmpty()) return problems;
    missing(problems);
    outOfBounds(problems);
    readContract(problems);
    return problems;
  }

  private static void unknown(Map<String, String> given, List<String> problems) {
    TreeSet<String> names = new TreeSet<>(given.keySet());
    Options.ALL.forEach(option -> names.remove(option.key()));
    for (String name : names) problems.add(name + " is no setting. See pipeline/flink/README.md.");
  }

  private void unreadable(ConfigOption<?> option, List<String> problems) {
    try {
      values.get(option);
    } catch (IllegalArgumentException error) {
      String seen = values.toMap().get(option.key());
      problems.add(option.key() + " is \"" + seen + "\", which cannot be read: " + reason(error));
    }
  }

  private static String reason(IllegalArgumentException error) {
    Throwable cause = error.getCause() == null ? error : error.getCause();
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
  }

  private void missing(List<String> problems) {
    for (ConfigOption<?> option :
        List.of(Options.FROM_STREAM, Options.TO_STREAM, Options.REJECTS_STREAM)) {
      if (!has(option)) problems.add(option.key() + " is missing: " + meaning(option) + ".");
    }
    boolean hasName = has(ScoringOptions.ENDPOINT_NAME);
    if (hasName == has(ScoringOptions.URL)) {
      String what = hasName ? "Only one of" : "One of";
      problems.add(what + " endpoint-name (SageMaker) and url (API Gateway, HTTP) can be given.");
    }
    for (ConfigOption<String> option :
        List.of(
            Options.FROM_STREAM,
            Options.TO_STREAM,
            Options.REJECTS_STREAM,
            Options.LABELS_STREAM)) {
      boolean isName = has(option) && !get(option).startsWith("arn:");
      if (isName && !has(Options.KINESIS_ENDPOINT_URL)) {
        String seen = option.key() + " is \"" + get(option) + "\", ";
        problems.add(seen + "but AWS wants arn:aws:kinesis:REGION:ACCOUNT:stream/NAME.");
      }
    }
  }

  private static String meaning(ConfigOption<?> option) {
    return option == Options.FROM_STREAM
        ? "the stream of transactions"
        : option == Options.TO_STREAM ? "the stream for verdicts" : "the stream for rejections";
  }

  private void outOfBounds(List<String> problems) {
    for (ConfigOption<Integer> option :
        List.of(ScoringOptions.CAPACITY, ScoringOptions.BATCH_ROWS)) {
      if (get(option) < 1) problems.add(option.key() + " must be at least 1.");
    }
    double threshold = get(ScoringOptions.THRESHOLD);
    if (!(threshold >= 0 && threshold <= 1)) problems.add("threshold must be from 0 to 1.");
    if (ms(ScoringOptions.TIMEOUT) < ms(ScoringOptions.REQUEST_TIMEOUT)) {
      problems.add(
          "timeout must not be shorter than request-timeout: no answer would be waited for.");
    }
    if (ms(Options.POLL_INTERVAL) < SHORTEST_POLL_MS) {
      problems.add(
          "poll-interval is %d ms, but Kinesis lets a shard be read every %d ms at most."
              .formatted(ms(Options.POLL_INTERVAL), SHORTEST_POLL_MS));
    }
    if (isByEventTime() && ms(Options.IDLENESS) <= ms(Options.SHARD_DISCOVERY)) {
      problems.add(
          "idleness must be longer than shard-discovery where features go by event-time: a reader"
              + " would count as idle before it has its first shard, and what it reads would be late.");
    }
    if (!List.of("public", "documentation").contains(get(Options.IP_SPACE))) {
      problems.add("ip-space must be public or documentation.");
    }
    if (Endpoints.form(this) == null) {
      problems.add("content-type must be text/csv or application/json.");
    }
    if (!isBeginning(get(Options.FROM))) {
      problems.add(
          "from must be latest, trim-horizon or an instant such as 2026-01-31T00:00:00.000Z.");
    }
    for (String header : get(ScoringOptions.HEADER)) {
      if (header.indexOf(':') < 1) problems.add("header must be name:value, not " + header + ".");
    }
  }

  private void readContract(List<String> problems) {
    if (!has(Options.CONTRACT)) {
      if (has(Options.CONTRACT_SCHEMAS)) problems.add("contract-schemas is without a contract.");
      return;
    }
    try {
      contract = JobContract.read(get(Options.CONTRACT), get(Options.CONTRACT_SCHEMAS));
      boolean isTheirs = contract.compile().verdicts() != null;
      if (isTheirs && get(ScoringOptions.WITH_FEATURES)) {
        problems.add("with-features is of our own verdicts: write features: in the contract.");
      }
    } catch (IllegalArgumentException error) {
      problems.add(error.getMessage());
    }
  }

  private static boolean isBeginning(String from) {
    boolean isWord = from.equals("latest") || from.equals("trim-horizon");
    return isWord || Instants.read(from) != Instants.NONE;
  }

  /** The region of the settings, else that of the stream. */
  String region() {
    if (has(Options.REGION)) return get(Options.REGION);
    String stream = get(Options.FROM_STREAM);
    return stream.startsWith("arn:") ? stream.split(":")[REGION_IN_ARN] : LOCAL_REGION;
  }
}
