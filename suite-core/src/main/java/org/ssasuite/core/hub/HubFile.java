package org.ssasuite.core.hub;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ssasuite.core.python.PythonText;

/**
 * A file of records, and what its name and its folders' names say of it: {@code
 * ARC-Easy/test-00000-of-00001.parquet}, {@code
 * data/train-00002-of-00023-5263dc4323e881d2.parquet}, {@code default/validation/0000.parquet} of a
 * hub's own conversion, {@code wikitext-2-raw-v1/wikitext-2-raw-v1-test.parquet}, {@code
 * hellaswag_val.jsonl.gz}.
 *
 * @param folders names of all folders on its way, the data folder's and the repository's among them
 * @param stem its name without shard and endings, in lower case
 * @param split training where nothing is said, as {@code datasets} has it
 * @param said whether a name says which split it is
 * @param shard its number, from 0
 * @param shards how many there are, where its name says so
 * @param part whether it is the beginning of a split only
 */
record HubFile(
    Path path,
    List<String> folders,
    String stem,
    Split split,
    boolean said,
    int shard,
    OptionalInt shards,
    boolean part) {
  private static final Pattern PACKED = Pattern.compile("\\.(gz|xz|zst)$");
  private static final Pattern FORM = Pattern.compile("\\.(parquet|jsonl|json)$");
  private static final Pattern SHARD =
      Pattern.compile("[-_]?([0-9]{5})-of-([0-9]{5})(-[0-9a-f]{16})?$");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,5}");
  private static final Pattern WORD = Pattern.compile("(?<![a-z])[a-z]+(?![a-z])");
  private static final String PARTIAL = "partial-";

  /** What lies beside records, and is none. */
  private static final Pattern NOTES =
      Pattern.compile("(dataset_infos?|dataset_dict|state|config|croissant|metadata)\\.json");

  HubFile {
    folders = List.copyOf(folders);
  }

  /** Whether a file may hold records, by its name. */
  static boolean holdsRecords(String name) {
    String lower = PythonText.lower(name);
    return !lower.startsWith(".")
        && !NOTES.matcher(lower).matches()
        && FORM.matcher(PACKED.matcher(lower).replaceFirst("")).find();
  }

  static HubFile of(Path path, List<String> folders) {
    String name = PythonText.lower(String.valueOf(path.getFileName()));
    String stem = FORM.matcher(PACKED.matcher(name).replaceFirst("")).replaceFirst("");
    String folder = folders.isEmpty() ? "" : PythonText.lower(folders.get(folders.size() - 1));
    if (NUMBER.matcher(stem).matches()) {
      boolean part = folder.startsWith(PARTIAL);
      String word = part ? folder.substring(PARTIAL.length()) : folder;
      return new HubFile(
          path,
          folders,
          stem,
          Split.of(word).orElse(Split.TRAIN),
          Split.of(word).isPresent(),
          Integer.parseInt(stem),
          OptionalInt.empty(),
          part);
    }
    Matcher shard = SHARD.matcher(stem);
    boolean sharded = shard.find();
    String words = sharded ? stem.substring(0, shard.start()) : stem;
    return new HubFile(
        path,
        folders,
        words,
        split(words, folder).orElse(Split.TRAIN),
        split(words, folder).isPresent(),
        sharded ? Integer.parseInt(shard.group(1)) : 0,
        sharded ? OptionalInt.of(Integer.parseInt(shard.group(2))) : OptionalInt.of(1),
        false);
  }

  /** The last word of the name that is a split's, else the folder's. */
  private static Optional<Split> split(String stem, String folder) {
    Optional<Split> split = Split.of(folder);
    Matcher words = WORD.matcher(stem);
    while (words.find()) {
      Optional<Split> before = split;
      split = Split.of(words.group()).or(() -> before);
    }
    return split;
  }

  boolean isParquet() {
    return PythonText.lower(String.valueOf(path.getFileName())).endsWith(".parquet");
  }

  /**
   * What the shards of a split have in common: their folder and their name but for the number. Two
   * forms of one split are two.
   */
  String group() {
    String name = PythonText.lower(String.valueOf(path.getFileName()));
    String common = name.replaceFirst("[-_]?[0-9]{5}-of-[0-9]{5}(-[0-9a-f]{16})?", "");
    return path.resolveSibling(shards.isPresent() ? common : "*").toString();
  }
}
