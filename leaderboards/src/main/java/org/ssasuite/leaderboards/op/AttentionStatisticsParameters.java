package org.ssasuite.leaderboards.op;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.statistics.BlockBudget;
import org.ssasuite.runtime.statistics.QueryRange;
import org.ssasuite.runtime.statistics.StatisticsRequest;

/**
 * What {@code params.json} says about attention statistics, beside what it says about attention:
 * {@code {"queries": [A, B], "budgets": ["16x16", …]}}, both optional.
 */
public record AttentionStatisticsParameters(QueryRange queries, List<BlockBudget> budgets) {
  public AttentionStatisticsParameters {
    budgets = List.copyOf(budgets);
  }

  /**
   * Reads and checks the file.
   *
   * @throws BadInputException if it is missing, no JSON object, or asks for what there is not
   */
  public static AttentionStatisticsParameters read(Path file) {
    JsonNode json = AttentionParameters.object(file);
    return new AttentionStatisticsParameters(
        queries(file, json.path("queries")), budgets(file, json.path("budgets")));
  }

  private static QueryRange queries(Path file, JsonNode json) {
    if (json.isMissingNode()) {
      return new QueryRange(0, Integer.MAX_VALUE);
    }
    boolean two =
        json.isArray()
            && json.size() == 2
            && json.get(0).isIntegralNumber()
            && json.get(0).canConvertToInt()
            && json.get(1).isIntegralNumber()
            && json.get(1).canConvertToInt();
    if (!two || json.get(0).intValue() < 0 || json.get(1).intValue() < json.get(0).intValue()) {
      throw new BadInputException(file, "'queries' must be two ascending positions [A, B]");
    }
    return new QueryRange(json.get(0).intValue(), json.get(1).intValue());
  }

  private static List<BlockBudget> budgets(Path file, JsonNode json) {
    if (json.isMissingNode()) {
      return List.of();
    }
    List<BlockBudget> budgets = new ArrayList<>();
    for (JsonNode form : json) {
      if (!form.isTextual()) {
        throw new BadInputException(file, "'budgets' must be an array of strings, as [\"16x16\"]");
      }
      try {
        budgets.add(BlockBudget.parse(form.textValue()));
      } catch (BadInputException e) {
        throw new BadInputException(file.toString(), e.getMessage(), e);
      }
    }
    long different = budgets.stream().distinct().count();
    if (!json.isArray()
        || different < budgets.size()
        || budgets.size() > StatisticsRequest.MOST_BUDGETS) {
      throw new BadInputException(
          file,
          "'budgets' must be an array of at most "
              + StatisticsRequest.MOST_BUDGETS
              + " budgets, each once");
    }
    return budgets;
  }
}
