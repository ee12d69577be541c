package org.ssasuite.runtime;

/** The number format that a model computes in. */
public enum Precision {
  FP32
}
