package org.ssasuite.leaderboards.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Which models a run has, and what they are called. Filled by the command line. */
final class ModelFlags {
  @Option(
      names = "--model",
      paramLabel = "DIR",
      description =
          "Model folder, GGUF file, embedded model or endpoint (--served); several with commas or by"
              + " repeating it.")
  private List<String> models = List.of();

  @Option(
      names = "--name",
      paramLabel = "N",
      split = ",",
      description =
          "What the models are called in tables and folders: one for each --model, in their order."
              + " Default: the folders' names.")
  private List<String> names = List.of();

  /** As they were named; none: those that come with the suite. */
  List<String> models() {
    return models.stream().flatMap(ModelFlags::eachModel).toList();
  }

  /** Commas separate models, unless there is a folder or file of the whole name. */
  private static Stream<String> eachModel(String text) {
    return Files.exists(Path.of(text)) ? Stream.of(text) : Arrays.stream(text.split(",", -1));
  }

  /** What they are called; none: by their folders. */
  List<String> names() {
    return names;
  }
}
