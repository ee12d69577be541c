package org.ssasuite.leaderboards.report.page;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ssasuite.core.VisibleText;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.run.RunManifest;
import org.ssasuite.leaderboards.report.FinishedRun;
import org.ssasuite.leaderboards.report.Leaderboard;
import org.ssasuite.leaderboards.report.Report;

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
    Map<String, Object> protocols = ReportPage.empty("protocols", "Protocols");
    protocols().into(protocols);
    folds.add(fold(protocols));
    List<FinishedRun> runs = report.leaderboard().runs();
    for (int i = 0; i < runs.size(); i++) {
      Map<String, Object> rows =
          ReportPage.empty("again-" + (i + 1), "Run " + (i + 1) + ": its rows, done again by");
      commands(runs.get(i)).into(rows);
      folds.add(fold(rows));
    }
    model.put("folds", folds);
    return model;
  }

  static Map<String, Object> fold(Map<String, Object> model) {
    model.putIfAbsent("note", "");
    model.putIfAbsent("code", "");
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

  private PageTable protocols() {
    PageTable table =
        new PageTable(false)
            .column("Protocol", true)
            .column("Task", false)
            .column("Text", false)
            .column("Data, SHA-256", false);
    List<Leaderboard.Protocol> protocols = report.leaderboard().protocols();
    for (int i = 0; i < protocols.size(); i++) {
      Leaderboard.Protocol each = protocols.get(i);
      table.row(
          List.of(
              PageTable.cell(i + 1L),
              PageTable.cell(each.task() + " v" + each.version()),
              PageTable.cell(each.text()),
              PageTable.cell(each.dataDigest())));
    }
    return table;
  }

  private static PageTable commands(FinishedRun run) {
    PageTable table =
        new PageTable(false)
            .column("Model", false)
            .column("Mode", false)
            .column("Task", false)
            .column("Command", false);
    for (var result : run.result().results()) {
      ReportedResult row =
          new ReportedResult(run.folder(), result, run.result().order(result.task()), false);
      table.row(
          List.of(
              PageTable.cell(row.model()),
              PageTable.cell(row.mode()),
              PageTable.cell(result.task().name()),
              Map.of(
                  "text",
                  VisibleText.of(
                      RedoCommand.of(run.result().manifest().spec(), row).orElse(AGAIN)))));
    }
    return table;
  }
}
