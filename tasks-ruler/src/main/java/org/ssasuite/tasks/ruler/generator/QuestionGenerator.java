package org.ssasuite.tasks.ruler.generator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.python.PythonRandom;
import org.ssasuite.core.python.PythonRepr;
import org.ssasuite.core.python.PythonText;
import org.ssasuite.tasks.ruler.text.QuestionFile;

/**
 * Questions on documents among others, one question a sample, in the file's order. Mutable.
 *
 * <p>References: NVIDIA/RULER, {@code scripts/data/synthetic/qa.py}; lm-evaluation-harness 0.4.9,
 * {@code lm_eval/tasks/ruler/qa_utils.py}.
 */
final class QuestionGenerator implements SampleGenerator {
  private static final String INSTRUCTION =
      "Answer the question based on the given documents."
          + " Only give me the answer and do not output any other words.\n\n";
  private static final String TEMPLATE =
      INSTRUCTION
          + "The following are given documents.\n\n{context}\n\n"
          + INSTRUCTION
          + "Question: {query}";
  private static final String PREFIX = " Answer:";
  private static final int ANSWER_TOKENS = 32;
  private static final int INCREMENT = 10;

  private final QuestionFile file;

  /**
   * lm-eval shuffles its documents in place when it takes them all, and goes on with that order.
   */
  private final List<String> documents;

  private final RulerVersion version;
  private final TokenBudget budget;
  private final long seed;
  private final PythonRandom random;
  private final int size;
  private int made;

  QuestionGenerator(
      QuestionFile file, RulerVersion version, TokenBudget budget, long seed, PythonRandom random) {
    this.file = file;
    this.documents = new ArrayList<>(file.documents());
    this.version = version;
    this.budget = budget;
    this.seed = seed;
    this.random = random;
    this.size = version == RulerVersion.NVIDIA_2025 ? bisected() : grown();
  }

  private boolean isHarness() {
    return version == RulerVersion.LMEVAL;
  }

  private int bisected() {
    double perDocument;
    try {
      perDocument = (double) budget.count(make(0, INCREMENT).text()) / INCREMENT;
    } catch (Unmakeable e) {
      throw new BadInputException("search", "the reference's search fails: " + e.getMessage(), e);
    }
    int upper = Math.max((int) (budget.length() / perDocument * 3), INCREMENT * 2);
    return SizeSearch.bisect(INCREMENT, upper, budget.length(), n -> length(make(0, n)));
  }

  private int grown() {
    Optional<SizeSearch.Cap> cap =
        isHarness() ? Optional.of(new SizeSearch.Cap(documents.size(), false)) : Optional.empty();
    return SizeSearch.grow(
        INCREMENT,
        INCREMENT,
        budget.length(),
        cap,
        n -> {
          Draft draft = make(0, n);
          // The reference appends the answers as Python shows a list.
          String text = draft.text() + " " + PythonRepr.repr(draft.outputs());
          return budget.countUpToLength(text) + ANSWER_TOKENS;
        });
  }

  private int length(Draft draft) {
    return budget.countUpToLength(draft.text()) + ANSWER_TOKENS;
  }

  @Override
  public OptionalInt most() {
    return OptionalInt.of(file.questions().size());
  }

  @Override
  public Generated next() {
    int question = made++;
    Fitting.Fitted<Draft> fitted =
        Fitting.fit(size, INCREMENT, budget.length(), n -> make(question, n), this::length);
    String text = fitted.draft().text();
    int cut = isHarness() ? text.length() : text.lastIndexOf(PREFIX);
    RulerSample sample =
        new RulerSample(
            question,
            text.substring(0, cut),
            fitted.draft().outputs(),
            fitted.length(),
            isHarness() ? PythonText.strip(PREFIX) : text.substring(cut),
            Optional.empty(),
            Optional.empty(),
            List.of());
    return new Generated(sample, text, fitted.length() - ANSWER_TOKENS - budget.special());
  }

  private Draft make(int number, int size) throws Unmakeable {
    QuestionFile.Question question = file.questions().get(number);
    List<String> chosen = chosen(question, size);
    new PythonRandom(seed).shuffle(chosen);
    StringBuilder context = new StringBuilder();
    for (int i = 0; i < chosen.size(); i++) {
      context.append(i == 0 ? "" : "\n\n").append("Document ").append(i + 1).append(":\n");
      context.append(chosen.get(i));
    }
    String template = isHarness() ? TEMPLATE : TEMPLATE + PREFIX;
    PromptFrame frame = PromptFrame.of(template, Map.of("query", question.text()));
    return new Draft(frame.around(context), question.answers(), List.of());
  }

  private List<String> chosen(QuestionFile.Question question, int size) throws Unmakeable {
    if (size >= documents.size()) {
      return isHarness() ? documents : repeated(size);
    }
    List<Integer> numbers = new ArrayList<>(question.gold());
    int others = size - question.gold().size();
    if (others > question.related().size()) {
      numbers.addAll(question.related());
      List<Integer> rest =
          IntStream.range(0, documents.size()).filter(i -> !numbers.contains(i)).boxed().toList();
      numbers.addAll(random.sample(rest, others - question.related().size()));
    } else if (others < 0) {
      throw new Unmakeable("more documents belong to the question than the " + size + " that fit");
    } else {
      numbers.addAll(random.sample(question.related(), others));
    }
    return new ArrayList<>(numbers.stream().map(documents::get).toList());
  }

  private List<String> repeated(int size) {
    return new ArrayList<>(
        IntStream.range(0, size).mapToObj(i -> documents.get(i % documents.size())).toList());
  }
}
