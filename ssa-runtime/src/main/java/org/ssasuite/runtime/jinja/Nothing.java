package org.ssasuite.runtime.jinja;

/** Python's {@code None}, a value like others in a template. */
public enum Nothing {
  NONE
}
