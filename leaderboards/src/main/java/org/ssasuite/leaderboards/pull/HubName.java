package org.ssasuite.leaderboards.pull;

import java.util.Objects;
import java.util.regex.Pattern;
import org.ssasuite.core.BadInputException;

/**
 * A repository of a hub at a revision.
 *
 * @param name as {@code owner/name}, or without an owner
 * @param revision a branch, a tag or a commit; the hub's own conversion to Parquet and what is
 *     proposed have names with slashes
 */
record HubName(HubKind kind, String name, String revision) {
  private static final Pattern PART = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,95}");
  private static final Pattern REVISION =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,95}|refs/convert/parquet|refs/pr/[0-9]{1,9}");
  private static final String MAIN = "main";

  HubName {
    Objects.requireNonNull(kind);
    Objects.requireNonNull(name);
    Objects.requireNonNull(revision);
  }

  /**
   * Reads {@code owner/name@revision}.
   *
   * @throws BadInputException for what a hub has no name for
   */
  static HubName parse(HubKind kind, String text) {
    int at = text.indexOf('@');
    String name = at < 0 ? text : text.substring(0, at);
    String revision = at < 0 ? MAIN : text.substring(at + 1);
    String[] parts = name.split("/", -1);
    boolean named = parts.length <= 2;
    for (String part : parts) {
      named &= PART.matcher(part).matches() && !part.contains("..");
    }
    if (!named) {
      throw new BadInputException(
          "pull " + kind.word() + " " + text, "names nothing of a hub; OWNER/NAME is needed");
    }
    if (!REVISION.matcher(revision).matches() || revision.contains("..")) {
      throw new BadInputException(
          "pull " + kind.word() + " " + text,
          "has a revision that is no branch, tag or commit in one word");
    }
    return new HubName(kind, name, revision);
  }

  /** The folder that a hub's own cache has for it. */
  String folder() {
    return kind.plural() + "--" + name.replace("/", "--");
  }

  /** As in messages. */
  String text() {
    return kind.word() + " " + name + "@" + revision;
  }
}
