package org.ssasuite.core.request;

/** A chat template: what a model reads where a user says something to it. */
public interface Chat {
  /** What tells it from others, SHA-256 in hex: of the template and of what it was told. */
  String digest();

  /** One message of a user, up to where the answer begins. */
  String asked(String message);

  /** The same with the answer's beginning, which the model goes on with. */
  String begun(String message, String answer);

  /** Its name in protocols. */
  default String text() {
    return "chat-template-" + digest().substring(0, 12);
  }
}
