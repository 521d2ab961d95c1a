package io.fraudstream.scoring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  @ParameterizedTest
  @DisplayName("scores are read where containers write them")
  @CsvSource(
      delimiter = '|',
      value = {
        "text/csv | 0.1,0.2 |",
        "text/csv | 0.1 0.2 |",
        "application/json | {\"predictions\":[{\"score\":0.1},{\"score\":0.2}]} |",
        "application/json | {\"predictions\":[0.1,0.2]} |",
        "application/json | [0.1,0.2] |",
        "text/plain | [{\"score\":0.1},{\"score\":0.2}] |",
        "application/json | {\"a/b\":{\"out\":[0.1,0.2]}} | /a~1b/out/*",
      })
  void scores(String contentType, String text, String pointer) {
    Scores scores = Scores.read(contentType, text, 2, pointer);
    assertNull(scores.problem());
    assertArrayEquals(new double[] {0.1, 0.2}, scores.values());
  }

  @ParameterizedTest
  @DisplayName("anything else is a problem")
  @CsvSource(
      delimiter = '|',
      value = {
        "text/csv | 0.1",
        "text/csv | 0.1,0.2,0.3",
        "text/csv | 0.1,x",
        "text/csv | 0.1,1.1",
        "text/csv | 0.1,NaN",
        "application/json | {\"a\":[0.1,0.2]}",
        "application/json | {",
        "application/json | {\"predictions\":[\"0.1\",\"0.2\"]}",
      })
  void noScores(String contentType, String text) {
    assertNotNull(Scores.read(contentType, text, 2, null).problem());
  }

  @ParameterizedTest
  @DisplayName("an error has one kind, by status, name and body")
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | ThrottlingException | '{\"message\":null}' | THROTTLED | false",
        "400 | '' | '{\"__type\":\"com.amazonaws.sagemaker#ThrottlingException:x\"}' | THROTTLED | false",
        "429 | '' | '' | THROTTLED | false",
        "429 | ModelNotReadyException | '' | THROTTLED | false",
        "403 | '' | '{\"message\":\"Forbidden\"}' | AUTH | false",
        "400 | ExpiredTokenException | '' | AUTH | false",
        "424 | ModelError | '{\"OriginalStatusCode\":400,\"OriginalMessage\":\"bad\"}' | MODEL_ERROR | true",
        "424 | ModelError | '{\"OriginalStatusCode\":500}' | MODEL_ERROR | false",
        "400 | ValidationError | '' | HTTP4XX | false",
        "404 | '' | '' | HTTP4XX | false",
        "415 | '' | '' | HTTP4XX | true",
        "503 | ServiceUnavailable | '' | HTTP5XX | false",
        "530 | InternalDependencyException | '' | HTTP5XX | false",
        "302 | '' | '' | BAD_RESPONSE | false",
      })
  void troubles(int status, String type, String body, ErrorKind kind, boolean isRowFault) {
    Trouble trouble = Trouble.of(new Reply(status, "", type, "", 0, body, null, ""));
    assertEquals(kind, trouble.kind());
    assertEquals(isRowFault, trouble.isRowFault());
  }
}
