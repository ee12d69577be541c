package org.ssasuite.core.attention;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.NearName;

/** The text form of attention modes and the limits that all of them share. */
final class ModeText {
  private static final Pattern FORM =
      Pattern.compile(
          "(full|sparse|released|window|random|best|nsa)(?::([0-9]{1,9})x([0-9]{1,9}))?");
  private static final List<String> KINDS =
      List.of("full", "sparse", "released", "window", "random", "best", "nsa");
  private static final ModelBudget.Budget NSA_BUDGET = new ModelBudget.Budget(16, 16);
  private static final Set<Integer> BLOCK_SIZES = Set.of(8, 16, 32, 64, 128);

  private ModeText() {}

  static AttentionMode parse(String text, ModelBudget model) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw bad(
          text,
          "not one of full, sparse[:SxK], released:SxK, window:SxK, random:SxK, best:SxK, nsa[:SxK]"
              + hint(text));
    }
    String name = form.group(1);
    if (name.equals("full")) {
      if (form.group(2) != null) {
        throw bad(text, "full attention has no block budget");
      }
      if (model.window().isPresent()) {
        throw bad(text, "an NSA model has no full mode");
      }
      return new Full();
    }
    ModelBudget.Budget budget = budget(text, form, model);
    try {
      if (name.equals("nsa")) {
        OptionalInt window = model.window();
        if (window.isEmpty()) {
          throw bad(text, "the model is no NSA model (its config states no window_size)");
        }
        return new ThreeBranch(budget.blockSize(), budget.blockCount(), window.getAsInt());
      }
      if (model.window().isPresent()) {
        throw bad(text, "an NSA model has its own mode only: nsa");
      }
      return new BlockSparse(budget.blockSize(), budget.blockCount(), rule(name));
    } catch (IllegalArgumentException e) {
      throw bad(text, e.getMessage());
    }
  }

  /** Which kind may have been meant by the word before the budget. */
  private static String hint(String text) {
    String kind = text.split(":", 2)[0];
    return KINDS.contains(kind) ? "" : NearName.hint(kind, KINDS);
  }

  private static SelectionRule rule(String name) {
    return Arrays.stream(SelectionRule.values())
        .filter(rule -> rule.modeName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static ModelBudget.Budget budget(String text, Matcher form, ModelBudget model) {
    if (form.group(2) != null) {
      return new ModelBudget.Budget(
          Integer.parseInt(form.group(2)), Integer.parseInt(form.group(3)));
    }
    if (form.group(1).equals("nsa")) {
      return NSA_BUDGET;
    }
    return model
        .budget()
        .orElseThrow(() -> bad(text, "the model states no block budget: write " + text + ":SxK"));
  }

  static void requireBudget(int blockSize, int blockCount) {
    if (!BLOCK_SIZES.contains(blockSize)) {
      throw new IllegalArgumentException(
          "block size must be 8, 16, 32, 64 or 128 tokens, not " + blockSize);
    }
    if (blockCount < 1) {
      throw new IllegalArgumentException("block count must be at least 1, not " + blockCount);
    }
  }

  static void requireReleasable(int blockSize, int blockCount) {
    if (blockCount != blockSize && 2L * blockCount > blockSize) {
      throw new IllegalArgumentException(
          "the released rule needs block count = block size, or at most half of it, not "
              + blockSize
              + "x"
              + blockCount);
    }
  }

  private static BadInputException bad(String text, String fact) {
    return new BadInputException("attention mode '" + text + "'", fact);
  }
}
