package org.ssasuite.core.testing;

import org.ssasuite.core.request.Chat;

/** A chat template that a test can read: roles in angle brackets, a token that begins it all. */
public record ToyChat() implements Chat {
  @Override
  public String digest() {
    return "c0ffee".repeat(11).substring(0, 64);
  }

  @Override
  public String asked(String message) {
    return "<s><user>" + message + "</user>\n<assistant>\n";
  }

  @Override
  public String begun(String message, String answer) {
    return asked(message) + answer;
  }
}
