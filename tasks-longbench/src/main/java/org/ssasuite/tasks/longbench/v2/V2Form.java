package org.ssasuite.tasks.longbench.v2;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ssasuite.core.python.PythonText;
import org.ssasuite.core.request.EndTokens;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Observe;
import org.ssasuite.core.request.RateContinuation;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Truncation;
import org.ssasuite.core.task.FollowUp;
import org.ssasuite.tasks.longbench.text.PackedText;

/**
 * How LongBench v2's questions are asked.
 *
 * <p>Reference: THUDM/LongBench 2e00731f, {@code pred.py}, {@code prompts/}. Placeholders are
 * filled one behind the other, so that one which stands in a document is filled too. The reference
 * samples with temperature 0.1 behind a chat endpoint; this is greedy, without a chat template.
 */
public enum V2Form {
  ZERO_SHOT("longbench_v2", "0shot"),

  /** Reasoning first, 1,024 tokens; then the answer from it, without the document. */
  CHAIN_OF_THOUGHT("longbench_v2_cot", "0shot_cot") {
    @Override
    List<Request<?>> requests(V2Item item, int maxTokens) {
      return List.of(asked(filled(template(), item.context(), item), REASONING_TOKENS, maxTokens));
    }

    @Override
    Optional<FollowUp> followUp(V2Item item) {
      String prompt = filled("0shot_cot_ans", item.context(), item);
      int at = prompt.indexOf(REASONING);
      return Optional.of(
          new FollowUp(
              prompt.substring(0, at), prompt.substring(at + REASONING.length()), NEW_TOKENS));
    }
  },
  NO_CONTEXT("longbench_v2_no_context", "0shot_no_context"),

  /** Of the pieces that the record has, in the document's order, in place of the document. */
  RAG("longbench_v2_rag", "0shot_rag") {
    @Override
    String document(V2Item item) {
      return String.join("\n\n", item.retrieved().orElseThrow());
    }
  },

  /** A protocol of our own: which of the four letters is the most probable behind the prompt. */
  LOG_LIKELIHOOD("longbench_v2_ll", "0shot") {
    @Override
    List<Request<?>> requests(V2Item item, int maxTokens) {
      String context = filled(template(), item.context(), item) + "\n\nThe correct answer is";
      return V2Item.LETTERS
          .chars()
          .<Request<?>>mapToObj(
              letter ->
                  new RateContinuation(
                      context,
                      " (" + (char) letter + ")",
                      Observe.nothing(),
                      new Truncation.MiddleTogether(maxTokens)))
          .toList();
    }
  };

  private static final String REASONING = "$COT$";
  private static final int NEW_TOKENS = 128;
  private static final int REASONING_TOKENS = 1024;

  private final String text;
  private final String template;

  V2Form(String text, String template) {
    this.text = text;
    this.template = template;
  }

  static Optional<V2Form> named(String name) {
    return Arrays.stream(values()).filter(form -> form.text.equals(name)).findFirst();
  }

  public String text() {
    return text;
  }

  String template() {
    return template;
  }

  /** Everything that figures must share to be compared. */
  String protocol(int maxTokens) {
    return "longbench-v2-2e00731f/"
        + template
        + "/middle-"
        + maxTokens
        + (this == LOG_LIKELIHOOD ? "/log-likelihood" : "/greedy")
        + "/no-chat-template";
  }

  /** What stands where the template has the document. */
  String document(V2Item item) {
    return item.context();
  }

  List<Request<?>> requests(V2Item item, int maxTokens) {
    return List.of(asked(filled(template, document(item), item), NEW_TOKENS, maxTokens));
  }

  private static Generate asked(String prompt, int newTokens, int maxTokens) {
    return new Generate(
        prompt,
        newTokens,
        List.of(),
        Observe.nothing(),
        new Truncation.MiddleTogether(maxTokens),
        EndTokens.ofModel());
  }

  /** What is asked behind the first answer; absent: nothing. */
  Optional<FollowUp> followUp(V2Item item) {
    return Optional.empty();
  }

  static String filled(String template, String document, V2Item item) {
    String prompt =
        PackedText.whole("prompts/v2/" + template + ".txt")
            .replace("$DOC$", PythonText.strip(document))
            .replace("$Q$", item.question());
    for (int i = 0; i < item.choices().size(); i++) {
      prompt = prompt.replace("$C_" + V2Item.LETTERS.charAt(i) + "$", item.choices().get(i));
    }
    return prompt;
  }
}
