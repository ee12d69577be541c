package org.ssasuite.core;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;

/**
 * Something handed to the suite cannot be used: a file, a folder, an option. The message is one
 * line, the subject (mostly a path) followed by the fact; programs end with status 2.
 */
public final class BadInputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final int MAX_FACT_CHARACTERS = 500;

  private final String subject;
  private final String fact;

  public BadInputException(String subject, String fact) {
    this(subject, fact, null);
  }

  public BadInputException(Path file, String fact) {
    this(file.toString(), fact, null);
  }

  public BadInputException(String subject, String fact, Throwable cause) {
    super(VisibleText.of(subject) + ": " + shortened(fact), cause);
    this.subject = subject;
    this.fact = shortened(fact);
  }

  /** The fact alone if this is about a file, the whole message if it is about something else. */
  public String factOf(Path file) {
    return subject.equals(file.toString()) ? fact : getMessage();
  }

  /** What went wrong with a file, from the exception that the file system raised. */
  public static BadInputException io(Path file, IOException cause) {
    return new BadInputException(file.toString(), fact(cause), cause);
  }

  private static String fact(IOException cause) {
    if (cause instanceof NoSuchFileException) {
      return "no such file or folder";
    }
    if (cause instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (cause instanceof FileAlreadyExistsException) {
      return "exists and is not a folder";
    }
    if (cause instanceof NotDirectoryException) {
      return "not a folder";
    }
    if (cause instanceof FileSystemException fileSystem && fileSystem.getReason() != null) {
      return fileSystem.getReason();
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  /** The same for a file system that is mounted read-only, which Java reports unchecked. */
  public static BadInputException readOnly(Path file, ReadOnlyFileSystemException cause) {
    return new BadInputException(file.toString(), "read-only file system", cause);
  }

  private static String shortened(String fact) {
    // Cut before, too: what is quoted may be millions of characters.
    String head = fact.length() <= MAX_FACT_CHARACTERS ? fact : cut(fact);
    String line = VisibleText.of(head);
    return line.length() <= MAX_FACT_CHARACTERS + 1 ? line : cut(line);
  }

  private static String cut(String text) {
    return text.substring(0, MAX_FACT_CHARACTERS) + "…";
  }
}
