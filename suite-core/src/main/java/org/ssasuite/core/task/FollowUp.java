package org.ssasuite.core.task;

import java.util.Objects;
import org.ssasuite.core.python.PythonText;
import org.ssasuite.core.request.Generate;

/**
 * A second prompt of a sample that what was written goes into.
 *
 * @param before what stands before what was written, which is stripped first
 * @param behind what stands behind it
 * @param maxTokens the most tokens that are written then
 */
public record FollowUp(String before, String behind, int maxTokens) {
  public FollowUp {
    Objects.requireNonNull(before);
    Objects.requireNonNull(behind);
    if (maxTokens < 1) {
      throw new IllegalArgumentException("at least 1 token must be asked for, not " + maxTokens);
    }
  }

  /** What is asked after this was written; all but prompt and limit is as it was asked first. */
  public Generate after(Generate first, String written) {
    return new Generate(
        before + PythonText.strip(written) + behind,
        maxTokens,
        first.stops(),
        first.observe(),
        first.truncation(),
        first.ends());
  }
}
