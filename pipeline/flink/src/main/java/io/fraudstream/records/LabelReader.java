package io.fraudstream.records;

import static io.fraudstream.records.Check.instant;
import static io.fraudstream.records.Check.text;
import static io.fraudstream.records.Check.yesOrNo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;

/** Reads labels; held against the examples in {@code fixtures/schema/} as the CLI is. */
public final class LabelReader {
  private static final RecordForm FORM =
      new RecordForm()
          .required("transaction_id", text(64))
          .required("is_fraud", yesOrNo())
          .optional("fraud_scenario", text(64))
          .optional("campaign_id", text(64))
          .optional("reported_at", instant())
          .optional("merchant_id", text(64))
          .optional("terminal_id", text(64));

  private LabelReader() {}

  /** The label that bytes are, or the first reason why they are none. Never throws. */
  public static Reading<Label> read(byte[] data) {
    try {
      JsonNode value = RecordForm.json(data);
      Problem problem = FORM.problem(value);
      return problem == null ? Reading.of(label(value)) : Reading.none(problem);
    } catch (JsonProcessingException error) {
      return Reading.none(RecordForm.notJson(error));
    }
  }

  private static Label label(JsonNode value) {
    Label label = new Label();
    label.transactionId = RecordForm.text(value, "transaction_id");
    label.isFraud = RecordForm.yesOrNo(value, "is_fraud");
    label.merchantId = RecordForm.text(value, "merchant_id");
    label.terminalId = RecordForm.text(value, "terminal_id");
    String reportedAt = RecordForm.text(value, "reported_at");
    if (reportedAt != null) label.reportedAtMs = Instants.read(reportedAt);
    return label;
  }
}
