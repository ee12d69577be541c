package org.ssasuite.core.described;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.catalogue.Supplies;
import org.ssasuite.core.catalogue.TaskModule;
import org.ssasuite.core.catalogue.TaskOffer;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.catalogue.Wishes;
import org.ssasuite.core.files.DataFile;

/**
 * Tasks from files: the name of a file that ends in {@code .json} stands for the task that it
 * describes ({@code docs/formats.md}). An order holds the descriptor itself, the paths of its data,
 * and their digests, so that it stands for the same task wherever the file is then.
 */
public final class DescribedTasks implements TaskModule {
  /** What an order has of its own: the descriptor's text. */
  public static final String DESCRIPTOR = "descriptor";

  static final String SUITE = "described";
  static final String DATA = "data";
  static final String DATA_DIGESTS = "data_sha256";

  private static final String ENDING = ".json";

  /** None: there are as many as there are files. */
  @Override
  public List<TaskOffer> offers() {
    return List.of();
  }

  /**
   * The task that a file describes.
   *
   * @throws BadInputException for a file that is missing or no descriptor
   */
  @Override
  public Optional<TaskOffer> find(String name) {
    return name.endsWith(ENDING) ? Optional.of(ofFile(Path.of(name))) : Optional.empty();
  }

  private static TaskOffer ofFile(Path path) {
    DescriptorFile file = DescriptorFile.read(path);
    Path folder = folder(path);
    return new DescribedOffer(
        file, file.descriptor().files().stream().map(name -> found(folder, name)).toList());
  }

  /** However the file was named, so that a run goes on when it is named in another way. */
  private static Path folder(Path path) {
    try {
      return path.toAbsolutePath().getParent().toRealPath();
    } catch (IOException e) {
      throw BadInputException.io(path, e);
    }
  }

  /** The plain file if it is there or nothing is, else the packed one. */
  private static Path found(Path folder, String name) {
    return DataFile.find(folder, name).map(DataFile::path).orElse(folder.resolve(name)).normalize();
  }

  /** The task of an order that holds its descriptor; else as {@link #find(String)}. */
  @Override
  public Optional<TaskOffer> find(TaskOrder order) {
    List<String> texts = order.own().getOrDefault(DESCRIPTOR, List.of());
    if (texts.isEmpty()) {
      return find(order.task());
    }
    String subject = "descriptor of task " + order.task();
    DescriptorFile file = DescriptorFile.parse(subject, texts.get(0));
    List<Path> paths = order.own().getOrDefault(DATA, List.of()).stream().map(Path::of).toList();
    if (texts.size() != 1 || paths.size() != file.descriptor().files().size()) {
      throw new BadInputException(
          subject,
          "names " + file.descriptor().files().size() + " files, the order " + paths.size());
    }
    return Optional.of(new DescribedOffer(file, paths));
  }

  @Override
  public List<String> suites() {
    return List.of();
  }

  @Override
  public List<TaskOffer> suite(String name, Wishes wishes, Supplies supplies) {
    throw new BadInputException("suite " + name, "is none of tasks from files");
  }
}
