package org.ssasuite.core.described;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.files.HalfSurrogates;
import org.ssasuite.core.files.StrictJson;

/**
 * A descriptor and its one text: all keys in one order, those that the file left out with what they
 * are then. The text goes into orders, its digest into protocols.
 */
record DescriptorFile(Descriptor descriptor, String text) {
  private static final long MAX_BYTES = 1 << 20;
  private static final int DIGEST_HEX_DIGITS = 32;

  private static final StrictJson JSON = new StrictJson(List.of());

  private static final JsonNode NOTHING = NullNode.getInstance();
  private static final JsonNode EMPTY = JSON.mapper().createArrayNode();
  private static final JsonNode SPACE = TextNode.valueOf(" ");

  /** What a key is that a file leaves out, section by section. */
  private static final Map<String, Map<String, JsonNode>> LEFT_OUT =
      Map.of(
          "",
          Map.of(
              "id", NOTHING,
              "document", NOTHING,
              "limit", NOTHING,
              "rate", NOTHING,
              "choose", NOTHING,
              "generate", NOTHING),
          "rate",
          Map.of("windows", TextNode.valueOf("first")),
          "choose",
          Map.of(
              "choices", EMPTY,
              "choices_field", NOTHING,
              "labels", EMPTY,
              "labels_field", NOTHING,
              "metric", TextNode.valueOf("acc_norm"),
              "delimiter", SPACE,
              "shots", NOTHING,
              "truncation", NOTHING),
          "generate",
          Map.of(
              "stops", EMPTY,
              "take", TextNode.valueOf("whole"),
              "delimiter", SPACE,
              "shots", NOTHING,
              "truncation", NOTHING),
          "shots",
          Map.of(
              "data", NOTHING,
              "seed", IntNode.valueOf(1234),
              "separator", TextNode.valueOf("\n\n")));

  DescriptorFile {
    Objects.requireNonNull(descriptor);
    Objects.requireNonNull(text);
  }

  /**
   * Reads a file.
   *
   * @throws BadInputException for a file that is missing, no JSON or no descriptor
   */
  static DescriptorFile read(Path path) {
    return parse(path.toString(), new DataFile(path, MAX_BYTES).json());
  }

  /**
   * Reads a text.
   *
   * @param subject what messages name
   * @throws BadInputException as {@link #read}
   */
  static DescriptorFile parse(String subject, String text) {
    Descriptor descriptor =
        JSON.read(
            subject, text, Descriptor.SCHEMA, Descriptor.class, tree -> complete(subject, tree));
    return new DescriptorFile(descriptor, JSON.line(descriptor));
  }

  private static void complete(String subject, JsonNode tree) {
    requireWhole(subject, tree);
    putIn(tree, "");
    for (String kind : List.of("rate", "choose", "generate")) {
      putIn(tree.path(kind), kind);
      putIn(tree.path(kind).path("shots"), "shots");
    }
  }

  private static void putIn(JsonNode tree, String section) {
    if (tree instanceof ObjectNode fields) {
      LEFT_OUT
          .get(section)
          .forEach(
              (key, value) -> {
                if (!fields.has(key)) {
                  fields.set(key, value);
                }
              });
    }
  }

  private static void requireWhole(String subject, JsonNode tree) {
    if (tree.isTextual() && HalfSurrogates.firstIn(tree.textValue()).isPresent()) {
      throw new BadInputException(subject, "a text has half of a surrogate pair");
    }
    tree.forEach(child -> requireWhole(subject, child));
  }

  /** Of the text, as protocols have it. */
  String digest() {
    return Digests.sha256(text).substring(0, DIGEST_HEX_DIGITS);
  }
}
