package io.fraudstream.scoring;

import java.lang.reflect.Type;
import java.util.Map;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** What Flink knows of candidates: that they have a serializer of their own. */
final class CandidateType extends TypeInformation<Candidate> {
  private static final long serialVersionUID = 1;

  /** Named by the annotation of {@link Candidate}. */
  public static final class Factory extends TypeInfoFactory<Candidate> {
    @Override
    public TypeInformation<Candidate> createTypeInfo(
        Type type, Map<String, TypeInformation<?>> parameters) {
      return new CandidateType();
    }
  }

  @Override
  public TypeSerializer<Candidate> createSerializer(SerializerConfig config) {
    return CandidateSerializer.INSTANCE;
  }

  @Override
  public Class<Candidate> getTypeClass() {
    return Candidate.class;
  }

  @Override
  public boolean isBasicType() {
    return false;
  }

  @Override
  public boolean isTupleType() {
    return false;
  }

  @Override
  public int getArity() {
    return 1;
  }

  @Override
  public int getTotalFields() {
    return 1;
  }

  @Override
  public boolean isKeyType() {
    return false;
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof CandidateType;
  }

  @Override
  public boolean equals(Object other) {
    return canEqual(other);
  }

  @Override
  public int hashCode() {
    return getClass().hashCode();
  }

  @Override
  public String toString() {
    return "Candidate";
  }
}
