package org.ssasuite.core.described;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.ssasuite.core.metrics.Lines;
import org.ssasuite.core.python.PythonText;
import org.ssasuite.core.request.EndTokens;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Observe;

/**
 * What a model writes behind a prompt.
 *
 * @param prompt a template
 * @param answers field with the reference answers: a text or several
 * @param metric the best over the answers, or of all of them
 * @param maxTokens the most that are written
 * @param stops texts that end what is written, and are cut from it
 * @param take what of it is scored
 * @param delimiter between a prompt and its answer, in shots
 * @param truncation of shots and prompt; absent: none
 */
record GenerateKind(
    String prompt,
    String answers,
    AnswerScoring metric,
    int maxTokens,
    List<String> stops,
    Take take,
    String delimiter,
    Optional<Shots> shots,
    Optional<Cut> truncation)
    implements PromptKind {
  /** What of a prediction is scored. */
  enum Take {
    WHOLE {
      @Override
      String of(String prediction) {
        return prediction;
      }
    },
    /** Without white space at its ends. */
    STRIPPED {
      @Override
      String of(String prediction) {
        return PythonText.strip(prediction);
      }
    },
    /** The first line that is not empty. */
    FIRST_LINE {
      @Override
      String of(String prediction) {
        return Lines.first(prediction);
      }
    };

    abstract String of(String prediction);
  }

  GenerateKind {
    Template.withField("prompt", prompt);
    Objects.requireNonNull(answers);
    Objects.requireNonNull(metric);
    stops = List.copyOf(stops);
    Objects.requireNonNull(take);
    Objects.requireNonNull(delimiter);
    Objects.requireNonNull(shots);
    Objects.requireNonNull(truncation);
    if (maxTokens < 1) {
      throw new IllegalArgumentException("max_tokens is " + maxTokens + "; 1 or more is needed");
    }
    if (stops.contains("")) {
      throw new IllegalArgumentException("stops has an empty text, which ends everything");
    }
  }

  @Override
  public String name() {
    return "generate";
  }

  /** LongBench's rules encode as texts are. */
  @Override
  public boolean tokenizerBegins() {
    return truncation.filter(cut -> cut.cut() != Cut.Side.LEFT).isPresent();
  }

  @Override
  public List<String> terms(OptionalInt limit) {
    return List.of(Cut.text(truncation, limit), "greedy");
  }

  @Override
  public DescribedTask<?> task(Frame frame, Material material) {
    Template template = Template.withField("prompt", prompt);
    List<String> prompts = material.rows().stream().map(template::filled).toList();
    List<List<String>> expected = material.rows().stream().map(this::answers).toList();
    List<String> before =
        material.before(shots, row -> template.filled(row) + delimiter + answers(row).get(0));
    List<GenerateTask.Item> items = new ArrayList<>();
    for (int i = 0; i < before.size(); i++) {
      Generate request =
          new Generate(
              before.get(i) + prompts.get(i),
              maxTokens,
              stops,
              Observe.nothing(),
              Cut.truncation(truncation, frame.tokens()),
              EndTokens.ofModel());
      items.add(new GenerateTask.Item(material.names().get(i), request, expected.get(i)));
    }
    return new GenerateTask(frame, material.digest(), items, metric, take);
  }

  private List<String> answers(Row row) {
    List<String> texts = row.texts(answers);
    if (texts.isEmpty()) {
      throw row.bad("field '" + answers + "' has no answer");
    }
    return texts;
  }
}
