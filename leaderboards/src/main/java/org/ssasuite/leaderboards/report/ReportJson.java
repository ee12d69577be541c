package org.ssasuite.leaderboards.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.OptionalDouble;
import org.ssasuite.core.files.StrictJson;
import org.ssasuite.core.python.PythonText;
import org.ssasuite.core.report.Axis;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Column;
import org.ssasuite.core.report.Curves;
import org.ssasuite.core.report.Grid;
import org.ssasuite.core.report.Row;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.report.Source;
import org.ssasuite.core.run.RunManifest;
import org.ssasuite.core.run.RunSpec;
import org.ssasuite.core.statistics.Interval;

/**
 * A report for machines: its sections with all digits, their pictures as numbers; what is absent is
 * left out, in grids null.
 */
final class ReportJson {
  private static final String SCHEMA = "ssasuite/report/1";
  private static final StrictJson JSON = new StrictJson(List.of());

  private ReportJson() {}

  static String of(Report report) {
    ObjectNode document = JSON.mapper().createObjectNode().put("schema", SCHEMA);
    ArrayNode sections = document.putArray("sections");
    report.sections().forEach(section -> put(sections.addObject(), section));
    ArrayNode protocols = document.putArray("protocols");
    report.leaderboard().protocols().forEach(protocol -> put(protocols.addObject(), protocol));
    ArrayNode runs = document.putArray("runs");
    report.leaderboard().runs().forEach(run -> put(runs.addObject(), run));
    return JSON.document(document);
  }

  private static void put(ObjectNode node, Leaderboard.Protocol protocol) {
    node.put("task", protocol.task()).put("version", protocol.version());
    node.put("protocol", protocol.text()).put("data_digest", protocol.dataDigest());
  }

  private static void put(ObjectNode node, FinishedRun run) {
    RunManifest manifest = run.result().manifest();
    RunSpec spec = manifest.spec();
    node.put("run", run.folder()).put("version", manifest.version());
    manifest.commit().ifPresent(commit -> node.put("commit", commit));
    node.put("device", spec.device()).put("precision", spec.precision());
    spec.rope().ifPresent(rope -> node.put("rope", rope));
    node.put("processor", manifest.machine().processor()).put("threads", spec.threads());
  }

  private static void put(ObjectNode node, Section section) {
    node.put("key", section.key()).put("title", section.title());
    if (!section.lead().isEmpty()) {
      node.put("lead", section.lead());
    }
    ArrayNode columns = node.putArray("columns");
    section.columns().forEach(column -> put(columns.addObject(), column));
    ArrayNode rows = node.putArray("rows");
    section.rows().forEach(row -> put(rows.addObject(), row, section.columns()));
    ArrayNode notes = node.putArray("notes");
    section.notes().forEach(notes::add);
    ArrayNode curves = node.putArray("curves");
    section.curves().forEach(picture -> put(curves.addObject(), picture));
    ArrayNode grids = node.putArray("grids");
    section.grids().forEach(picture -> put(grids.addObject(), picture));
  }

  private static void put(ObjectNode node, Column column) {
    node.put("key", column.key()).put("heading", column.heading());
    putIfAny(node, "unit", column.unit().text());
    node.put("ranked", column.interval().isPresent());
  }

  private static void putIfAny(ObjectNode node, String name, String text) {
    if (!text.isEmpty()) {
      node.put(name, text);
    }
  }

  private static void put(ObjectNode node, Row row, List<Column> columns) {
    ObjectNode cells = node.putObject("cells");
    for (int i = 0; i < columns.size(); i++) {
      put(cells, columns.get(i).key(), row.cells().get(i));
    }
    row.standing()
        .ifPresent(
            standing -> node.put("contest", standing.contest()).put("place", standing.place()));
    put(node, row.sources());
  }

  private static void put(ObjectNode cells, String key, Cell cell) {
    if (cell instanceof Cell.Absent) {
      return;
    }
    ObjectNode node = cells.putObject(key);
    cell.fold(
        text -> put(node.put("text", text.text()), text),
        whole -> node.put("value", whole.value()),
        real -> put(node, real),
        () -> node);
    if (!cell.marks().isEmpty()) {
      ArrayNode marks = node.putArray("marks");
      cell.marks().forEach(mark -> marks.add(SectionCsv.name(mark)));
    }
  }

  private static ObjectNode put(ObjectNode node, Cell.Text text) {
    text.parts().forEach(node::put);
    return node;
  }

  /** JSON has no infinities: a figure that is one is absent. */
  private static ObjectNode put(ObjectNode node, Cell.Real real) {
    if (Double.isFinite(real.value())) {
      node.put("value", real.value());
    }
    real.interval().ifPresent(interval -> put(node, interval));
    return node;
  }

  private static void put(ObjectNode node, Interval interval) {
    if (Double.isFinite(interval.low())) {
      node.put("low", interval.low());
    }
    if (Double.isFinite(interval.high())) {
      node.put("high", interval.high());
    }
    node.put("level", interval.level());
    node.put("interval_method", PythonText.lower(interval.method().name()));
  }

  private static void put(ObjectNode node, Curves picture) {
    node.put("key", picture.key()).put("title", picture.title());
    put(node.putObject("x"), picture.x());
    put(node.putObject("y"), picture.y());
    ArrayNode curves = node.putArray("curves");
    for (Curves.Curve curve : picture.curves()) {
      ObjectNode one = curves.addObject().put("name", curve.name());
      ArrayNode points = one.putArray("points");
      for (Curves.Point point : curve.points()) {
        ObjectNode at = points.addObject().put("x", point.x()).put("y", point.y());
        point.band().ifPresent(band -> put(at, band));
      }
      put(one, curve.sources());
    }
  }

  private static void put(ObjectNode node, Grid picture) {
    node.put("key", picture.key()).put("title", picture.title());
    put(node.putObject("down"), picture.down());
    put(node.putObject("across"), picture.across());
    put(node.putObject("value"), picture.value());
    ArrayNode panels = node.putArray("panels");
    for (Grid.Panel panel : picture.panels()) {
      ObjectNode one = panels.addObject().put("name", panel.name());
      ArrayNode lines = one.putArray("values");
      for (List<OptionalDouble> line : panel.values()) {
        ArrayNode values = lines.addArray();
        line.forEach(value -> values.add(value.isPresent() ? value.getAsDouble() : null));
      }
      put(one, panel.sources());
    }
  }

  private static void put(ObjectNode node, Grid.Scale scale) {
    put(node, scale.axis());
    ArrayNode steps = node.putArray("steps");
    scale.steps().forEach(steps::add);
  }

  private static void put(ObjectNode node, Axis axis) {
    node.put("title", axis.title());
    putIfAny(node, "unit", axis.unit().text());
    axis.limits().ifPresent(limits -> node.put("low", limits.low()).put("high", limits.high()));
    node.put("logarithmic", axis.logarithmic());
  }

  private static void put(ObjectNode node, List<Source> sources) {
    ArrayNode all = node.putArray("sources");
    for (Source source : sources) {
      ObjectNode one = all.addObject().put("run", source.run()).put("model", source.model());
      one.put("mode", source.mode()).put("task", source.task().name());
    }
  }
}
