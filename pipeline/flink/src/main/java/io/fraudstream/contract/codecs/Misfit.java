package io.fraudstream.contract.codecs;

/** A value that does not fit its schema: where it is, and what it must be. */
public final class Misfit extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final String reason;
  private final String path;
  private final transient Object value;

  Misfit(String reason, Object value) {
    this("", reason, value);
  }

  private Misfit(String path, String reason, Object value) {
    super(
        "A payload does not fit the schema of its contract: %s %s%s"
            .formatted(
                path.isEmpty() ? "the payload" : path,
                reason,
                value == null ? ", and is absent" : ", not " + value));
    this.path = path;
    this.reason = reason;
    this.value = value;
  }

  /** The same, as seen from the object that has the value under a name. */
  Misfit within(String name) {
    return new Misfit("/" + name + path, reason, value);
  }
}
