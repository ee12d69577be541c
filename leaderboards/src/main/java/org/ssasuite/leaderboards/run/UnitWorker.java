package org.ssasuite.leaderboards.run;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.ssasuite.core.files.FolderTree;
import org.ssasuite.core.run.AnsweredUnit;
import org.ssasuite.core.run.RunManifest;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.leaderboards.program.MachineFault;
import org.ssasuite.leaderboards.program.UserHome;
import org.ssasuite.leaderboards.run.spark.UnitName;
import org.ssasuite.leaderboards.run.spark.UnitReply;

/**
 * The program on an executor: reads a run's manifest from standard input, then names of its units,
 * and writes what it says of each to standard output. It ends when standard input does, whatever it
 * is doing: then nobody waits for it. Mutable, one for a process.
 */
public final class UnitWorker {
  private final Home home;
  private final Path scratch;
  private Optional<UnitAnswers> answers = Optional.empty();

  /**
   * In a place.
   *
   * @param scratch a folder for what is taken away again
   */
  UnitWorker(Home home, Path scratch) {
    this.home = home;
    this.scratch = scratch;
  }

  /** Takes no arguments. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    UserHome.settle();
    DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)));
    // What libraries print is no answer.
    System.setOut(System.err);
    Path scratch = Files.createTempDirectory("ssa-units");
    BlockingQueue<byte[]> asked = new LinkedBlockingQueue<>();
    Thread reading = new Thread(() -> read(System.in, asked, scratch));
    reading.setDaemon(true);
    reading.start();
    String plan = new String(asked.take(), StandardCharsets.UTF_8);
    UnitWorker worker = new UnitWorker(Home.located(), scratch);
    while (true) {
      byte[] reply = worker.reply(plan, UnitName.of(asked.take())).bytes();
      out.writeInt(reply.length);
      out.write(reply);
      out.flush();
    }
  }

  private static void read(InputStream stream, BlockingQueue<byte[]> asked, Path scratch) {
    try (DataInputStream in = new DataInputStream(new BufferedInputStream(stream))) {
      while (true) {
        asked.add(in.readNBytes(in.readInt()));
      }
    } catch (IOException e) {
      delete(scratch);
      Runtime.getRuntime().halt(e instanceof EOFException ? 0 : 1);
    }
  }

  /** Of a unit that is being answered, some files may come behind; then they stay. */
  private static void delete(Path folder) {
    try {
      FolderTree.delete(folder);
    } catch (IOException e) {
      System.err.println("ssa: " + folder + " is left: " + e.getMessage());
    }
  }

  /**
   * What is to be said of a unit.
   *
   * @param plan of the run, which the first unit is held against
   */
  UnitReply reply(String plan, UnitName unit) {
    try {
      double planning = 0;
      if (answers.isEmpty()) {
        long begun = System.nanoTime();
        answers = Optional.of(UnitAnswers.of(RunManifest.parse(plan), home, scratch));
        planning = (System.nanoTime() - begun) / 1e9;
      }
      AnsweredUnit answered = answers.get().answer(unit);
      return new UnitReply.Answered(answered, planning);
    } catch (RuntimeException | Error e) {
      // Whatever it is, the run's own process has to say it.
      return MachineFault.line(e)
          .<UnitReply>map(line -> new UnitReply.Refused(line + ", on " + host()))
          .orElseGet(() -> new UnitReply.Failed(trace(e)));
    }
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "an executor";
    }
  }

  private static String trace(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return host() + ": " + text;
  }
}
