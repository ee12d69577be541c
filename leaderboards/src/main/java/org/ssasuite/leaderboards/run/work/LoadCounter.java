package org.ssasuite.leaderboards.run.work;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.ssasuite.core.request.CompareDocument;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.RateContinuation;
import org.ssasuite.core.request.RateDocument;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Truncation;
import org.ssasuite.core.request.Windows;
import org.ssasuite.core.task.FollowUp;
import org.ssasuite.core.task.Sample;
import org.ssasuite.core.task.Task;

/**
 * Counts what units of work put to a model, by the characters of their texts: nothing is tokenized.
 *
 * @param charactersPerToken of the task's texts, for the model's tokenizer
 * @param sharing whether what several texts begin with is read once
 */
public record LoadCounter(double charactersPerToken, boolean sharing) {
  public LoadCounter {
    if (!(charactersPerToken > 0)) {
      throw new IllegalArgumentException(charactersPerToken + " characters a token");
    }
  }

  /** A text whose beginning may be another one's. */
  private record Begun(String text, long most, long rated, int steps) {}

  /** What the model is asked of some samples that are answered together. */
  public <S extends Sample> UnitLoad of(Task<S> task, List<S> samples) {
    List<Reading> readings = new ArrayList<>();
    List<Reading> compared = new ArrayList<>();
    List<Begun> begun = new ArrayList<>();
    for (S sample : samples) {
      for (Request<?> request : task.requests(sample)) {
        add(request, readings, compared, begun);
      }
      addSecond(task, sample, begun);
    }
    List<Writing> writings = new ArrayList<>();
    read(begun, readings, writings);
    return new UnitLoad(readings, compared, writings);
  }

  /** What is asked on the strength of the first answer reads about as much. */
  private static <S extends Sample> void addSecond(Task<S> task, S sample, List<Begun> begun) {
    Optional<FollowUp> then = task.followUp(sample);
    if (then.isPresent() && task.requests(sample).get(0) instanceof Generate first) {
      String text = then.get().before() + then.get().behind();
      begun.add(new Begun(text, most(first.truncation()), 1, then.get().maxTokens() - 1));
    }
  }

  private void add(
      Request<?> request, List<Reading> readings, List<Reading> compared, List<Begun> begun) {
    if (request instanceof Generate generate) {
      begun.add(
          new Begun(generate.prompt(), most(generate.truncation()), 1, generate.maxTokens() - 1));
    } else if (request instanceof RateContinuation rate) {
      long rated = Math.max(1, tokens(rate.continuation().length()));
      begun.add(
          new Begun(
              rate.context() + rate.continuation(), most(rate.truncation()) + rated, rated, 0));
    } else if (request instanceof RateDocument document) {
      add(document, readings, begun);
    } else if (request instanceof CompareDocument compare) {
      long n = Math.min(tokens(compare.text().length()), compare.tokens());
      compared.add(new Reading(0, n, n));
    }
  }

  private void add(RateDocument document, List<Reading> readings, List<Begun> begun) {
    Windows windows = document.windows();
    long all = tokens(document.text().length());
    if (windows instanceof Windows.Stretch stretch) {
      stretch
          .readings()
          .forEach(
              reading ->
                  readings.add(
                      new Reading(
                          0,
                          reading.to() - reading.from() - 1L,
                          (long) reading.to() - reading.ratedFrom())));
    } else if (windows instanceof Windows.First first) {
      long n = Math.min(all, first.tokens());
      begun.add(new Begun(document.text(), n, n, 0));
    } else {
      for (long from = 0; from < all; from += windows.tokens()) {
        long rated = Math.min(windows.tokens(), all - from);
        readings.add(new Reading(0, from == 0 ? rated : windows.tokens(), rated));
      }
    }
  }

  private static long most(Truncation truncation) {
    if (truncation instanceof Truncation.InChat chat) {
      return most(chat.rule());
    }
    if (truncation instanceof Truncation.Middle middle) {
      return middle.maxTokens();
    }
    if (truncation instanceof Truncation.MiddleTogether middle) {
      return middle.maxTokens();
    }
    return truncation instanceof Truncation.Left left ? left.maxTokens() : Integer.MAX_VALUE;
  }

  private long tokens(long characters) {
    return Math.round(characters / charactersPerToken);
  }

  /** In the order of texts each one shares with the one before what it shares with any. */
  private void read(List<Begun> begun, List<Reading> readings, List<Writing> writings) {
    List<Begun> sorted = new ArrayList<>(begun);
    sorted.sort(Comparator.comparing(Begun::text));
    String before = "";
    for (Begun one : sorted) {
      long all = Math.min(tokens(one.text().length()), one.most());
      long shared = sharing ? Math.min(all, tokens(commonPrefix(before, one.text()))) : 0;
      long past = Math.max(0, Math.min(shared, all - one.rated()));
      readings.add(new Reading(past, all - past, one.rated()));
      if (one.steps() > 0) {
        writings.add(new Writing(all, one.steps()));
      }
      before = one.text();
    }
  }

  private static int commonPrefix(String a, String b) {
    int most = Math.min(a.length(), b.length());
    int n = 0;
    while (n < most && a.charAt(n) == b.charAt(n)) {
      n++;
    }
    return n;
  }
}
