package org.ssasuite.tasks.ruler;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.hub.HubData;
import org.ssasuite.core.hub.PublishedSet;
import org.ssasuite.core.hub.RecordFiles;
import org.ssasuite.core.hub.Split;
import org.ssasuite.core.parquet.ParquetFile;
import org.ssasuite.core.python.PythonText;
import org.ssasuite.tasks.ruler.generator.RulerTaskName;
import org.ssasuite.tasks.ruler.text.QuestionFile;
import org.ssasuite.tasks.ruler.text.QuestionRecords;

/**
 * Where questions come from: a file in SQuAD's or HotpotQA's own form, or records as hubs have
 * them.
 *
 * @param records absent for a file in its own form
 */
record QuestionSource(boolean squad, Path path, Optional<RecordFiles> records) {
  /** In the data folder, in this order: the references' names, and those under which copies go. */
  private static final List<String> SQUAD_NAMES =
      List.of("ruler_qa/squad.json", "ruler_qa/dev-v2.0.json", "ruler_qa/xquad.en.json");

  private static final List<String> HOTPOT_NAMES =
      List.of(
          "ruler_qa/hotpotqa.json",
          "ruler_qa/hotpot_dev_distractor_v1.json",
          "ruler_qa/hotpot_dev_distractor_sample100.json");

  /**
   * What a question task would read: of the files that were named the first in its form, else of
   * the data folder the first of its names, else a hub's validation split.
   *
   * @throws BadInputException for a named file in neither form
   */
  static Optional<QuestionSource> find(
      RulerTaskName.Base task, List<Path> named, Path data, HubData hub) {
    boolean squad = task == RulerTaskName.Base.QA_1;
    return named.stream()
        .map(QuestionSource::named)
        .filter(source -> source.squad == squad)
        .findFirst()
        .or(() -> own(squad, data))
        .or(
            () ->
                hub.find(squad ? PublishedSet.SQUAD : PublishedSet.HOTPOTQA, Split.VALIDATION)
                    .map(files -> new QuestionSource(squad, files.path(), Optional.of(files))));
  }

  /** The files of a hub's layout that are read where none is named. */
  static List<String> published(RulerTaskName.Base task, HubData hub) {
    boolean squad = task == RulerTaskName.Base.QA_1;
    return hub.described(
        names(squad), squad ? PublishedSet.SQUAD : PublishedSet.HOTPOTQA, Split.VALIDATION);
  }

  private static Optional<QuestionSource> own(boolean squad, Path data) {
    return names(squad).stream()
        .flatMap(name -> DataFile.find(data, name).stream())
        .findFirst()
        .map(file -> new QuestionSource(squad, file.path(), Optional.empty()));
  }

  static List<String> names(boolean squad) {
    return squad ? SQUAD_NAMES : HOTPOT_NAMES;
  }

  private static QuestionSource named(Path path) {
    if (!ParquetFile.isNamed(path)) {
      return new QuestionSource(first(DataFile.of(path)) == '{', path, Optional.empty());
    }
    List<String> columns = ParquetFile.open(path).columns();
    boolean squad = columns.containsAll(PublishedSet.SQUAD.fields());
    if (!squad && !columns.containsAll(PublishedSet.HOTPOTQA.fields())) {
      throw new BadInputException(path, "has neither SQuAD's columns nor HotpotQA's");
    }
    return new QuestionSource(squad, path, Optional.of(new RecordFiles(List.of(path), Set.of())));
  }

  /**
   * The first character of a file's JSON: SQuAD's file is an object, HotpotQA's a list.
   *
   * @throws BadInputException if it is neither
   */
  private static char first(DataFile file) {
    String text = PythonText.lstrip(file.json());
    if (!text.startsWith("{") && !text.startsWith("[")) {
      throw new BadInputException(
          file.path(), "is neither in SQuAD's form, a JSON object, nor in HotpotQA's, a list");
    }
    return text.charAt(0);
  }

  QuestionFile read() {
    if (records.isPresent()) {
      return squad ? QuestionRecords.squad(records.get()) : QuestionRecords.hotpot(records.get());
    }
    DataFile file = DataFile.of(path);
    return squad ? QuestionFile.squad(file) : QuestionFile.hotpot(file);
  }

  /** SHA-256 of the file, unpacked, or of the records' files. */
  String digest() {
    return records.isPresent() ? records.get().digest() : Digests.sha256(DataFile.of(path).bytes());
  }
}
