package io.fraudstream.contract.values;

/** A number as it was written, where a double would not give the same text back. */
public record NumberText(String text) {
  @Override
  public String toString() {
    return text;
  }
}
