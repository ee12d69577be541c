package org.ssasuite.core.request;

import java.util.Objects;

/** How a prompt becomes tokens, and what is cut of one that has too many. Lengths are in tokens. */
public sealed interface Truncation {
  /** The text form, part of a request's digest. */
  String text();

  /** The tokens of the text alone, nothing added and nothing cut. */
  record Whole() implements Truncation {
    @Override
    public String text() {
      return "whole";
    }
  }

  /**
   * LongBench's rule (THUDM/LongBench 2e00731f, {@code LongBench/pred.py}, {@code get_pred}). The
   * text is encoded with the special tokens that the tokenizer puts around one. If these are more
   * than {@code maxTokens}, the first and the last half as many are decoded, each by itself and
   * without special tokens, and the two texts together are encoded in their place, again with
   * special tokens. An odd limit loses a token, and what is read is not cut a second time, so that
   * it may be longer than the limit.
   */
  record Middle(int maxTokens) implements Truncation {
    public Middle {
      if (maxTokens < 2) {
        throw new IllegalArgumentException("two halves of " + maxTokens + " tokens");
      }
    }

    /** Tokens that are kept at either end of a text that is too long. */
    public int half() {
      return maxTokens / 2;
    }

    @Override
    public String text() {
      return "middle:" + maxTokens;
    }
  }

  /**
   * LongBench v2's rule (THUDM/LongBench 2e00731f, {@code pred.py}, {@code query_llm}): as {@link
   * Middle}, but the two halves are decoded together, and an odd limit loses nothing.
   */
  record MiddleTogether(int maxTokens) implements Truncation {
    public MiddleTogether {
      if (maxTokens < 2) {
        throw new IllegalArgumentException("two halves of " + maxTokens + " tokens");
      }
    }

    @Override
    public String text() {
      return "middle-together:" + maxTokens;
    }
  }

  /**
   * A prompt that is cut before a chat template has it, as LongBench does ({@code
   * LongBench/pred.py}, {@code get_pred}, {@code build_chat}): what the template makes of it is not
   * cut, so that it may be longer than the limit.
   *
   * @param rule by which the prompt is cut
   */
  record InChat(Truncation rule, Chat chat) implements Truncation {
    public InChat {
      Objects.requireNonNull(chat);
      if (!(rule instanceof Middle) && !(rule instanceof MiddleTogether)) {
        throw new IllegalArgumentException(rule.text() + " before a chat template");
      }
    }

    @Override
    public String text() {
      return rule.text() + "/" + chat.text();
    }
  }

  /**
   * lm-evaluation-harness's rule (EleutherAI/lm-evaluation-harness 0.4.9, {@code
   * lm_eval/models/huggingface.py}, {@code tok_batch_encode}): the last {@code maxTokens} tokens of
   * the text, no special token added.
   */
  record Left(int maxTokens) implements Truncation {
    public Left {
      if (maxTokens < 1) {
        throw new IllegalArgumentException("the last " + maxTokens + " tokens");
      }
    }

    @Override
    public String text() {
      return "left:" + maxTokens;
    }
  }
}
