package org.ssasuite.leaderboards.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.NearName;
import org.ssasuite.core.VisibleText;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.JsonDocument;
import org.ssasuite.core.request.StatisticsObservation;
import org.ssasuite.core.run.RunManifest;
import org.ssasuite.core.run.RunSpec;
import org.ssasuite.leaderboards.run.config.OptionFile;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * The options of a run, from a file.
 *
 * @param file named in what is wrong with them
 * @param manifest of a run that is done again; its tasks are no options, but complete orders
 */
record RunConfig(Path file, List<OptionFile.Entry> options, Optional<RunManifest> manifest) {
  /** Of the command line alone: a file names no other one, and asks for no help. */
  private static final Set<String> NOT_FROM_FILES = Set.of("config", "help");

  RunConfig {
    Objects.requireNonNull(file);
    options = List.copyOf(options);
    Objects.requireNonNull(manifest);
  }

  /**
   * Reads a file: a run's manifest if it states that schema, else options by their names.
   *
   * @throws BadInputException if it is neither
   */
  static RunConfig read(Path file) {
    if (OptionFile.isJson(file)) {
      DataFile json = DataFile.of(file);
      JsonNode schema = JsonDocument.read(json, JsonDocument.Keys.ONCE).path("schema");
      if (List.of(RunManifest.SCHEMA, RunManifest.FIRST_SCHEMA).contains(schema.asText())) {
        RunManifest manifest = RunManifest.read(json);
        return new RunConfig(file, options(manifest.spec()), Optional.of(manifest));
      }
      if (schema.isTextual()) {
        throw new BadInputException(
            file, "has schema " + schema.asText() + "; " + RunManifest.SCHEMA + " or none is read");
      }
    }
    return new RunConfig(file, OptionFile.read(file).entries(), Optional.empty());
  }

  /** What a spec says beside its tasks, in the command line's words. */
  private static List<OptionFile.Entry> options(RunSpec spec) {
    List<OptionFile.Entry> options = new ArrayList<>();
    add(options, "model", spec.models());
    add(options, "name", spec.names());
    spec.serving()
        .ifPresent(
            serving -> {
              add(options, "served", List.of(serving.served()));
              add(options, "tokenizer", List.of(serving.tokenizer()));
            });
    add(options, "modes", spec.modes());
    add(options, "rope", spec.rope().stream().toList());
    add(options, "data", spec.data().stream().toList());
    add(options, "device", List.of(spec.device()));
    add(options, "precision", List.of(spec.precision()));
    add(options, "batch", List.of(String.valueOf(spec.batch())));
    add(options, "threads", List.of(String.valueOf(spec.threads())));
    add(options, "chunk", List.of(String.valueOf(spec.chunk())));
    add(options, "no-sharing", List.of(String.valueOf(!spec.sharing())));
    spec.items().ifPresent(log -> add(options, ItemFlags.option(log), List.of("true")));
    List<String> looks = new ArrayList<>();
    spec.observe().map(StatisticsObservation::groups).ifPresent(looks::addAll);
    if (spec.attribution()) {
      looks.add("needle");
    }
    add(options, "observe", looks);
    spec.observe()
        .ifPresent(
            observed -> {
              add(options, "budgets", observed.budgets());
              add(options, "observe-prompt", List.of(String.valueOf(observed.prompt())));
            });
    return options;
  }

  private static void add(List<OptionFile.Entry> options, String name, List<String> values) {
    if (!values.isEmpty()) {
      options.add(new OptionFile.Entry(name, values, values.size() > 1));
    }
  }

  /**
   * Fills a command as if all of it had been typed: the file's options, and over them those that
   * were typed beside it.
   *
   * @param command a fresh one
   * @param typed the one that the options beside the file were typed to
   * @throws BadInputException for an option that there is not, or a value that it does not take
   */
  void fill(Object command, Object scratch, CommandSpec typed) {
    List<OptionSpec> beside =
        typed.commandLine().getParseResult().matchedOptions().stream().distinct().toList();
    List<String> ofFile = new ArrayList<>();
    List<String> all = new ArrayList<>();
    Set<OptionSpec> seen = new HashSet<>();
    for (OptionFile.Entry entry : options) {
      OptionSpec option = option(entry.name(), typed);
      if (!seen.add(option)) {
        throw new BadInputException(
            file, "has " + option.longestName() + " twice, once as '" + entry.name() + "'");
      }
      List<String> words = words(entry, option);
      ofFile.addAll(words);
      if (!beside.contains(option)) {
        all.addAll(words);
      }
    }
    parse(scratch, ofFile);
    beside.stream()
        .filter(option -> !NOT_FROM_FILES.contains(name(option)))
        .forEach(option -> all.addAll(words(option)));
    line(command).parseArgs(all.toArray(String[]::new));
  }

  private static CommandLine line(Object command) {
    return new CommandLine(command)
        .setExpandAtFiles(false)
        .setCaseInsensitiveEnumValuesAllowed(true);
  }

  /** The file's options alone, so that what is wrong with one is known to be the file's. */
  private void parse(Object scratch, List<String> words) {
    try {
      line(scratch).parseArgs(words.toArray(String[]::new));
    } catch (ParameterException e) {
      throw new BadInputException(file.toString(), VisibleText.of(e.getMessage()), e);
    }
  }

  private static String name(OptionSpec option) {
    return option.longestName().replaceFirst("^-+", "");
  }

  private OptionSpec option(String name, CommandSpec command) {
    OptionSpec found = command.findOption("--" + name);
    if (found == null || NOT_FROM_FILES.contains(name)) {
      List<String> known =
          command.options().stream()
              .map(RunConfig::name)
              .filter(each -> !NOT_FROM_FILES.contains(each))
              .toList();
      throw new BadInputException(
          file, "'" + name + "' is no option of a run" + NearName.hint(name, known));
    }
    return found;
  }

  private List<String> words(OptionFile.Entry entry, OptionSpec option) {
    String name = option.longestName();
    if (option.arity().max() == 0) {
      String word = entry.values().get(0);
      if (entry.list() || !List.of("true", "false").contains(word)) {
        throw new BadInputException(
            file, "'" + entry.name() + "' is neither true nor false, which it can be");
      }
      return word.equals("true") ? List.of(name) : List.of();
    }
    if (entry.list() && !option.isMultiValue()) {
      throw new BadInputException(
          file, "'" + entry.name() + "' takes one value, not a list of " + entry.values().size());
    }
    if (entry.list()) {
      entry.values().stream()
          .filter(value -> !option.splitRegex().isEmpty() && value.contains(option.splitRegex()))
          .findFirst()
          .ifPresent(
              value -> {
                throw new BadInputException(
                    file,
                    "'%s' has '%s' in its list: %s separates values"
                        .formatted(entry.name(), value, option.splitRegex()));
              });
    }
    return entry.values().stream().map(value -> name + "=" + value).toList();
  }

  private static List<String> words(OptionSpec option) {
    return option.arity().max() == 0
        ? List.of(option.longestName())
        : option.originalStringValues().stream()
            .map(value -> option.longestName() + "=" + value)
            .toList();
  }

  /** What the files of a run that is done again were, where they are not what they were: a line. */
  List<String> changes(RunManifest now) {
    List<String> changes = new ArrayList<>();
    manifest.ifPresent(
        there -> {
          there
              .shard()
              .filter(part -> now.shard().isEmpty())
              .map(part -> VisibleText.of(file.toString()) + " is of " + part.text())
              .map(text -> text + " of a run, all of which is done now")
              .ifPresent(changes::add);
          difference("data", there.data(), now.data()).ifPresent(changes::add);
          there.models().stream()
              .flatMap(
                  model ->
                      now.models().stream()
                          .filter(other -> other.name().equals(model.name()))
                          .filter(other -> other.mode().equals(model.mode()))
                          .map(other -> difference(model.name(), model.facts(), other.facts()))
                          .flatMap(Optional::stream))
              .distinct()
              .forEach(changes::add);
        });
    return changes;
  }

  private Optional<String> difference(
      String what, Map<String, String> there, Map<String, String> now) {
    return there.entrySet().stream()
        .filter(fact -> now.containsKey(fact.getKey()))
        .filter(fact -> !fact.getValue().equals(now.get(fact.getKey())))
        .findFirst()
        .map(
            fact ->
                VisibleText.of(what + ": " + fact.getKey())
                    + " is not what it was for "
                    + VisibleText.of(file.toString()));
  }
}
