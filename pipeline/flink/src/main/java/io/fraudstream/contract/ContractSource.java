package io.fraudstream.contract;

import io.fraudstream.contract.ContractNode.Entries;
import io.fraudstream.contract.ContractNode.Entry;
import io.fraudstream.contract.ContractNode.Items;
import io.fraudstream.contract.ContractNode.Scalar;
import io.fraudstream.contract.values.Pointer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** A contract file while it is read: names itself in every message. */
final class ContractSource {
  private final String file;

  ContractSource(String file) {
    this.file = file;
  }

  ContractException refused(int line, String reason) {
    return new ContractException(file, line, reason);
  }

  /** Calls what may refuse a setting, and names the line where it does. */
  <T> T at(int line, Supplier<T> made) {
    try {
      return made.get();
    } catch (ContractException error) {
      throw error;
    } catch (IllegalArgumentException error) {
      String reason = String.valueOf(error.getMessage());
      throw refused(line, reason.endsWith(".") ? reason.substring(0, reason.length() - 1) : reason);
    }
  }

  Entries map(ContractNode node, String what) {
    if (node instanceof Entries entries) return entries;
    throw refused(node.line(), what + " must be a mapping of names to values");
  }

  /** The keys of a mapping by name, if all are known. */
  Keys keys(ContractNode node, String what, List<String> known) {
    Entries entries = map(node, what);
    for (Entry entry : entries.entries()) {
      if (known.contains(entry.key())) continue;
      String near = nearest(entry.key(), known);
      String hint =
          near == null ? "it has " + String.join(", ", known) : "did you mean \"" + near + "\"?";
      throw refused(entry.line(), "%s has no \"%s\": %s".formatted(what, entry.key(), hint));
    }
    return new Keys(what, entries);
  }

  String text(ContractNode node, String what) {
    if (node instanceof Scalar scalar && scalar.value() != null && !scalar.text().isEmpty()) {
      return scalar.text();
    }
    throw refused(node.line(), what + " must be a text");
  }

  /** One of these words. */
  String word(ContractNode node, String what, List<String> words) {
    String text = text(node, what);
    if (words.contains(text)) return text;
    String near = nearest(text, words);
    String hint = near == null ? "" : ". Did you mean \"" + near + "\"?";
    String all = String.join(", ", words);
    throw refused(
        node.line(), "%s is \"%s\", and must be one of %s%s".formatted(what, text, all, hint));
  }

  double number(ContractNode node, String what) {
    if (node instanceof Scalar scalar
        && scalar.value() instanceof Double number
        && Double.isFinite(number)) return number;
    throw refused(node.line(), what + " must be a number");
  }

  boolean truth(ContractNode node, String what) {
    if (node instanceof Scalar scalar && scalar.value() instanceof Boolean truth) return truth;
    throw refused(node.line(), what + " must be true or false");
  }

  /** The scalars of a list, or the one that stands there alone. */
  List<Scalar> scalars(ContractNode node, String what) {
    List<ContractNode> items = node instanceof Items list ? list.items() : List.of(node);
    List<Scalar> scalars = new ArrayList<>();
    for (ContractNode item : items) {
      if (!(item instanceof Scalar scalar)) {
        throw refused(item.line(), what + " must be a value, or a list of values");
      }
      scalars.add(scalar);
    }
    return scalars;
  }

  /** The pointer that a node has. */
  Pointer pointer(ContractNode node, String what) {
    String text = text(node, what);
    if (text.startsWith("$")) {
      throw refused(
          node.line(),
          "%s is %s, which names a field: write the path of the value, such as /event/id"
              .formatted(what, text));
    }
    Pointer pointer = at(node.line(), () -> Pointer.of(text));
    if (!pointer.steps().contains("")) return pointer;
    throw refused(
        node.line(),
        "%s is \"%s\", which has an empty name: write a path such as /event/id"
            .formatted(what, text));
  }

  /** A name with its pointer, which may be null, and its line. */
  record Named(String name, Pointer at, int line) {}

  void checkDistinct(List<Named> all) {
    Map<List<String>, String> seen = new HashMap<>();
    for (Named one : all) {
      if (one.at == null) continue;
      String other = seen.put(one.at.steps(), one.name);
      if (other == null) continue;
      throw refused(
          one.line,
          "%s and %s are both at %s: give each its own path".formatted(other, one.name, one.at.text()));
    }
  }

  /** The name that was most likely meant, or null. */
  static String nearest(String word, List<String> names) {
    String best = null;
    int least = Math.max(1, word.length() / 3) + 1;
    for (String name : names) {
      int distance = distance(word, name);
      if (distance >= least) continue;
      least = distance;
      best = name;
    }
    if (best != null || word.length() < 3) return best;
    return names.stream().filter(name -> name.startsWith(word)).findFirst().orElse(null);
  }

  /** Letters to add, take away or change. Source: Levenshtein. */
  private static int distance(String one, String other) {
    int[] row = new int[other.length() + 1];
    for (int at = 0; at < row.length; at++) row[at] = at;
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int changed = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[other.length()];
  }

  /** The keys of a mapping whose names have been checked. */
  final class Keys {
    private final String what;
    private final Entries entries;

    private Keys(String what, Entries entries) {
      this.what = what;
      this.entries = entries;
    }

    int line() {
      return entries.line();
    }

    boolean has(String key) {
      return entries.get(key) != null;
    }

    ContractNode get(String key) {
      return entries.get(key);
    }

    int lineOf(String key) {
      for (Entry entry : entries.entries()) if (entry.key().equals(key)) return entry.line();
      return line();
    }

    /** {@code example} says what to write where the key is not there. */
    ContractNode needed(String key, String example) {
      ContractNode node = get(key);
      if (node != null) return node;
      throw refused(line(), "%s lacks \"%s\": write %s".formatted(what, key, example));
    }

    /** Null where the key is not there. */
    <T> T optional(String key, BiFunction<ContractNode, String, T> read) {
      ContractNode node = get(key);
      return node == null ? null : read.apply(node, "\"" + key + "\"");
    }

    String text(String key) {
      return optional(key, ContractSource.this::text);
    }
  }
}
