package io.fraudstream.records;

import static io.fraudstream.records.Check.capitals;
import static io.fraudstream.records.Check.digits;
import static io.fraudstream.records.Check.digitsOrCapitals;
import static io.fraudstream.records.Check.exactly;
import static io.fraudstream.records.Check.instant;
import static io.fraudstream.records.Check.ipAddress;
import static io.fraudstream.records.Check.oneOf;
import static io.fraudstream.records.Check.text;
import static io.fraudstream.records.Check.wholeNumber;
import static io.fraudstream.records.Check.yesOrNo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Reads transactions; held against the examples in {@code fixtures/schema/} as the CLI is. */
public final class TransactionReader {
  private static final List<String> TYPES_OF_VERSION_1 =
      List.of("purchase", "refund", "auth_only", "cash_advance");
  private static final List<String> TYPES =
      List.of(
          "purchase",
          "refund",
          "auth_only",
          "cash_advance",
          "completion",
          "reversal",
          "verification");
  private static final RecordForm VERSION_1 = common(exactly(1), TYPES_OF_VERSION_1);
  private static final RecordForm VERSION_2 =
      common(exactly(2), TYPES)
          .optional("cvm", oneOf(List.of("none", "signature", "pin", "device")))
          .optional("original_transaction_id", text(64));

  /** What is no version is refused for that alone. */
  private static final RecordForm NO_VERSION =
      new RecordForm().required("schema_version", value -> "must be 1 or 2");

  private TransactionReader() {}

  private static RecordForm common(Check version, List<String> types) {
    return new RecordForm()
        .required("schema_version", version)
        .required("transaction_id", text(64))
        .required("event_time", instant())
        .optional("type", oneOf(types))
        .optional("channel", oneOf(List.of("ecom", "pos", "atm", "moto", "recurring")))
        // It is the partition key of verdicts, which takes at most 256 characters.
        .required("card_id", text(256))
        .optional("pan_bin", digits(6, 8))
        .optional("pan_last4", digits(4, 4))
        .optional("card_brand", text(32))
        .optional("card_type", oneOf(List.of("credit", "debit", "prepaid")))
        .optional("card_country", capitals(2))
        .optional("account_age_days", wholeNumber())
        .optional("merchant_id", text(64))
        .optional("merchant_name", text(256))
        .optional("mcc", digits(4, 4))
        .optional("merchant_country", capitals(2))
        .optional("merchant_city", text(128))
        .optional("terminal_id", text(64))
        .required("amount_minor", wholeNumber())
        .required("currency", oneOf(Currencies.ACTIVE))
        .optional("billing_amount_minor", wholeNumber())
        .optional("billing_currency", oneOf(Currencies.ACTIVE))
        .optional("pos_entry_mode", digits(3, 3))
        .optional("card_present", yesOrNo())
        .optional("source_ip", ipAddress())
        .optional("device_id", text(128))
        .optional("user_agent_family", text(64))
        .optional("three_ds", oneOf(List.of("none", "frictionless", "challenge", "failed")))
        .optional("eci", digits(2, 2))
        .optional("avs_result", oneOf(List.of("Y", "A", "Z", "N", "U")))
        .optional("cvv_result", oneOf(List.of("M", "N", "U")))
        .optional("response_code", digitsOrCapitals(2))
        .optional("stan", digits(6, 6))
        .optional("rrn", digitsOrCapitals(12))
        .optional("auth_code", digitsOrCapitals(6));
  }

  private static RecordForm formOf(RecordForm.Values values) {
    JsonNode version = values.value("schema_version");
    if (version == null || version.isNull()) return VERSION_2;
    double number = version.isNumber() ? version.doubleValue() : 0;
    if (number == 1) return VERSION_1;
    return number == 2 ? VERSION_2 : NO_VERSION;
  }

  /** The transaction that bytes are, or the first reason why they are none. Never throws. */
  public static Reading<Transaction> read(byte[] data) {
    return VERSION_2.read(data, TransactionReader::formOf, values -> transaction(values, data));
  }

  /** The names of the fields of version 2, in the order of the wire. */
  public static List<String> fields() {
    return VERSION_2.names();
  }

  /** The transaction that values are, in the order of {@link #fields}, or why they are none. */
  public static Reading<Transaction> of(JsonNode[] values, byte[] data) {
    return VERSION_2.of(values, TransactionReader::formOf, found -> transaction(found, data));
  }

  private static Transaction transaction(RecordForm.Values values, byte[] data) {
    Transaction transaction = new Transaction();
    transaction.data = data;
    transaction.transactionId = values.text("transaction_id");
    transaction.eventTime = values.text("event_time");
    transaction.timeMs = Instants.read(transaction.eventTime);
    transaction.type = values.text("type");
    transaction.channel = values.text("channel");
    transaction.posEntryMode = values.text("pos_entry_mode");
    transaction.sourceIp = values.text("source_ip");
    transaction.deviceId = values.text("device_id");
    transaction.threeDs = values.text("three_ds");
    transaction.avsResult = values.text("avs_result");
    transaction.cvvResult = values.text("cvv_result");
    transaction.responseCode = values.text("response_code");
    readCard(values, transaction);
    readMerchant(values, transaction);
    readMoney(values, transaction);
    return transaction;
  }

  private static void readCard(RecordForm.Values values, Transaction transaction) {
    transaction.cardId = values.text("card_id");
    transaction.panBin = values.text("pan_bin");
    transaction.cardType = values.text("card_type");
    transaction.cardCountry = values.text("card_country");
    transaction.accountAgeDays = values.number("account_age_days");
    transaction.cardPresent = values.yesOrNo("card_present");
  }

  private static void readMerchant(RecordForm.Values values, Transaction transaction) {
    transaction.merchantId = values.text("merchant_id");
    transaction.terminalId = values.text("terminal_id");
    transaction.mcc = values.text("mcc");
    transaction.merchantCountry = values.text("merchant_country");
  }

  private static void readMoney(RecordForm.Values values, Transaction transaction) {
    transaction.amountMinor = values.number("amount_minor");
    transaction.currency = values.text("currency");
    transaction.billingAmountMinor = values.number("billing_amount_minor");
    transaction.billingCurrency = values.text("billing_currency");
  }
}
