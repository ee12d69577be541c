package org.ssasuite.spark;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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

  private final DataOutputStream out;

  private SparkUnits(DataOutputStream out) {
    this.out = out;
  }

  /** Takes no arguments. */
  public static void main(String[] arguments) throws IOException {
    FileOutputStream stream = new FileOutputStream(FileDescriptor.out);
    // What libraries print is no frame.
    System.setOut(System.err);
    SparkUnits answers = new SparkUnits(new DataOutputStream(new BufferedOutputStream(stream)));
    DataInputStream in =
        new DataInputStream(new BufferedInputStream(new FileInputStream(FileDescriptor.in)));
    Order order = Order.read(in);
    Thread watch = new Thread(() -> awaitEnd(in), "whether the program lives");
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

  private static void awaitEnd(DataInputStream in) {
    try {
      if (in.read() < 0) {
        Runtime.getRuntime().halt(1);
      }
    } catch (IOException e) {
      Runtime.getRuntime().halt(1);
    }
  }

  /** The first line, and what a cause of it says. */
  private static String text(Throwable failure) {
    String said = String.valueOf(failure.getMessage());
    return failure.getClass().getSimpleName() + ": " + said;
  }

  private void run(Order order) {
    SparkConf conf = new SparkConf();
    order.conf().forEach(conf::set);
    conf.setJars(new String[] {order.jar()});
    SparkContext context = new SparkContext(conf);
    try {
      List<byte[]> units = order.units();
      JavaRDD<byte[]> tasks = new JavaSparkContext(context).parallelize(units, units.size());
      List<Object> numbers = new ArrayList<>();
      for (int i = 0; i < units.size(); i++) {
        numbers.add(i);
      }
      context.runJob(
          tasks.rdd(),
          new AnswerUnit(order.work()),
          CollectionConverters.asScala(numbers).toSeq(),
          new Taking(this),
          ClassTag$.MODULE$.apply(byte[].class));
    } finally {
      context.stop();
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
