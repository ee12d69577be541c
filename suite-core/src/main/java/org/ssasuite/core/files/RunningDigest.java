package org.ssasuite.core.files;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of what was added so far. Mutable, one owner. */
public final class RunningDigest {
  private final MessageDigest digest;

  /** Of nothing yet. */
  public RunningDigest() {
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  public void add(byte[] bytes, int from, int length) {
    digest.update(bytes, from, length);
  }

  /** 64 lower-case hex digits; more may be added behind. */
  public String hex() {
    try {
      return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
    } catch (CloneNotSupportedException e) {
      throw new AssertionError("Java's own SHA-256 can be cloned", e);
    }
  }
}
