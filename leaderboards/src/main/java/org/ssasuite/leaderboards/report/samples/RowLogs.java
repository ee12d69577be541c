package org.ssasuite.leaderboards.report.samples;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.report.Source;
import org.ssasuite.core.run.SampleRecord;
import org.ssasuite.core.run.TaskResult;

/**
 * The logs of a report's rows, each read once: while its run is checked, or when it is first asked
 * for. Mutable; several threads may use it.
 */
public final class RowLogs {
  private final Map<Source, RowLog> logs = new ConcurrentHashMap<>();

  /** Takes in a row whose log was read. */
  public void add(Path folder, TaskResult row, List<SampleRecord> samples) {
    Source source =
        new Source(folder.toString(), row.model().name(), row.model().mode(), row.task());
    logs.put(source, RowLog.of(folder, row, samples));
  }

  /** That of a row of a run that was checked. */
  public RowLog of(ReportedResult row) {
    return logs.computeIfAbsent(row.source(), unread -> RowLog.read(row));
  }
}
