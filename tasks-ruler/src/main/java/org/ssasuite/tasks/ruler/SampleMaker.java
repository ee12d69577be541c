package org.ssasuite.tasks.ruler;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.request.TokenCounter;
import org.ssasuite.tasks.ruler.generator.RulerSample;
import org.ssasuite.tasks.ruler.generator.SampleGenerator;
import org.ssasuite.tasks.ruler.generator.SampleGenerator.Generated;

/**
 * Makes samples and checks each one's tokens by the tokenizer alone. Should they ever differ, what
 * is remembered about the tokenizer is wrong, and all samples are made once more without it.
 */
final class SampleMaker {
  /** Samples that are checked together, on all processors. */
  private static final int CHECKED_TOGETHER = 64;

  private final TokenCounter counter;
  private final Function<TokenCounter, SampleGenerator> generators;

  SampleMaker(TokenCounter counter, Function<TokenCounter, SampleGenerator> generators) {
    this.counter = counter;
    this.generators = generators;
  }

  /**
   * The first samples.
   *
   * @throws BadInputException if there are not so many, or they cannot be made
   */
  List<RulerSample> make(int count) {
    return make(count, counter).orElseGet(() -> make(count, new Recounter(counter)).orElseThrow());
  }

  private Optional<List<RulerSample>> make(int count, TokenCounter counting) {
    SampleGenerator generator = generators.apply(counting);
    if (generator.most().isPresent() && count > generator.most().getAsInt()) {
      throw new BadInputException(
          "samples",
          count + " are asked for, the file has " + generator.most().getAsInt() + " questions");
    }
    List<RulerSample> samples = new ArrayList<>();
    while (samples.size() < count) {
      List<Generated> together = new ArrayList<>();
      while (together.size() < Math.min(CHECKED_TOGETHER, count - samples.size())) {
        together.add(generator.next());
      }
      if (!together.parallelStream().allMatch(this::isCountedRight)) {
        return Optional.empty();
      }
      together.forEach(generated -> samples.add(generated.sample()));
    }
    return Optional.of(samples);
  }

  private boolean isCountedRight(Generated generated) {
    return counter.recount(generated.counted()) == generated.tokens();
  }

  /** Counts by the tokenizer alone. */
  private record Recounter(TokenCounter counter) implements TokenCounter {
    @Override
    public String identity() {
      return counter.identity();
    }

    @Override
    public int count(String text, int most) {
      return counter.recount(text);
    }

    @Override
    public int recount(String text) {
      return counter.recount(text);
    }

    @Override
    public int specialTokens() {
      return counter.specialTokens();
    }
  }
}
