package org.ssasuite.runtime.statistics;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.BlockSparse;
import org.ssasuite.core.attention.ModelBudget;
import org.ssasuite.core.attention.SelectionRule;

/**
 * A block budget whose selection full attention is held against.
 *
 * @param blockSize tokens per block: 8, 16, 32, 64 or 128
 * @param blockCount blocks per query token and KV head, the own one included
 */
public record BlockBudget(int blockSize, int blockCount) {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,9})x([0-9]{1,9})");

  public BlockBudget {
    new BlockSparse(blockSize, blockCount, SelectionRule.EXACT);
  }

  /**
   * Reads the form {@code 16x16}: block size × block count.
   *
   * @throws BadInputException for another form, or a size that there are no kernels for
   */
  public static BlockBudget parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new BadInputException(
          "budget '" + text + "'", "not block size x block count, as 16x16");
    }
    try {
      return new BlockBudget(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)));
    } catch (IllegalArgumentException e) {
      throw new BadInputException("budget '" + text + "'", e.getMessage(), e);
    }
  }

  /** The budget that a model states; none if it states none. */
  public static List<BlockBudget> own(ModelBudget model) {
    return model.budget().stream()
        .map(own -> new BlockBudget(own.blockSize(), own.blockCount()))
        .toList();
  }

  /** The form that {@link #parse} reads. */
  public String text() {
    return blockSize + "x" + blockCount;
  }

  /** The mode that attends to this budget's exact selection. */
  public BlockSparse mode() {
    return new BlockSparse(blockSize, blockCount, SelectionRule.EXACT);
  }
}
