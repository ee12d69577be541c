package org.ssasuite.leaderboards.train;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.ssasuite.core.BadInputException;
import org.ssasuite.leaderboards.Suite;
import org.ssasuite.leaderboards.program.ExitStatus;
import org.ssasuite.trainer.group.Rendezvous;

/**
 * This command again, once for each GPU of the host.
 *
 * @param words of the command line, as they were given
 */
record RankProcesses(int count, List<String> words) {
  private static final int LEFT_SECONDS = 15;

  /**
   * Starts them and waits for all; if this process ends, they do.
   *
   * @return 0, or the status of one that failed
   */
  int run() {
    List<Process> processes = new ArrayList<>();
    Thread end = new Thread(() -> processes.forEach(Process::destroy));
    Runtime.getRuntime().addShutdownHook(end);
    int port = freePort();
    for (int rank = 0; rank < count; rank++) {
      processes.add(started(new Rendezvous(rank, count, rank, "127.0.0.1", port)));
    }
    try {
      return statusOf(processes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitStatus.INCOMPLETE.code();
    } finally {
      processes.forEach(Process::destroyForcibly);
    }
  }

  /** The others notice by themselves when one is gone; whoever does not is ended. */
  private static int statusOf(List<Process> processes) throws InterruptedException {
    int status = 0;
    List<Process> left = new ArrayList<>(processes);
    while (!left.isEmpty()) {
      for (Process process : List.copyOf(left)) {
        boolean patient = status == 0;
        boolean ended =
            process.waitFor(patient ? 200 : LEFT_SECONDS * 1000L, TimeUnit.MILLISECONDS);
        if (!ended && !patient) {
          process.destroyForcibly();
        }
        if (ended || !patient) {
          left.remove(process);
          status = status == 0 && ended ? Math.min(process.exitValue(), 127) : status;
        }
      }
    }
    // A process that was killed has a status of the system's.
    boolean own = status <= ExitStatus.INCOMPLETE.code() || status == ExitStatus.BUG.code();
    return own ? status : ExitStatus.INCOMPLETE.code();
  }

  private Process started(Rendezvous meeting) {
    // The system tells a process's command only up to a page of it.
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Suite.class.getName()));
    command.addAll(words);
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().putAll(meeting.environment());
    try {
      return builder.start();
    } catch (IOException e) {
      throw new BadInputException("--gpus", "rank " + meeting.rank() + ": " + e.getMessage());
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new BadInputException("--gpus", "no free port: " + e.getMessage());
    }
  }
}
