package io.fraudstream.contract.codecs;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * The header of a schema registry before each payload.
 *
 * <pre>
 * Glue       0x03  compression (0 none, 5 zlib)  UUID of the schema version, 16 bytes   payload
 * Confluent  0x00  id of the schema, 4 bytes big-endian                                payload
 * </pre>
 *
 * <p>A record of another schema version is none of this codec: its fields may stand elsewhere. Of
 * Glue, both compressions are read. Source: aws-glue-schema-registry, AWSSchemaRegistryConstants.
 */
public final class Framing {
  private static final int GLUE_VERSION = 3;
  private static final int ZLIB = 5;
  private static final int GLUE_HEADER_BYTES = 18;
  private static final int CONFLUENT_HEADER_BYTES = 5;

  /** The most that a record may inflate to: what Kinesis takes in one record. */
  private static final int MOST_BYTES = 10 * 1_048_576;

  private Framing() {}

  /** In the framing of AWS Glue Schema Registry. */
  public static Codec glue(Codec codec, String versionId, boolean isCompressed) {
    byte[] version = LogicalTypes.uuidBytes(versionId);
    byte[] header = new byte[GLUE_HEADER_BYTES];
    header[0] = GLUE_VERSION;
    header[1] = (byte) (isCompressed ? ZLIB : 0);
    System.arraycopy(version, 0, header, 2, version.length);
    return new Codec() {
      @Override
      public byte[] encode(Object value) {
        byte[] payload = codec.encode(value);
        return joined(header, isCompressed ? deflated(payload) : payload);
      }

      @Override
      public Object decode(byte[] data) {
        checkLength(data, GLUE_HEADER_BYTES);
        checkVersion(data[0], GLUE_VERSION);
        byte[] found = Arrays.copyOfRange(data, 2, GLUE_HEADER_BYTES);
        if (!Arrays.equals(version, found)) {
          throw new Undecodable(
              "has schema version " + LogicalTypes.uuidText(found) + ", not " + versionId);
        }
        byte[] payload = Arrays.copyOfRange(data, GLUE_HEADER_BYTES, data.length);
        if (data[1] == 0) return codec.decode(payload);
        if (data[1] == ZLIB) return codec.decode(inflated(payload));
        throw new Undecodable("has compression " + hex(data[1]) + ", not 0x00 or 0x05");
      }
    };
  }

  /** In the framing of Confluent Schema Registry. */
  public static Codec confluent(Codec codec, long id) {
    byte[] header =
        ByteBuffer.allocate(CONFLUENT_HEADER_BYTES).put((byte) 0).putInt((int) id).array();
    return new Codec() {
      @Override
      public byte[] encode(Object value) {
        return joined(header, codec.encode(value));
      }

      @Override
      public Object decode(byte[] data) {
        checkLength(data, CONFLUENT_HEADER_BYTES);
        checkVersion(data[0], 0);
        long found = ByteBuffer.wrap(data).getInt(1) & 0xffffffffL;
        if (found != id) throw new Undecodable("has schema id " + found + ", not " + id);
        return codec.decode(Arrays.copyOfRange(data, CONFLUENT_HEADER_BYTES, data.length));
      }
    };
  }

  /** With the position of a message type within its file before each message. */
  static Codec withPrefix(Codec codec, byte[] prefix) {
    return new Codec() {
      @Override
      public byte[] encode(Object value) {
        return joined(prefix, codec.encode(value));
      }

      @Override
      public Object decode(byte[] data) {
        boolean isOwn =
            data.length >= prefix.length
                && Arrays.equals(data, 0, prefix.length, prefix, 0, prefix.length);
        if (!isOwn) {
          throw new Undecodable("has another message of its schema, by its message index");
        }
        return codec.decode(Arrays.copyOfRange(data, prefix.length, data.length));
      }
    };
  }

  private static byte[] joined(byte[] header, byte[] payload) {
    byte[] all = Arrays.copyOf(header, header.length + payload.length);
    System.arraycopy(payload, 0, all, header.length, payload.length);
    return all;
  }

  private static void checkLength(byte[] data, int least) {
    if (data.length >= least) return;
    throw new Codec.Undecodable(
        "has %d bytes, less than the %d of its framing".formatted(data.length, least));
  }

  private static void checkVersion(byte found, int wanted) {
    if (found == wanted) return;
    throw new Codec.Undecodable(
        "has framing version " + hex(found) + ", not " + hex((byte) wanted));
  }

  private static String hex(byte value) {
    return "0x%02x".formatted(value & 0xff);
  }

  private static byte[] deflated(byte[] payload) {
    Deflater deflater = new Deflater();
    deflater.setInput(payload);
    deflater.finish();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] part = new byte[1024];
    while (!deflater.finished()) all.write(part, 0, deflater.deflate(part));
    deflater.end();
    return all.toByteArray();
  }

  private static byte[] inflated(byte[] payload) {
    Inflater inflater = new Inflater();
    inflater.setInput(payload);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] part = new byte[8192];
    try {
      while (!inflater.finished()) {
        int count = inflater.inflate(part);
        if (count == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
          throw new Codec.Undecodable("is not zlib");
        }
        all.write(part, 0, count);
        if (all.size() > MOST_BYTES) {
          throw new Codec.Undecodable("inflates to more than " + MOST_BYTES + " bytes");
        }
      }
    } catch (DataFormatException notZlib) {
      throw new Codec.Undecodable("is not zlib");
    } finally {
      inflater.end();
    }
    return all.toByteArray();
  }
}
