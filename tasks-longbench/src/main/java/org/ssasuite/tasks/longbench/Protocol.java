package org.ssasuite.tasks.longbench;

import java.util.List;
import java.util.Optional;
import org.ssasuite.core.python.PythonText;
import org.ssasuite.core.request.Chat;
import org.ssasuite.core.request.EndTokens;
import org.ssasuite.core.request.Truncation;

/** Who puts LongBench's questions how. Figures of different protocols are not comparable. */
enum Protocol {
  /**
   * LongBench itself: middle truncation, greedy, first line of the few-shot sets.
   *
   * <p>Reference: THUDM/LongBench 2e00731f, {@code LongBench/pred.py}.
   */
  ORIGINAL("", "longbench-2e00731f", "middle", "greedy/no-chat-template") {
    @Override
    Truncation truncation(DataSet set, int maxTokens) {
      return new Truncation.Middle(maxTokens);
    }

    /** The model is better off without on examples and on code, the reference says. */
    @Override
    Optional<Chat> chat(DataSet set, Optional<Chat> chat) {
      return chat.filter(any -> !set.has(DataSet.Trait.NO_CHAT));
    }

    @Override
    Put put(String prompt, Truncation truncation, Optional<Chat> chat) {
      return new Put(
          prompt,
          chat.<Truncation>map(one -> new Truncation.InChat(truncation, one)).orElse(truncation));
    }

    @Override
    List<String> stops(DataSet set) {
      return List.of();
    }

    @Override
    EndTokens ends(DataSet set) {
      return set.has(DataSet.Trait.ENDS_AT_LINE_FEED)
          ? new EndTokens(1, List.of("\n"))
          : EndTokens.ofModel();
    }

    @Override
    String scored(DataSet set, String prediction) {
      return set.scored(prediction);
    }
  },

  /**
   * lm-evaluation-harness 0.4.9's tasks {@code longbench_*} (3.0), as far as greedy decoding can
   * follow them: their prompts hold a backslash and an n where LongBench has line feeds, they cut
   * from the left to the limit less the new tokens, strip predictions but of code, and let a line
   * feed stop the few-shot sets, so that a prediction which begins with one is empty. They sample
   * with temperature 1; this is greedy.
   */
  LM_EVAL(
      "@lmeval-0.4.9",
      "lm-eval-0.4.9-longbench-3.0",
      "left",
      "backslash-n/greedy-where-it-samples/no-chat-template") {
    @Override
    String template(DataSet set) {
      return PromptTemplates.of(set).replace("\n", "\\n");
    }
  },

  /**
   * The same with line feeds and greedy, as the table of SSA's paper was made (zhenyi4/ssa
   * 53034194, {@code fix_longbench_config.py}).
   */
  LM_EVAL_FIXED(
      "@lmeval-0.4.9-ssa",
      "lm-eval-0.4.9-longbench-3.0",
      "left",
      "line-feeds/greedy/no-chat-template");

  private final String suffix;
  private final String reference;
  private final String side;
  private final String rest;

  Protocol(String suffix, String reference, String side, String rest) {
    this.suffix = suffix;
    this.reference = reference;
    this.side = side;
    this.rest = rest;
  }

  /** What task names end with. */
  String suffix() {
    return suffix;
  }

  /** Where prompts that are too long are cut. */
  String side() {
    return side;
  }

  /** Everything that figures must share to be compared. */
  String text(int maxTokens) {
    return String.join("/", reference, side + "-" + maxTokens, rest);
  }

  String template(DataSet set) {
    return PromptTemplates.of(set);
  }

  Truncation truncation(DataSet set, int maxTokens) {
    return new Truncation.Left(Math.max(1, maxTokens - set.newTokens()));
  }

  /** What of a chat template that a user wants a data set has. */
  Optional<Chat> chat(DataSet set, Optional<Chat> chat) {
    return chat;
  }

  /** A prompt and what is read of it. */
  record Put(String prompt, Truncation truncation) {}

  /**
   * What is put to the model.
   *
   * @param chat of the data set; absent: none
   */
  Put put(String prompt, Truncation truncation, Optional<Chat> chat) {
    return new Put(chat.map(one -> one.asked(prompt)).orElse(prompt), truncation);
  }

  List<String> stops(DataSet set) {
    return set.has(DataSet.Trait.FIRST_LINE) ? List.of("\n") : List.of();
  }

  EndTokens ends(DataSet set) {
    return EndTokens.ofModel();
  }

  /** What of a prediction is scored. */
  String scored(DataSet set, String prediction) {
    return set.category() == Category.CODE ? prediction : PythonText.strip(prediction);
  }
}
