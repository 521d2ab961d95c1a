package io.fraudstream.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fraudstream.contract.ContractNode.Entries;
import io.fraudstream.contract.ContractNode.Entry;
import io.fraudstream.contract.ContractNode.Scalar;
import io.fraudstream.contract.values.AmountFormat;
import io.fraudstream.contract.values.Identifier;
import io.fraudstream.contract.values.InstantFormat;
import io.fraudstream.contract.values.Numbers;
import io.fraudstream.contract.values.UnreadableValue;
import io.fraudstream.contract.values.ValueMap;
import io.fraudstream.records.Instants;
import io.fraudstream.records.TransactionReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How one field of a transaction is read from a payload.
 *
 * @param target the index of the field that reading sets
 * @param isText numbers are wanted as they were written
 */
record FieldFormat(String name, int target, boolean isText, Reader reader) {
  /** Errors: {@link UnreadableValue}, which says what the value should have been. */
  interface Reader {
    JsonNode read(Object value, JsonNode[] found);
  }

  private static final List<String> FIELDS = TransactionReader.fields();
  private static final Map<String, Integer> INDEXES = new HashMap<>();

  static {
    for (int index = 0; index < FIELDS.size(); index++) INDEXES.put(FIELDS.get(index), index);
  }

  static final List<String> INSTANT_KEYS = List.of("as", "zone", "origin", "unit");
  private static final List<String> AMOUNT_KEYS =
      List.of("as", "symbol", "thousands", "decimal-separator", "rounding");

  /** Text fields of so many digits, which may be written as numbers. */
  private static final Map<String, Integer> DIGITS =
      Map.of("mcc", 4, "pan_last4", 4, "pos_entry_mode", 3, "eci", 2, "stan", 6);

  private static final Set<String> NUMBERS =
      Set.of("account_age_days", "amount_minor", "billing_amount_minor");
  private static final Set<String> IDENTIFIERS = Set.of("transaction_id", "card_id", "merchant_id");
  private static final int MOST_WHOLE_DIGITS = 16;

  /** The index of a field of a transaction. */
  static int index(String field) {
    return INDEXES.get(field);
  }

  /** The names that a payload may use. */
  static List<String> names() {
    List<String> names = new ArrayList<>(FIELDS);
    names.remove("schema_version");
    names.add("amount");
    names.add("billing_amount");
    return names;
  }

  boolean isAmount() {
    return name.equals("amount") || name.equals("billing_amount");
  }

  /** The format of a field as the keys beside it say; {@code node} is null for the name alone. */
  static FieldFormat of(String name, Entries node, ContractSource source) {
    boolean isAmount = name.equals("amount") || name.equals("billing_amount");
    ContractSource.Keys keys =
        node == null ? null : source.keys(node, "the field " + name, keysOf(name, isAmount));
    if (name.equals("event_time")) return instant(keys, source);
    if (isAmount) return amount(name, keys, source);
    if (keys != null && keys.has("values")) return mapped(name, keys, source);
    return plain(name, keys, source);
  }

  private static List<String> keysOf(String name, boolean isAmount) {
    List<String> keys = new ArrayList<>(List.of("field"));
    if (name.equals("event_time")) keys.addAll(INSTANT_KEYS);
    else keys.addAll(isAmount ? AMOUNT_KEYS : List.of("as", "values", "default"));
    return keys;
  }

  private static String text(ContractSource.Keys keys, String key) {
    return keys == null ? null : keys.text(key);
  }

  /** The format of instants that the keys of a mapping state; {@code keys} may be null. */
  static InstantFormat instantOf(ContractSource.Keys keys, ContractSource source) {
    String origin = text(keys, "origin");
    int line = keys == null ? 1 : keys.lineOf(origin == null ? "as" : "origin");
    return source.at(
        line,
        () -> InstantFormat.of(text(keys, "as"), text(keys, "zone"), origin, text(keys, "unit")));
  }

  private static FieldFormat instant(ContractSource.Keys keys, ContractSource source) {
    InstantFormat format = instantOf(keys, source);
    return new FieldFormat(
        "event_time",
        index("event_time"),
        false,
        (value, found) -> {
          if (value instanceof String text && Instants.read(text) != Instants.NONE) {
            return TextNode.valueOf(text);
          }
          return TextNode.valueOf(Instants.write(format.read(value)));
        });
  }

  private static FieldFormat amount(String name, ContractSource.Keys keys, ContractSource source) {
    List<String> words = List.of("number", "decimal", "minor");
    String given =
        keys == null ? null : keys.optional("as", (node, what) -> source.word(node, what, words));
    AmountFormat format =
        source.at(
            keys == null ? 1 : keys.line(),
            () ->
                new AmountFormat(
                    given == null ? "number" : given,
                    text(keys, "symbol"),
                    text(keys, "thousands"),
                    text(keys, "decimal-separator"),
                    text(keys, "rounding")));
    String prefix = name.equals("amount") ? "" : "billing_";
    int currency = index(prefix + "currency");
    return new FieldFormat(
        name,
        index(prefix + "amount_minor"),
        false,
        (value, found) -> {
          JsonNode code = found[currency];
          boolean isKnown = code != null && code.isTextual();
          return LongNode.valueOf(format.read(value, isKnown ? code.textValue() : null));
        });
  }

  private static FieldFormat mapped(String name, ContractSource.Keys keys, ContractSource source) {
    ContractNode values = keys.get("values");
    String otherwise = keys.text("default");
    Map<String, String> ours = new LinkedHashMap<>();
    Set<String> written = new HashSet<>();
    for (Entry entry : source.map(values, "\"values\"").entries()) {
      if (!(entry.node() instanceof Scalar theirs) || theirs.value() == null) {
        throw source.refused(
            entry.node().line(),
            "what stands for a value of " + name + " must be a text, a number, true or false");
      }
      written.add(entry.key());
      // Of two values that are written as one, the first is read.
      ours.putIfAbsent(theirs.plain(), entry.key());
    }
    ValueMap map =
        source.at(values.line(), () -> new ValueMap(List.copyOf(ours.entrySet()), otherwise));
    return new FieldFormat(
        name,
        index(name),
        false,
        (value, found) -> {
          try {
            return node(name, map.read(value));
          } catch (UnreadableValue unread) {
            // A value without a counterpart is written as it is, unless it stands for another.
            boolean isOwn = value instanceof String text && !written.contains(text);
            if (!isOwn || name.equals("card_present")) throw unread;
            return node(name, value);
          }
        });
  }

  private static FieldFormat plain(String name, ContractSource.Keys keys, ContractSource source) {
    String as =
        keys == null
            ? null
            : keys.optional(
                "as", (node, what) -> source.word(node, what, List.of("text", "number")));
    Integer digits = DIGITS.get(name);
    boolean isNumber = NUMBERS.contains(name);
    if ("number".equals(as) && digits == null && !isNumber) {
      throw source.refused(
          keys.lineOf("as"),
          name + " is a text and cannot be written as a number: leave out \"as\"");
    }
    if ("number".equals(as) && digits != null) {
      return new FieldFormat(name, index(name), false, (value, found) -> padded(value, digits));
    }
    boolean isText = !isNumber && !name.equals("card_present");
    if (!isText)
      return new FieldFormat(name, index(name), false, (value, found) -> node(name, value));
    boolean isIdentifier = IDENTIFIERS.contains(name);
    return new FieldFormat(
        name,
        index(name),
        true,
        (value, found) -> {
          boolean isAsItIs = value instanceof String && !isIdentifier;
          return TextNode.valueOf(isAsItIs ? (String) value : Identifier.text(value));
        });
  }

  private static JsonNode padded(Object value, int digits) {
    String text = value instanceof Long || value instanceof String ? value.toString() : "";
    boolean isNumber = !text.isEmpty() && text.length() <= digits && isDigits(text);
    if (!isNumber) throw new UnreadableValue("must be a number of " + digits + " digits");
    return TextNode.valueOf("0".repeat(digits - text.length()) + text);
  }

  private static boolean isDigits(String text) {
    return text.chars().allMatch(code -> code >= '0' && code <= '9');
  }

  /** The value as a field has it; what is of another kind fails its check. */
  private static JsonNode node(String name, Object value) {
    if (value instanceof Boolean truth) return BooleanNode.valueOf(truth);
    if (value instanceof Long whole) return LongNode.valueOf(whole);
    if (value instanceof Double number) return DoubleNode.valueOf(number);
    if (!(value instanceof String text)) return TextNode.valueOf("");
    if (name.equals("card_present")) {
      if (text.equals("true") || text.equals("false"))
        return BooleanNode.valueOf(text.equals("true"));
      throw new UnreadableValue("must be true or false");
    }
    boolean isWhole =
        NUMBERS.contains(name)
            && !text.isEmpty()
            && text.length() <= MOST_WHOLE_DIGITS
            && isDigits(text);
    return isWhole ? DoubleNode.valueOf(Double.parseDouble(text)) : TextNode.valueOf(text);
  }

  /** The value of a constant of the contract. */
  static JsonNode constant(String name, Scalar scalar) {
    boolean isText = !NUMBERS.contains(name) && !name.equals("card_present");
    if (isText) return TextNode.valueOf(scalar.text());
    if (scalar.value() instanceof Double number) return DoubleNode.valueOf(number);
    if (scalar.value() instanceof Boolean truth) return BooleanNode.valueOf(truth);
    return TextNode.valueOf(scalar.text());
  }

  /** A value as a reader wants it: numbers as they were written where it reads texts. */
  static Object exact(Object value) {
    return value instanceof Double number && Numbers.isSafe(number)
        ? Long.valueOf(number.longValue())
        : value;
  }
}
