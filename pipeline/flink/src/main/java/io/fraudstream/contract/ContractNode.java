package io.fraudstream.contract;

import java.util.List;

/** A part of a contract file, with the line that it begins in. */
sealed interface ContractNode {
  int line();

  /**
   * @param value a {@link String}, {@link Double}, {@link Boolean}, or null
   * @param text the value as it was written, which a number of many digits needs
   */
  record Scalar(int line, Object value, String text) implements ContractNode {
    /** The value as JavaScript's {@code String} writes it, by which values are compared. */
    String plain() {
      if (value == null) return "null";
      return value instanceof Double number
          ? io.fraudstream.contract.values.Numbers.text(number)
          : value.toString();
    }
  }

  record Items(int line, List<ContractNode> items) implements ContractNode {}

  record Entries(int line, List<Entry> entries) implements ContractNode {
    ContractNode get(String key) {
      for (Entry entry : entries) if (entry.key.equals(key)) return entry.node;
      return null;
    }
  }

  /** A key of a mapping, the line it stands in, and its value. */
  record Entry(String key, int line, ContractNode node) {}
}
