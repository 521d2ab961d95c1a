package io.fraudstream.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fraudstream.contract.ContractFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.Path;

/**
 * The contract that the settings name: a file, an object that a file system of Flink reads ({@code
 * s3://}), a resource of the jar ({@code classpath:}), or its own text.
 */
final class JobContract {
  private static final String CLASSPATH = "classpath:";
  private static final int MOST_BYTES = 4 * 1_048_576;

  private JobContract() {}

  /** Errors: {@link IllegalArgumentException} for what cannot be read or used. */
  static ContractFiles read(String contract, String schemas) {
    boolean isText = contract.stripLeading().startsWith("{") || contract.indexOf('\n') >= 0;
    if (isText) return ContractFiles.of("contract", contract, name -> inline(name, schemas));
    if (schemas != null) {
      throw new IllegalArgumentException(
          "contract-schemas is beside a contract that is a file: its schemas are files beside it.");
    }
    String text = fetched(contract, "contract");
    return ContractFiles.of(contract, text, name -> fetched(beside(contract, name), "schema"));
  }

  /** The text of a schema that stands in the settings, as the contract does. */
  private static String inline(String name, String schemas) {
    if (schemas != null) {
      try {
        JsonNode found = new ObjectMapper().readTree(schemas).get(name);
        if (found != null) return found.isTextual() ? found.textValue() : found.toString();
      } catch (JsonProcessingException error) {
        throw new IllegalArgumentException(
            "contract-schemas is not JSON: " + error.getOriginalMessage() + ".");
      }
    }
    throw new IllegalArgumentException(
        "Schema %s is not in contract-schemas: write {\"%s\": ...}".formatted(name, name));
  }

  private static String beside(String contract, String name) {
    if (name.startsWith("/") || name.indexOf(':') >= 0) return name;
    return contract.substring(0, contract.lastIndexOf('/') + 1) + name;
  }

  private static String fetched(String location, String what) {
    try (InputStream input = opened(location)) {
      byte[] bytes = input.readNBytes(MOST_BYTES + 1);
      if (bytes.length <= MOST_BYTES) return new String(bytes, StandardCharsets.UTF_8);
      throw new IOException("it has more than " + MOST_BYTES + " bytes");
    } catch (IOException cause) {
      throw new IllegalArgumentException(
          "The %s %s cannot be read: %s.".formatted(what, location, cause.getMessage()), cause);
    }
  }

  private static InputStream opened(String location) throws IOException {
    if (location.startsWith(CLASSPATH)) {
      String name = location.substring(CLASSPATH.length()).replaceFirst("^/+", "");
      InputStream resource = JobContract.class.getClassLoader().getResourceAsStream(name);
      if (resource != null) return resource;
      throw new IOException("the jar has no resource " + name);
    }
    Path path = new Path(location);
    FSDataInputStream file = path.getFileSystem().open(path);
    return file;
  }
}
