package org.ssasuite.leaderboards.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.ssasuite.core.BadInputException;
import org.ssasuite.leaderboards.program.AnotherProcess;

/**
 * Runs cases in processes of their own: a process that dies or hangs costs the case that it was at,
 * and the next one goes on behind it.
 *
 * @param command what starts a process, without the arguments of {@code fuzz}
 */
record CaseProcess(List<String> command) {
  /** Enough for any bound here; in memory from the start, so that growth is native memory. */
  private static final List<String> MEMORY =
      List.of("-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC");

  /** Beyond the watch in the process itself, which a virtual machine that stands still has not. */
  private static final long SILENCE_MILLIS = 40_000;

  private static final int MAX_SAID_CHARACTERS = 300;

  CaseProcess {
    command = List.copyOf(command);
  }

  /**
   * Another process of the program that runs now.
   *
   * @param main the class with its {@code main}
   */
  static CaseProcess of(Class<?> main) {
    List<String> options = new ArrayList<>(MEMORY);
    options.addAll(List.of("-XX:-CreateCoredumpOnCrash", "-Dslf4j.internal.verbosity=ERROR"));
    return new CaseProcess(AnotherProcess.command(options, main));
  }

  /** All cases of a reader, in order. */
  void run(FuzzedReader reader, long seed, int cases, Consumer<Outcome> outcomes) {
    int next = 0;
    while (next < cases) {
      next = batch(reader, seed, next, cases, outcomes);
    }
  }

  /** One process; gives the number of the case to go on with. */
  private int batch(
      FuzzedReader reader, long seed, int from, int cases, Consumer<Outcome> outcomes) {
    // What a process that dies leaves behind goes with this folder.
    Path temporary = temporaryFolder();
    Path said = temporary.resolve("said.txt");
    List<String> words = new ArrayList<>(command);
    words.add(1, "-Djava.io.tmpdir=" + temporary);
    words.add(2, "-XX:ErrorFile=" + temporary.resolve("hs_err.log"));
    words.addAll(List.of("fuzz", "--seed", Long.toString(seed), "--n", Integer.toString(cases)));
    words.addAll(List.of("--reader", reader.name(), "--from", Integer.toString(from)));
    try {
      Process process = AnotherProcess.builder(words).redirectError(said.toFile()).start();
      process.getOutputStream().close();
      int next = listen(process, from, outcomes);
      int status = waitFor(process);
      String last = lastWords(said);
      if (next < 0) { // it had begun the case −next−1 and not ended it
        int died = -next - 1;
        outcomes.accept(crash(reader, seed, died, status, last));
        return died + 1;
      }
      if (next == from) {
        throw new IllegalStateException("a process for cases ended with " + status + ": " + last);
      }
      return next;
    } catch (IOException e) {
      throw BadInputException.io(Path.of(command.get(0)), e);
    } finally {
      CaseFolder.remove(temporary);
    }
  }

  /** Gives the next case's number, or −n−1 if case n was begun and not ended. */
  private static int listen(Process process, int from, Consumer<Outcome> outcomes)
      throws IOException {
    AtomicLong heard = new AtomicLong(System.nanoTime());
    Thread watch = new Thread(() -> watch(process, heard), "watch");
    watch.setDaemon(true);
    watch.start();
    int next = from;
    boolean begun = false;
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        heard.set(System.nanoTime());
        JsonNode said = OutcomeLine.read(line);
        begun = OutcomeLine.isBegun(said);
        if (begun) {
          next = OutcomeLine.begun(said);
        } else {
          Outcome outcome = OutcomeLine.outcome(said);
          outcomes.accept(outcome);
          next = outcome.number() + 1;
        }
      }
    }
    return begun ? -next - 1 : next;
  }

  private static void watch(Process process, AtomicLong heard) {
    while (process.isAlive()) {
      if (System.nanoTime() - heard.get() > TimeUnit.MILLISECONDS.toNanos(SILENCE_MILLIS)) {
        process.destroyForcibly();
      }
      waitAtMost(process, 1_000);
    }
  }

  private static void waitAtMost(Process process, long millis) {
    try {
      process.waitFor(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int waitFor(Process process) {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while cases ran", e);
    }
  }

  private static Outcome crash(
      FuzzedReader reader, long seed, int number, int status, String last) {
    String what = new FuzzCase(reader, seed, number).mutant().what();
    return new Outcome(number, Verdict.CRASH, what, "status " + status + ": " + last, 0, 0, 0);
  }

  /** The beginning of what the process said on its error stream. */
  private static String lastWords(Path said) throws IOException {
    String text = Files.readString(said, StandardCharsets.ISO_8859_1).strip();
    String line = text.replaceAll("\\s+", " ");
    return line.length() <= MAX_SAID_CHARACTERS ? line : line.substring(0, MAX_SAID_CHARACTERS);
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("ssa-fuzz-");
    } catch (IOException e) {
      throw BadInputException.io(Path.of(System.getProperty("java.io.tmpdir")), e);
    }
  }
}
