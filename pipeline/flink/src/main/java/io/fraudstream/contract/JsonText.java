package io.fraudstream.contract;

import io.fraudstream.contract.values.Numbers;
import java.util.List;

/** JSON as the TypeScript implementation writes it. Source: ECMA-262, JSON.stringify. */
final class JsonText {
  private JsonText() {}

  static void append(StringBuilder json, Object value) {
    if (value instanceof String text) append(json, text);
    else if (value instanceof Double number) json.append(text(number));
    else if (value instanceof List<?> list) append(json, list);
    else json.append(value);
  }

  private static String text(double number) {
    return Double.isFinite(number) ? Numbers.text(number) : "null";
  }

  private static void append(StringBuilder json, List<?> list) {
    json.append('[');
    for (int at = 0; at < list.size(); at++) {
      if (at > 0) json.append(',');
      append(json, list.get(at));
    }
    json.append(']');
  }

  private static void append(StringBuilder json, String text) {
    json.append('"');
    for (int at = 0; at < text.length(); at++) {
      char seen = text.charAt(at);
      if (seen == '"' || seen == '\\') json.append('\\').append(seen);
      else if (seen < ' ') appendControl(json, seen);
      else if (Character.isSurrogate(seen) && !isPaired(text, at)) appendEscaped(json, seen);
      else json.append(seen);
    }
    json.append('"');
  }

  private static boolean isPaired(String text, int at) {
    char seen = text.charAt(at);
    if (Character.isHighSurrogate(seen)) {
      return at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1));
    }
    return at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
  }

  private static void appendControl(StringBuilder json, char seen) {
    switch (seen) {
      case '\b' -> json.append("\\b");
      case '\t' -> json.append("\\t");
      case '\n' -> json.append("\\n");
      case '\f' -> json.append("\\f");
      case '\r' -> json.append("\\r");
      default -> appendEscaped(json, seen);
    }
  }

  private static void appendEscaped(StringBuilder json, char seen) {
    json.append("\\u").append("%04x".formatted((int) seen));
  }
}
