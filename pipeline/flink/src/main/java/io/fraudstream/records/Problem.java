package io.fraudstream.records;

/** Why bytes are no such record: the field (empty for the whole) and what it must be. */
public record Problem(String field, String reason) {
  @Override
  public String toString() {
    return field.isEmpty() ? reason : field + " " + reason;
  }
}
