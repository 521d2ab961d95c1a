package io.fraudstream.features;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fraudstream.Fixtures;
import io.fraudstream.addresses.AddressTable;
import io.fraudstream.records.Transaction;
import io.fraudstream.records.TransactionReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeaturesTest {
  private static final int FIRST_FEATURE = 3;

  private final Map<String, double[]> cards = new HashMap<>();
  private final Map<String, double[]> ips = new HashMap<>();
  private final Map<String, MerchantPast> merchants = new HashMap<>();
  private final CardFeatures ofCard = new CardFeatures();
  private final IpFeatures ofIp = new IpFeatures();
  private final MerchantFeatures ofMerchant = new MerchantFeatures();

  @ParameterizedTest
  @ValueSource(strings = {"card-testing", "account-takeover", "quiet-hour"})
  @DisplayName("the features are those of the CLI to the last bit")
  void golden(String name) {
    List<String> wanted = Fixtures.lines("features/rows/" + name + ".csv");
    List<String> lines = Fixtures.lines("transactions/" + name + ".ndjson");
    assertEquals(lines.size(), wanted.size() - 1);
    for (int at = 0; at < lines.size(); at++) {
      float[] row = row(lines.get(at));
      String[] cells = wanted.get(at + 1).split(",", -1);
      for (int place = 0; place < row.length; place++) {
        String cell = cells[FIRST_FEATURE + place];
        float golden = cell.isEmpty() ? Float.NaN : Float.parseFloat(cell);
        int where = place;
        assertEquals(
            Float.floatToIntBits(golden),
            Float.floatToIntBits(row[place]),
            () -> cells[0] + " " + Manifest.FEATURES.get(where).name());
      }
    }
  }

  @Test
  @DisplayName("the columns of the golden rows are the features of the manifest")
  void columns() {
    String header = Fixtures.lines("features/rows/quiet-hour.csv").get(0);
    String names =
        String.join(",", Manifest.FEATURES.stream().map(Manifest.Definition::name).toList());
    assertTrue(header.contains(names));
  }

  @Test
  @DisplayName("a reported fraud raises the risk of its merchant")
  void risk() {
    String line = Fixtures.lines("transactions/quiet-hour.ndjson").get(0);
    int risk = Manifest.WIDTH - 1;
    assertEquals((float) (0.2 / 100), row(line)[risk]);
    merchants.values().iterator().next().frauds += 1;
    assertEquals((float) (1.2 / 101), row(line)[risk]);
  }

  private float[] row(String line) {
    byte[] data = line.getBytes(StandardCharsets.UTF_8);
    Transaction transaction = TransactionReader.read(data).record();
    Facts facts = Facts.of(transaction, AddressTable.ofJar("public"));
    float[] row = new float[Manifest.WIDTH];
    OwnFeatures.write(transaction, facts, row);
    ofCard.write(cards.get(transaction.cardId), facts, row);
    cards.compute(transaction.cardId, (card, ring) -> CardFeatures.remember(ring, facts));
    if (transaction.sourceIp == null) IpFeatures.writeMissing(row);
    else {
      ofIp.write(ips.get(transaction.sourceIp), facts, row);
      ips.compute(transaction.sourceIp, (ip, ring) -> IpFeatures.remember(ring, facts));
    }
    MerchantPast past = merchants.computeIfAbsent(transaction.merchantId, id -> new MerchantPast());
    ofMerchant.write(past, facts, row);
    past.remember(facts);
    return row;
  }
}
