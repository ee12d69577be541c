package org.ssasuite.leaderboards;

import org.ssasuite.leaderboards.program.ExitStatus;

/**
 * What the launcher starts. Java ends with status 1 when a program's classes cannot be loaded, as
 * for want of file descriptors, and 1 means that a check says no; this class needs no other one to
 * say otherwise.
 */
public final class Start {
  /** A copy: the enum that has it may be what cannot be loaded. */
  private static final int BAD_INPUT = 2;

  private Start() {}

  /** Runs one command and ends with its exit status. */
  public static void main(String[] arguments) {
    if (Boolean.getBoolean("ssa.probe")) { // the launcher tries whether Java gets as far as this
      String version = "java.specification.version";
      System.out.println(version + " = " + System.getProperty(version));
      return;
    }
    try {
      Suite.main(arguments);
    } catch (LinkageError | OutOfMemoryError e) {
      System.err.println(
          "ssa: cannot be started: "
              + e
              + "; a limit of the shell (ulimit -n, -v, -u) may be too low, or the build is not"
              + " whole: 'mvn clean package -DskipTests'");
      Runtime.getRuntime().halt(BAD_INPUT);
    } catch (RuntimeException e) {
      e.printStackTrace();
      Runtime.getRuntime().halt(ExitStatus.BUG.code());
    }
  }
}
