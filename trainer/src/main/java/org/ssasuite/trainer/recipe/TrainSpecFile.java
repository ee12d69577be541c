package org.ssasuite.trainer.recipe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.JsonDocument;
import org.ssasuite.core.files.JsonMisfit;
import org.ssasuite.core.files.StrictJson;

/**
 * A {@link TrainSpec} as JSON ({@code ssasuite/recipe/1}). Keys are the components in snake case,
 * all of them stated but {@code kernels}, which is {@code deterministic} where a file says nothing.
 * Two may be said in another way: {@code batch.tokens} in place of {@code batch.steps} gives the
 * whole steps that so many tokens fill, {@code schedule.warmup_share} in place of {@code
 * schedule.warmup_steps} that share of the steps, rounded up.
 */
public final class TrainSpecFile {
  /** What the file's {@code schema} has to be. */
  public static final String SCHEMA = "ssasuite/recipe/1";

  /** Recipes have two kilobytes. */
  private static final long MAX_BYTES = 1L << 20;

  private static final StrictJson JSON = new StrictJson(List.of());

  private TrainSpecFile() {}

  /** The whole text of a file, which {@link #read} reads back. */
  public static String text(TrainSpec spec) {
    ObjectNode tree = JSON.mapper().createObjectNode();
    tree.put("schema", SCHEMA);
    ObjectNode fields = JSON.mapper().valueToTree(spec);
    if (spec.kernels() == KernelChoice.DETERMINISTIC) {
      fields.remove("kernels");
    }
    tree.setAll(fields);
    return JSON.document(tree);
  }

  /**
   * Reads a file.
   *
   * @throws BadInputException if it is missing, no JSON, of another schema, has an unknown key or
   *     lacks one, or a value is impossible; the message names file and key
   */
  public static TrainSpec read(Path file) {
    return of(file.toString(), new DataFile(file, MAX_BYTES).json());
  }

  /**
   * The same for a text.
   *
   * @param subject what messages name
   */
  static TrainSpec of(String subject, String text) {
    JsonNode tree = tree(subject, text);
    try {
      complete(tree);
      return JSON.mapper().treeToValue(tree, TrainSpec.class);
    } catch (JsonMappingException e) {
      throw new BadInputException(subject, JsonMisfit.fact(e, tree, "a recipe"), e);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree is JSON", e);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(subject, e.getMessage(), e);
    }
  }

  private static JsonNode tree(String subject, String text) {
    JsonNode tree = JsonDocument.read(subject, text, JsonDocument.Keys.ONCE);
    if (!(tree instanceof ObjectNode object)) {
      throw new BadInputException(subject, "not a JSON object");
    }
    JsonNode schema = object.remove("schema");
    if (schema == null || !schema.asText().equals(SCHEMA)) {
      throw new BadInputException(
          subject, "schema is " + (schema == null ? "missing" : schema) + ", not " + SCHEMA);
    }
    return tree;
  }

  /** Puts in the figures that may be said in another way, or left out. */
  private static void complete(JsonNode tree) {
    if (tree instanceof ObjectNode fields && !fields.has("kernels")) {
      fields.put("kernels", "deterministic");
    }
    if (!(tree.path("batch") instanceof ObjectNode batch)
        || !(tree.path("schedule") instanceof ObjectNode schedule)) {
      return;
    }
    if (batch.has("tokens") && !batch.has("steps")) {
      JsonNode tokens = batch.remove("tokens");
      if (!tokens.isIntegralNumber() || !tokens.canConvertToLong()) {
        throw new IllegalArgumentException(
            "batch.tokens is " + tokens + "; a whole number is needed");
      }
      double perStep =
          Math.max(1.0, batch.path("rows").asDouble())
              * Math.max(1.0, batch.path("accumulation").asDouble())
              * Math.max(1.0, tree.path("rows").path("tokens").asDouble());
      if (tokens.longValue() < perStep) {
        throw new IllegalArgumentException(
            "batch.tokens is " + tokens + "; a step takes " + (long) perStep);
      }
      // Sizes that are allowed are below 2^40, so that the double is exact.
      batch.put("steps", tokens.longValue() / (long) perStep);
    }
    if (schedule.has("warmup_share") && !schedule.has("warmup_steps")) {
      JsonNode share = schedule.remove("warmup_share");
      if (!share.isNumber() || !(share.doubleValue() >= 0 && share.doubleValue() <= 1)) {
        throw new IllegalArgumentException(
            "schedule.warmup_share is " + share + "; it must lie between 0 and 1");
      }
      // As Hugging Face's trainer rounds it.
      schedule.put(
          "warmup_steps", (long) Math.ceil(batch.path("steps").asLong() * share.doubleValue()));
    }
  }
}
