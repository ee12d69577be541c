package org.ssasuite.leaderboards.report.page;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.ssasuite.core.VisibleText;
import org.ssasuite.core.files.StrictJson;
import org.ssasuite.core.report.Axis;
import org.ssasuite.core.report.Cell;
import org.ssasuite.core.report.Curves;
import org.ssasuite.core.report.Grid;
import org.ssasuite.core.report.Row;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.statistics.Interval;
import org.ssasuite.leaderboards.report.CellText;
import org.ssasuite.leaderboards.report.ties.Ties;

/**
 * Pictures as {@code pictures.js} reads them: JSON in which nothing ends a script or begins an
 * element, texts in one line of visible characters.
 *
 * @param key names it in files and links
 */
record PictureJson(String key, String title, String json) {
  private static final StrictJson JSON = new StrictJson(List.of());

  /** A section's pictures: the intervals of each contest, then its curves and grids. */
  static List<PictureJson> of(Section section, List<Optional<Ties.Judged>> judged) {
    List<PictureJson> pictures = new ArrayList<>(intervals(section, judged));
    section.curves().stream()
        .filter(each -> !each.curves().isEmpty())
        .forEach(each -> pictures.add(of(each)));
    section.grids().stream()
        .filter(each -> each.panels().stream().anyMatch(PictureJson::says))
        .forEach(each -> pictures.add(of(each)));
    return pictures;
  }

  private static PictureJson of(String key, String title, ObjectNode node) {
    return new PictureJson(key, title, harmless(JSON.line(node)));
  }

  /** JSON that may stand in a script element. */
  static String harmless(String json) {
    return json.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026");
  }

  private static ObjectNode node(String kind, String key, String title) {
    ObjectNode node = JSON.mapper().createObjectNode();
    return node.put("kind", kind).put("key", key).put("title", VisibleText.of(title));
  }

  private static PictureJson of(Curves picture) {
    ObjectNode node = node("curves", picture.key(), picture.title());
    put(node.putObject("x"), picture.x());
    put(node.putObject("y"), picture.y());
    ArrayNode curves = node.putArray("curves");
    for (Curves.Curve curve : picture.curves()) {
      ObjectNode one = curves.addObject().put("name", VisibleText.of(curve.name()));
      ArrayNode points = one.putArray("points");
      for (Curves.Point point : curve.points()) {
        ObjectNode at = points.addObject().put("x", point.x()).put("y", point.y());
        point.band().ifPresent(band -> put(at, band));
      }
    }
    return of(picture.key(), picture.title(), node);
  }

  private static PictureJson of(Grid picture) {
    ObjectNode node = node("grid", picture.key(), picture.title());
    put(node.putObject("down"), picture.down());
    put(node.putObject("across"), picture.across());
    put(node.putObject("value"), picture.value());
    ArrayNode panels = node.putArray("panels");
    for (Grid.Panel panel : picture.panels().stream().filter(PictureJson::says).toList()) {
      ObjectNode one = panels.addObject().put("name", VisibleText.of(panel.name()));
      ArrayNode lines = one.putArray("values");
      for (List<OptionalDouble> line : panel.values()) {
        ArrayNode values = lines.addArray();
        line.forEach(value -> values.add(value.isPresent() ? value.getAsDouble() : null));
      }
    }
    return of(picture.key(), picture.title(), node);
  }

  /** Whether there is anything to draw. */
  private static boolean says(Grid.Panel panel) {
    return panel.values().stream().flatMap(List::stream).anyMatch(OptionalDouble::isPresent);
  }

  private static void put(ObjectNode node, Grid.Scale scale) {
    put(node, scale.axis());
    ArrayNode steps = node.putArray("steps");
    scale.steps().forEach(step -> steps.add(VisibleText.of(step)));
  }

  private static void put(ObjectNode node, Axis axis) {
    node.put("title", VisibleText.of(axis.title())).put("unit", axis.unit().text());
    axis.limits().ifPresent(limits -> node.put("low", limits.low()).put("high", limits.high()));
    node.put("logarithmic", axis.logarithmic());
  }

  private static void put(ObjectNode node, Interval interval) {
    if (Double.isFinite(interval.low()) && Double.isFinite(interval.high())) {
      node.put("low", interval.low()).put("high", interval.high());
    }
  }

  private static List<PictureJson> intervals(Section section, List<Optional<Ties.Judged>> judged) {
    Map<Integer, List<Integer>> contests = new LinkedHashMap<>();
    for (int i = 0; i < section.rows().size(); i++) {
      if (judged.get(i).isPresent()) {
        contests
            .computeIfAbsent(
                section.rows().get(i).standing().orElseThrow().contest(), any -> new ArrayList<>())
            .add(i);
      }
    }
    List<PictureJson> pictures = new ArrayList<>();
    contests.forEach(
        (contest, rows) ->
            pictures.add(intervals(section, rows, judged, section.key() + "-contest-" + contest)));
    return pictures;
  }

  private static PictureJson intervals(
      Section section, List<Integer> rows, List<Optional<Ties.Judged>> judged, String key) {
    CellText cells = new CellText(section);
    List<Row> all = rows.stream().map(section.rows()::get).toList();
    String title = section.title() + ": " + texts(section, all.get(0), all, false);
    ObjectNode node = node("intervals", key, title);
    String heading = section.columns().get(cells.rankedColumn().orElseThrow()).heading();
    node.put("metric", VisibleText.of(heading));
    ArrayNode drawn = node.putArray("rows");
    for (int i = 0; i < all.size(); i++) {
      Row row = all.get(i);
      Optional<Cell.Real> figure = cells.ranked(row).filter(real -> Double.isFinite(real.value()));
      if (figure.isPresent()) {
        String name = texts(section, row, all, true);
        ObjectNode one = drawn.addObject();
        one.put("name", VisibleText.of(name.isEmpty() ? "row " + (i + 1) : name));
        one.put("value", figure.get().value());
        figure.get().interval().ifPresent(interval -> put(one, interval));
        one.put("standing", standing(judged.get(rows.get(i)).orElseThrow()));
      }
    }
    return of(key, title, node);
  }

  /** As {@code STANDINGS} of {@code pictures.js} counts them. */
  private static int standing(Ties.Judged judged) {
    return switch (judged.place()) {
      case BEST -> 0;
      case TIED -> 1;
      case BEHIND -> 2;
    };
  }

  /** What of a row's cells before the ranked figure, and of its run, differs, or does not. */
  private static String texts(Section section, Row row, List<Row> among, boolean differing) {
    int ranked = new CellText(section).rankedColumn().orElseThrow();
    CellText cells = new CellText(section);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < section.columns().size(); i++) {
      int at = i;
      boolean differs =
          among.stream().anyMatch(other -> !other.cells().get(at).equals(row.cells().get(at)));
      boolean run = section.columns().get(i).key().equals("run");
      boolean named = i < ranked && row.cells().get(i) instanceof Cell.Text;
      if (differs == differing && (named || (run && differing))) {
        texts.add(run ? "run " + cells.of(row, i) : cells.of(row, i));
      }
    }
    return String.join(" ", texts);
  }
}
