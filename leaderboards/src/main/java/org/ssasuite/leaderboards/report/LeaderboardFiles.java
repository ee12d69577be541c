package org.ssasuite.leaderboards.report;

import java.nio.file.Path;
import org.ssasuite.core.files.AtomicFile;

/** The leaderboard as files. */
public final class LeaderboardFiles {
  private LeaderboardFiles() {}

  /** Writes {@code leaderboard.csv} and {@code leaderboard.md} into a folder that exists. */
  public static void write(Path folder, Leaderboard leaderboard) {
    AtomicFile.write(folder.resolve("leaderboard.csv"), LeaderboardCsv.of(leaderboard));
    AtomicFile.write(folder.resolve("leaderboard.md"), LeaderboardMarkdown.of(leaderboard));
  }

  /** The table as a terminal shows it. */
  public static String shown(Leaderboard leaderboard) {
    return LeaderboardMarkdown.body(leaderboard);
  }
}
