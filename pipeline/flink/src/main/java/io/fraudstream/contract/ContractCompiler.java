package io.fraudstream.contract;

import com.fasterxml.jackson.databind.JsonNode;
import io.fraudstream.contract.ContractNode.Entries;
import io.fraudstream.contract.ContractNode.Entry;
import io.fraudstream.contract.ContractNode.Items;
import io.fraudstream.contract.ContractNode.Scalar;
import io.fraudstream.contract.ContractSource.Keys;
import io.fraudstream.contract.ContractSource.Named;
import io.fraudstream.contract.codecs.AvroCodec;
import io.fraudstream.contract.codecs.Codec;
import io.fraudstream.contract.codecs.Framing;
import io.fraudstream.contract.codecs.ProtobufCodec;
import io.fraudstream.contract.values.InstantFormat;
import io.fraudstream.contract.values.Pointer;
import io.fraudstream.features.Manifest;
import io.fraudstream.records.Currencies;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Compiles contracts; what is not sound, and what a job cannot do, is refused by line. */
final class ContractCompiler {
  private static final List<String> SECTIONS = List.of("transactions", "verdicts", "rejects");
  private static final List<String> CODEC_KEYS = List.of("schema", "message", "framing");
  private static final List<String> TRANSACTION_KEYS =
      List.of("format", "payload", "partition-key", "constants", "truth", "absent", "separator");
  private static final List<String> RAW_KEYS =
      List.of("format", "id", "event-time", "partition-key", "truth", "separator");
  private static final List<String> FORM_KEYS = List.of("format", "columns", "separator");
  private static final List<String> REQUIRED =
      List.of("transaction_id", "event_time", "card_id", "amount_minor", "currency");
  private static final List<String> CONDITIONS =
      List.of("in", "not-in", "equals", "below", "above", "at-least", "at-most", "present");
  private static final List<String> RESERVED_CHECKS =
      List.of("checked", "examples", "settled", "sent", "transactions", "compared", "labelled");
  private static final int MOST_CHECKS = 32;
  private static final Pattern UUID =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
  private static final double MOST_ID = 4_294_967_295.0;

  private final ContractSource source;
  private final UnaryOperator<String> schemaText;

  private ContractCompiler(String file, UnaryOperator<String> schemaText) {
    this.source = new ContractSource(file);
    this.schemaText = schemaText;
  }

  static Contract compile(String file, String text, UnaryOperator<String> schemaText) {
    return new ContractCompiler(file, schemaText).contract(ContractYaml.read(file, text));
  }

  private Contract contract(ContractNode document) {
    List<String> known = new ArrayList<>(SECTIONS);
    known.add(0, "$schema");
    Keys keys = source.keys(document, "the contract", known);
    if (SECTIONS.stream().noneMatch(keys::has)) {
      throw source.refused(
          document.line(), "the contract states nothing: write " + String.join(", ", SECTIONS));
    }
    return new Contract(
        keys.optional("transactions", (node, what) -> transactions(node)),
        keys.optional("verdicts", (node, what) -> verdicts(node)),
        keys.optional("rejects", (node, what) -> rejects(node)));
  }

  // Transactions

  private TransactionForm transactions(ContractNode node) {
    Entries section = source.map(node, "\"transactions\"");
    ContractNode given = section.get("format");
    List<String> formats = List.of("json", "csv", "avro", "protobuf", "raw");
    String format = given == null ? "json" : source.word(given, "\"format\"", formats);
    if (format.equals("raw")) throw raw(node);
    Codec codec = codec(section, "\"transactions\"");
    List<String> known = new ArrayList<>(TRANSACTION_KEYS);
    if (codec != null) known.addAll(CODEC_KEYS);
    Keys keys = source.keys(node, "\"transactions\"", known);
    ContractNode payload = keys.needed("payload", "payload: { id: $transaction_id }");
    if (!(payload instanceof Entries shape)) {
      throw source.refused(
          payload.line(), "\"payload\" must be a mapping with at least one $field");
    }
    PayloadTemplate template = PayloadTemplate.of(shape, source);
    if (format.equals("csv")) checkColumns(shape);
    if (template.places().stream().noneMatch(one -> one.format().name().equals("transaction_id"))) {
      throw source.refused(
          payload.line(),
          "the payload has no $transaction_id, by which verdicts are matched: write it where the"
              + " id is");
    }
    char separator = separator(keys);
    keys.optional("absent", (each, what) -> source.word(each, what, List.of("null", "omit")));
    checkPartitionKey(keys, template);
    JsonNode[] constants = constants(keys, template);
    checkTruth(keys, template);
    List<PayloadTemplate.Place> places = firstOfEach(template);
    checkWhole(payload.line(), places, constants);
    Payloads payloads = payloads(format, codec, shape, separator, places);
    return new TransactionForm(payloads, places, constants);
  }

  /** What a raw contract says is checked, so that its own mistakes come first. */
  private ContractException raw(ContractNode node) {
    Keys keys = source.keys(node, "\"transactions\" of format raw", RAW_KEYS);
    Pointer id = source.pointer(keys.needed("id", "id: /path/to/it"), "\"id\"");
    ContractNode time =
        keys.needed("event-time", "event-time: { at: /ts, as: epoch-milliseconds }");
    Pointer at = instant(time, "\"event-time\"", source::pointer).at();
    source.pointer(keys.needed("partition-key", "partition-key: /path/to/it"), "\"partition-key\"");
    source.checkDistinct(
        List.of(
            new Named("id", id, keys.lineOf("id")),
            new Named("event-time", at, keys.lineOf("event-time"))));
    return source.refused(
        node.line(),
        "\"transactions\" is of format raw, and the job needs whole transactions: write a payload");
  }

  private void checkColumns(Entries shape) {
    for (Entry entry : shape.entries()) {
      ContractNode node = entry.node();
      boolean isSingle =
          node instanceof Scalar
              || node instanceof Entries map
                  && map.entries().stream()
                      .anyMatch(
                          one ->
                              List.of("field", "faker", "choose", "number", "counter", "constant")
                                  .contains(one.key()));
      if (isSingle) continue;
      throw source.refused(
          entry.line(),
          "the column \"" + entry.key() + "\" of a CSV payload must be a single value");
    }
  }

  private void checkPartitionKey(Keys keys, PayloadTemplate template) {
    ContractNode node = keys.get("partition-key");
    if (node == null) return;
    String text = source.text(node, "\"partition-key\"");
    if (text.startsWith("$")) {
      List<String> names = new ArrayList<>(FieldFormat.names());
      names.removeAll(List.of("amount", "billing_amount"));
      names.add("schema_version");
      source.word(new Scalar(node.line(), text, text.substring(1)), "\"partition-key\"", names);
      return;
    }
    if (!text.startsWith("/")) return;
    List<String> paths =
        template.places().stream().map(place -> Pointer.textOf(place.steps())).toList();
    if (paths.contains(text)) return;
    boolean isThere = template.has(Pointer.of(text).steps());
    String reason =
        isThere ? "which is not a field of a transaction" : "which the payload does not have";
    throw source.refused(
        node.line(),
        "\"partition-key\" is %s, %s: write a field such as $card_id, or one of %s"
            .formatted(text, reason, String.join(", ", paths)));
  }

  /** Fields that the payload does not have, and that are the same in all its records. */
  private JsonNode[] constants(Keys keys, PayloadTemplate template) {
    List<String> names = new ArrayList<>(FieldFormat.names());
    names.removeAll(List.of("amount", "billing_amount"));
    JsonNode[] constants = new JsonNode[names.size() + 1];
    ContractNode node = keys.get("constants");
    if (node == null) return constants;
    Keys given = source.keys(node, "\"constants\"", names);
    for (String name : names) {
      ContractNode value = given.get(name);
      if (value == null) continue;
      int target = FieldFormat.index(name);
      if (template.places().stream().anyMatch(place -> place.format().target() == target)) {
        throw source.refused(
            value.line(), name + " is both a constant and a field of the payload: leave one of them out");
      }
      if (!(value instanceof Scalar scalar) || scalar.value() == null) {
        throw source.refused(value.line(), "the constant " + name + " must be a single value");
      }
      if (name.equals("currency") && Currencies.exponent(scalar.text()) < 0) {
        throw source.refused(
            value.line(),
            "the constant currency is \"" + scalar.text() + "\", which is not a currency code of ISO 4217");
      }
      constants[target] = FieldFormat.constant(name, scalar);
    }
    return constants;
  }

  /** The truth stands in files alone: no record of a stream has it. */
  private void checkTruth(Keys keys, PayloadTemplate template) {
    ContractNode node = keys.get("truth");
    if (node == null) return;
    Keys said =
        node instanceof Entries
            ? source.keys(
                node, "\"truth\"", List.of("at", "fraud", "genuine", "scenario", "reported-at"))
            : null;
    Pointer at =
        source.pointer(said == null ? node : said.needed("at", "at: /isFraud"), "\"truth\"");
    for (PayloadTemplate.Place place : template.places()) {
      boolean isThere =
          Pointer.textOf(place.steps()).equals(at.text())
              || String.join(".", place.steps()).equals(at.text());
      if (!isThere) continue;
      throw source.refused(
          node.line(),
          "the truth and %s are both at %s: give each its own path"
              .formatted(place.format().name(), at.text()));
    }
  }

  private static List<PayloadTemplate.Place> firstOfEach(PayloadTemplate template) {
    List<PayloadTemplate.Place> places = new ArrayList<>();
    Set<Integer> targets = new HashSet<>();
    for (PayloadTemplate.Place place : template.places()) {
      if (targets.add(place.format().target())) places.add(place);
    }
    // Amounts are read with their currency.
    places.sort(
        (one, other) -> Boolean.compare(one.format().isAmount(), other.format().isAmount()));
    return places;
  }

  private void checkWhole(int line, List<PayloadTemplate.Place> places, JsonNode[] constants) {
    List<String> lacks = new ArrayList<>();
    for (String name : REQUIRED) {
      int target = FieldFormat.index(name);
      boolean isKnown =
          constants[target] != null
              || places.stream().anyMatch(place -> place.format().target() == target);
      if (!isKnown) lacks.add(name);
    }
    if (lacks.isEmpty()) return;
    throw source.refused(
        line,
        "the payload lacks %s, and the job needs whole transactions: add it, or give it under \"constants\""
            .formatted(String.join(", ", lacks)));
  }

  private Payloads payloads(
      String format,
      Codec codec,
      Entries shape,
      char separator,
      List<PayloadTemplate.Place> places) {
    List<List<String>> paths = places.stream().map(PayloadTemplate.Place::steps).toList();
    if (codec != null) return new CodecPayloads(codec, paths);
    if (format.equals("csv")) {
      List<String> columns = shape.entries().stream().map(Entry::key).toList();
      return new CsvPayloads(columns, separator, paths);
    }
    boolean[] isText = new boolean[places.size()];
    for (int at = 0; at < isText.length; at++) isText[at] = places.get(at).format().isText();
    return new JsonPayloads(paths, isText);
  }

  // Codecs

  /** The codec of a section; null for a format without one. */
  private Codec codec(Entries section, String what) {
    ContractNode given = section.get("format");
    String format = given instanceof Scalar scalar ? scalar.text() : "json";
    if (!format.equals("avro") && !format.equals("protobuf")) return null;
    ContractNode schema = section.get("schema");
    if (schema == null) {
      String example = format.equals("avro") ? "transaction.avsc" : "transaction.proto";
      throw source.refused(
          section.line(),
          "%s is of format %s and lacks \"schema\": write schema: %s"
              .formatted(what, format, example));
    }
    String name = source.text(schema, "\"schema\"");
    ContractNode framing = section.get("framing");
    Keys keys =
        framing == null ? null : source.keys(framing, "\"framing\"", List.of("glue", "confluent"));
    if (keys != null && keys.has("glue") == keys.has("confluent")) {
      throw source.refused(
          framing.line(),
          "\"framing\" must be glue or confluent: write framing: { confluent: { id: 7 } }");
    }
    String kind = keys == null ? null : keys.has("glue") ? "glue" : "confluent";
    UnaryOperator<Codec> framed = keys == null ? codec -> codec : framed(keys);
    ContractNode message = section.get("message");
    String wanted = message == null ? null : source.text(message, "\"message\"");
    return source.at(
        schema.line(),
        () -> {
          if (format.equals("avro")) return framed.apply(avro(name));
          return framed.apply(ProtobufCodec.of(name, wanted, kind, this::schema));
        });
  }

  private Codec avro(String name) {
    String text = schema(name);
    try {
      return new AvroCodec(text);
    } catch (IllegalArgumentException error) {
      throw new IllegalArgumentException(name + " is no Avro schema: " + error.getMessage(), error);
    }
  }

  private String schema(String name) {
    String text = schemaText.apply(name);
    if (text != null) return text;
    throw new IllegalArgumentException("Schema " + name + " cannot be found");
  }

  private UnaryOperator<Codec> framed(Keys keys) {
    ContractNode confluent = keys.get("confluent");
    if (confluent != null) {
      Keys inner = source.keys(confluent, "\"confluent\"", List.of("id"));
      double id = source.number(inner.needed("id", "id: 7"), "\"id\"");
      if (id >= 0 && id <= MOST_ID && id == Math.rint(id)) {
        return codec -> Framing.confluent(codec, (long) id);
      }
      throw source.refused(
          inner.lineOf("id"), "\"id\" must be a whole number from 0 to 4294967295");
    }
    ContractNode node = keys.get("glue");
    List<String> names = List.of("schema-version-id", "registry", "schema-name", "compression");
    Keys glue = source.keys(node, "\"glue\"", names);
    String version = glue.text("schema-version-id");
    if (version != null && !UUID.matcher(version).matches()) {
      throw source.refused(
          glue.lineOf("schema-version-id"),
          "\"schema-version-id\" is \"" + version + "\", which is not a UUID");
    }
    if (version == null) {
      throw source.refused(
          node.line(),
          "\"glue\" has no \"schema-version-id\", and the job looks none up: write the UUID of the"
              + " schema version");
    }
    String compression =
        glue.optional(
            "compression", (each, what) -> source.word(each, what, List.of("none", "zlib")));
    return codec -> Framing.glue(codec, version, "zlib".equals(compression));
  }

  private char separator(Keys keys) {
    ContractNode node = keys.get("separator");
    if (node == null) return ',';
    boolean isOne =
        node instanceof Scalar scalar
            && scalar.value() instanceof String text
            && text.matches("[^\"\\r\\n\\w.-]")
            && text.charAt(0) < 128;
    if (isOne) return ((Scalar) node).text().charAt(0);
    throw source.refused(
        node.line(),
        "\"separator\" must be one character such as \";\" or \"\\t\" (in double quotes)");
  }

  // What is written

  private interface PointerIn {
    Pointer of(ContractNode node, String what);
  }

  /** How the records of a section are written, and how a pointer into them is read. */
  private record Output(RecordWriter.Form form, PointerIn pointer) {}

  private static List<String> known(String... own) {
    List<String> known = new ArrayList<>(FORM_KEYS);
    known.addAll(CODEC_KEYS);
    known.addAll(List.of(own));
    return known;
  }

  private Output output(Keys keys, Codec codec) {
    List<String> formats = List.of("json", "csv", "avro", "protobuf");
    String given = keys.optional("format", (each, what) -> source.word(each, what, formats));
    String format = given == null ? "json" : given;
    if (codec != null) return new Output(RecordWriter.Form.of(codec), source::pointer);
    if (!format.equals("csv")) {
      for (String key : List.of("columns", "separator", "schema", "message", "framing")) {
        if (!keys.has(key)) continue;
        throw source.refused(
            keys.lineOf(key),
            "\"%s\" does not apply to format %s: leave it out".formatted(key, format));
      }
      return new Output(RecordWriter.Form.JSON, source::pointer);
    }
    ContractNode node = keys.needed("columns", "columns: [id, score, decision]");
    List<String> columns = source.scalars(node, "\"columns\"").stream().map(Scalar::text).toList();
    if (new HashSet<>(columns).size() < columns.size()) {
      throw source.refused(node.line(), "a column occurs twice in \"columns\"");
    }
    return new Output(
        RecordWriter.Form.of(columns, separator(keys)),
        (each, what) -> {
          Pointer pointer = source.pointer(each, what);
          boolean isColumn =
              pointer.steps().size() == 1 && columns.contains(pointer.steps().get(0));
          if (isColumn) return pointer;
          throw source.refused(
              each.line(),
              "%s is %s, and there is no such column: there are %s"
                  .formatted(what, pointer.text(), String.join(", ", columns)));
        });
  }

  private VerdictForm verdicts(ContractNode node) {
    Codec codec = codec(source.map(node, "\"verdicts\""), "\"verdicts\"");
    Keys keys =
        source.keys(
            node,
            "\"verdicts\"",
            known(
                "id",
                "score",
                "decision",
                "error",
                "event-time",
                "arrived-at",
                "card-id",
                "model-version",
                "features",
                "emits",
                "checks",
                "unwrap"));
    Output output = output(keys, codec);
    PointerIn at = output.pointer;
    String emits =
        keys.optional("emits", (each, what) -> source.word(each, what, List.of("every", "frauds")));
    VerdictForm.Parts parts = new VerdictForm.Parts();
    parts.id = at.of(keys.needed("id", "id: /event/id"), "\"id\"");
    if (keys.has("score")) score(keys.get("score"), at, parts);
    if (keys.has("decision")) decision(keys, at, parts);
    if (keys.has("error")) error(keys.get("error"), at, parts);
    parts.eventTime = keys.optional("event-time", (each, what) -> instant(each, what, at::of));
    parts.arrivedAt = keys.optional("arrived-at", (each, what) -> instant(each, what, at::of));
    parts.cardId = keys.optional("card-id", at::of);
    parts.modelVersion = keys.optional("model-version", at::of);
    if (keys.has("features")) features(keys.get("features"), at, parts);
    parts.emitsFrauds = "frauds".equals(emits);
    if (keys.has("checks")) checkChecks(keys.get("checks"), at);
    if (keys.has("unwrap")) {
      throw source.refused(
          keys.lineOf("unwrap"),
          "\"unwrap\" is of verdicts in the envelope of a service, which the job does not write:"
              + " leave it out");
    }
    if (parts.score == null && parts.decision == null && !parts.emitsFrauds) {
      throw source.refused(
          node.line(),
          "\"verdicts\" has neither \"score\" nor \"decision\": write score: /probability, or"
              + " decision: { at: /action, fraud: [DECLINE] }");
    }
    List<Named> distinct =
        new ArrayList<>(
            List.of(
                new Named("id", parts.id, keys.lineOf("id")),
                new Named("score", parts.score, keys.lineOf("score")),
                new Named("decision", parts.decision, keys.lineOf("decision")),
                new Named("error", parts.error, keys.lineOf("error")),
                new Named("model-version", parts.modelVersion, keys.lineOf("model-version")),
                new Named("features", parts.features, keys.lineOf("features"))));
    parts.featuresByIndex.forEach(
        (index, pointer) ->
            distinct.add(
                new Named(VerdictForm.nameOf(index), pointer, keys.lineOf("features"))));
    source.checkDistinct(distinct);
    if (parts.decision != null && parts.genuine == null && !parts.emitsFrauds) {
      throw source.refused(
          keys.lineOf("decision"),
          "verdicts are written, and \"decision\" lacks \"genuine\": write genuine: [APPROVE];"
              + " its first value is written");
    }
    return source.at(keys.line(), () -> new VerdictForm(parts, output.form));
  }

  /** All at one pointer, or some by their names. */
  private void features(ContractNode node, PointerIn at, VerdictForm.Parts parts) {
    if (!(node instanceof Entries)) {
      parts.features = at.of(node, "\"features\"");
      return;
    }
    List<String> names = Manifest.FEATURES.stream().map(feature -> feature.name()).toList();
    Keys keys = source.keys(node, "\"features\"", names);
    for (int index = 0; index < names.size(); index++) {
      String name = names.get(index);
      if (!keys.has(name)) continue;
      parts.featuresByIndex.put(index, at.of(keys.get(name), VerdictForm.nameOf(index)));
    }
  }

  private void score(ContractNode node, PointerIn at, VerdictForm.Parts parts) {
    parts.scale = 1;
    if (!(node instanceof Entries)) {
      parts.score = at.of(node, "\"score\"");
      return;
    }
    Keys keys = source.keys(node, "\"score\"", List.of("at", "scale"));
    Double scale = keys.optional("scale", source::number);
    if (scale != null) parts.scale = scale;
    if (!(parts.scale > 0)) {
      throw source.refused(
          keys.lineOf("scale"),
          "\"scale\" is %s, and must be the largest score: above 0, such as 100".formatted(scale));
    }
    parts.score = at.of(keys.needed("at", "at: /probability"), "\"score\"");
  }

  private void decision(Keys verdicts, PointerIn at, VerdictForm.Parts parts) {
    ContractNode node = verdicts.get("decision");
    String example = "decision: { at: /action, fraud: [DECLINE] }";
    if (!(node instanceof Entries)) {
      throw source.refused(
          node.line(), "\"decision\" must say which values are frauds: write " + example);
    }
    Keys keys = source.keys(node, "\"decision\"", List.of("at", "fraud", "genuine"));
    List<Scalar> fraud = source.scalars(keys.needed("fraud", "fraud: [DECLINE]"), "\"fraud\"");
    List<Scalar> genuine = keys.optional("genuine", source::scalars);
    if (fraud.isEmpty()) {
      throw source.refused(keys.lineOf("fraud"), "\"fraud\" has no value: write " + example);
    }
    for (Scalar one : genuine == null ? List.<Scalar>of() : genuine) {
      if (fraud.stream().noneMatch(other -> other.plain().equals(one.plain()))) continue;
      throw source.refused(
          keys.lineOf("genuine"),
          "\"" + one.plain() + "\" is among \"fraud\" and among \"genuine\"");
    }
    parts.fraud = RecordWriter.constant(fraud.get(0));
    if (genuine != null && !genuine.isEmpty())
      parts.genuine = RecordWriter.constant(genuine.get(0));
    parts.decision = at.of(keys.needed("at", "at: /action"), "\"decision\"");
  }

  private void error(ContractNode node, PointerIn at, VerdictForm.Parts parts) {
    if (!(node instanceof Entries)) {
      parts.error = at.of(node, "\"error\"");
      return;
    }
    Keys keys = source.keys(node, "\"error\"", List.of("at", "none"));
    List<Scalar> none = keys.optional("none", source::scalars);
    if (none != null && !none.isEmpty()) parts.noError = RecordWriter.constant(none.get(0));
    parts.error = at.of(keys.needed("at", "at: /error"), "\"error\"");
  }

  private VerdictForm.Instant instant(ContractNode node, String what, PointerIn at) {
    List<String> names = new ArrayList<>(FieldFormat.INSTANT_KEYS);
    names.add("at");
    Keys keys = node instanceof Entries ? source.keys(node, what, names) : null;
    InstantFormat format = FieldFormat.instantOf(keys, source);
    return new VerdictForm.Instant(
        at.of(keys == null ? node : keys.needed("at", "at: /ts"), what), format);
  }

  /** Checks are of whoever reads verdicts: the job sees that they are stated soundly. */
  private void checkChecks(ContractNode node, PointerIn at) {
    Entries checks = source.map(node, "\"checks\"");
    if (checks.entries().size() > MOST_CHECKS) {
      throw source.refused(
          node.line(),
          "there are %d checks, and at most %d are counted"
              .formatted(checks.entries().size(), MOST_CHECKS));
    }
    for (Entry entry : checks.entries()) {
      String name = entry.key();
      if (!name.matches("[a-z][a-z0-9_]*")) {
        throw source.refused(
            entry.line(),
            "the check \"%s\" must have a name of small letters, digits and underscores, such as fast_enough"
                .formatted(name));
      }
      if (RESERVED_CHECKS.contains(name)) {
        throw source.refused(
            entry.line(),
            "a check cannot be called \"" + name + "\", which names a figure of all checks");
      }
      List<String> known = new ArrayList<>(CONDITIONS);
      known.add("at");
      Keys keys = source.keys(entry.node(), "the check \"" + name + "\"", known);
      at.of(keys.needed("at", "at: /timing/ms"), "\"at\" of the check \"" + name + "\"");
      boolean hasAny = false;
      for (String condition : CONDITIONS) {
        ContractNode value = keys.get(condition);
        if (value == null) continue;
        hasAny = true;
        checkCondition(condition, value);
      }
      if (hasAny) continue;
      throw source.refused(
          entry.line(),
          "the check \"%s\" has no condition: write one of %s"
              .formatted(name, String.join(", ", CONDITIONS)));
    }
  }

  private void checkCondition(String condition, ContractNode value) {
    String what = "\"" + condition + "\"";
    switch (condition) {
      case "present" -> source.truth(value, what);
      case "in", "not-in" -> source.scalars(value, what);
      case "equals" -> {
        if (value instanceof Items || value instanceof Entries) {
          throw source.refused(value.line(), what + " must be a single value");
        }
      }
      default -> source.number(value, what);
    }
  }

  private RejectForm rejects(ContractNode node) {
    Codec codec = codec(source.map(node, "\"rejects\""), "\"rejects\"");
    Keys keys = source.keys(node, "\"rejects\"", known("id", "reason", "detail", "record"));
    Output output = output(keys, codec);
    PointerIn at = output.pointer;
    Pointer id = at.of(keys.needed("id", "id: /original/id"), "\"id\"");
    Pointer reason = keys.optional("reason", at::of);
    Pointer detail = keys.optional("detail", at::of);
    Pointer record = keys.optional("record", at::of);
    source.checkDistinct(
        List.of(
            new Named("id", id, keys.lineOf("id")),
            new Named("reason", reason, keys.lineOf("reason")),
            new Named("detail", detail, keys.lineOf("detail")),
            new Named("record", record, keys.lineOf("record"))));
    return source.at(keys.line(), () -> new RejectForm(id, reason, detail, record, output.form));
  }
}
