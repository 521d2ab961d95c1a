package io.fraudstream.scoring;

import io.fraudstream.features.Facts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.api.java.typeutils.runtime.PojoSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Candidates as bytes, between the stages and in state. Flink's serializer of POJOs reads and
 * writes each field by reflection, and a candidate is written and read once for each stage.
 *
 * <p>The first byte is the form of the rest. A later jar that has more fields writes another form
 * and still reads this one, as state has it.
 */
public final class CandidateSerializer extends TypeSerializerSingleton<Candidate> {
  private static final long serialVersionUID = 1;

  static final CandidateSerializer INSTANCE = new CandidateSerializer();

  private static final int FORM = 1;
  private static final int NULL = -1;

  /** Flags of facts; 0 stands for none at all. */
  private static final int HAS_FACTS = 1;

  private static final int IS_DECLINED = 2;
  private static final int IS_ROUND = 4;
  private static final int IS_REFUND = 8;

  @Override
  public void serialize(Candidate candidate, DataOutputView out) throws IOException {
    out.writeByte(FORM);
    writeText(candidate.transactionId, out);
    writeText(candidate.cardId, out);
    writeText(candidate.eventTime, out);
    writeText(candidate.sourceIp, out);
    writeText(candidate.merchantId, out);
    out.writeLong(candidate.ordinal);
    writeFacts(candidate.facts, out);
    out.writeInt(candidate.features == null ? NULL : candidate.features.length);
    if (candidate.features != null) {
      for (float feature : candidate.features) out.writeFloat(feature);
    }
    out.writeInt(candidate.data == null ? NULL : candidate.data.length);
    if (candidate.data != null) out.write(candidate.data);
  }

  @Override
  public Candidate deserialize(DataInputView in) throws IOException {
    int form = in.readByte();
    if (form != FORM) throw new IOException("A candidate of form " + form + " is of a later jar.");
    Candidate candidate = new Candidate();
    candidate.transactionId = readText(in);
    candidate.cardId = readText(in);
    candidate.eventTime = readText(in);
    candidate.sourceIp = readText(in);
    candidate.merchantId = readText(in);
    candidate.ordinal = in.readLong();
    candidate.facts = readFacts(in);
    int features = in.readInt();
    if (features != NULL) {
      candidate.features = new float[features];
      for (int index = 0; index < features; index++) candidate.features[index] = in.readFloat();
    }
    candidate.data = readBytes(in);
    return candidate;
  }

  /** Its length, negative where characters have two bytes instead of one; null is the least. */
  private static void writeText(String text, DataOutputView out) throws IOException {
    if (text == null) {
      out.writeInt(Integer.MIN_VALUE);
    } else if (isLatin(text)) {
      out.writeInt(text.length());
      out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    } else {
      out.writeInt(-text.length());
      out.writeChars(text);
    }
  }

  private static boolean isLatin(String text) {
    for (int at = 0; at < text.length(); at++) if (text.charAt(at) > 0xff) return false;
    return true;
  }

  private static String readText(DataInputView in) throws IOException {
    int length = in.readInt();
    if (length == Integer.MIN_VALUE) return null;
    if (length >= 0) {
      byte[] latin = new byte[length];
      in.readFully(latin);
      return new String(latin, StandardCharsets.ISO_8859_1);
    }
    char[] text = new char[-length];
    for (int at = 0; at < text.length; at++) text[at] = in.readChar();
    return new String(text);
  }

  private static byte[] readBytes(DataInputView in) throws IOException {
    int length = in.readInt();
    if (length == NULL) return null;
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return bytes;
  }

  private static void writeFacts(Facts facts, DataOutputView out) throws IOException {
    if (facts == null) {
      out.writeByte(0);
      return;
    }
    int flags = HAS_FACTS;
    if (facts.isDeclined) flags |= IS_DECLINED;
    if (facts.isRound) flags |= IS_ROUND;
    if (facts.isRefund) flags |= IS_REFUND;
    out.writeByte(flags);
    out.writeDouble(facts.time);
    out.writeDouble(facts.amount);
    out.writeDouble(facts.rate);
    out.writeDouble(facts.card);
    out.writeDouble(facts.merchant);
    out.writeDouble(facts.terminal);
    out.writeDouble(facts.device);
    out.writeDouble(facts.network);
    out.writeDouble(facts.ipCountry);
    out.writeDouble(facts.ipKind);
    out.writeDouble(facts.cardCountry);
    out.writeDouble(facts.merchantCountry);
    out.writeDouble(facts.presentCountry);
    out.writeDouble(facts.mcc);
    out.writeDouble(facts.bin);
  }

  private static Facts readFacts(DataInputView in) throws IOException {
    int flags = in.readByte();
    if (flags == 0) return null;
    Facts facts = new Facts();
    facts.isDeclined = (flags & IS_DECLINED) != 0;
    facts.isRound = (flags & IS_ROUND) != 0;
    facts.isRefund = (flags & IS_REFUND) != 0;
    facts.time = in.readDouble();
    facts.amount = in.readDouble();
    facts.rate = in.readDouble();
    facts.card = in.readDouble();
    facts.merchant = in.readDouble();
    facts.terminal = in.readDouble();
    facts.device = in.readDouble();
    facts.network = in.readDouble();
    facts.ipCountry = in.readDouble();
    facts.ipKind = in.readDouble();
    facts.cardCountry = in.readDouble();
    facts.merchantCountry = in.readDouble();
    facts.presentCountry = in.readDouble();
    facts.mcc = in.readDouble();
    facts.bin = in.readDouble();
    return facts;
  }

  /** Facts and data are never written to once they are there; stages write features. */
  @Override
  public Candidate copy(Candidate from) {
    Candidate copy = new Candidate();
    copy.transactionId = from.transactionId;
    copy.cardId = from.cardId;
    copy.eventTime = from.eventTime;
    copy.sourceIp = from.sourceIp;
    copy.merchantId = from.merchantId;
    copy.ordinal = from.ordinal;
    copy.facts = from.facts;
    copy.features = from.features == null ? null : from.features.clone();
    copy.data = from.data;
    return copy;
  }

  @Override
  public Candidate copy(Candidate from, Candidate reuse) {
    return copy(from);
  }

  @Override
  public void copy(DataInputView in, DataOutputView out) throws IOException {
    serialize(deserialize(in), out);
  }

  @Override
  public Candidate deserialize(Candidate reuse, DataInputView in) throws IOException {
    return deserialize(in);
  }

  @Override
  public Candidate createInstance() {
    return new Candidate();
  }

  @Override
  public boolean isImmutableType() {
    return false;
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public TypeSerializerSnapshot<Candidate> snapshotConfiguration() {
    return new Snapshot();
  }

  /** What savepoints say of this serializer; those of earlier jars wrote candidates as POJOs. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<Candidate> {
    public Snapshot() {
      super(() -> INSTANCE);
    }

    @Override
    public TypeSerializerSchemaCompatibility<Candidate> resolveSchemaCompatibility(
        TypeSerializerSnapshot<Candidate> old) {
      return old instanceof PojoSerializerSnapshot
          ? TypeSerializerSchemaCompatibility.compatibleAfterMigration()
          : super.resolveSchemaCompatibility(old);
    }
  }
}
