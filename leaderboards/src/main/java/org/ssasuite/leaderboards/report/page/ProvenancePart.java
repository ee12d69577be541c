package org.ssasuite.leaderboards.report.page;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.run.RunManifest;
import org.ssasuite.leaderboards.report.FinishedRun;
import org.ssasuite.leaderboards.report.Leaderboard;
import org.ssasuite.leaderboards.report.Report;
import org.ssasuite.leaderboards.report.provenance.RedoCommand;

/** Where each run comes from, under which protocols, and how each row is done again. */
final class ProvenancePart {
  private static final String AGAIN = "as manifest.json says";

  private final Report report;

  ProvenancePart(Report report) {
    this.report = report;
  }

  Map<String, Object> section() {
    Map<String, Object> model = ReportPage.empty("provenance", "Provenance");
    runs().into(model);
    List<Map<String, Object>> folds = new ArrayList<>();
    folds.add(protocols().fold("protocols", "Protocols", ""));
    List<FinishedRun> runs = report.leaderboard().runs();
    for (int i = 0; i < runs.size(); i++) {
      folds.add(
          commands(runs.get(i))
              .fold("again-" + (i + 1), "Run " + (i + 1) + ": its rows, done again by", ""));
    }
    model.put("folds", folds);
    return model;
  }

  private PageTable runs() {
    PageTable table = new PageTable(false);
    for (String heading :
        List.of(
            "Run",
            "Folder",
            "Version",
            "Commit",
            "Device",
            "Precision",
            "Rope",
            "Processor",
            "Threads",
            "Begun",
            "Program, SHA-256")) {
      table.column(heading, false);
    }
    List<FinishedRun> runs = report.leaderboard().runs();
    for (int i = 0; i < runs.size(); i++) {
      RunManifest manifest = runs.get(i).result().manifest();
      table.row(
          List.of(
              PageTable.cell(i + 1L),
              PageTable.cell(runs.get(i).folder()),
              PageTable.cell(manifest.version()),
              PageTable.cell(manifest.commit().orElse("unknown")),
              PageTable.cell(manifest.spec().device()),
              PageTable.cell(manifest.spec().precision()),
              PageTable.cell(manifest.spec().rope().orElse("as the model states")),
              PageTable.cell(manifest.machine().processor()),
              PageTable.cell(manifest.spec().threads()),
              PageTable.cell(Instant.ofEpochSecond(manifest.startedSeconds()).toString()),
              PageTable.cell(manifest.libraries().getOrDefault(RunManifest.PROGRAM, "unknown"))));
    }
    return table;
  }

  private FoldedTable protocols() {
    FoldedTable table =
        new FoldedTable().numbers("Protocol").column("Task").column("Text").column("Data, SHA-256");
    List<Leaderboard.Protocol> protocols = report.leaderboard().protocols();
    for (int i = 0; i < protocols.size(); i++) {
      Leaderboard.Protocol each = protocols.get(i);
      table
          .row()
          .cell(i + 1L)
          .cell(each.task() + " v" + each.version())
          .cell(each.text())
          .cell(each.dataDigest());
    }
    return table;
  }

  private static FoldedTable commands(FinishedRun run) {
    FoldedTable table =
        new FoldedTable().column("Model").column("Mode").column("Task").column("Command");
    for (var result : run.result().results()) {
      ReportedResult row =
          new ReportedResult(run.folder(), result, run.result().order(result.task()), false);
      table
          .row()
          .cell(row.model())
          .cell(row.mode())
          .cell(result.task().name())
          .cell(RedoCommand.of(run.result().manifest().spec(), row).orElse(AGAIN));
    }
    return table;
  }
}
