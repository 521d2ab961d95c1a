package io.fraudstream.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import io.fraudstream.contract.values.Pointer;
import io.fraudstream.contract.values.UnreadableValue;
import io.fraudstream.records.Problem;
import io.fraudstream.records.Reading;
import io.fraudstream.records.Transaction;
import io.fraudstream.records.TransactionReader;
import java.util.List;
import java.util.Set;

/** Reads transactions in the user's form. For one thread. */
public final class TransactionForm {
  private static final int SCHEMA_VERSION = FieldFormat.index("schema_version");
  private static final int TYPE = FieldFormat.index("type");
  private static final int CVM = FieldFormat.index("cvm");
  private static final int ORIGINAL = FieldFormat.index("original_transaction_id");
  private static final Set<String> TYPES_OF_VERSION_2 =
      Set.of("completion", "reversal", "verification");

  private final Payloads payloads;
  private final PayloadTemplate.Place[] places;
  private final JsonNode[] constants;
  private final Object[] values;

  TransactionForm(Payloads payloads, List<PayloadTemplate.Place> places, JsonNode[] constants) {
    this.payloads = payloads;
    this.places = places.toArray(PayloadTemplate.Place[]::new);
    this.constants = constants;
    this.values = new Object[this.places.length];
  }

  /**
   * The transaction that bytes are, or the first reason why they are none: its field is the pointer
   * to the value. Never throws.
   */
  public Reading<Transaction> read(byte[] data) {
    String reason = payloads.read(data, values);
    if (reason != null) return Reading.none(new Problem("", reason));
    JsonNode[] found = constants.clone();
    for (int at = 0; at < places.length; at++) {
      if (values[at] == null) continue;
      FieldFormat format = places[at].format();
      try {
        found[format.target()] = format.reader().read(FieldFormat.exact(values[at]), found);
      } catch (UnreadableValue unread) {
        return Reading.none(problem(places[at], unread.getMessage()));
      }
    }
    found[SCHEMA_VERSION] = IntNode.valueOf(isVersion2(found) ? 2 : 1);
    Reading<Transaction> reading = TransactionReader.of(found, data);
    return reading.problem() == null ? reading : Reading.none(atPointer(reading.problem()));
  }

  private static boolean isVersion2(JsonNode[] found) {
    boolean isNewType =
        found[TYPE] != null
            && found[TYPE].isTextual()
            && TYPES_OF_VERSION_2.contains(found[TYPE].textValue());
    return isNewType || found[CVM] != null || found[ORIGINAL] != null;
  }

  private Problem atPointer(Problem problem) {
    for (PayloadTemplate.Place place : places) {
      boolean isIt = place.format().target() == FieldFormat.index(problem.field());
      if (isIt) return problem(place, problem.reason());
    }
    return problem;
  }

  private static Problem problem(PayloadTemplate.Place place, String reason) {
    String name = place.format().name();
    return new Problem(Pointer.textOf(place.steps()), reason + " (" + name + ")");
  }
}
