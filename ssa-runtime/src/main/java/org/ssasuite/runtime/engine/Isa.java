package org.ssasuite.runtime.engine;

import java.util.Locale;

/** The instruction set that the operators use. */
public enum Isa {
  /** The widest that the processor has. */
  AUTO,
  AVX512,
  AVX2,
  /** Whatever every processor of the architecture has. */
  SCALAR;

  /** As the operators' attribute and command lines have it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
