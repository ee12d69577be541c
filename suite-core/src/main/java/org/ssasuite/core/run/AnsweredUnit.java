package org.ssasuite.core.run;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.files.RegularFile;
import org.ssasuite.core.request.Work;
import org.ssasuite.core.run.unit.SampleRange;
import org.ssasuite.core.run.unit.Shard;

/**
 * A unit of a run that was answered in some place or other.
 *
 * @param row number of the run's row, from 0
 * @param elsewhere the device that answered it, if that is not the one of the run's manifest
 * @param parts of the row's logs, the samples' own last
 */
public record AnsweredUnit(
    int row, SampleRange samples, Optional<String> elsewhere, List<Part> parts) {
  /** Hexadecimal digits of a SHA-256, which stands before the rest. */
  private static final int DIGEST_BYTES = 64;

  private static final int MOST_ASCII = 0x7f;

  /** A run has a log of samples, and perhaps of statistics and of needles. */
  private static final int MOST_PARTS = 3;

  /**
   * What a unit adds to one log.
   *
   * @param lines a line a sample, each with its line feed; ASCII, as all logs are
   * @param seconds that the answers took
   */
  public record Part(String lines, Work work, double seconds) {
    public Part {
      Objects.requireNonNull(lines);
      Objects.requireNonNull(work);
      if (!(seconds >= 0)) {
        throw new IllegalArgumentException(seconds + " seconds");
      }
      if (lines.chars().anyMatch(c -> c > MOST_ASCII)) {
        throw new IllegalArgumentException("lines are not ASCII");
      }
    }

    /** Line by line, each with its line feed. */
    void forEachLine(Consumer<byte[]> use) {
      int from = 0;
      while (from < lines.length()) {
        int to = lines.indexOf('\n', from) + 1;
        use.accept(lines.substring(from, to).getBytes(StandardCharsets.US_ASCII));
        from = to;
      }
    }

    private int samples() {
      return (int) lines.chars().filter(c -> c == '\n').count();
    }
  }

  public AnsweredUnit {
    Objects.requireNonNull(samples);
    Objects.requireNonNull(elsewhere);
    parts = List.copyOf(parts);
    if (row < 0 || parts.isEmpty() || parts.size() > MOST_PARTS) {
      throw new IllegalArgumentException("row " + row + " with " + parts.size() + " logs");
    }
    for (Part part : parts) {
      if (part.samples() != samples.size() || !part.lines().endsWith("\n")) {
        throw new IllegalArgumentException(part.samples() + " lines of " + samples);
      }
    }
  }

  /**
   * What a folder holds, which is a shard of this one unit.
   *
   * @param elsewhere the device, if it is not the one of the run's manifest
   * @throws BadInputException if the unit is not answered, or a log is not what was written
   */
  public static AnsweredUnit of(ShardFolder folder, Optional<String> elsewhere) {
    Shard shard = folder.shard();
    int row = 0;
    while (shard.units().get(row).isEmpty()) {
      row++;
    }
    SampleRange samples = shard.units().get(row).get(0);
    List<Part> parts = new ArrayList<>();
    for (String log : folder.logs(row)) {
      ProgressJournal.Entry state = folder.checked(log);
      parts.add(new Part(text(folder.path().resolve(log)), state.work(), state.seconds()));
    }
    return new AnsweredUnit(row, samples, elsewhere, parts);
  }

  private static String text(Path log) {
    try (InputStream in = RegularFile.stream(log)) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw BadInputException.io(log, e);
    }
  }

  /** As it is sent and kept, its digest first. */
  public byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(row);
      out.writeInt(samples.from());
      out.writeInt(samples.to());
      out.writeUTF(elsewhere.orElse(""));
      out.writeByte(parts.size());
      for (Part part : parts) {
        out.writeLong(part.work().runs());
        out.writeLong(part.work().tokens());
        out.writeLong(part.work().sharedTokens());
        out.writeDouble(part.seconds());
        byte[] lines = part.lines().getBytes(StandardCharsets.US_ASCII);
        out.writeInt(lines.length);
        out.write(lines);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("into memory", e);
    }
    byte[] rest = bytes.toByteArray();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(Digests.sha256(rest).getBytes(StandardCharsets.US_ASCII));
    all.writeBytes(rest);
    return all.toByteArray();
  }

  /**
   * What lies in a file.
   *
   * @throws BadInputException if that is anything else than {@link #bytes}, or cannot be read
   */
  public static AnsweredUnit read(Path file) {
    try (InputStream in = RegularFile.stream(file)) {
      return read(in.readAllBytes(), file.toString());
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
  }

  /**
   * What {@link #bytes} made.
   *
   * @param source where they are from, for messages
   * @throws BadInputException if they are anything else
   */
  public static AnsweredUnit read(byte[] bytes, String source) {
    int size = Math.max(0, bytes.length - DIGEST_BYTES);
    byte[] rest = new byte[size];
    System.arraycopy(bytes, bytes.length - size, rest, 0, size);
    String digest = new String(bytes, 0, bytes.length - size, StandardCharsets.US_ASCII);
    if (!Digests.sha256(rest).equals(digest)) {
      throw bad(source, null);
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(rest))) {
      AnsweredUnit unit = read(in);
      if (in.read() >= 0) {
        throw bad(source, null);
      }
      return unit;
    } catch (IOException | IllegalArgumentException e) {
      throw bad(source, e);
    }
  }

  private static AnsweredUnit read(DataInputStream in) throws IOException {
    int row = in.readInt();
    SampleRange samples = new SampleRange(in.readInt(), in.readInt());
    String elsewhere = in.readUTF();
    List<Part> parts = new ArrayList<>();
    for (int i = in.readUnsignedByte(); i > 0; i--) {
      Work work = new Work(in.readLong(), in.readLong(), in.readLong());
      double seconds = in.readDouble();
      byte[] lines = in.readNBytes(in.readInt());
      parts.add(new Part(new String(lines, StandardCharsets.US_ASCII), work, seconds));
    }
    return new AnsweredUnit(
        row, samples, Optional.of(elsewhere).filter(name -> !name.isEmpty()), parts);
  }

  private static BadInputException bad(String source, Exception cause) {
    return new BadInputException(
        source, "is not the unit that was written there; --fresh starts over", cause);
  }
}
