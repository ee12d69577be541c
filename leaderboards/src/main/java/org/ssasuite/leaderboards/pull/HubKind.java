package org.ssasuite.leaderboards.pull;

/** What a hub keeps. */
enum HubKind {
  MODEL("model", "models", ""),
  DATA("data", "datasets", "datasets/");

  private final String word;
  private final String plural;
  private final String before;

  HubKind(String word, String plural, String before) {
    this.word = word;
    this.plural = plural;
    this.before = before;
  }

  /** As on the command line. */
  String word() {
    return word;
  }

  /** In routes of the hub's API, and in names of cached folders. */
  String plural() {
    return plural;
  }

  /** What stands before a name in routes of its files. */
  String before() {
    return before;
  }
}
