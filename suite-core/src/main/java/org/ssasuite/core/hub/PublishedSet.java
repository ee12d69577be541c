package org.ssasuite.core.hub;

import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A data set that tasks are made from, as it lies in repositories of a hub.
 *
 * @param name in messages
 * @param tasks that it serves
 * @param repositories last parts of their names, the preferred one first; one that is called so has
 *     to have the fields
 * @param folders of its configuration, one of which has to be on a file's way or its name; empty:
 *     any
 * @param others folders of configurations that are something else
 * @param fields that every record has
 * @param single whether it has one split only, which no name need say
 */
public record PublishedSet(
    String name,
    List<String> tasks,
    List<String> repositories,
    Set<String> folders,
    Set<String> others,
    Set<String> fields,
    boolean single) {
  private static final Set<String> ANY = Set.of();

  public static final PublishedSet PIQA =
      new PublishedSet(
          "PIQA",
          List.of("piqa"),
          List.of("piqa"),
          ANY,
          ANY,
          Set.of("goal", "sol1", "sol2", "label"));

  public static final PublishedSet HELLASWAG =
      new PublishedSet(
          "HellaSwag",
          List.of("hellaswag", "hellaswag-valshots"),
          List.of("hellaswag"),
          ANY,
          ANY,
          Set.of("activity_label", "ctx_a", "ctx_b", "endings", "label"));

  public static final PublishedSet ARC_EASY = arc("ARC-Easy", "arc_easy");

  public static final PublishedSet ARC_CHALLENGE = arc("ARC-Challenge", "arc_challenge");

  /** Its training split is drawn in several sizes, of which the reference takes the largest. */
  public static final PublishedSet WINOGRANDE =
      new PublishedSet(
          "Winogrande",
          List.of("winogrande"),
          List.of("winogrande"),
          ANY,
          Set.of(
              "winogrande_xs",
              "winogrande_s",
              "winogrande_m",
              "winogrande_l",
              "winogrande_debiased"),
          Set.of("sentence", "option1", "option2", "answer"));

  /** A page a record, as the reference takes it. */
  public static final PublishedSet WIKITEXT_PAGES =
      wikiText("WikiText-2 by pages", "wikitext_document_level", "page");

  /** A line a record. */
  public static final PublishedSet WIKITEXT_LINES =
      wikiText("WikiText-2 by lines", "wikitext", "text");

  public static final PublishedSet PG19 =
      new PublishedSet(
          "PG-19",
          List.of("pg19", "pg19-long", "conformance", "extrapolation"),
          List.of("pg19", "pg19-test"),
          ANY,
          ANY,
          Set.of("short_book_title", "url", "text"));

  public static final PublishedSet LONGBENCH_V2 =
      new PublishedSet(
          "LongBench v2",
          List.of("longbench_v2"),
          List.of("LongBench-v2"),
          ANY,
          ANY,
          Set.of("_id", "question", "choice_A", "choice_B", "choice_C", "choice_D", "answer"),
          true);

  /** Of version 2 first, which RULER asks. */
  public static final PublishedSet SQUAD =
      new PublishedSet(
          "SQuAD",
          List.of("qa_1"),
          List.of("squad_v2", "squad"),
          ANY,
          ANY,
          Set.of("title", "context", "question", "answers"));

  public static final PublishedSet HOTPOTQA =
      new PublishedSet(
          "HotpotQA",
          List.of("qa_2"),
          List.of("hotpot_qa"),
          ANY,
          Set.of("fullwiki"),
          Set.of("question", "answer", "supporting_facts", "context"));

  /** Any data set of LongBench, for telling what a folder holds. */
  static final PublishedSet LONGBENCH = longBench("LongBench", ANY);

  /** All that a folder may hold. */
  static final List<PublishedSet> ALL =
      List.of(
          PIQA,
          HELLASWAG,
          ARC_EASY,
          ARC_CHALLENGE,
          WINOGRANDE,
          WIKITEXT_PAGES,
          WIKITEXT_LINES,
          PG19,
          LONGBENCH,
          LONGBENCH_V2,
          SQUAD,
          HOTPOTQA);

  public PublishedSet {
    Objects.requireNonNull(name);
    tasks = List.copyOf(tasks);
    repositories = List.copyOf(repositories);
    folders = Set.copyOf(folders);
    others = Set.copyOf(others);
    fields = Set.copyOf(fields);
  }

  /** Of several splits. */
  private PublishedSet(
      String name,
      List<String> tasks,
      List<String> repositories,
      Set<String> folders,
      Set<String> others,
      Set<String> fields) {
    this(name, tasks, repositories, folders, others, fields, false);
  }

  /** A data set of LongBench by its name upstream, with {@code _e} of its even-length part. */
  public static PublishedSet longBench(String name) {
    return longBench("LongBench " + name, Set.of(name));
  }

  private static PublishedSet longBench(String name, Set<String> folders) {
    return new PublishedSet(
        name,
        folders.isEmpty() ? List.of("suite longbench") : List.copyOf(folders),
        List.of("LongBench"),
        folders,
        ANY,
        Set.of("input", "context", "answers", "all_classes", "length"),
        true);
  }

  private static PublishedSet arc(String folder, String task) {
    return new PublishedSet(
        folder,
        List.of(task),
        List.of("ai2_arc"),
        Set.of(folder),
        ANY,
        Set.of("id", "question", "choices", "answerKey"));
  }

  private static PublishedSet wikiText(String name, String repository, String field) {
    return new PublishedSet(
        name,
        List.of("wikitext2", "wikitext2-head"),
        List.of(repository),
        Set.of("wikitext-2-raw-v1"),
        ANY,
        Set.of(field));
  }
}
