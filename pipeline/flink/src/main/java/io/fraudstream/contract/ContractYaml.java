package io.fraudstream.contract;

import io.fraudstream.contract.ContractNode.Entries;
import io.fraudstream.contract.ContractNode.Entry;
import io.fraudstream.contract.ContractNode.Items;
import io.fraudstream.contract.ContractNode.Scalar;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads YAML 1.2 and JSON into nodes with their lines, within bounds. */
final class ContractYaml {
  private static final int MOST_CHARACTERS = 65_536;
  private static final int MOST_LEVELS = 16;
  private static final int MOST_NODES = 20_000;

  /** Plain scalars of the core schema. Source: YAML 1.2.2, chapter 10.3.2. */
  private static final Pattern NULL = Pattern.compile("~|null|Null|NULL|");

  private static final Pattern TRUTH = Pattern.compile("true|True|TRUE|false|False|FALSE");
  private static final Pattern DECIMAL =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
  private static final Pattern OCTAL = Pattern.compile("0o[0-7]+");
  private static final Pattern HEXADECIMAL = Pattern.compile("0x[0-9a-fA-F]+");
  private static final Pattern NO_NUMBER =
      Pattern.compile("\\.(nan|NaN|NAN)|[-+]?\\.(inf|Inf|INF)");

  private final String file;
  private int nodes;

  private ContractYaml(String file) {
    this.file = file;
  }

  /** Errors: {@link ContractException} for what is no YAML, and for what is too large. */
  static ContractNode read(String file, String text) {
    ContractYaml reader = new ContractYaml(file);
    if (text.length() > MOST_CHARACTERS) {
      throw reader.refused(1, "the contract has more than " + MOST_CHARACTERS + " characters");
    }
    Optional<Node> root = reader.composed(text);
    if (root.isEmpty()) throw reader.refused(1, "the contract is empty");
    return reader.node(root.get(), 1, 1);
  }

  private Optional<Node> composed(String text) {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(file)
            .setAllowDuplicateKeys(true)
            .setAllowRecursiveKeys(false)
            .setMaxAliasesForCollections(MOST_NODES)
            .build();
    try {
      return new Compose(settings).composeString(text);
    } catch (MarkedYamlEngineException error) {
      int line = error.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
      // What is not closed is found where the file ends.
      int lines = Math.max(1, (int) text.stripTrailing().lines().count());
      throw refused(Math.min(line, lines), "not YAML: " + error.getProblem());
    } catch (YamlEngineException error) {
      throw refused(1, "not YAML: " + error.getMessage());
    }
  }

  private ContractException refused(int line, String reason) {
    return new ContractException(file, line, reason);
  }

  private static int lineOf(Node node, int otherwise) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(otherwise);
  }

  /** {@code line} is that of the key, which a value of one line has as well. */
  private ContractNode node(Node node, int level, int line) {
    nodes += 1;
    if (nodes > MOST_NODES) throw refused(line, "more than " + MOST_NODES + " keys and items");
    if (level > MOST_LEVELS) {
      throw refused(line, "nested deeper than " + MOST_LEVELS + " levels");
    }
    if (node instanceof MappingNode mapping) return entries(mapping, level, line);
    if (node instanceof SequenceNode sequence) {
      List<ContractNode> items = new ArrayList<>();
      for (Node item : sequence.getValue()) items.add(node(item, level + 1, lineOf(item, line)));
      return new Items(lineOf(node, line), items);
    }
    ScalarNode scalar = (ScalarNode) node;
    String text = scalar.getValue();
    boolean isPlain = scalar.getScalarStyle() == ScalarStyle.PLAIN;
    Object value = isPlain ? valueOf(text) : text;
    return new Scalar(line, value, value == null ? "" : text);
  }

  private Entries entries(MappingNode mapping, int level, int line) {
    List<Entry> entries = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    for (NodeTuple tuple : mapping.getValue()) {
      int at = lineOf(tuple.getKeyNode(), line);
      String key = tuple.getKeyNode() instanceof ScalarNode name ? name.getValue() : "";
      if (!keys.add(key)) throw refused(at, "not YAML: Map keys must be unique, \"" + key + "\"");
      entries.add(new Entry(key, at, node(tuple.getValueNode(), level + 1, at)));
    }
    return new Entries(lineOf(mapping, line), entries);
  }

  private static Object valueOf(String text) {
    if (NULL.matcher(text).matches()) return null;
    if (TRUTH.matcher(text).matches()) return Boolean.valueOf(text);
    if (DECIMAL.matcher(text).matches()) return Double.valueOf(text);
    if (OCTAL.matcher(text).matches()) return (double) Long.parseLong(text.substring(2), 8);
    if (HEXADECIMAL.matcher(text).matches()) return (double) Long.parseLong(text.substring(2), 16);
    if (!NO_NUMBER.matcher(text).matches()) return text;
    if (text.toLowerCase(java.util.Locale.ROOT).contains("nan")) return Double.NaN;
    return text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
  }
}
