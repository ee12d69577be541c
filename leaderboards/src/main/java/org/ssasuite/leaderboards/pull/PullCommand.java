package org.ssasuite.leaderboards.pull;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.run.RunLock;
import org.ssasuite.leaderboards.program.Choice;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.ExitStatus;
import org.ssasuite.leaderboards.program.UserHome;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ssa pull}: brings what a hub has, the only command that does. */
@Command(
    name = "pull",
    header = "Brings a model or a data set from a hub, as Hugging Face's.",
    description = {
      "Of a model its config, tokenizer, templates and safetensors; of a data set its files of text.",
      "Each file is held against the digest that the hub states. What was interrupted goes on where",
      "it was. Prints the folder, which --model and --data take. A token is read from HF_TOKEN."
    },
    footer = {
      "",
      "Examples:",
      "  ssa pull model HuggingFaceTB/SmolLM2-135M",
      "  ssa pull model Qwen/Qwen2.5-0.5B@main --cache /data/hub",
      "  ssa pull data some/dataset@v1.0 --endpoint https://mirror.example",
      "  ssa run --model $(ssa pull model HuggingFaceTB/SmolLM2-135M) --name SmolLM2",
    })
public final class PullCommand implements Callable<Integer> {
  private static final String HUB = "https://huggingface.co";

  private final Console console;
  private final Map<String, String> environment;
  private final HubClient.Waits waits;

  @Parameters(index = "0", paramLabel = "KIND", description = "model or data.")
  private String kind;

  @Parameters(
      index = "1",
      paramLabel = "NAME",
      description = "OWNER/NAME, with @REVISION (a branch, tag or commit) behind it if need be.")
  private String name;

  @Option(
      names = "--file",
      paramLabel = "PATH",
      description = "This file too, whatever it is; several by repeating it.")
  private List<String> files = List.of();

  @Option(names = "--only", description = "Nothing but the files of --file.")
  private boolean only;

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description =
          "Folder of repositories, in the form of Hugging Face's cache."
              + " Default: SSA_CACHE, else hub in the suite's own cache folder.")
  private Path cache;

  @Option(
      names = "--endpoint",
      paramLabel = "URL",
      description = "Another hub, or a mirror. Default: HF_ENDPOINT, else https://huggingface.co.")
  private String endpoint;

  public PullCommand(Console console) {
    this(console, System.getenv(), HubClient.Waits.standard());
  }

  /** With another environment, and other patience. */
  PullCommand(Console console, Map<String, String> environment, HubClient.Waits waits) {
    this.console = console;
    this.environment = Map.copyOf(environment);
    this.waits = waits;
  }

  @Override
  public Integer call() {
    HubName repository =
        HubName.parse(Choice.of("pull", kind, HubKind.values(), HubKind::word), name);
    if (only && files.isEmpty()) {
      throw new BadInputException("--only", "goes with --file");
    }
    HubClient hub = new HubClient(hub(), HubToken.of(environment), waits);
    String commit = hub.commit(repository);
    List<HubFile> needed = NeededFiles.of(repository, hub.files(repository, commit), files, only);
    HubCache there = HubCache.of(cacheFolder(), repository);
    there.make();
    RunLock lock = RunLock.take(there.repository());
    try {
      bring(hub, repository, commit, needed, there);
    } finally {
      lock.close();
    }
    console.out().println(there.snapshot(commit));
    console.requireWritten();
    return ExitStatus.DONE.code();
  }

  private void bring(
      HubClient hub, HubName repository, String commit, List<HubFile> needed, HubCache there) {
    for (int i = 0; i < needed.size(); i++) {
      HubFile file = needed.get(i);
      if (!there.has(file)) {
        bring(hub, repository, commit, file, there, "[" + (i + 1) + "/" + needed.size() + "]");
      }
      there.link(commit, file);
    }
    there.note(repository.revision(), commit);
  }

  private void bring(
      HubClient hub,
      HubName repository,
      String commit,
      HubFile file,
      HubCache there,
      String label) {
    long before = new GrowingFile(there.growing(file), file, bytes -> {}).bytes();
    PullProgress progress = new PullProgress(console, label, file, before);
    GrowingFile growing = new GrowingFile(there.growing(file), file, progress);
    if (file.bytes() == 0) {
      growing.restart();
    }
    hub.bring(
        repository,
        repository.text() + ", " + file.path(),
        hub.content(repository, commit, file),
        growing);
    growing.requireDigest();
    there.keep(file);
    progress.end();
  }

  private URI hub() {
    String stated = environment.getOrDefault("HF_ENDPOINT", "");
    String text = endpoint != null ? endpoint : stated.isEmpty() ? HUB : stated;
    String option = endpoint != null ? "--endpoint" : "HF_ENDPOINT";
    try {
      URI hub = new URI(text);
      boolean web = "http".equals(hub.getScheme()) || "https".equals(hub.getScheme());
      if (!web || hub.getHost() == null) {
        throw new BadInputException(option, "is no address of a hub: https://HOST is needed");
      }
      if (hub.getRawUserInfo() != null || hub.getRawQuery() != null) {
        throw new BadInputException(
            option, "its address holds a user or a query; a token is read from HF_TOKEN");
      }
      return hub;
    } catch (URISyntaxException e) {
      throw new BadInputException(option, "is no address: " + e.getReason());
    }
  }

  private Path cacheFolder() {
    if (cache != null) {
      return cache;
    }
    String stated = environment.getOrDefault("SSA_CACHE", "");
    return stated.isEmpty() ? UserHome.cache().resolve("hub") : Path.of(stated).resolve("hub");
  }
}
