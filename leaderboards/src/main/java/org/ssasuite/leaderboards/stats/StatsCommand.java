package org.ssasuite.leaderboards.stats;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.Full;
import org.ssasuite.leaderboards.program.Choice;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.ExitStatus;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.leaderboards.text.TextInput;
import org.ssasuite.leaderboards.text.TextOnModel;
import org.ssasuite.runtime.SsaModel;
import org.ssasuite.runtime.statistics.BlockBudget;
import org.ssasuite.runtime.statistics.QueryRange;
import org.ssasuite.runtime.statistics.StatisticGroup;
import org.ssasuite.runtime.statistics.StatisticsRequest;
import org.ssasuite.runtime.statistics.TextStatistics;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ssa stats}: where does the attention go? */
@Command(
    name = "stats",
    header =
        "Where the attention of a text goes: sinks, entropy, captured mass, by layer and head.",
    description = {
      "JSON: per layer and query head means over the queries of a range, and the same by position",
      "bucket (figures: docs/command-formats.md). Full attention is held against the exact selection",
      "of each budget; sparse modes are described over the keys that they attend to."
    },
    footer = {
      "",
      "Examples:",
      "  ssa stats --model ssa-mini --text book.txt --out book.json",
      "  ssa stats --model ssa-mini --text book.txt --queries 4096:8192 --budgets 16x16,32x4",
      "  ssa stats --model nsa-mini --mode nsa --text book.txt --out book.json",
    })
public final class StatsCommand implements Callable<Integer> {
  private static final Pattern RANGE = Pattern.compile("([0-9]{1,9}):([0-9]{1,9})");

  private final Console console;
  private final Home home;

  @Option(
      names = "--mode",
      paramLabel = "M",
      description = "Attention mode ('ssa list modes'). Default: full.")
  private String mode = "full";

  @Option(
      names = "--queries",
      paramLabel = "A:B",
      description = "Positions A to B - 1 that means are taken over. Default: all.")
  private String queries;

  @Option(
      names = "--budgets",
      paramLabel = "SxK",
      split = ",",
      description =
          "Block budgets that full attention is held against, as 16x16,32x4."
              + " Default: the model's own.")
  private List<String> budgets;

  @Option(
      names = "--observe",
      paramLabel = "G",
      split = ",",
      description = "What to look at: sinks, capture, error. Default: everything.")
  private List<String> observe;

  @Mixin private TextInput input;

  public StatsCommand(Console console, Home home) {
    this.console = console;
    this.home = home;
  }

  @Override
  public Integer call() {
    TextOnModel text = input.read(home, mode);
    StatisticsRequest asked = asked(text);
    int[] ids = text.ids();
    if (ids.length == 0) {
      throw new BadInputException("the text", "there is no token in it");
    }
    QueryRange range = range(ids.length);
    TextStatistics statistics;
    try (SsaModel model =
        SsaModel.load(text.checkpoint(), text.options(), text.rope(), text.scheduling())) {
      statistics = model.statistics(ids, text.mode(), asked, range);
    }
    input.write(StatsJson.of(text.checkpoint().name(), statistics), console);
    return ExitStatus.DONE.code();
  }

  private StatisticsRequest asked(TextOnModel text) {
    Set<StatisticGroup> groups = EnumSet.noneOf(StatisticGroup.class);
    if (observe == null) {
      groups.addAll(List.of(StatisticGroup.values()));
    } else {
      observe.forEach(word -> groups.add(group(word)));
    }
    AttentionMode attention = text.mode();
    if (!(attention instanceof Full)) {
      if (budgets != null || (observe != null && !groups.equals(Set.of(StatisticGroup.SINKS)))) {
        throw new BadInputException(
            budgets != null ? "--budgets" : "--observe",
            "what budgets capture is known in full mode only, not in " + attention.text());
      }
      return StatisticsRequest.sinks();
    }
    return new StatisticsRequest(groups, budgets(text));
  }

  private static StatisticGroup group(String word) {
    return Choice.of(
        "--observe", word, StatisticGroup.values(), g -> g.name().toLowerCase(Locale.ROOT));
  }

  private List<BlockBudget> budgets(TextOnModel text) {
    if (budgets == null) {
      return BlockBudget.own(text.checkpoint().budget());
    }
    List<BlockBudget> asked = new ArrayList<>();
    for (String form : budgets) {
      BlockBudget budget = BlockBudget.parse(form);
      if (asked.contains(budget)) {
        throw new BadInputException("--budgets", "has " + budget.text() + " twice");
      }
      asked.add(budget);
    }
    if (asked.size() > StatisticsRequest.MOST_BUDGETS) {
      throw new BadInputException(
          "--budgets", asked.size() + ", at most " + StatisticsRequest.MOST_BUDGETS + " at once");
    }
    return asked;
  }

  private QueryRange range(int tokens) {
    if (queries == null) {
      return new QueryRange(0, tokens);
    }
    Matcher form = RANGE.matcher(queries);
    if (!form.matches()) {
      throw new BadInputException("--queries " + queries, "is no range A:B of positions");
    }
    int from = Integer.parseInt(form.group(1));
    int to = Integer.parseInt(form.group(2));
    if (from >= to || to > tokens) {
      throw new BadInputException(
          "--queries " + queries,
          "needs A below B, and B at most the text's " + tokens + " tokens");
    }
    return new QueryRange(from, to);
  }
}
