package org.ssasuite.runtime.onnx;

/** A run of a graph failed: an operator refused its inputs, or memory ran out. */
public final class OperatorFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public OperatorFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
