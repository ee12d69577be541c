package org.ssasuite.runtime.engine;

import java.util.Locale;

/** What a model runs on. */
public enum Device {
  CPU,
  /** The first NVIDIA GPU, through ONNX Runtime's CUDA provider. */
  CUDA;

  /** As command lines have it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
