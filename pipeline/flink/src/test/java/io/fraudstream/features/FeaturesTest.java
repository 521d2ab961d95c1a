package io.fraudstream.features;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.fraudstream.Fixtures;
import io.fraudstream.addresses.AddressTable;
import io.fraudstream.records.Label;
import io.fraudstream.records.LabelReader;
import io.fraudstream.records.Transaction;
import io.fraudstream.records.TransactionReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FeaturesTest {
  private final Map<String, double[]> cards = new HashMap<>();
  private final Map<String, double[]> ips = new HashMap<>();
  private final Map<String, MerchantPast> merchants = new HashMap<>();
  private final CardFeatures ofCard = new CardFeatures();
  private final IpFeatures ofIp = new IpFeatures();
  private final MerchantFeatures ofMerchant = new MerchantFeatures();

  @Test
  @DisplayName("every golden row has the bits that the words of the manifest give")
  void golden() {
    Iterator<String> expected = Fixtures.lines("features/expected.txt").iterator();
    int rows = 0;
    for (JsonNode step : Fixtures.values("features/input.ndjson")) {
      if (step.has("label")) {
        learn(LabelReader.read(bytes(step.get("label"))).record());
        continue;
      }
      Transaction transaction = TransactionReader.read(bytes(step.get("transaction"))).record();
      assertEquals(expected.next(), text(transaction.transactionId, row(transaction)));
      rows += 1;
    }
    assertTrue(rows > 400 && !expected.hasNext(), "rows " + rows);
  }

  private static byte[] bytes(JsonNode value) {
    return value.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String text(String id, float[] row) {
    StringBuilder text = new StringBuilder(id);
    for (float value : row) {
      int bits = Float.floatToIntBits(value);
      text.append(' ').append(Float.isNaN(value) ? "-" : HexFormat.of().toHexDigits(bits));
    }
    return text.toString();
  }

  private void learn(Label label) {
    if (label.isFraud && label.merchantId != null) past(label.merchantId).frauds += 1;
  }

  private MerchantPast past(String merchant) {
    return merchants.computeIfAbsent(merchant, id -> new MerchantPast());
  }

  private float[] row(Transaction transaction) {
    Facts facts = Facts.of(transaction, AddressTable.ofJar("documentation"));
    float[] row = new float[Manifest.WIDTH];
    OwnFeatures.write(transaction, facts, row);
    ofCard.write(cards.get(transaction.cardId), facts, row);
    cards.compute(transaction.cardId, (card, ring) -> CardFeatures.remember(ring, facts));
    if (transaction.sourceIp == null) IpFeatures.writeMissing(row);
    else {
      ofIp.write(ips.get(transaction.sourceIp), facts, row);
      ips.compute(transaction.sourceIp, (ip, ring) -> IpFeatures.remember(ring, facts));
    }
    if (transaction.merchantId == null) MerchantFeatures.writeMissing(row);
    else {
      ofMerchant.write(past(transaction.merchantId), facts, row);
      past(transaction.merchantId).remember(facts);
    }
    return row;
  }
}
