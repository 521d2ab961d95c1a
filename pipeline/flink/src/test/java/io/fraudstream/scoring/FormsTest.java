package io.fraudstream.scoring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FormsTest {
  private static String body(RequestForm form, float[]... rows) {
    return new String(form.body(List.of(rows)), StandardCharsets.US_ASCII);
  }

  @Test
  @DisplayName("CSV has an empty cell where a feature is missing, and no line end at the end")
  void csv() {
    float[] one = {1, Float.NaN, 0.002f};
    float[] other = {-3.5f, 16777216, Float.NaN};
    assertEquals("1,,0.002\n-3.5,16777216,", body(RequestForm.CSV, one, other));
  }

  @Test
  @DisplayName("JSON has null where a feature is missing")
  void json() {
    float[] row = {1, Float.NaN};
    assertEquals("{\"instances\":[[1,null],[1,null]]}", body(RequestForm.JSON, row, row));
  }

  @Test
  @DisplayName("a number reads back as the same float32, rounded once or twice")
  void exact() {
    Random random = new Random(3);
    for (int turn = 0; turn < 200_000; turn++) {
      float value = Float.intBitsToFloat(random.nextInt());
      if (!Float.isFinite(value) || value == 0) continue;
      String text = body(RequestForm.CSV, new float[] {value});
      assertEquals(value, Float.parseFloat(text), text);
      assertEquals(value, (float) Double.parseDouble(text), text);
    }
  }
}
