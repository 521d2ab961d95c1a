package io.fraudstream.features;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.fraudstream.Fixtures;
import io.fraudstream.addresses.AddressTable;
import io.fraudstream.records.Instants;
import io.fraudstream.records.Label;
import io.fraudstream.records.LabelReader;
import io.fraudstream.records.Transaction;
import io.fraudstream.records.TransactionReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FeaturesTest {
  private final Map<String, KeyPast> cards = new HashMap<>();
  private final Map<String, KeyPast> ips = new HashMap<>();
  private final Map<String, MerchantPast> merchants = new HashMap<>();
  private final Map<List<Object>, RiskPast> terminals = new HashMap<>();
  private final Map<String, Label> labels = new LinkedHashMap<>();
  private final Set<String> learnt = new HashSet<>();
  private final CardFeatures ofCard = new CardFeatures();
  private final IpFeatures ofIp = new IpFeatures();
  private final MerchantFeatures ofMerchant = new MerchantFeatures();
  private final RiskFeatures ofTerminal = RiskFeatures.ofTerminals();

  @Test
  @DisplayName("every golden row has the bits that the words of the manifest give")
  void golden() {
    Iterator<String> expected = Fixtures.lines("features/expected.txt").iterator();
    int rows = 0;
    for (JsonNode step : Fixtures.values("features/input.ndjson")) {
      if (step.has("label")) {
        Label label = LabelReader.read(bytes(step.get("label"))).record();
        if (label.isFraud && label.reportedAtMs != Instants.NONE) {
          labels.putIfAbsent(label.transactionId, label);
        }
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

  /** The merchant learns before its own transactions; without one, the terminal. */
  private void learnUntil(double time, Transaction transaction) {
    for (Label label : labels.values()) {
      boolean isOwn =
          Objects.equals(label.merchantId, transaction.merchantId)
              && (label.merchantId != null
                  || Objects.equals(label.terminalId, transaction.terminalId));
      if (!isOwn || label.reportedAtMs > time || !learnt.add(label.transactionId)) continue;
      if (label.merchantId != null) past(label.merchantId).risk.report(label.reportedAtMs);
      if (label.terminalId != null) {
        terminal(label.merchantId, label.terminalId).report(label.reportedAtMs);
      }
    }
  }

  private RiskPast terminal(String merchant, String terminal) {
    return terminals.computeIfAbsent(Arrays.asList(merchant, terminal), key -> new RiskPast());
  }

  private MerchantPast past(String merchant) {
    return merchants.computeIfAbsent(merchant, id -> new MerchantPast());
  }

  private float[] row(Transaction transaction) {
    Facts facts = Facts.of(transaction, AddressTable.ofJar("documentation"));
    float[] row = new float[Manifest.WIDTH];
    OwnFeatures.write(transaction, facts, row);
    learnUntil(facts.time, transaction);
    KeyPast card = cards.computeIfAbsent(transaction.cardId, id -> new KeyPast());
    ofCard.write(card, facts, row);
    CardFeatures.remember(card, facts);
    if (transaction.sourceIp == null) IpFeatures.writeMissing(row);
    else {
      KeyPast ip = ips.computeIfAbsent(transaction.sourceIp, id -> new KeyPast());
      ofIp.write(ip, facts, row);
      IpFeatures.remember(ip, facts);
    }
    if (transaction.merchantId == null) ofMerchant.writeMissing(row);
    else {
      ofMerchant.write(past(transaction.merchantId), facts, row);
      past(transaction.merchantId).remember(facts);
    }
    if (transaction.terminalId == null) ofTerminal.writeMissing(row);
    else {
      RiskPast terminal = terminal(transaction.merchantId, transaction.terminalId);
      ofTerminal.write(terminal, facts, row);
      terminal.remember(facts);
    }
    return row;
  }
}
