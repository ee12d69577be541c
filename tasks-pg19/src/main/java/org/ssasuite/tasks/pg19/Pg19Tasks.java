package org.ssasuite.tasks.pg19;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.catalogue.BosOrder;
import org.ssasuite.core.catalogue.Supplies;
import org.ssasuite.core.catalogue.Takes;
import org.ssasuite.core.catalogue.TaskModule;
import org.ssasuite.core.catalogue.TaskOffer;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.catalogue.Wishes;
import org.ssasuite.core.hub.HubData;
import org.ssasuite.core.hub.PublishedSet;
import org.ssasuite.core.hub.RecordFiles;
import org.ssasuite.core.hub.Split;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.report.Reporter;
import org.ssasuite.core.report.Section;
import org.ssasuite.core.request.Windows;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.TaskId;
import org.ssasuite.core.task.Variant;

/**
 * The perplexity tasks: {@code pg19} (the first 8,192 tokens of books), {@code pg19-long} (32,768),
 * {@code wikitext2} (rolling windows of 8,192 tokens over all pages) and {@code wikitext2-head}
 * (2,048, the first three pages); and {@code conformance}, which compares modes on the first 8,192
 * tokens of books. An order's length is the most tokens that one pass reads. Data: {@code pg19/}
 * and {@code wikitext2/}, whose files may be packed ({@code .gz}, {@code .xz}, {@code .zst}).
 *
 * <p>Suite {@code extrapolation} rates tokens of the same books at lengths up to and beyond the one
 * that a model was trained on: {@link ExtrapolationOffer}.
 */
public final class Pg19Tasks implements TaskModule, Reporter {
  /** The suite, and the task, that hold modes of a model against one of them. */
  public static final String CONFORMANCE = "conformance";

  /**
   * What an order of that task has of its own: the text form of the mode that others are held to.
   */
  public static final String REFERENCE = "reference";

  private static final String SUITE = "pg19";
  private static final int VERSION = 1;
  private static final int HEAD_PAGES = 3;
  private static final String BOOKS = "pg19/beginnings.jsonl";
  private static final String LONG_BOOKS = "pg19/long.jsonl";
  private static final String PAGES = "wikitext2/wiki.test.raw";

  private static final List<TaskOffer> BOOKS_AND_PAGES =
      List.of(
          new Offer("pg19", 8192, 2, true, (id, data, tokens) -> books(id, data, BOOKS, tokens)),
          new Offer(
              "pg19-long",
              32_768,
              2,
              true,
              (id, data, tokens) -> books(id, data, LONG_BOOKS, tokens)),
          new Offer(
              "wikitext2",
              8192,
              1,
              false,
              (id, data, tokens) -> pages(id, data, Integer.MAX_VALUE, tokens)),
          new Offer(
              "wikitext2-head",
              2048,
              1,
              false,
              (id, data, tokens) -> pages(id, data, HEAD_PAGES, tokens)));

  private static final List<TaskOffer> EXTRAPOLATION = ExtrapolationOffer.all();

  private static final TaskOffer CONFORMANCE_OFFER = new ConformanceOffer();

  @Override
  public List<TaskOffer> offers() {
    return Stream.of(BOOKS_AND_PAGES, EXTRAPOLATION, List.of(CONFORMANCE_OFFER))
        .flatMap(List::stream)
        .toList();
  }

  @Override
  public List<String> suites() {
    return List.of(SUITE, ExtrapolationOffer.SUITE, CONFORMANCE);
  }

  @Override
  public List<TaskOffer> suite(String name, Wishes wishes, Supplies supplies) {
    return switch (name) {
      case ExtrapolationOffer.SUITE -> EXTRAPOLATION;
      case CONFORMANCE -> List.of(CONFORMANCE_OFFER);
      default -> BOOKS_AND_PAGES;
    };
  }

  @Override
  public List<Section> sections(List<ReportedResult> results) {
    return LossCurves.of(results);
  }

  /** Reads the data and makes the task. */
  private interface Reader {
    Task<?> read(TaskId id, Path data, int tokens);
  }

  /**
   * A task with what it has where nobody says otherwise, and the least that it works with.
   *
   * @param window tokens
   * @param least tokens
   * @param begins whether a token that begins texts has a place before each; rolling windows are
   *     led by their prefix token
   */
  private record Offer(TaskId id, int window, int least, boolean begins, Reader reader)
      implements TaskOffer {
    Offer(String name, int window, int least, boolean begins, Reader reader) {
      this(new TaskId(SUITE, name, VERSION), window, least, begins, reader);
    }

    @Override
    public Takes takes() {
      return new Takes(true, false, false, false, begins ? Set.of(BosOrder.OWN) : Set.of());
    }

    @Override
    public TaskOrder completed(TaskOrder order, Supplies supplies) {
      int tokens = order.length().orElse(window);
      if (tokens < least) {
        throw new BadInputException(
            "task " + name(), "needs a window of " + least + " tokens or more, not " + tokens);
      }
      return order.withLength(tokens);
    }

    @Override
    public List<String> published(TaskOrder order, Supplies supplies) {
      HubData hub = HubData.in(supplies.data());
      return switch (name()) {
        case "pg19" -> hub.described(List.of(BOOKS), PublishedSet.PG19, Split.TEST);
        case "pg19-long" -> hub.described(List.of(LONG_BOOKS), PublishedSet.PG19, Split.TEST);
        default -> WikiFile.published(hub, PAGES);
      };
    }

    @Override
    public Task<?> make(TaskOrder order, Variant variant, Supplies supplies) {
      return BosOrder.withoutByItself(
          order, reader.read(id.in(variant), supplies.data(), order.length().orElseThrow()));
    }
  }

  /** Modes against a reference, on the books of {@code pg19}. */
  private record ConformanceOffer() implements TaskOffer {
    private static final int WINDOW = 8192;
    private static final String FULL = "full";

    @Override
    public TaskId id() {
      return new TaskId(CONFORMANCE, CONFORMANCE, VERSION);
    }

    @Override
    public Takes takes() {
      return new Takes(true, false, false, false, Set.of(REFERENCE, BosOrder.OWN));
    }

    @Override
    public TaskOrder completed(TaskOrder order, Supplies supplies) {
      int tokens = order.length().orElse(WINDOW);
      if (tokens < 2) {
        throw new BadInputException(
            "task " + name(), "needs a window of 2 tokens or more, not " + tokens);
      }
      List<String> reference = order.own().getOrDefault(REFERENCE, List.of(FULL));
      if (reference.size() != 1) {
        throw new BadInputException(
            "task " + name(), "holds modes against one reference, not " + reference.size());
      }
      Map<String, List<String>> own = new TreeMap<>(Map.of(REFERENCE, reference));
      if (order.own().containsKey(BosOrder.OWN)) {
        own.put(BosOrder.OWN, order.own().get(BosOrder.OWN));
      }
      return order.withLength(tokens).withOwn(own);
    }

    @Override
    public Task<?> make(TaskOrder order, Variant variant, Supplies supplies) {
      return BosOrder.withoutByItself(
          order,
          new ConformanceTask(
              id().in(variant),
              order.length().orElseThrow(),
              order.own().get(REFERENCE).get(0),
              BookFile.read(split(supplies.data(), BOOKS))));
    }

    @Override
    public List<String> published(TaskOrder order, Supplies supplies) {
      return HubData.in(supplies.data()).described(List.of(BOOKS), PublishedSet.PG19, Split.TEST);
    }

    /** Its texts are those of {@code pg19}, which is asked about them. */
    @Override
    public boolean quotes() {
      return false;
    }
  }

  private static Task<?> books(TaskId id, Path data, String file, int tokens) {
    return new BookTask(id, new Windows.First(tokens), BookFile.read(split(data, file)));
  }

  /** Books of the suite's own layout, else PG-19's test split as hubs have it. */
  private static RecordFiles split(Path data, String file) {
    return HubData.split(data, file, PublishedSet.PG19, Split.TEST);
  }

  private static Task<?> pages(TaskId id, Path data, int pageLimit, int tokens) {
    return new WikiTask(id, new Windows.Rolling(tokens), WikiFile.in(data, PAGES, pageLimit));
  }
}
