package org.ssasuite.spark;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * The program on an executor: a process of its own, which holds one model and answers one unit
 * after the other. There is one for each GPU that Spark has given the executor, else one. It ends
 * when its standard input does, so it cannot outlive the executor. Mutable; whoever answers has it
 * to himself.
 */
final class Worker {
  private static final Map<String, Worker> WORKERS = new HashMap<>();
  private static final int MOST_SAID = 2_000;
  private static final long PATIENCE_SECONDS = 5;
  private static final String VISIBLE = "CUDA_VISIBLE_DEVICES";
  private static final Pattern GPU = Pattern.compile("[0-9]+|(GPU|MIG)-[0-9A-Za-z/-]+");

  private final Process process;
  private final DataInputStream answers;
  private final DataOutputStream units;
  private final StringBuilder said = new StringBuilder();

  private Worker(Work work, Optional<String> gpu) throws IOException {
    List<String> command = new ArrayList<>(work.command());
    if (!Files.isExecutable(Path.of(command.get(0)))) {
      command.set(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());
    }
    ProcessBuilder builder = new ProcessBuilder(command);
    Path folder = Path.of(work.folder());
    if (!Files.isDirectory(folder)) {
      throw new IOException(
          folder + ": no such folder; the program, models and data lie where the driver has them");
    }
    builder.directory(folder.toFile());
    builder.environment().putAll(work.environment());
    // By number or by name; where the cluster has chosen already, there is nothing to choose.
    gpu.filter(address -> GPU.matcher(address).matches())
        .filter(address -> System.getenv(VISIBLE) == null)
        .ifPresent(address -> builder.environment().put(VISIBLE, address));
    process = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(this::end));
    answers = new DataInputStream(process.getInputStream());
    units = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
    Thread listening = new Thread(this::listen, "what a worker says");
    listening.setDaemon(true);
    listening.start();
    send(work.plan().getBytes(Work.TEXT));
  }

  /** The process's messages go where the executor's go; the last of them are kept. */
  private void listen() {
    byte[] buffer = new byte[MOST_SAID];
    try (InputStream in = process.getErrorStream()) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        System.err.write(buffer, 0, n);
        synchronized (said) {
          said.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
          said.delete(0, Math.max(0, said.length() - MOST_SAID));
        }
      }
    } catch (IOException e) {
      System.err.println("what a worker says cannot be read: " + e.getMessage());
    }
  }

  /** Lets it clear up first. */
  private void end() {
    try {
      process.getOutputStream().close();
      if (process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (IOException e) {
      System.err.println("the program cannot be told to end: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }

  private void send(byte[] bytes) throws IOException {
    units.writeInt(bytes.length);
    units.write(bytes);
    units.flush();
  }

  /**
   * Answers a unit; the first one starts the program.
   *
   * @param gpu its address, if Spark has given one
   * @throws IOException if the process does not live to answer
   */
  static byte[] answer(Work work, Optional<String> gpu, byte[] unit) throws IOException {
    Worker worker = of(work, gpu);
    synchronized (worker) {
      try {
        worker.send(unit);
        byte[] answer = new byte[worker.answers.readInt()];
        worker.answers.readFully(answer);
        return answer;
      } catch (IOException e) {
        throw worker.ended(gpu, e);
      }
    }
  }

  private static Worker of(Work work, Optional<String> gpu) throws IOException {
    synchronized (WORKERS) {
      Worker worker = WORKERS.get(gpu.orElse(""));
      if (worker == null) {
        worker = new Worker(work, gpu);
        WORKERS.put(gpu.orElse(""), worker);
      }
      return worker;
    }
  }

  /** The next unit that comes here starts another. */
  private IOException ended(Optional<String> gpu, IOException cause) throws IOException {
    synchronized (WORKERS) {
      WORKERS.remove(gpu.orElse(""), this);
    }
    process.destroyForcibly();
    String how;
    try {
      how = "ended with status " + process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      how = "ended";
    }
    String last;
    synchronized (said) {
      last = said.toString().replaceAll("[\\r\\n]+$", "");
    }
    return new IOException(
        "the program on "
            + InetAddress.getLocalHost().getHostName()
            + " "
            + how
            + (last.isEmpty() ? "" : ": " + last.substring(last.lastIndexOf('\n') + 1)),
        cause instanceof EOFException ? null : cause);
  }
}
