package org.ssasuite.leaderboards.report.page;

import freemarker.cache.ClassTemplateLoader;
import freemarker.core.TemplateClassResolver;
import freemarker.template.Configuration;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.ssasuite.core.VisibleText;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.report.Source;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.task.Transform;
import org.ssasuite.leaderboards.compare.DifferenceScale;
import org.ssasuite.leaderboards.program.Version;
import org.ssasuite.leaderboards.report.Report;
import org.ssasuite.leaderboards.report.average.OverviewSection;
import org.ssasuite.leaderboards.report.samples.RowLog;
import org.ssasuite.leaderboards.report.samples.RowLogs;
import org.ssasuite.leaderboards.report.speed.SpeedSection;
import org.ssasuite.leaderboards.report.ties.Ties;

/**
 * {@code report.html}: all of a report in one file that loads nothing. Sections are shown by what
 * they are made of; what is in them the task modules say.
 */
public final class ReportPage {
  private static final String RESULTS = "results";
  private static final String NOTE =
      "★: better than every comparable row, by a paired two-sided test at 5 % over all of them"
          + " (Holm). ≈: the best, or not shown to differ from the best. The smallest visible"
          + " difference is what so many documents show with 80 % power.";

  private final Report report;
  private final List<ReportedResult> results;
  private final List<Optional<RowLog>> logs;
  private final List<PageSection> sections = new ArrayList<>();
  private final Map<Source, String> links = new LinkedHashMap<>();

  /**
   * Takes in a report.
   *
   * @param logs one for each of its results, in the leaderboard's order; absent where there is none
   * @param further sections behind those of the report, as of training runs
   */
  public ReportPage(Report report, List<Optional<RowLog>> logs, List<Section> further) {
    this.report = report;
    this.results = report.leaderboard().results();
    this.logs = List.copyOf(logs);
    if (logs.size() != results.size()) {
      throw new IllegalArgumentException(logs.size() + " logs of " + results.size() + " rows");
    }
    for (int i = 0; i < results.size(); i++) {
      if (logs.get(i).isPresent()) {
        links.putIfAbsent(results.get(i).source(), "samples-" + (i + 1));
      }
    }
    sections.add(PageSection.of(AuditSection.of(results), List.of()));
    OverviewSection.of(report.leaderboard(), report.averages())
        .ifPresent(section -> sections.add(PageSection.of(section, List.of())));
    for (Section section : report.sections()) {
      boolean leaderboard = section.key().equals(RESULTS);
      sections.add(PageSection.of(section, leaderboard ? evidence() : List.of()));
    }
    SpeedSection.of(report.leaderboard())
        .ifPresent(section -> sections.add(PageSection.of(section, List.of())));
    further.forEach(section -> sections.add(PageSection.of(section, List.of())));
  }

  /** Reads the logs of a report's rows, which were checked. */
  public static List<Optional<RowLog>> logs(Report report) {
    return logs(report, new RowLogs());
  }

  /**
   * The same.
   *
   * @param read those that were read already
   */
  public static List<Optional<RowLog>> logs(Report report, RowLogs read) {
    return report.leaderboard().results().stream().map(row -> Optional.of(read.of(row))).toList();
  }

  private List<Ties.Evidence> evidence() {
    List<Ties.Evidence> evidence = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      evidence.add(new Ties.Evidence(logs.get(i), transform(i)));
    }
    return evidence;
  }

  private Optional<Transform> transform(int row) {
    return results.get(row).headline().flatMap(MetricResult::transform);
  }

  /** Where the leaderboard's rows stand, one for each. */
  public List<Optional<Ties.Judged>> standings() {
    return sections.stream()
        .filter(part -> part.section().key().equals(RESULTS))
        .findFirst()
        .orElseThrow()
        .judged();
  }

  /** Every picture, in the page's order. */
  List<PictureJson> pictures() {
    return sections.stream().flatMap(section -> section.pictures().stream()).toList();
  }

  /** The whole file. */
  public String html() {
    Map<String, Object> model = new LinkedHashMap<>();
    List<Map<String, Object>> shown = new ArrayList<>();
    sections.stream().filter(ReportPage::says).forEach(section -> shown.add(section(section)));
    shown.add(new ProvenancePart(report).section());
    new SamplesPart(results, logs).section().ifPresent(shown::add);
    model.put("sections", shown);
    model.put("runs", report.leaderboard().runs().stream().map(run -> run.folder()).toList());
    model.put("version", Version.text());
    model.put("css", PageText.of(PageText.STYLE));
    model.put("echarts", PageText.packed(PageText.ECHARTS));
    model.put("picturesScript", PageText.of(PageText.PICTURES));
    model.put("pageScript", PageText.of(PageText.PAGE));
    return filled(model);
  }

  /** Some sections are there for machines alone. */
  private static boolean says(PageSection part) {
    Section section = part.section();
    return !section.rows().isEmpty() || !section.notes().isEmpty() || !part.pictures().isEmpty();
  }

  private Map<String, Object> section(PageSection part) {
    Section section = part.section();
    Map<String, Object> model = empty(section.key(), section.title());
    model.put("lead", VisibleText.of(section.lead()));
    boolean leaderboard = section.key().equals(RESULTS);
    boolean ranked = part.judged().stream().anyMatch(Optional::isPresent);
    Function<Integer, String> seen = row -> seen(part, row);
    PageTable.of(
            section,
            part.judged(),
            source -> Optional.ofNullable(links.get(source)),
            leaderboard && ranked ? Optional.of(seen) : Optional.empty())
        .into(model);
    List<String> notes = new ArrayList<>(ranked ? List.of(NOTE) : List.of());
    section.notes().forEach(note -> notes.add(VisibleText.of(note)));
    model.put("notes", notes);
    model.put(
        "pictures",
        part.pictures().stream()
            .map(
                each ->
                    Map.of(
                        "key", each.key(),
                        "title", VisibleText.of(each.title()),
                        "json", each.json()))
            .toList());
    return model;
  }

  private String seen(PageSection part, int row) {
    Optional<Ties.Judged> judged = part.judged().get(row);
    if (judged.isEmpty() || judged.get().visible().isEmpty() || transform(row).isEmpty()) {
      return "–";
    }
    return DifferenceScale.of(transform(row).get()).size(judged.get().visible().getAsDouble());
  }

  static Map<String, Object> empty(String key, String title) {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("key", key);
    model.put("title", VisibleText.of(title));
    model.put("lead", "");
    model.put("notes", List.of());
    model.put("pictures", List.of());
    model.put("folds", List.of());
    new PageTable(false).into(model);
    return model;
  }

  private static String filled(Map<String, Object> model) {
    Configuration templates = new Configuration(Configuration.VERSION_2_3_33);
    templates.setTemplateLoader(new ClassTemplateLoader(ReportPage.class, ""));
    templates.setDefaultEncoding(StandardCharsets.UTF_8.name());
    templates.setNumberFormat("computer");
    templates.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
    templates.setLogTemplateExceptions(false);
    templates.setNewBuiltinClassResolver(TemplateClassResolver.ALLOWS_NOTHING_RESOLVER);
    StringWriter text = new StringWriter();
    try {
      templates.getTemplate(PageText.TEMPLATE).process(model, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (TemplateException e) {
      throw new IllegalStateException(e);
    }
    return text.toString();
  }
}
