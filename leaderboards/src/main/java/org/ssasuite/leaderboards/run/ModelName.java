package org.ssasuite.leaderboards.run;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.VisibleText;
import org.ssasuite.core.python.PythonText;

/** What a user calls a model. */
final class ModelName {
  private static final int LONGEST = 200;

  private ModelName() {}

  /**
   * Before models are looked for.
   *
   * @param names one for each model, or none
   * @param models how many models are named
   * @throws BadInputException if they do not pair, two are alike, or one cannot be told apart in
   *     tables, files and messages
   */
  static void require(List<String> names, int models) {
    if (names.isEmpty()) {
      return;
    }
    if (models == 0) {
      throw new BadInputException("--name " + String.join(",", names), "goes with --model");
    }
    if (names.size() != models) {
      throw new BadInputException(
          "--name",
          "names " + names.size() + ", --model " + models + "; one for each is needed, in order");
    }
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      requireUsable(name);
      if (!seen.add(name)) {
        throw new BadInputException(
            "--name " + name, "is given twice; results could not be told apart");
      }
    }
  }

  private static void requireUsable(String name) {
    boolean bare = !name.isEmpty() && name.equals(PythonText.strip(name));
    boolean printed = name.codePoints().allMatch(VisibleText::isVisible);
    if (!bare || !printed || name.length() > LONGEST || name.indexOf('/') >= 0) {
      throw new BadInputException(
          "--name '" + name + "'",
          "must be 1 to "
              + LONGEST
              + " characters without '/', control characters and white space at its ends");
    }
  }
}
