package io.fraudstream.kinesis.sink;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.flink.connector.base.sink.writer.AsyncSinkWriterStateSerializer;

/** The form of entries that wait in a checkpoint. */
final class SinkEntrySerializer extends AsyncSinkWriterStateSerializer<SinkEntry> {
  private static final int VERSION = 1;

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  protected void serializeRequestToStream(SinkEntry entry, DataOutputStream out)
      throws IOException {
    out.writeBoolean(entry.isRejection());
    byte[] key = entry.key().getBytes(StandardCharsets.UTF_8);
    out.writeInt(key.length);
    out.write(key);
    out.writeInt(entry.data().length);
    out.write(entry.data());
  }

  @Override
  protected SinkEntry deserializeRequestFromStream(long size, DataInputStream in)
      throws IOException {
    boolean isRejection = in.readBoolean();
    String key = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    return new SinkEntry(isRejection, key, in.readNBytes(in.readInt()));
  }
}
