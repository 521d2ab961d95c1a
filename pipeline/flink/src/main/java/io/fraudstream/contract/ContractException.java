package io.fraudstream.contract;

/** A contract that cannot be used; the message names the file, the line and what to write. */
public final class ContractException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final int line;

  ContractException(String file, int line, String reason) {
    super(file + ":" + line + ": " + reason + (reason.endsWith("?") ? "" : "."));
    this.line = line;
  }

  /** The line that is wrong, from 1. */
  public int line() {
    return line;
  }
}
