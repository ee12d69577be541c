package org.ssasuite.leaderboards.fuzz;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.ssasuite.core.BadInputException;
import org.ssasuite.leaderboards.fuzz.FuzzedReader.Reading;
import org.ssasuite.leaderboards.fuzz.FuzzedReader.WrongReadException;
import org.ssasuite.leaderboards.program.Console;
import picocli.CommandLine;

/** Readers that do on purpose what no reader should, and a program that has them. */
final class Planted {
  private Planted() {}

  static final FuzzedReader WELL = reader("well", (folder, file) -> {});

  static final FuzzedReader WRONG =
      reader(
          "wrong",
          (folder, file) -> {
            throw new WrongReadException("seven tensors in a file of six");
          });

  static final FuzzedReader UNNAMED =
      reader(
          "unnamed",
          (folder, file) -> {
            throw new BadInputException("a file", "is no good");
          });

  static final FuzzedReader ESCAPING =
      reader(
          "escaping",
          (folder, file) -> {
            throw new ArrayIndexOutOfBoundsException("index 7");
          });

  static final FuzzedReader OVERFLOWING =
      reader("overflowing", (folder, file) -> overflow(file, 0));

  static final FuzzedReader GREEDY =
      reader(
          "greedy",
          (folder, file) -> {
            long sum = 0;
            for (int i = 0; i < 40; i++) {
              sum += new byte[8 << 20].length;
            }
            throw new BadInputException(file, "took " + sum + " bytes to see that");
          });

  static final FuzzedReader HANGING = reader("hanging", Planted::hang);

  /** Ends the process at every third file. */
  static final FuzzedReader CRASHING =
      new FuzzedReader(
          "crashing",
          "file",
          numbered(),
          Map.of(),
          (folder, file) -> {
            if (file.toString().endsWith("0")) {
              Runtime.getRuntime().halt(134);
            }
          });

  private static FuzzedReader reader(String name, Reading reading) {
    return FuzzedReader.alone(name, "file", seed(new Mutant("planted", "", new byte[10])), reading);
  }

  static Seed seed(Mutant mutant) {
    return new Seed() {
      @Override
      public byte[] content() {
        return mutant.content();
      }

      @Override
      public Mutant mutant(RandomGenerator random) {
        return mutant;
      }
    };
  }

  private static Seed numbered() {
    return new Seed() {
      @Override
      public byte[] content() {
        return new byte[0];
      }

      @Override
      public Mutant mutant(RandomGenerator random) {
        return new Mutant("planted", "-" + random.nextInt(3), new byte[0]);
      }
    };
  }

  private static int overflow(Path file, int depth) {
    return depth < 0 ? 0 : 1 + overflow(file, depth + 1);
  }

  private static void hang(Path folder, Path file) {
    try {
      Thread.sleep(Long.MAX_VALUE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static FuzzCommand command(Console console) {
    return new FuzzCommand(console, () -> List.of(WELL, CRASHING), CaseProcess.of(Planted.class));
  }

  /** What {@code ssa} is to the suite's own readers. */
  public static void main(String[] arguments) {
    PrintWriter out =
        new PrintWriter(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    PrintWriter err =
        new PrintWriter(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    List<String> words = List.of(arguments).subList(1, arguments.length);
    System.exit(
        new CommandLine(command(new Console(out, err, false)))
            .execute(words.toArray(String[]::new)));
  }
}
