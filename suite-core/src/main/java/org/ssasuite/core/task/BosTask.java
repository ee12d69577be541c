package org.ssasuite.core.task;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.ssasuite.core.attribution.Needles;
import org.ssasuite.core.request.Bos;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;

/**
 * A task whose requests say whether the token that begins texts stands before them; its protocol
 * says so in place of what it said, or behind all else.
 */
public final class BosTask<S extends Sample> implements Task<S> {
  private static final String WITHOUT = "no-bos";
  private static final String WITH = "bos";

  private final Task<S> task;
  private final Bos bos;

  /**
   * Of a task that says nothing about it in its requests.
   *
   * @param bos not what the task has by itself
   */
  public BosTask(Task<S> task, Bos bos) {
    this.task = Objects.requireNonNull(task);
    this.bos = Objects.requireNonNull(bos);
    if (bos == Bos.AUTO) {
      throw new IllegalArgumentException("a task has " + bos + " by itself");
    }
  }

  @Override
  public TaskId id() {
    return task.id();
  }

  @Override
  public String protocol() {
    String own = task.protocol();
    String said = bos == Bos.YES ? WITH : WITHOUT;
    List<String> terms = Arrays.asList(own.split("/", -1));
    if (!terms.contains(WITHOUT)) {
      return own + (terms.size() > 1 ? "/" : ", ") + said;
    }
    terms.replaceAll(term -> term.equals(WITHOUT) ? said : term);
    return String.join("/", terms);
  }

  @Override
  public String dataDigest() {
    return task.dataDigest();
  }

  @Override
  public Stream<S> samples() {
    return task.samples();
  }

  @Override
  public List<Request<?>> requests(S sample) {
    return saying(task.requests(sample));
  }

  @Override
  public Optional<FollowUp> followUp(S sample) {
    return task.followUp(sample);
  }

  @Override
  public List<Request<?>> next(S sample, List<Response> responses) {
    return saying(task.next(sample, responses));
  }

  private List<Request<?>> saying(List<Request<?>> requests) {
    return requests.stream().<Request<?>>map(request -> request.beginning(bos)).toList();
  }

  @Override
  public Optional<Needles> needles(S sample) {
    return task.needles(sample);
  }

  @Override
  public List<String> expected(S sample) {
    return task.expected(sample);
  }

  @Override
  public Score score(S sample, List<Response> responses) {
    return task.score(sample, responses);
  }

  @Override
  public Aggregate aggregate() {
    return task.aggregate();
  }

  @Override
  public OptionalDouble chance(S sample) {
    return task.chance(sample);
  }
}
