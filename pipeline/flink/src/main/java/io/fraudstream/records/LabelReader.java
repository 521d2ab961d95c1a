package io.fraudstream.records;

import static io.fraudstream.records.Check.instant;
import static io.fraudstream.records.Check.text;
import static io.fraudstream.records.Check.yesOrNo;

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
    return FORM.read(data, LabelReader::label);
  }

  private static Label label(RecordForm.Values values) {
    Label label = new Label();
    label.transactionId = values.text("transaction_id");
    label.isFraud = values.yesOrNo("is_fraud");
    label.merchantId = values.text("merchant_id");
    label.terminalId = values.text("terminal_id");
    String reportedAt = values.text("reported_at");
    if (reportedAt != null) label.reportedAtMs = Instants.read(reportedAt);
    return label;
  }
}
