package org.ssasuite.leaderboards.op;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.npy.NpyArray;
import org.ssasuite.runtime.npy.NpyFile;
import org.ssasuite.runtime.npy.NpyFloats;
import org.ssasuite.runtime.npy.NpyInts;
import org.ssasuite.runtime.npy.NpyLongs;

/** A folder with the inputs of an operator, one array a file. */
record OpFolder(Path path) {
  OpFolder {
    if (!Files.isDirectory(path)) {
      throw new BadInputException(path, Files.exists(path) ? "not a folder" : "no such folder");
    }
  }

  Path file(String array) {
    return path.resolve(array + ".npy");
  }

  boolean has(String array) {
    return Files.exists(file(array));
  }

  /** A float32 array with so many axes, each at least 1 long. */
  NpyFloats floats(String array, int axes) {
    NpyArray read = NpyFile.read(file(array));
    if (!(read instanceof NpyFloats floats)) {
      throw new BadInputException(file(array), "is " + read.descr() + ", not float32");
    }
    if (floats.shape().size() != axes || floats.size() == 0) {
      throw new BadInputException(
          file(array), "has shape " + floats.shape() + ", not " + axes + " axes of at least 1");
    }
    return floats;
  }

  /** A float32 array of this shape. */
  NpyFloats floats(String array, List<Integer> shape) {
    NpyFloats floats = floats(array, shape.size());
    requireShape(file(array), floats, shape);
    return floats;
  }

  /** The same, if the file is there. */
  Optional<NpyFloats> findFloats(String array, List<Integer> shape) {
    return has(array) ? Optional.of(floats(array, shape)) : Optional.empty();
  }

  /** A vector of whole numbers from 0 to below a limit, int32 or int64. */
  int[] indices(String array, int length, int limit) {
    NpyArray read = NpyFile.read(file(array));
    if (read instanceof NpyFloats) {
      throw new BadInputException(file(array), "is " + read.descr() + ", not int32 or int64");
    }
    requireShape(file(array), read, List.of(length));
    int[] indices = new int[length];
    for (int i = 0; i < length; i++) {
      long value = read instanceof NpyInts ints ? ints.values()[i] : ((NpyLongs) read).values()[i];
      if (value < 0 || value >= limit) {
        throw new BadInputException(
            file(array), "element " + i + " is " + value + ", outside 0 to " + (limit - 1));
      }
      indices[i] = (int) value;
    }
    return indices;
  }

  static void requireShape(Path file, NpyArray read, List<Integer> shape) {
    if (!read.shape().equals(shape)) {
      throw new BadInputException(file, "has shape " + read.shape() + ", not " + shape);
    }
  }
}
