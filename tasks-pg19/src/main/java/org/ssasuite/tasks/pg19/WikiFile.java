package org.ssasuite.tasks.pg19;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.hub.HubData;
import org.ssasuite.core.hub.PublishedSet;
import org.ssasuite.core.hub.RecordFiles;
import org.ssasuite.core.hub.Split;
import org.ssasuite.core.metrics.TextSize;
import org.ssasuite.core.python.PythonText;

/**
 * The pages of a WikiText file.
 *
 * <p>Reference of the split: the script behind the data set {@code
 * EleutherAI/wikitext_document_level}, which is {@code lm_eval/datasets/wikitext/wikitext.py} of
 * lm-evaluation-harness 0.3.0. Reference of the denominators: {@code
 * lm_eval/tasks/wikitext/preprocess_wikitext.py}, {@code process_results}, of 0.4.9.
 *
 * @param whole these are all pages of the file
 * @param digest of the whole file's content, unpacked
 */
record WikiFile(List<WikiPage> pages, boolean whole, String digest) {
  private static final String EMPTY_LINE = " \n";

  WikiFile {
    pages = List.copyOf(pages);
  }

  /**
   * Reads the pages of a folder, at most {@code limit} of them: of the raw file, else of the test
   * split as hubs have it, by pages or by lines.
   *
   * @param own the raw file in the suite's own layout
   * @throws BadInputException for a file that is missing, corrupt or without a page
   */
  static WikiFile in(Path data, String own, int limit) {
    Optional<DataFile> raw = DataFile.find(data, own);
    if (raw.isPresent()) {
      return read(raw.get().path(), limit);
    }
    HubData hub = HubData.in(data);
    Optional<RecordFiles> pages = hub.find(PublishedSet.WIKITEXT_PAGES, Split.TEST);
    if (pages.isPresent()) {
      return of(texts(pages.get(), "page"), limit, pages.get());
    }
    RecordFiles lines =
        hub.find(PublishedSet.WIKITEXT_LINES, Split.TEST)
            .orElseThrow(() -> hub.missing(PublishedSet.WIKITEXT_LINES, Split.TEST, own));
    return of(split(joined(texts(lines, "text"))), limit, lines);
  }

  /** The files of a hub's layout that are read. */
  static List<String> published(HubData hub, String own) {
    List<String> pages = hub.described(List.of(own), PublishedSet.WIKITEXT_PAGES, Split.TEST);
    return pages.isEmpty()
        ? hub.described(List.of(own), PublishedSet.WIKITEXT_LINES, Split.TEST)
        : pages;
  }

  /**
   * Reads a raw file's pages, at most {@code limit} of them.
   *
   * @throws BadInputException for a file that is missing, corrupt or without a page
   */
  static WikiFile read(Path path, int limit) {
    String text = DataFile.of(path).text();
    if (PythonText.strip(text).isEmpty()) {
      throw new BadInputException(path, "no page in it");
    }
    return of(split(text), limit, Digests.sha256(text));
  }

  private static WikiFile of(List<String> pages, int limit, RecordFiles files) {
    if (pages.stream().allMatch(page -> PythonText.strip(page).isEmpty())) {
      throw new BadInputException(files.path(), "no page in it");
    }
    return of(pages, limit, files.digest());
  }

  private static WikiFile of(List<String> all, int limit, String digest) {
    List<WikiPage> pages = new ArrayList<>();
    for (String page : all.subList(0, Math.min(limit, all.size()))) {
      pages.add(new WikiPage(pages.size(), WikiDetokenizer.detokenize(page), size(page)));
    }
    return new WikiFile(pages, pages.size() == all.size(), digest);
  }

  private static List<String> texts(RecordFiles files, String field) {
    List<String> texts = new ArrayList<>();
    files.reading(Set.of(field)).forEach(line -> texts.add(line.text(field)));
    return texts;
  }

  /**
   * The raw file of its lines. Hubs keep a line of nothing but white space as an empty text; in the
   * raw file it is a space.
   */
  private static String joined(List<String> lines) {
    return lines.stream()
        .map(line -> line.isEmpty() ? EMPTY_LINE : line)
        .collect(Collectors.joining());
  }

  /**
   * Pages begin at a first-level title, {@code " = Title = "}, and keep their lines as they are.
   */
  static List<String> split(String file) {
    List<String> pages = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    // Python reads text files with every kind of line end as a line feed.
    for (String line : file.replace("\r\n", "\n").replace('\r', '\n').split("\n", -1)) {
      if (isTitle(line)) {
        String page = String.join("\n", lines);
        if (!PythonText.strip(page).isEmpty()) {
          pages.add(page);
        }
        lines.clear();
      }
      lines.add(line);
    }
    pages.add(String.join("\n", lines));
    return pages;
  }

  private static boolean isTitle(String line) {
    String marks = PythonText.strip(line.replace("= = =", "===").replace("= =", "=="));
    return marks.startsWith("= ") && marks.endsWith(" =");
  }

  /** Words and bytes of a page as the reference counts them, before detokenisation. */
  static TextSize size(String page) {
    return new TextSize(
        PythonText.whitespacePieces(page), page.getBytes(StandardCharsets.UTF_8).length);
  }
}
