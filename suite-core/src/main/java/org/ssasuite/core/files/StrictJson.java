package org.ssasuite.core.files;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.util.List;
import java.util.function.Consumer;
import org.ssasuite.core.BadInputException;

/**
 * The suite's own JSON documents, as records: names are the components' in snake case, what is
 * absent is null, and a document that is not exactly what was written is bad input. Other
 * characters than ASCII are escaped, as Python's writer does, so that every string survives, an
 * unpaired surrogate too. Immutable.
 */
public final class StrictJson {
  private final JsonMapper mapper;
  private final ObjectWriter pretty;

  /**
   * A form of records.
   *
   * @param forms how types are written that are no records of plain values
   */
  public StrictJson(List<Module> forms) {
    this.mapper = mapper(forms);
    this.pretty =
        mapper.writer(
            new DefaultPrettyPrinter()
                .withObjectIndenter(new DefaultIndenter("  ", "\n"))
                .withArrayIndenter(new DefaultIndenter("  ", "\n")));
  }

  private static JsonMapper mapper(List<Module> forms) {
    return JsonMapper.builder()
        .addModule(new Jdk8Module())
        .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
        .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
        .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
        // Java's own digits of a double differ between versions; these do not.
        .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .defaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL))
        .withCoercionConfig(
            LogicalType.Textual,
            config -> {
              config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
              config.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
              config.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
            })
        .addModules(forms)
        .build();
  }

  /** An empty or filled tree's maker, for documents that are no records. */
  public JsonMapper mapper() {
    return mapper;
  }

  /** The whole text of a file, indented, its last line feed included. */
  public String document(Object value) {
    return text(pretty, value) + "\n";
  }

  /** One line, without white space and without a line feed. */
  public String line(Object value) {
    return text(mapper.writer(), value);
  }

  private static String text(ObjectWriter writer, Object value) {
    try {
      return writer.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("no JSON form: " + e.getMessage(), e);
    }
  }

  /**
   * Reads a document.
   *
   * @param schema that it must state
   * @param completion puts in what earlier files of the schema do not state
   * @throws BadInputException if the file is anything else
   */
  public <T> T read(DataFile file, String schema, Class<T> type, Consumer<JsonNode> completion) {
    return read(file, List.of(schema), type, completion);
  }

  /**
   * Reads a document of one of several schemas.
   *
   * @param schemas of which it must state one, the newest first
   * @throws BadInputException as above
   */
  public <T> T read(
      DataFile file, List<String> schemas, Class<T> type, Consumer<JsonNode> completion) {
    return read(file.path().toString(), file.text(), schemas, type, completion);
  }

  /**
   * Reads a document of a schema out of a text.
   *
   * @param subject what messages name
   * @throws BadInputException if the text is anything else
   */
  public <T> T read(
      String subject, String text, String schema, Class<T> type, Consumer<JsonNode> completion) {
    return read(subject, text, List.of(schema), type, completion);
  }

  private <T> T read(
      String subject,
      String text,
      List<String> schemas,
      Class<T> type,
      Consumer<JsonNode> completion) {
    JsonNode tree = tree(subject, text);
    JsonNode stated = tree.path("schema");
    if (!stated.isTextual()) {
      throw new BadInputException(subject, "has no schema");
    }
    if (!schemas.contains(stated.textValue())) {
      throw new BadInputException(
          subject, "has schema " + stated.textValue() + ", not " + schemas.get(0));
    }
    completion.accept(tree);
    try {
      return mapper.treeToValue(tree, type);
    } catch (JsonMappingException e) {
      throw new BadInputException(subject, JsonMisfit.fact(e, tree, stated.textValue()), e);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree is JSON", e);
    }
  }

  private JsonNode tree(String subject, String text) {
    try {
      return mapper.readTree(text);
    } catch (JsonProcessingException e) {
      throw new BadInputException(
          subject, "truncated, or no JSON: " + JsonFault.of(e).inDocument(), e);
    }
  }
}
