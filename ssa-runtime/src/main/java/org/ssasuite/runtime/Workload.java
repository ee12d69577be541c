package org.ssasuite.runtime;

/**
 * What a model has done since it was loaded.
 *
 * @param runs times that the graph ran
 * @param tokens tokens that went through it
 * @param sharedTokens tokens that did not have to, because another sequence had begun with them
 */
public record Workload(long runs, long tokens, long sharedTokens) {
  Workload plus(long moreTokens) {
    return new Workload(runs + 1, tokens + moreTokens, sharedTokens);
  }

  Workload sharing(long moreTokens) {
    return new Workload(runs, tokens, sharedTokens + moreTokens);
  }
}
