package org.ssasuite.leaderboards.text;

import java.nio.file.Path;
import java.util.List;
import org.ssasuite.trainer.data.CorpusFile;
import picocli.CommandLine.Option;

/** The options of a command that reads training texts. Filled by the command line. */
public final class CorpusFlags {
  @Option(
      names = "--corpus",
      paramLabel = "FILE",
      required = true,
      arity = "1..*",
      description = "JSON objects, one a line and document; .gz, .zst and .xz are unpacked.")
  private List<Path> corpora;

  @Option(
      names = "--text-field",
      paramLabel = "KEY",
      description = "Key of the text in each object. Default: ${DEFAULT-VALUE}.")
  private String field = "text";

  /** As they were named, in their order. */
  public List<CorpusFile> files() {
    return corpora.stream().map(path -> new CorpusFile(path, field)).toList();
  }
}
