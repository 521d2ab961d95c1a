package io.fraudstream.contract;

import io.fraudstream.contract.ContractNode.Entries;
import io.fraudstream.contract.ContractNode.Entry;
import io.fraudstream.contract.ContractNode.Items;
import io.fraudstream.contract.ContractNode.Scalar;
import io.fraudstream.contract.ContractSource.Keys;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The shape of a payload: which fields of a transaction stand where. */
final class PayloadTemplate {
  /** {@code $field}; a text that begins so without being one begins with {@code $$}. */
  private static final Pattern REFERENCE = Pattern.compile("\\$(?!\\$)(.*)", Pattern.DOTALL);

  /** The truth, which is never sent. */
  private static final Set<String> TRUTH =
      Set.of("is_fraud", "fraud_scenario", "campaign_id", "reported_at");

  /** Values that transactions lack and that a generator makes; the job reads none of them. */
  private static final List<String> DRAWN = List.of("faker", "choose", "number", "counter");

  /** A field of a payload, and the names that lead to it. */
  record Place(List<String> steps, FieldFormat format) {}

  private final ContractSource source;
  private final List<Place> places = new ArrayList<>();
  private final Set<List<String>> values = new java.util.HashSet<>();

  private PayloadTemplate(ContractSource source) {
    this.source = source;
  }

  /** Errors: {@link ContractException} for a field or a key that is unknown. */
  static PayloadTemplate of(Entries payload, ContractSource source) {
    PayloadTemplate template = new PayloadTemplate(source);
    for (Entry entry : payload.entries()) template.read(entry.node(), List.of(entry.key()));
    return template;
  }

  /** The fields of the payload in its order; of a field that stands twice the first counts. */
  List<Place> places() {
    return places;
  }

  boolean has(List<String> steps) {
    return values.contains(steps);
  }

  private void read(ContractNode node, List<String> steps) {
    values.add(steps);
    if (node instanceof Scalar scalar) readScalar(scalar, steps);
    else if (node instanceof Items list) {
      for (int at = 0; at < list.items().size(); at++) {
        read(list.items().get(at), within(steps, Integer.toString(at)));
      }
    } else readMap((Entries) node, steps);
  }

  private static List<String> within(List<String> steps, String step) {
    List<String> inner = new ArrayList<>(steps);
    inner.add(step);
    return inner;
  }

  private void readScalar(Scalar scalar, List<String> steps) {
    if (scalar.value() instanceof Double number && !Double.isFinite(number)) {
      throw source.refused(
          scalar.line(),
          scalar.text() + " is not a number that a payload can contain: write it in quotes");
    }
    String name = referred(scalar);
    if (name == null) return;
    add(steps, FieldFormat.of(known(name, scalar.line()), null, source));
  }

  private void add(List<String> steps, FieldFormat format) {
    places.add(new Place(steps, format));
  }

  private static String referred(ContractNode node) {
    if (!(node instanceof Scalar scalar) || !(scalar.value() instanceof String text)) return null;
    Matcher found = REFERENCE.matcher(text);
    return found.matches() ? found.group(1) : null;
  }

  private void readMap(Entries map, List<String> steps) {
    if (map.get("field") instanceof Scalar field
        && field.value() instanceof String name
        && referred(field) == null) {
      int line =
          map.entries().stream().filter(one -> one.key().equals("field")).findFirst().get().line();
      add(steps, FieldFormat.of(known(name, line), map, source));
      return;
    }
    for (Entry entry : map.entries()) {
      if (!isDrawn(entry)) continue;
      List<String> known =
          entry.key().equals("counter") ? List.of("counter") : List.of(entry.key(), "per");
      Keys keys = source.keys(map, "the value with \"" + entry.key() + "\"", known);
      checkDrawn(entry, keys);
      return;
    }
    boolean isLiteral = map.entries().size() == 1 && map.get("constant") != null;
    if (isLiteral) return;
    for (Entry entry : map.entries()) read(entry.node(), within(steps, entry.key()));
  }

  private static boolean isDrawn(Entry entry) {
    String key = entry.key();
    if (!DRAWN.contains(key)) return false;
    ContractNode node = entry.node();
    if (key.equals("faker")) {
      return node instanceof Scalar scalar && scalar.text().matches("\\w+\\.\\w+");
    }
    if (key.equals("choose")) return !(node instanceof Scalar);
    List<String> known =
        key.equals("number") ? List.of("from", "to", "decimals") : List.of("from", "step");
    return node instanceof Entries map
        && map.entries().stream().allMatch(one -> known.contains(one.key()));
  }

  /** What is generated is never read: that its statement is sound is all that is asked here. */
  private void checkDrawn(Entry drawn, Keys keys) {
    keys.optional(
        "per",
        (node, what) -> {
          List<String> names = new ArrayList<>(FieldFormat.names());
          names.add("schema_version");
          return source.word(node, what, names);
        });
    if (drawn.key().equals("choose")) checkChoice(drawn.node());
    if (!drawn.key().equals("number")) return;
    Entries map = (Entries) drawn.node();
    double from = numberOr(map.get("from"), 0);
    double to = numberOr(map.get("to"), Double.POSITIVE_INFINITY);
    if (to >= from) return;
    throw source.refused(
        drawn.line(),
        "\"number\" is from " + from + " to " + to + ": write the smaller number first");
  }

  private double numberOr(ContractNode node, double otherwise) {
    return node == null ? otherwise : source.number(node, "a bound of \"number\"");
  }

  private void checkChoice(ContractNode node) {
    if (node instanceof Items list) {
      if (list.items().isEmpty()) {
        throw source.refused(node.line(), "\"choose\" needs at least one value");
      }
      return;
    }
    Entries weights = (Entries) node;
    if (weights.entries().isEmpty()) {
      throw source.refused(node.line(), "\"choose\" needs at least one value");
    }
    for (Entry weight : weights.entries()) {
      source.number(weight.node(), "the weight of \"" + weight.key() + "\"");
    }
  }

  private String known(String name, int line) {
    List<String> names = FieldFormat.names();
    if (names.contains(name)) return name;
    if (TRUTH.contains(name)) {
      throw source.refused(
          line, "$" + name + " is the truth, which is never sent: name it under \"truth\"");
    }
    String near = ContractSource.nearest(name, names);
    String hint =
        near == null
            ? "Fields are " + String.join(", ", names) + "."
            : "Did you mean $" + near + "?";
    throw source.refused(
        line,
        "\"$%s\" is not a field of a transaction. %s A text that begins with \"$\" is written with \"$$\""
            .formatted(name, hint));
  }
}
