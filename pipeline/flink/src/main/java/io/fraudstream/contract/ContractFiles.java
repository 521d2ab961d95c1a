package io.fraudstream.contract;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The text of a contract and of the schemas that it names: all that is needed to compile it again
 * elsewhere.
 */
public final class ContractFiles implements Serializable {
  private static final long serialVersionUID = 1;

  private final String name;
  private final String text;
  private final HashMap<String, String> schemas;

  private ContractFiles(String name, String text, HashMap<String, String> schemas) {
    this.name = name;
    this.text = text;
    this.schemas = schemas;
  }

  /**
   * A contract by its text; {@code schemaText} gives that of a schema by the name that the contract
   * has for it.
   *
   * <p>Errors: {@link ContractException} for what is no contract that a job can use.
   */
  public static ContractFiles of(String name, String text, UnaryOperator<String> schemaText) {
    HashMap<String, String> schemas = new HashMap<>();
    ContractCompiler.compile(
        name, text, schema -> schemas.computeIfAbsent(schema, schemaText::apply));
    return new ContractFiles(name, text, schemas);
  }

  /** The contract, for one thread. */
  public Contract compile() {
    return ContractCompiler.compile(name, text, Map.copyOf(schemas)::get);
  }
}
