package org.ssasuite.core.files;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import org.ssasuite.core.BadInputException;

/**
 * JSON that others wrote, Python's {@code json} module first of all: NaN, Infinity and -Infinity
 * are numbers, in fields that nobody reads and for whoever reads one to refuse.
 */
public final class JsonDocument {
  /** A tree of so many pieces takes a second and some hundred MiB, however few bytes they have. */
  static final int MOST_PIECES = 8_000_000;

  private JsonDocument() {}

  /** What a key is that an object has twice. */
  public enum Keys {
    /** An error. */
    ONCE(mapper(true)),

    /** Python's reading: the last one counts. */
    LAST_COUNTS(mapper(false));

    // A mapper is not changed after it was made, which the compiler cannot see.
    @SuppressWarnings("ImmutableEnumChecker")
    private final JsonMapper mapper;

    Keys(JsonMapper mapper) {
      this.mapper = mapper;
    }

    /** For documents that are read piece by piece. */
    JsonParser parser(InputStream in) throws IOException {
      return mapper.createParser(in);
    }

    /** The piece that begins at a parser's token. */
    JsonNode piece(JsonParser parser) throws IOException {
      return mapper
          .reader()
          .without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .readTree(parser);
    }
  }

  private static JsonMapper mapper(boolean keysOnce) {
    // A file's own limit bounds its strings already.
    StreamReadConstraints limits =
        StreamReadConstraints.builder()
            .maxStringLength(Integer.MAX_VALUE)
            .maxTokenCount(MOST_PIECES)
            .build();
    return JsonMapper.builder(JsonFactory.builder().streamReadConstraints(limits).build())
        .configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, keysOnce)
        .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .build();
  }

  /**
   * Reads a file.
   *
   * @return a missing node for a file of nothing but white space
   * @throws BadInputException if it is missing, corrupt or no JSON
   */
  public static JsonNode read(DataFile file, Keys keys) {
    return read(file.path().toString(), file.json(), keys);
  }

  /**
   * Reads a text.
   *
   * @param subject what messages name
   * @return a missing node for a text of nothing but white space
   * @throws BadInputException if it is no JSON
   */
  public static JsonNode read(String subject, String text, Keys keys) {
    try {
      return parse(text, keys);
    } catch (JsonProcessingException e) {
      throw new BadInputException(subject, "not JSON: " + JsonFault.of(e).inDocument(), e);
    }
  }

  static JsonNode parse(String text, Keys keys) throws JsonProcessingException {
    return keys.mapper.readTree(text);
  }
}
