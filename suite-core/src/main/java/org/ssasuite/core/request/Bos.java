package org.ssasuite.core.request;

import org.ssasuite.core.python.PythonText;

/** Whether the token that begins texts stands before one that a model reads. */
public enum Bos {
  /** As the reference of the task has it: what a request says without a word about it. */
  AUTO,
  /** Once, whatever the tokenizer puts there by itself. */
  YES,
  /** Not, also where the tokenizer would put it; an empty context keeps its prefix token. */
  NO;

  /** As on command lines and in digests. */
  public String text() {
    return PythonText.lower(name());
  }
}
