package org.ssasuite.core.files;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.ssasuite.core.BadInputException;

/** A JSON file that is one list of objects, read one object at a time. */
public final class JsonList {
  private JsonList() {}

  /** Whether a file begins as a list does. */
  public static boolean is(DataFile file) {
    try (InputStream in = file.open()) {
      int next = in.read();
      while (next == ' ' || next == '\t' || next == '\r' || next == '\n') {
        next = in.read();
      }
      return next == '[';
    } catch (IOException e) {
      throw Unpacking.failure(file.path(), "", e);
    }
  }

  /**
   * Reads all objects.
   *
   * @throws BadInputException for a file that is no JSON, no list, or a list of something else
   */
  public static void forEach(DataFile file, Consumer<JsonLine> consumer) {
    read(
        file,
        line -> {
          consumer.accept(line);
          return true;
        });
  }

  /** The first object, without a look at what follows it. */
  public static Optional<JsonLine> first(DataFile file) {
    JsonLine[] found = new JsonLine[1];
    read(
        file,
        line -> {
          found[0] = line;
          return false;
        });
    return Optional.ofNullable(found[0]);
  }

  private static void read(DataFile file, Predicate<JsonLine> goesOn) {
    long number = 0;
    try (InputStream in = file.open();
        JsonParser parser = JsonDocument.Keys.ONCE.parser(in)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw new BadInputException(file.path(), "is no list of objects");
      }
      boolean more = true;
      while (more && parser.nextToken() != JsonToken.END_ARRAY) {
        number++;
        JsonNode node = JsonDocument.Keys.ONCE.piece(parser);
        if (!(node instanceof ObjectNode object)) {
          throw new BadInputException(file.path(), "row " + number + " is no object");
        }
        more = goesOn.test(JsonLine.ofRow(file.path(), number, object));
      }
      if (more && parser.nextToken() != null) {
        throw new BadInputException(file.path(), "has something behind its list");
      }
    } catch (JsonProcessingException e) {
      throw new BadInputException(
          file.path().toString(), "not JSON: " + JsonFault.of(e).inDocument(), e);
    } catch (IOException e) {
      throw Unpacking.failure(file.path(), " in row " + (number + 1), e);
    }
  }
}
