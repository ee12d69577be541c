package org.ssasuite.leaderboards.task;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.catalogue.Catalogue;
import org.ssasuite.core.catalogue.Supplies;
import org.ssasuite.core.described.DescribedTasks;
import org.ssasuite.core.hub.HubFolder;
import org.ssasuite.core.report.Reporter;
import org.ssasuite.leaderboards.program.UserHome;
import org.ssasuite.tasks.commonsense.CommonsenseTasks;
import org.ssasuite.tasks.longbench.LongBenchTasks;
import org.ssasuite.tasks.pg19.Pg19Tasks;
import org.ssasuite.tasks.ruler.RulerTasks;

/** The modules that have tasks. A new one is a line here. */
public final class TaskModules {
  private static final Pg19Tasks PG19 = new Pg19Tasks();
  private static final RulerTasks RULER = new RulerTasks();
  private static final LongBenchTasks LONG_BENCH = new LongBenchTasks();

  private static final Catalogue CATALOGUE =
      new Catalogue(List.of(new DescribedTasks(), PG19, new CommonsenseTasks(), RULER, LONG_BENCH));

  private TaskModules() {}

  /** All of their tasks. */
  public static Catalogue catalogue() {
    return CATALOGUE;
  }

  /** Those of them that say more about results than a row each, in table order. */
  public static List<Reporter> reporters() {
    return List.of(PG19, RULER, LONG_BENCH);
  }

  /**
   * What tasks are made of, with the user's own cache folder.
   *
   * @param data folder with data sets
   * @throws BadInputException if there is no such folder
   */
  public static Supplies supplies(Path data) {
    return supplies(data, UserHome.cache());
  }

  /** The same with another cache folder. */
  public static Supplies supplies(Path data, Path cache) {
    if (!Files.isDirectory(data)) {
      throw new BadInputException(
          data, Files.exists(data) ? "is a file, not a data folder" : "no such folder");
    }
    return Supplies.of(HubFolder.resolved(data), cache);
  }
}
