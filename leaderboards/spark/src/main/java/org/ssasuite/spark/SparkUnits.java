package org.ssasuite.spark;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * Spark's driver as a process of the program: reads an {@link Order} from standard input, has each
 * of its units answered by a task of its own, and writes the answers as they come to standard
 * output, each once. A frame is a byte that says what it is, the unit's number, a length, and so
 * many bytes. It ends when standard input does.
 */
public final class SparkUnits {
  private static final int ANSWER = 0;
  private static final int DONE = 1;
  private static final int FAILED = 2;

  private static final long PATIENCE_MILLIS = 15_000;

  private final DataOutputStream out;
  private volatile Optional<SparkContext> context = Optional.empty();

  private SparkUnits(DataOutputStream out) {
    this.out = out;
  }

  /** Takes no arguments. */
  public static void main(String[] arguments) throws IOException {
    FileOutputStream stream = new FileOutputStream(FileDescriptor.out);
    // What libraries print is no frame.
    System.setOut(System.err);
    SparkUnits answers = new SparkUnits(new DataOutputStream(new BufferedOutputStream(stream)));
    DataInputStream in = new DataInputStream(new BufferedInputStream(System.in));
    Order order = Order.read(in);
    Thread watch = new Thread(() -> answers.awaitEnd(in), "whether the program lives");
    watch.setDaemon(true);
    watch.start();
    try {
      answers.run(order);
      answers.write(DONE, 0, new byte[0]);
    } catch (Exception e) {
      if (!(e instanceof SparkException) && !(e instanceof RuntimeException)) {
        throw e;
      }
      answers.write(FAILED, 0, text(e).getBytes(StandardCharsets.UTF_8));
    }
    // Threads of Spark's that may still wait for something do not keep the process.
    Runtime.getRuntime().halt(0);
  }

  /** Ends with the program, which may have been killed. */
  private void awaitEnd(DataInputStream in) {
    int said;
    try {
      said = in.read();
    } catch (IOException e) {
      said = -1;
    }
    if (said < 0) {
      Thread late = new Thread(SparkUnits::endSoon, "whatever happens");
      late.setDaemon(true);
      late.start();
      context.ifPresent(SparkContext::stop);
      delete(Path.of(System.getProperty("java.io.tmpdir")));
      Runtime.getRuntime().halt(1);
    }
  }

  private static void endSoon() {
    try {
      Thread.sleep(PATIENCE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(1);
  }

  /** The program has made it for this process alone, and takes it away if it can. */
  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      System.err.println("spark: " + folder + " is left: " + e.getMessage());
    }
  }

  /** The first line: behind it come stack traces of executors. */
  private static String text(Exception failure) {
    String said = String.valueOf(failure.getMessage());
    String line = said.substring(0, (said + "\n").indexOf('\n'));
    return failure instanceof SparkException
        ? line
        : failure.getClass().getSimpleName() + ": " + line;
  }

  private void run(Order order) {
    SparkConf conf = new SparkConf();
    order.conf().forEach(conf::set);
    conf.setJars(new String[] {order.jar()});
    SparkContext spark = new SparkContext(conf);
    context = Optional.of(spark);
    try {
      List<byte[]> units = order.units();
      JavaRDD<byte[]> tasks = new JavaSparkContext(spark).parallelize(units, units.size());
      List<Object> numbers = new ArrayList<>();
      for (int i = 0; i < units.size(); i++) {
        numbers.add(i);
      }
      spark.runJob(
          tasks.rdd(),
          new AnswerUnit(order.work()),
          CollectionConverters.asScala(numbers).toSeq(),
          new Taking(this),
          ClassTag$.MODULE$.apply(byte[].class));
    } finally {
      spark.stop();
    }
  }

  /** Spark calls it once for each unit, however often that was tried. */
  private static final class Taking extends AbstractFunction2<Object, byte[], BoxedUnit> {
    private final SparkUnits to;

    Taking(SparkUnits to) {
      this.to = to;
    }

    @Override
    public BoxedUnit apply(Object unit, byte[] answer) {
      to.write(ANSWER, (Integer) unit, answer);
      return BoxedUnit.UNIT;
    }
  }

  private synchronized void write(int kind, int unit, byte[] bytes) {
    try {
      out.writeByte(kind);
      out.writeInt(unit);
      out.writeInt(bytes.length);
      out.write(bytes);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("the program does not listen", e);
    }
  }
}
