package io.fraudstream.contract;

import io.fraudstream.contract.codecs.Codec;
import java.util.List;
import java.util.Map;

/** Values of a record whose bytes a codec reads. */
final class CodecPayloads implements Payloads {
  private final Codec codec;
  private final List<List<String>> paths;

  CodecPayloads(Codec codec, List<List<String>> paths) {
    this.codec = codec;
    this.paths = paths;
  }

  @Override
  public String read(byte[] data, Object[] values) {
    Object whole;
    try {
      whole = codec.decode(data);
    } catch (Codec.Undecodable reason) {
      return reason.getMessage();
    }
    if (!(whole instanceof Map<?, ?>)) return "must be an object";
    for (int index = 0; index < values.length; index++) values[index] = at(whole, paths.get(index));
    return null;
  }

  private static Object at(Object whole, List<String> steps) {
    Object found = whole;
    for (String step : steps) {
      if (found instanceof Map<?, ?> map) found = map.get(step);
      else if (found instanceof List<?> list && step.matches("0|[1-9][0-9]{0,8}")) {
        int index = Integer.parseInt(step);
        found = index < list.size() ? list.get(index) : null;
      } else return null;
    }
    return found;
  }
}
