package io.fraudstream.scoring;

import com.fasterxml.jackson.core.io.NumberOutput;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * How rows of features are written into the body of a request.
 *
 * <p>CSV has no header and no label, a missing feature is an empty cell, and no line end follows
 * the last row. JSON is {@code {"instances":[[...],...]}} with null where missing. Source: the
 * request forms of SageMaker's containers. Numbers are texts that read back as the same float32.
 */
public enum RequestForm {
  CSV("text/csv", "", "\n", "", ""),
  JSON("application/json", "{\"instances\":[[", "],[", "]]}", "null");

  private final String contentType;
  private final String start;
  private final String between;
  private final String end;
  private final String missing;

  RequestForm(String contentType, String start, String between, String end, String missing) {
    this.contentType = contentType;
    this.start = start;
    this.between = between;
    this.end = end;
    this.missing = missing;
  }

  public String contentType() {
    return contentType;
  }

  /** The form of a content type; null for one that cannot be sent. */
  public static RequestForm of(String contentType) {
    for (RequestForm form : values()) if (form.contentType.equals(contentType)) return form;
    return null;
  }

  byte[] body(List<float[]> rows) {
    StringBuilder text = new StringBuilder(rows.size() * 256).append(start);
    for (int row = 0; row < rows.size(); row++) {
      if (row > 0) text.append(between);
      writeRow(rows.get(row), text);
    }
    return text.append(end).toString().getBytes(StandardCharsets.US_ASCII);
  }

  private void writeRow(float[] features, StringBuilder text) {
    for (int index = 0; index < features.length; index++) {
      if (index > 0) text.append(',');
      float value = features[index];
      if (Float.isNaN(value)) text.append(missing);
      else if (value == (int) value) text.append((int) value);
      else text.append(NumberOutput.toString(value, true));
    }
  }
}
