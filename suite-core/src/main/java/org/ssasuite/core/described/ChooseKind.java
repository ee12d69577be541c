package org.ssasuite.core.described;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.ssasuite.core.metrics.Accuracy;
import org.ssasuite.core.metrics.ChoiceMetrics;

/**
 * Which of several continuations a model holds for the most probable.
 *
 * @param prompt a template
 * @param choices templates, one for each choice; empty where a field has them
 * @param choicesField field with the choices' texts
 * @param answer field that says which choice is right: its number from 0, or its label
 * @param labels of the choices; empty where a field has them, or where the answer is a number
 * @param labelsField field with the choices' labels
 * @param metric the headline
 * @param delimiter between a prompt and a choice
 * @param truncation of what stands before a choice; absent: none
 */
record ChooseKind(
    String prompt,
    List<String> choices,
    Optional<String> choicesField,
    String answer,
    List<String> labels,
    Optional<String> labelsField,
    String metric,
    String delimiter,
    Optional<Shots> shots,
    Optional<Cut> truncation)
    implements PromptKind {
  private static final int LEAST_CHOICES = 2;

  ChooseKind {
    Template.withField("prompt", prompt);
    choices = List.copyOf(choices);
    choices.forEach(choice -> Template.parse("choices", choice));
    Objects.requireNonNull(choicesField);
    Objects.requireNonNull(answer);
    labels = List.copyOf(labels);
    Objects.requireNonNull(labelsField);
    Objects.requireNonNull(delimiter);
    Objects.requireNonNull(shots);
    Objects.requireNonNull(truncation);
    if (choicesField.isPresent() == !choices.isEmpty()) {
      throw new IllegalArgumentException("choices or choices_field: one of them is needed");
    }
    if (choicesField.isEmpty() && choices.size() < LEAST_CHOICES) {
      throw new IllegalArgumentException("choices has 1 template; 2 or more are needed");
    }
    if (labelsField.isPresent() && !labels.isEmpty()) {
      throw new IllegalArgumentException("labels or labels_field: not both");
    }
    metrics(metric);
  }

  /** The accuracies, the headline first. */
  private static ChoiceMetrics metrics(String headline) {
    List<Accuracy> all = new ArrayList<>(ChoiceMetrics.OF_ANSWERS.accuracies());
    List<String> names = all.stream().map(Accuracy::metric).toList();
    int first = names.indexOf(headline);
    if (first < 0) {
      throw new IllegalArgumentException(
          "metric is '" + headline + "'; known are " + String.join(", ", names));
    }
    all.add(0, all.remove(first));
    return new ChoiceMetrics(all);
  }

  @Override
  public String name() {
    return "choose";
  }

  @Override
  public List<String> terms(OptionalInt limit) {
    return List.of(Cut.text(truncation, limit));
  }

  @Override
  public DescribedTask<?> task(Frame frame, Material material) {
    List<ChooseTask.Question> questions = material.rows().stream().map(this::question).toList();
    List<String> before = material.before(shots, row -> question(row).solved(delimiter));
    List<ChooseTask.Item> items = new ArrayList<>();
    for (int i = 0; i < before.size(); i++) {
      ChooseTask.Question question = questions.get(i);
      items.add(
          new ChooseTask.Item(
              material.names().get(i),
              before.get(i) + question.prompt(),
              question.choices(),
              question.gold()));
    }
    return new ChooseTask(
        frame,
        material.digest(),
        items,
        new ChooseTask.Form(
            delimiter, Cut.truncation(truncation, frame.tokens()), metrics(metric)));
  }

  private ChooseTask.Question question(Row row) {
    List<String> texts =
        choicesField
            .map(row::texts)
            .orElseGet(
                () ->
                    choices.stream()
                        .map(choice -> Template.parse("choices", choice).filled(row))
                        .toList());
    if (texts.size() < LEAST_CHOICES) {
      throw row.bad("there is 1 choice or none; 2 or more are needed");
    }
    if (delimiter.isEmpty() && texts.contains("")) {
      throw row.bad("choice " + texts.indexOf("") + " is empty, and so is the delimiter");
    }
    return new ChooseTask.Question(
        Template.parse("prompt", prompt).filled(row), texts, gold(row, texts.size()));
  }

  private int gold(Row row, int count) {
    List<String> known =
        labelsField.map(row::texts).orElse(labels.isEmpty() ? numbers(count) : labels);
    String right = row.text(answer);
    int gold = known.indexOf(right);
    if (known.size() != count) {
      throw row.bad("there are " + known.size() + " labels and " + count + " choices");
    }
    if (gold < 0) {
      throw row.bad(
          "field '" + answer + "' is '" + right + "', none of " + String.join(", ", known));
    }
    if (Collections.frequency(known, right) > 1) {
      throw row.bad("label '" + right + "' is that of several choices");
    }
    return gold;
  }

  private static List<String> numbers(int count) {
    List<String> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      numbers.add(Integer.toString(i));
    }
    return numbers;
  }
}
