package org.ssasuite.leaderboards.fuzz;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.ssasuite.core.BadInputException;
import org.ssasuite.leaderboards.fuzz.FuzzedReader.WrongReadException;
import org.ssasuite.leaderboards.program.ProcessMemory;

/**
 * Runs cases in this process, each in a thread of its own that is watched.
 *
 * @param memory what counts memory beside the heap, if that is to be judged
 */
record CaseRun(Bounds bounds, Optional<ProcessMemory> memory) {
  /** A message is one line of a terminal or a few, whatever the file holds. */
  private static final int MAX_MESSAGE_CHARACTERS = 1_000;

  private static final long POLL_MILLIS = 100;
  private static final int PATIENCE = 6;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** What the reader said, and what it took from the heap. */
  private record Read(Verdict verdict, String fact, long millis, long javaBytes) {}

  /** Reads a case's file. After a hang its thread is still there, and this process is spoilt. */
  Outcome outcome(FuzzCase fuzzed, CaseFolder folder) {
    Mutant mutant = fuzzed.mutant();
    Path file = folder.put(mutant);
    AtomicReference<Read> result = new AtomicReference<>();
    Thread thread =
        new Thread(() -> result.set(checked(fuzzed, mutant, folder.path(), file)), "reader");
    thread.setDaemon(true);
    long before = memory.map(CaseRun::reset).orElse(0L);
    thread.start();
    boolean done = waitFor(thread);
    Read read = result.get();
    if (!done || read == null) {
      read = new Read(Verdict.HANG, where(thread), bounds.time().toMillis(), 0);
    }
    long grown = memory.map(CaseRun::peak).orElse(0L) - before;
    return judged(fuzzed.number(), mutant, read, Math.max(0, grown));
  }

  /**
   * Whether a reader is done in time. Its time is the processor's, so that what else a machine does
   * is not held against it; one that waits for something gets six times as long.
   */
  private boolean waitFor(Thread thread) {
    long start = System.nanoTime();
    long most = bounds.time().toNanos();
    try {
      while (thread.isAlive()) {
        thread.join(POLL_MILLIS);
        boolean late =
            THREADS.getThreadCpuTime(thread.getId()) > most
                || System.nanoTime() - start > PATIENCE * most;
        if (late && thread.isAlive()) {
          return false;
        }
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a reader read", e);
    }
  }

  private Outcome judged(int number, Mutant mutant, Read read, long nativeBytes) {
    long most = bounds.memory(mutant.content().length, !mutant.ending().isEmpty());
    boolean tooMuch = read.verdict().well() && (read.javaBytes() > most || nativeBytes > most);
    String fact =
        tooMuch
            ? read.javaBytes() + " bytes of heap, " + nativeBytes + " beside it; bound " + most
            : read.fact();
    return new Outcome(
        number,
        tooMuch ? Verdict.MEMORY : read.verdict(),
        mutant.what(),
        fact,
        read.millis(),
        read.javaBytes(),
        nativeBytes);
  }

  private static Read checked(FuzzCase fuzzed, Mutant mutant, Path folder, Path file) {
    Read read = read(fuzzed.reader(), folder, file);
    return read.verdict() == Verdict.READ && !mutant.kind().isReadable()
        ? new Read(Verdict.WRONG, "read what is no file", read.millis(), read.javaBytes())
        : read;
  }

  private static Read read(FuzzedReader reader, Path folder, Path file) {
    long thread = Thread.currentThread().getId();
    long bytes = THREADS.getThreadAllocatedBytes(thread);
    long start = THREADS.getCurrentThreadCpuTime();
    Verdict verdict = Verdict.READ;
    String fact = "";
    try {
      reader.reading().read(folder, file);
    } catch (BadInputException e) {
      fact = e.getMessage();
      verdict = isClear(fact, folder) ? Verdict.REFUSED : Verdict.UNCLEAR;
    } catch (WrongReadException e) {
      verdict = Verdict.WRONG;
      fact = e.getMessage();
    } catch (Throwable e) { // whatever else comes out of a reader is what is looked for
      verdict = Verdict.ESCAPED;
      fact = e + where(e.getStackTrace());
    }
    return new Read(
        verdict,
        fact,
        (THREADS.getCurrentThreadCpuTime() - start) / 1_000_000,
        THREADS.getThreadAllocatedBytes(thread) - bytes);
  }

  private static boolean isClear(String message, Path folder) {
    return message.contains(folder.toString())
        && message.length() <= MAX_MESSAGE_CHARACTERS + folder.toString().length()
        && message.chars().noneMatch(Character::isISOControl);
  }

  private static String where(Thread thread) {
    return "not done" + where(thread.getStackTrace());
  }

  /** Of our own code if there is any. */
  private static String where(StackTraceElement[] trace) {
    for (StackTraceElement element : trace) {
      if (element.getClassName().startsWith("org.ssasuite")) {
        return ", at " + element;
      }
    }
    return trace.length == 0 ? "" : ", at " + trace[0];
  }

  private static long reset(ProcessMemory memory) {
    try {
      return memory.reset();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long peak(ProcessMemory memory) {
    try {
      return memory.peak();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
