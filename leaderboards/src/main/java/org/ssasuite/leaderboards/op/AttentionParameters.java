package org.ssasuite.leaderboards.op;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.ModelBudget;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.JsonDocument;
import org.ssasuite.runtime.graph.ModeCode;
import org.ssasuite.runtime.operator.RandomDraws;

/**
 * What {@code params.json} says about attention: {@code {"mode": "sparse:16x16", "window": 128,
 * "sequence_starts": [0, …, T]}}; of random blocks also {@code "layer": 0, "document_seeds": [0,
 * …]}, one for each sequence.
 */
@SuppressWarnings("ArrayRecordComponent") // handed on to the operator as it is
public record AttentionParameters(
    AttentionMode mode, int[] sequenceStarts, Optional<RandomDraws> draws) {
  private static final long MAX_BYTES = 64L << 20;
  private static final ModelBudget.Budget NSA_BUDGET = new ModelBudget.Budget(16, 16);

  /**
   * Reads and checks the file.
   *
   * @param tokens where the last sequence has to end
   * @throws BadInputException if it is missing, no JSON object, or asks for what there is not
   */
  public static AttentionParameters read(Path file, int tokens) {
    JsonNode json = object(file);
    AttentionMode mode = mode(file, json);
    int[] starts = starts(file, json, tokens);
    return new AttentionParameters(
        mode,
        starts,
        ModeCode.isDrawn(mode)
            ? Optional.of(draws(file, json, starts.length - 1))
            : Optional.empty());
  }

  static JsonNode object(Path file) {
    JsonNode json = JsonDocument.read(new DataFile(file, MAX_BYTES), JsonDocument.Keys.ONCE);
    if (!json.isObject()) {
      throw new BadInputException(file, "is no JSON object");
    }
    return json;
  }

  private static AttentionMode mode(Path file, JsonNode json) {
    JsonNode mode = json.path("mode");
    if (!mode.isTextual()) {
      throw new BadInputException(file, "'mode' is missing, or no string");
    }
    try {
      return AttentionMode.parse(mode.textValue(), budget(file, json, mode.textValue()));
    } catch (BadInputException e) {
      throw new BadInputException(file.toString(), e.getMessage(), e);
    }
  }

  /** Without a model there is no budget to fall back to, but NSA's own. */
  private static ModelBudget budget(Path file, JsonNode json, String mode) {
    if (!mode.startsWith("nsa")) {
      return ModelBudget.none();
    }
    JsonNode window = json.path("window");
    if (!window.isIntegralNumber() || !window.canConvertToInt() || window.intValue() < 1) {
      throw new BadInputException(file, "nsa needs a 'window' of at least 1 token");
    }
    return new ModelBudget(Optional.of(NSA_BUDGET), OptionalInt.of(window.intValue()));
  }

  private static RandomDraws draws(Path file, JsonNode json, int sequences) {
    JsonNode layer = json.path("layer");
    if (!layer.isIntegralNumber() || !layer.canConvertToInt() || layer.intValue() < 0) {
      throw new BadInputException(file, "random blocks need a 'layer', counted from 0");
    }
    JsonNode seeds = json.path("document_seeds");
    List<Long> values = new ArrayList<>();
    for (JsonNode seed : seeds) {
      if (!seed.isIntegralNumber() || !seed.canConvertToLong()) {
        break;
      }
      values.add(seed.longValue());
    }
    if (!seeds.isArray() || seeds.size() != sequences || values.size() != sequences) {
      throw new BadInputException(
          file,
          "random blocks need 'document_seeds', whole numbers of 64 bits, one for each of the "
              + sequences
              + " sequences");
    }
    return new RandomDraws(layer.intValue(), values);
  }

  private static int[] starts(Path file, JsonNode json, int tokens) {
    JsonNode starts = json.path("sequence_starts");
    if (!starts.isArray()) {
      throw new BadInputException(file, "'sequence_starts' is missing, or no array");
    }
    int[] values = new int[starts.size()];
    int before = 0;
    for (int i = 0; i < values.length; i++) {
      JsonNode start = starts.get(i);
      if (!start.isIntegralNumber() || !start.canConvertToInt() || start.intValue() < before) {
        throw new BadInputException(file, "'sequence_starts' must be ascending whole numbers");
      }
      values[i] = start.intValue();
      before = values[i];
    }
    if (values.length < 2 || values[0] != 0 || before != tokens) {
      throw new BadInputException(
          file, "'sequence_starts' must run from 0 to the number of tokens, " + tokens);
    }
    return values;
  }
}
