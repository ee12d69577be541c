package org.ssasuite.runtime;

/** What a model runs on. */
public enum Device {
  CPU
}
