package org.ssasuite.core.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.parquet.ParquetFile;
import org.ssasuite.core.python.PythonText;

/**
 * What a folder holds in the layouts of a hub: a repository, or several below it. Which data set a
 * file is of is told by the repository's name, by the folders on its way, and by its fields. Looks
 * into files only when they are asked for; mutable, since it keeps what it saw.
 */
public final class HubData {
  private static final int MOST_LEVELS = 6;
  private static final int MOST_FILES = 20_000;
  private static final String DATASETS = "datasets--";
  private static final Set<String> OWN =
      Set.of(
          "pg19",
          "wikitext2",
          "piqa",
          "hellaswag",
          "arc",
          "winogrande",
          "ruler_qa",
          "ruler_words",
          "longbench",
          "longbench_v2");

  private static final Set<String> PASSED_OVER = Set.of("blobs", "refs");

  private final Path data;
  private final List<HubFile> files = new ArrayList<>();
  private final Map<Path, Set<String>> fields = new HashMap<>();
  private int seen;
  private boolean arrow;
  private Path archive;
  private BadInputException broken;

  private HubData(Path data) {
    this.data = data;
  }

  /**
   * Looks through a folder, at names only. One of very many files is taken for something else, and
   * what cannot be listed for empty.
   */
  public static HubData in(Path data) {
    HubData found = new HubData(data);
    found.list(data, repository(data), 0);
    if (found.seen > MOST_FILES) {
      found.files.clear();
    }
    return found;
  }

  /**
   * The records of a split: of the suite's own layout if its file is there, else of a hub's.
   *
   * @param own where the suite's own layout has it, to be packed or not
   * @throws BadInputException if there is neither, saying what there is, or as {@link #find}
   */
  public static RecordFiles split(Path data, String own, PublishedSet set, Split split) {
    return DataFile.find(data, own)
        .map(RecordFiles::of)
        .orElseGet(
            () -> {
              HubData hub = in(data);
              return hub.find(set, split).orElseThrow(() -> hub.missing(set, split, own));
            });
  }

  /** The same; absent if there is neither. */
  public static Optional<RecordFiles> findSplit(
      Path data, String own, PublishedSet set, Split split) {
    return DataFile.find(data, own).map(RecordFiles::of).or(() -> in(data).find(set, split));
  }

  /** Names on the way to a folder that say whose it is; a snapshot's own is a commit. */
  private static List<String> repository(Path data) {
    Path whole = data.toAbsolutePath().normalize();
    Path above = whole.getParent();
    boolean snapshot = above != null && above.endsWith("snapshots") && above.getParent() != null;
    return List.of(name(snapshot ? above.getParent() : whole));
  }

  /** Of a repository in a hub's cache its own, without its owner. */
  private static String name(Path folder) {
    String name = String.valueOf(folder.getFileName());
    return name.startsWith(DATASETS) ? name.substring(name.lastIndexOf("--") + 2) : name;
  }

  private void list(Path folder, List<String> names, int level) {
    for (Path each : entries(folder)) {
      String name = String.valueOf(each.getFileName());
      seen++;
      if (seen > MOST_FILES || name.startsWith(".") || PASSED_OVER.contains(name)) {
        continue;
      }
      if (Files.isDirectory(each)) {
        if (level < MOST_LEVELS && !name.startsWith("models--")) {
          List<String> further = new ArrayList<>(names);
          further.add(name(each));
          Optional<Path> content = content(each);
          content.ifPresent(there -> list(there, further, level + 1));
        }
      } else if (HubFile.holdsRecords(name)) {
        files.add(HubFile.of(each, names));
      } else {
        arrow |= name.endsWith(".arrow");
        if (name.endsWith(".zip") && archive == null) {
          archive = each;
        }
      }
    }
  }

  /** Of a repository its snapshot; one that is not whole does not keep others from being read. */
  private Optional<Path> content(Path folder) {
    try {
      return Optional.of(HubFolder.resolved(folder));
    } catch (BadInputException e) {
      broken = broken == null ? e : broken;
      return Optional.empty();
    }
  }

  private static List<Path> entries(Path folder) {
    List<Path> all = new ArrayList<>();
    try (DirectoryStream<Path> there = Files.newDirectoryStream(folder)) {
      there.forEach(all::add);
    } catch (IOException | DirectoryIteratorException | UncheckedIOException e) {
      // Whoever needs a file of it says that it is not there.
      return List.of();
    }
    return all.stream().sorted().toList();
  }

  /**
   * The records of a split.
   *
   * @throws BadInputException if there are several such, one whose fields are not the set's, or a
   *     shard is missing
   */
  public Optional<RecordFiles> find(PublishedSet set, Split split) {
    List<List<HubFile>> groups = preferred(set, groups(set, split));
    if (groups.isEmpty()) {
      return Optional.empty();
    }
    if (groups.size() > 1) {
      throw new BadInputException(
          data,
          "holds "
              + set.name()
              + "'s "
              + split.word()
              + " split more than once: "
              + groups.stream()
                  .map(group -> data.relativize(group.get(0).path()).toString())
                  .collect(Collectors.joining(", ")));
    }
    List<HubFile> shards = groups.get(0);
    requireWhole(set, shards);
    shards.forEach(shard -> requireFields(set, shard.path()));
    return Optional.of(new RecordFiles(shards.stream().map(HubFile::path).toList(), Set.of()));
  }

  /**
   * The files of a split that a task reads, a line each: what they are, and where they lie in the
   * folder. None where the suite's own layout has it, and where it is missing.
   *
   * @param own where the suite's own layout has it, the names that it may have
   */
  public List<String> described(List<String> own, PublishedSet set, Split split) {
    if (own.stream().anyMatch(name -> DataFile.find(data, name).isPresent())) {
      return List.of();
    }
    return find(set, split).stream()
        .flatMap(records -> records.files().stream())
        .map(file -> set.name() + ", " + split.word() + ": " + data.relativize(file))
        .toList();
  }

  /**
   * Why there is no such split, in a line that says what there is instead.
   *
   * @param own what lies in a data folder of the suite's own layout
   */
  public BadInputException missing(PublishedSet set, Split split, String own) {
    return missing(
        set, split, new BadInputException(data.resolve(own), "no such file, packed or not"));
  }

  /**
   * The same.
   *
   * @param otherwise where there is nothing else to say
   */
  public BadInputException missing(PublishedSet set, Split split, BadInputException otherwise) {
    List<HubFile> published = files.stream().filter(file -> !isOwn(file)).toList();
    List<Split> others =
        published.stream()
            .filter(file -> file.split() != split && belongs(set, file))
            .map(HubFile::split)
            .distinct()
            .sorted()
            .toList();
    if (!others.isEmpty()) {
      return new BadInputException(
          data,
          "has "
              + set.name()
              + " without its "
              + split.word()
              + " split: "
              + others.stream().map(Split::word).collect(Collectors.joining(", "))
              + " is there");
    }
    String held =
        PublishedSet.ALL.stream()
            .filter(other -> published.stream().anyMatch(file -> belongs(other, file)))
            .map(other -> other.name() + " (" + String.join(", ", other.tasks()) + ")")
            .collect(Collectors.joining(", "));
    if (!held.isEmpty()) {
      return new BadInputException(data, "has no " + set.name() + "; it holds " + held);
    }
    if (arrow) {
      return new BadInputException(
          data,
          "has no "
              + set.name()
              + " that is read: its .arrow files are what save_to_disk writes; write the splits with"
              + " to_parquet, as "
              + split.word()
              + ".parquet");
    }
    if (broken != null) {
      return broken;
    }
    if (archive != null) {
      return new BadInputException(archive, "is not read as it is: unpack it into its folder");
    }
    return otherwise;
  }

  /** Whether a file lies where the suite's own layout has files of its kind. */
  private boolean isOwn(HubFile file) {
    Path folder = file.path().getParent();
    return !file.isParquet()
        && data.equals(folder.getParent())
        && OWN.contains(String.valueOf(folder.getFileName()));
  }

  /** Files of one split that belong together, by what they have in common. */
  private List<List<HubFile>> groups(PublishedSet set, Split split) {
    Map<String, List<HubFile>> groups = new TreeMap<>();
    for (HubFile file : files) {
      boolean asked = file.split() == split || (set.single() && !file.said());
      if (asked && belongs(set, file)) {
        groups.computeIfAbsent(file.group(), key -> new ArrayList<>()).add(file);
      }
    }
    return List.copyOf(groups.values());
  }

  /** Parquet before its copies as JSON, and the repository that the set names first. */
  private static List<List<HubFile>> preferred(PublishedSet set, List<List<HubFile>> groups) {
    List<List<HubFile>> columns =
        groups.stream().filter(group -> group.get(0).isParquet()).toList();
    List<List<HubFile>> left = columns.isEmpty() ? groups : columns;
    for (String repository : set.repositories()) {
      List<List<HubFile>> named =
          left.stream().filter(group -> isOf(repository, group.get(0))).toList();
      if (left.size() > 1 && !named.isEmpty()) {
        return named;
      }
    }
    return left;
  }

  private static boolean isOf(String repository, HubFile file) {
    return file.folders().stream()
        .map(PythonText::lower)
        .anyMatch(PythonText.lower(repository)::equals);
  }

  private boolean belongs(PublishedSet set, HubFile file) {
    boolean configured =
        set.folders().isEmpty()
            || set.folders().contains(file.stem())
            || file.folders().stream().anyMatch(set.folders()::contains);
    boolean other = file.folders().stream().anyMatch(set.others()::contains);
    if (!configured || other) {
      return false;
    }
    return set.repositories().stream().anyMatch(repository -> isOf(repository, file))
        || fields(file.path()).containsAll(set.fields());
  }

  /** None of a file that is broken, which whoever names its data set is told. */
  private Set<String> fields(Path file) {
    Set<String> known = fields.get(file);
    if (known == null) {
      known = fieldsIfRead(file);
      fields.put(file, known);
    }
    return known;
  }

  private Set<String> fieldsIfRead(Path file) {
    try {
      return RecordFiles.fieldsOf(file);
    } catch (BadInputException e) {
      if (broken == null && ParquetFile.isNamed(file)) {
        broken = e;
      }
      return Set.of();
    }
  }

  private static void requireFields(PublishedSet set, Path file) {
    Set<String> there = RecordFiles.fieldsOf(file);
    for (String field : set.fields().stream().sorted().toList()) {
      if (!there.contains(field)) {
        throw new BadInputException(
            file,
            "has no field '"
                + field
                + "', which "
                + set.name()
                + " has; its fields are "
                + String.join(", ", there));
      }
    }
  }

  private static void requireWhole(PublishedSet set, List<HubFile> shards) {
    HubFile first = shards.get(0);
    if (first.part()) {
      throw new BadInputException(
          first.path(), "is only the beginning of " + set.name() + "'s " + first.split().word());
    }
    int expected = first.shards().orElse(shards.size());
    for (int i = 0; i < expected; i++) {
      if (i >= shards.size() || shards.get(i).shard() != i) {
        throw new BadInputException(
            first.path().toAbsolutePath().getParent(),
            "lacks shard "
                + i
                + " of "
                + expected
                + " of "
                + set.name()
                + "'s "
                + first.split().word()
                + " split");
      }
    }
  }
}
