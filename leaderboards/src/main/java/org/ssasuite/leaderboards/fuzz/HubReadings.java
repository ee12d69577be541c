package org.ssasuite.leaderboards.fuzz;

import static org.ssasuite.leaderboards.fuzz.FuzzedReader.WrongReadException.unless;

import java.nio.file.Path;
import java.util.List;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.leaderboards.pull.HubFile;

/** Reading what a hub says that it has; a file stands for the body of its answer. */
final class HubReadings {
  private static final String TREE =
      "[{\"type\": \"directory\", \"oid\": \"0123456789abcdef0123456789abcdef01234567\","
          + " \"size\": 0, \"path\": \"data\"},"
          + " {\"type\": \"file\", \"oid\": \"89abcdef0123456789abcdef0123456701234567\","
          + " \"size\": 23, \"path\": \"config.json\"},"
          + " {\"type\": \"file\", \"oid\": \"89abcdef0123456789abcdef0123456701234567\","
          + " \"size\": 5000, \"lfs\": {\"oid\": \"0123456789abcdef0123456789abcdef"
          + "0123456789abcdef0123456789abcdef\", \"size\": 5000, \"pointerSize\": 132},"
          + " \"path\": \"data/model.safetensors\"}]";

  private HubReadings() {}

  static List<FuzzedReader> all() {
    return List.of(
        FuzzedReader.alone(
            "hub-tree", "tree.json", JsonSeed.of(TREE), (folder, file) -> tree(folder, file)));
  }

  /** No file would be put outside of the folder that it belongs in. */
  private static void tree(Path folder, Path file) {
    Path there = folder.resolve("snapshot").toAbsolutePath();
    for (HubFile each : HubFile.read(file.toString(), DataFile.of(file).text())) {
      Path path = there.resolve(each.path());
      unless(path.normalize().equals(path) && path.startsWith(there), "a path " + each.path());
      unless(!path.equals(there), "a file that is its folder");
      unless(each.bytes() >= 0, each.bytes() + " bytes");
      unless(each.digest().matches("[0-9a-f]{40}([0-9a-f]{24})?"), "digest " + each.digest());
    }
  }
}
