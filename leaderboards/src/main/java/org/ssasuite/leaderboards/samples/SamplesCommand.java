package org.ssasuite.leaderboards.samples;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.catalogue.ChatOrder;
import org.ssasuite.core.catalogue.Supplies;
import org.ssasuite.core.catalogue.Takes;
import org.ssasuite.core.catalogue.TaskOffer;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.ExitStatus;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.leaderboards.run.Length;
import org.ssasuite.leaderboards.task.RulerFlags;
import org.ssasuite.leaderboards.task.TaskModules;
import org.ssasuite.runtime.chat.ChatTemplates;
import org.ssasuite.runtime.checkpoint.ChatTexts;
import org.ssasuite.runtime.checkpoint.SpecialTokens;
import org.ssasuite.runtime.gguf.GgufFile;
import org.ssasuite.runtime.tokenizer.PieceCounter;
import org.ssasuite.tasks.ruler.RulerTasks;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ssa samples}: the requests of a task, or their digests. */
@Command(
    name = "samples",
    header = "What a choice task or one of RULER's asks, as JSON lines, or digests of it.",
    description = {
      "A choice task: a JSON object a line with doc, choice, context, continuation. With",
      "--fingerprint a digest of all requests; without shots also the one that",
      "lm-evaluation-harness 0.3.0 keeps of them.",
      "A task of RULER's: the lines that its reference writes, for the tokenizer that is named."
    },
    footer = {
      "",
      "Examples:",
      "  ssa samples --task piqa --count 2",
      "  ssa samples --task arc_easy --shots 25 --seed 1 --data my-data --fingerprint",
      "  ssa samples --task niah_single_1 --length 4k --tokenizer whitespace --count 10",
      "  ssa samples --task piqa --count 1 --tokenizer my-qwen-chat --chat-template",
    })
public final class SamplesCommand implements Callable<Integer> {
  private static final String WHITESPACE = "whitespace";

  private final Console console;
  private final Home home;

  @Option(
      names = "--task",
      paramLabel = "T",
      required = true,
      description = "A task of suite commonsense or ruler, or a file that describes one.")
  private String task;

  @Option(
      names = "--suite",
      paramLabel = "NAME",
      description = "The suite that the task has to belong to.")
  private String suite;

  @Option(
      names = "--shots",
      paramLabel = "N",
      description = "Solved examples before each question. Default: the task's.")
  private Integer shots;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Of the draws. Default: 1234, RULER's 42.")
  private Long seed;

  @Option(
      names = "--length",
      paramLabel = "L",
      description = "Tokens of RULER's samples, as 4096 or 4k. Default: 4k.")
  private String length;

  @Option(
      names = "--tokenizer",
      paramLabel = "whitespace|DIR",
      description = "What counts the tokens of RULER's samples; DIR holds a tokenizer.json.")
  private String tokenizer;

  @Option(
      names = "--chat-template",
      paramLabel = "NAME",
      arity = "0..1",
      fallbackValue = ChatOrder.DEFAULT,
      description = "Requests in the chat template that --tokenizer's DIR has; NAME of several.")
  private String chat;

  @Option(
      names = "--chat-date",
      paramLabel = "DAY",
      description = "The day that a chat template is told which asks for it, as 2024-07-26.")
  private String chatDate;

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "Only the first N documents, with all their choices, or N samples.")
  private Integer count;

  @Option(names = "--fingerprint", description = "Print digests of all requests instead.")
  private boolean fingerprint;

  @Option(names = "--data", paramLabel = "DIR", description = "Data folder instead of our own.")
  private Path data;

  @Mixin private RulerFlags ruler;

  public SamplesCommand(Console console, Home home) {
    this.console = console;
    this.home = home;
  }

  @Override
  public Integer call() {
    TaskOffer offer = TaskModules.catalogue().offer(task);
    if (suite != null && !offer.suite().equals(suite)) {
      throw new BadInputException(
          "task " + task, "is in suite " + offer.suite() + ", not " + suite);
    }
    requireUse(offer);
    Supplies supplies =
        TaskModules.supplies(Optional.ofNullable(data).orElse(home.data()), ruler.cache());
    if (tokenizer == null || !offer.takes().tokenizer()) {
      print(offer, chatting(supplies));
    } else if (tokenizer.equals(WHITESPACE)) {
      print(offer, supplies.counting(RulerTasks::whitespace));
    } else {
      try (PieceCounter counter = PieceCounter.load(tokenizerFile())) {
        print(offer, chatting(supplies).counting(() -> counter));
      }
    }
    console.requireWritten();
    return ExitStatus.DONE.code();
  }

  private Supplies chatting(Supplies supplies) {
    return supplies.chatting(
        said -> {
          Path folder = Path.of(tokenizer);
          SpecialTokens stated = SpecialTokens.read(folder);
          return ChatTemplates.of(folder, folder, stated, ChatTexts.NONE)
              .chat(said.name(), said.date());
        });
  }

  /** What is said about the task must mean something to it. */
  private void requireUse(TaskOffer offer) {
    Takes takes = offer.takes();
    requireUse(length == null || takes.length(), "--length", "tasks that have a length");
    requireUse(shots == null || takes.shots(), "--shots", "choice tasks");
    requireUse(
        tokenizer == null || takes.tokenizer() || chat != null,
        "--tokenizer",
        "tasks that are cut to tokens");
    requireUse(
        chat == null || takes.own().contains(ChatOrder.OWN),
        "--chat-template",
        "tasks that have a place for one");
    if (chat != null && (tokenizer == null || !Files.isDirectory(Path.of(tokenizer)))) {
      throw new BadInputException(
          "--chat-template", "is one of a folder, which --tokenizer has to name");
    }
    if (chat != null && fingerprint) {
      throw new BadInputException("--fingerprint", "is of requests without --chat-template");
    }
    if (count != null && fingerprint) {
      throw new BadInputException("--fingerprint", "is of all requests; leave --count out");
    }
    if (takes.tokenizer() && tokenizer == null && !fingerprint) {
      throw new BadInputException(
          "--tokenizer",
          "is missing: samples of " + task + " are cut to tokens; 'whitespace' or a folder");
    }
  }

  private void requireUse(boolean used, String option, String tasks) {
    if (!used) {
      throw new BadInputException(option, "is for " + tasks + ", not for " + task);
    }
  }

  private void print(TaskOffer offer, Supplies supplies) {
    TaskOrder order = offer.completed(order(offer.takes()), supplies);
    if (fingerprint) {
      offer.fingerprints(order, supplies).forEach(console.out()::println);
      return;
    }
    try (Stream<String> lines = offer.lines(order, supplies)) {
      lines.forEach(line -> console.out().print(line + "\n"));
    }
  }

  private TaskOrder order(Takes takes) {
    Map<String, List<String>> own = ruler.own();
    own.putAll(ChatOrder.own(Optional.ofNullable(chat), Optional.ofNullable(chatDate)));
    own.keySet().retainAll(takes.own());
    TaskOrder order = TaskOrder.of(task).withOwn(own);
    if (length != null) {
      order = order.withLength((int) atLeast(1, "--length", Length.parse(length)));
    }
    if (shots != null) {
      order = order.withShots((int) atLeast(0, "--shots", shots));
    }
    if (seed != null) {
      order = order.withSeed(atLeast(0, "--seed", seed));
    }
    return count == null ? order : order.withLimit((int) atLeast(1, "--count", count));
  }

  private Path tokenizerFile() {
    Path folder = Path.of(tokenizer);
    if (GgufFile.isNamed(folder) && Files.exists(folder)) {
      return folder;
    }
    if (!Files.isDirectory(folder)) {
      throw new BadInputException(
          "--tokenizer " + tokenizer,
          "is neither 'whitespace' nor a folder with a tokenizer.json nor a GGUF file");
    }
    return DataFile.in(folder, "tokenizer.json").path();
  }

  private static long atLeast(int least, String option, long value) {
    if (value < least) {
      throw new BadInputException(option, "must be at least " + least + ", not " + value);
    }
    return value;
  }
}
