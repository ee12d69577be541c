package org.ssasuite.leaderboards.divergence;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.JsonLine;
import org.ssasuite.leaderboards.divergence.RowDivergence.ListedId;

/**
 * The best ids of each position that another program left in a file, a JSON object a line, in the
 * order of positions from 0: {@code {"position": 0, "top": [{"id": 17, "logprob": -0.3}, …]}}, or
 * as vLLM gives them in {@code prompt_logprobs}, {@code {"17": {"logprob": -0.3, …}, …}}. A line at
 * a time is in memory.
 */
public final class ListedPredictions {
  private static final int MOST_LISTED = 1 << 16;

  /** Log-probabilities are rounded where they come from. */
  private static final double ROUNDING = 1e-3;

  private final Path file;
  private final int vocabulary;

  ListedPredictions(Path file, int vocabulary) {
    this.file = file;
    this.vocabulary = vocabulary;
  }

  /**
   * The most probable id of each position, the lowest of several.
   *
   * @param positions that the text has
   * @param vocabulary ids that there are
   * @throws BadInputException with file and line for what is no such file
   */
  public static List<Integer> best(Path file, int positions, int vocabulary) {
    List<Integer> best = new ArrayList<>();
    new ListedPredictions(file, vocabulary)
        .forEach(positions, (position, listed) -> best.add(listed.get(0).id()));
    return best;
  }

  /**
   * Every position of a text.
   *
   * @param positions that the text has; a line for the token behind it may follow
   * @param use takes a position and its ids, best first
   * @throws BadInputException with file and line for anything else, or if there are more or fewer
   */
  void forEach(int positions, BiConsumer<Integer, List<ListedId>> use) {
    int[] lines = {0};
    DataFile.of(file)
        .forEachJsonLine(
            line -> {
              int position = lines[0]++;
              if (position > positions) {
                throw line.bad(
                    "is one too many: the text has " + positions + " positions, and one behind it");
              }
              List<ListedId> listed = read(line, position);
              if (position < positions) {
                use.accept(position, listed);
              }
            });
    if (lines[0] < positions) {
      throw new BadInputException(
          file, "has " + lines[0] + " lines for " + positions + " positions of the text");
    }
  }

  private List<ListedId> read(JsonLine line, int position) {
    List<ListedId> listed =
        line.object().has("position") ? ofPosition(line, position) : ofServer(line);
    if (listed.isEmpty() || listed.size() > MOST_LISTED) {
      throw line.bad("lists " + listed.size() + " ids");
    }
    double sum = 0;
    Set<Integer> ids = new HashSet<>();
    for (ListedId one : listed) {
      sum += Math.exp(one.logprob());
      if (!ids.add(one.id())) {
        throw line.bad("lists id " + one.id() + " twice");
      }
    }
    if (sum > 1 + ROUNDING) {
      throw line.bad("its probabilities come to " + sum);
    }
    listed.sort(ListedId.BEST_FIRST);
    return listed;
  }

  private List<ListedId> ofPosition(JsonLine line, int position) {
    requireKeys(line, Set.of("position", "top"), "");
    int stated = line.index("position", Integer.MAX_VALUE);
    if (stated != position) {
      throw line.bad("is of position " + stated + " where " + position + " is due");
    }
    List<ListedId> listed = new ArrayList<>();
    for (JsonLine one : line.eachWithin("top")) {
      requireKeys(one, Set.of("id", "logprob"), "top[" + listed.size() + "].");
      listed.add(
          new ListedId(
              one.index("id", vocabulary),
              logprob(line, one.object().get("logprob"), "top[" + listed.size() + "].logprob")));
    }
    return listed;
  }

  private static void requireKeys(JsonLine line, Set<String> known, String path) {
    Iterator<String> names = line.object().fieldNames();
    while (names.hasNext()) {
      String name = names.next();
      if (!known.contains(name)) {
        throw line.bad(
            "field '" + path + name + "' is none of " + known.stream().sorted().toList());
      }
    }
  }

  private List<ListedId> ofServer(JsonLine line) {
    List<ListedId> listed = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : line.object().properties()) {
      String name = field.getKey();
      if (!name.matches("0|[1-9][0-9]{0,8}") || Integer.parseInt(name) >= vocabulary) {
        throw line.bad("field '" + name + "' is no id from 0 to " + (vocabulary - 1));
      }
      JsonNode logprob = line.within(name).object().get("logprob");
      listed.add(new ListedId(Integer.parseInt(name), logprob(line, logprob, name + ".logprob")));
    }
    return listed;
  }

  private static double logprob(JsonLine line, JsonNode value, String field) {
    if (value == null) {
      throw line.bad("field '" + field + "' is missing");
    }
    boolean number = value.isNumber() && Double.isFinite(value.doubleValue());
    if (!number || value.doubleValue() > ROUNDING) {
      throw line.bad("field '" + field + "' is no logarithm of a probability");
    }
    return value.doubleValue();
  }
}
