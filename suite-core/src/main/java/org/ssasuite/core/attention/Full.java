package org.ssasuite.core.attention;

/** Every token attends to itself and to all tokens before it. */
public record Full() implements AttentionMode {
  @Override
  public String text() {
    return "full";
  }
}
