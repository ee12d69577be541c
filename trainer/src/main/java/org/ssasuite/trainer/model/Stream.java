package org.ssasuite.trainer.model;

/** Which attention a layer's output goes on with. */
public enum Stream {
  FULL("full"),
  /** Block-sparse attention; in NSA its three branches. */
  SPARSE("sparse");

  private final String text;

  Stream(String text) {
    this.text = text;
  }

  /** As logs and the command line write it. */
  public String text() {
    return text;
  }
}
