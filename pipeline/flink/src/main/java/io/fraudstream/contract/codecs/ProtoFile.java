package io.fraudstream.contract.codecs;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumOptions;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FieldOptions;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of a {@code .proto} file as the descriptor that the library compiles.
 *
 * <p>Messages, enums, maps, oneofs, reserved ranges, defaults and {@code packed} are read; services
 * and other options say nothing of the bytes. Extensions, groups and editions are refused by name.
 * Source: Protocol Buffers language specification, proto2 and proto3.
 */
final class ProtoFile {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s+|//[^\\n]*|/\\*.*?\\*/|(\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'"
              + "|[.]?[A-Za-z_][\\w.]*|-?[0-9][\\w.+-]*|-?\\.[0-9]\\w*|[{}\\[\\]()<>;=,:-])",
          Pattern.DOTALL);

  private static final Map<String, Type> SCALARS =
      Map.ofEntries(
          Map.entry("double", Type.TYPE_DOUBLE),
          Map.entry("float", Type.TYPE_FLOAT),
          Map.entry("int64", Type.TYPE_INT64),
          Map.entry("uint64", Type.TYPE_UINT64),
          Map.entry("int32", Type.TYPE_INT32),
          Map.entry("fixed64", Type.TYPE_FIXED64),
          Map.entry("fixed32", Type.TYPE_FIXED32),
          Map.entry("bool", Type.TYPE_BOOL),
          Map.entry("string", Type.TYPE_STRING),
          Map.entry("bytes", Type.TYPE_BYTES),
          Map.entry("uint32", Type.TYPE_UINT32),
          Map.entry("sfixed32", Type.TYPE_SFIXED32),
          Map.entry("sfixed64", Type.TYPE_SFIXED64),
          Map.entry("sint32", Type.TYPE_SINT32),
          Map.entry("sint64", Type.TYPE_SINT64));

  private final List<String> tokens = new ArrayList<>();
  private final FileDescriptorProto.Builder file = FileDescriptorProto.newBuilder();
  private boolean isProto3;
  private int at;

  private ProtoFile(String text) {
    Matcher matcher = TOKEN.matcher(text);
    int end = 0;
    while (matcher.find()) {
      if (matcher.start() != end) break;
      end = matcher.end();
      if (matcher.group(1) != null) tokens.add(matcher.group(1));
    }
    if (end != text.length()) {
      long line = text.substring(0, end).lines().count();
      throw new IllegalArgumentException("line " + line + " cannot be read");
    }
  }

  /** Errors: {@link IllegalArgumentException} for what is no such file. */
  static FileDescriptorProto read(String name, String text) {
    ProtoFile reader = new ProtoFile(text);
    reader.file.setName(name);
    while (reader.at < reader.tokens.size()) reader.statement();
    return reader.file.build();
  }

  private String next() {
    if (at >= tokens.size()) throw new IllegalArgumentException("it ends within a statement");
    return tokens.get(at++);
  }

  private boolean take(String wanted) {
    boolean isNext = at < tokens.size() && tokens.get(at).equals(wanted);
    if (isNext) at += 1;
    return isNext;
  }

  private void expect(String wanted) {
    String found = next();
    if (found.equals(wanted)) return;
    throw new IllegalArgumentException("it has \"" + found + "\" where \"" + wanted + "\" is due");
  }

  private void statement() {
    String word = next();
    switch (word) {
      case ";" -> {}
      case "syntax" -> {
        expect("=");
        isProto3 = text(next()).equals("proto3");
        file.setSyntax(isProto3 ? "proto3" : "proto2");
        expect(";");
      }
      case "package" -> {
        file.setPackage(next());
        expect(";");
      }
      case "import" -> {
        boolean isPublic = take("public");
        take("weak");
        if (isPublic) file.addPublicDependency(file.getDependencyCount());
        file.addDependency(text(next()));
        expect(";");
      }
      case "option" -> skipStatement();
      case "message" -> file.addMessageType(message());
      case "enum" -> file.addEnumType(enumType());
      case "service" -> {
        next();
        expect("{");
        skipBlock();
      }
      default -> throw unsupported(word);
    }
  }

  private static IllegalArgumentException unsupported(String word) {
    return new IllegalArgumentException(
        "it has \"" + word + "\", which the job does not read: it reads messages and enums");
  }

  /** Up to the semicolon, with the blocks in between. */
  private void skipStatement() {
    for (String token = next(); !token.equals(";"); token = next()) {
      if (token.equals("{")) skipBlock();
    }
  }

  private void skipBlock() {
    for (int depth = 1; depth > 0; ) {
      String token = next();
      if (token.equals("{")) depth += 1;
      if (token.equals("}")) depth -= 1;
    }
  }

  private static String text(String token) {
    if (token.length() >= 2 && (token.startsWith("\"") || token.startsWith("'"))) {
      return token.substring(1, token.length() - 1);
    }
    throw new IllegalArgumentException("it has " + token + " where a text in quotes is due");
  }

  private DescriptorProto message() {
    DescriptorProto.Builder message = DescriptorProto.newBuilder().setName(next());
    expect("{");
    List<FieldDescriptorProto.Builder> optionals = new ArrayList<>();
    while (!take("}")) member(message, optionals);
    // What is "optional" in proto3 is alone in a oneof, behind those that the file has.
    for (FieldDescriptorProto.Builder field : optionals) {
      message.addField(field.setOneofIndex(message.getOneofDeclCount()));
      message.addOneofDecl(OneofDescriptorProto.newBuilder().setName("_" + field.getName()));
    }
    return message.build();
  }

  private void member(
      DescriptorProto.Builder message, List<FieldDescriptorProto.Builder> optionals) {
    String word = next();
    switch (word) {
      case ";" -> {}
      case "option", "reserved", "extensions" -> skipStatement();
      case "message" -> message.addNestedType(message());
      case "enum" -> message.addEnumType(enumType());
      case "extend", "group" -> throw unsupported(word);
      case "oneof" -> oneof(message);
      case "map" -> map(message);
      case "repeated" -> message.addField(field(next(), Label.LABEL_REPEATED));
      case "required" -> message.addField(field(next(), Label.LABEL_REQUIRED));
      case "optional" -> {
        FieldDescriptorProto.Builder field = field(next(), Label.LABEL_OPTIONAL);
        if (isProto3) optionals.add(field.setProto3Optional(true));
        else message.addField(field);
      }
      default -> {
        if (!isProto3) throw unsupported(word);
        message.addField(field(word, Label.LABEL_OPTIONAL));
      }
    }
  }

  private void oneof(DescriptorProto.Builder message) {
    int index = message.getOneofDeclCount();
    message.addOneofDecl(OneofDescriptorProto.newBuilder().setName(next()));
    expect("{");
    while (!take("}")) {
      String type = next();
      if (type.equals("option")) skipStatement();
      else if (!type.equals(";")) {
        message.addField(field(type, Label.LABEL_OPTIONAL).setOneofIndex(index));
      }
    }
  }

  /** A map is a list of messages of a key and a value. */
  private void map(DescriptorProto.Builder message) {
    expect("<");
    FieldDescriptorProto.Builder key = typed(next()).setName("key").setNumber(1);
    expect(",");
    FieldDescriptorProto.Builder value = typed(next()).setName("value").setNumber(2);
    expect(">");
    String name = tokens.get(Math.min(at, tokens.size() - 1));
    String entry = entryName(name);
    message.addNestedType(
        DescriptorProto.newBuilder()
            .setName(entry)
            .addField(key.setLabel(Label.LABEL_OPTIONAL))
            .addField(value.setLabel(Label.LABEL_OPTIONAL))
            .setOptions(MessageOptions.newBuilder().setMapEntry(true)));
    message.addField(field(entry, Label.LABEL_REPEATED));
  }

  private static String entryName(String field) {
    StringBuilder name = new StringBuilder();
    for (String part : field.split("_")) {
      if (!part.isEmpty())
        name.append(Character.toUpperCase(part.charAt(0))).append(part.substring(1));
    }
    return name + "Entry";
  }

  private static FieldDescriptorProto.Builder typed(String type) {
    FieldDescriptorProto.Builder field = FieldDescriptorProto.newBuilder();
    Type scalar = SCALARS.get(type);
    return scalar == null ? field.setTypeName(type) : field.setType(scalar);
  }

  private FieldDescriptorProto.Builder field(String type, Label label) {
    if (type.equals("group")) throw unsupported(type);
    FieldDescriptorProto.Builder field = typed(type).setLabel(label).setName(next());
    expect("=");
    field.setNumber(number(next()));
    if (take("[")) {
      do option(field);
      while (take(","));
      expect("]");
    }
    expect(";");
    return field;
  }

  private void option(FieldDescriptorProto.Builder field) {
    String name = take("(") ? custom() : next();
    expect("=");
    String value = next();
    if (value.equals("-")) value += next();
    if (value.equals("{")) skipBlock();
    if (name.equals("default")) {
      field.setDefaultValue(value.matches("[\"'].*") ? text(value) : value);
    }
    if (name.equals("packed")) {
      field.setOptions(FieldOptions.newBuilder().setPacked(value.equals("true")));
    }
  }

  private String custom() {
    String name = next();
    expect(")");
    while (at < tokens.size() && tokens.get(at).startsWith(".")) at += 1;
    return "(" + name + ")";
  }

  private static int number(String token) {
    try {
      return Integer.decode(token);
    } catch (NumberFormatException none) {
      throw new IllegalArgumentException("it has " + token + " where a number is due");
    }
  }

  private EnumDescriptorProto enumType() {
    EnumDescriptorProto.Builder made = EnumDescriptorProto.newBuilder().setName(next());
    expect("{");
    while (!take("}")) {
      String word = next();
      if (word.equals(";")) continue;
      if (word.equals("reserved")) skipStatement();
      else if (word.equals("option")) {
        boolean isAlias = tokens.get(Math.min(at, tokens.size() - 1)).equals("allow_alias");
        if (isAlias) made.setOptions(EnumOptions.newBuilder().setAllowAlias(true));
        skipStatement();
      } else {
        expect("=");
        String value = next();
        if (value.equals("-")) value += next();
        made.addValue(EnumValueDescriptorProto.newBuilder().setName(word).setNumber(number(value)));
        skipStatement();
      }
    }
    return made.build();
  }
}
