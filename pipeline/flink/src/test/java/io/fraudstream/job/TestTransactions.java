package io.fraudstream.job;

import io.fraudstream.addresses.AddressTable;
import io.fraudstream.features.Facts;
import io.fraudstream.features.Manifest;
import io.fraudstream.features.OwnFeatures;
import io.fraudstream.records.Instants;
import io.fraudstream.records.Transaction;
import io.fraudstream.records.TransactionReader;
import io.fraudstream.scoring.Candidate;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Transactions of a few cards, drawn from a seed. */
final class TestTransactions {
  private static final long START_MS = 1_767_225_600_000L;
  private static final long STEP_MS = 700;

  private TestTransactions() {}

  static List<String> lines(int count, int cards, long seed) {
    Random random = new Random(seed);
    List<String> lines = new ArrayList<>(count);
    for (int place = 0; place < count; place++) {
      String time = Instants.write(START_MS + place * STEP_MS);
      lines.add(line("T" + seed + "-" + place, "card-" + random.nextInt(cards), time, random));
    }
    return lines;
  }

  private static String line(String id, String card, String time, Random random) {
    return ("{\"schema_version\":1,\"transaction_id\":\"%s\",\"event_time\":\"%s\",\"type\":\"%s\","
            + "\"channel\":\"ecom\",\"card_id\":\"%s\",\"pan_bin\":\"400000\",\"card_country\":\"DE\","
            + "\"merchant_id\":\"m%d\",\"mcc\":\"5411\",\"merchant_country\":\"FR\","
            + "\"amount_minor\":%d,\"currency\":\"EUR\",\"source_ip\":\"8.8.%d.8\","
            + "\"response_code\":\"%s\"}")
        .formatted(
            id,
            time,
            random.nextInt(9) == 0 ? "refund" : "purchase",
            card,
            random.nextInt(7),
            1 + random.nextInt(50_000),
            random.nextInt(5),
            random.nextInt(6) == 0 ? "05" : "00");
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static Candidate candidate(String line) {
    Transaction transaction = TransactionReader.read(bytes(line)).record();
    Candidate candidate = new Candidate();
    candidate.transactionId = transaction.transactionId;
    candidate.cardId = transaction.cardId;
    candidate.eventTime = transaction.eventTime;
    candidate.sourceIp = transaction.sourceIp;
    candidate.merchantId = transaction.merchantId;
    candidate.data = transaction.data;
    candidate.facts = Facts.of(transaction, AddressTable.ofJar("public"));
    candidate.features = new float[Manifest.WIDTH];
    OwnFeatures.write(transaction, candidate.facts, candidate.features);
    return candidate;
  }
}
