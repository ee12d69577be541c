package org.ssasuite.leaderboards.pull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.AtomicFile;

/**
 * A folder for repositories of a hub, in the form that Hugging Face's own programs have: contents
 * under their digests in {@code blobs}, a folder of links for each commit in {@code snapshots}, the
 * commits of branches in {@code refs}.
 */
record HubCache(Path repository) {
  static HubCache of(Path cache, HubName name) {
    return new HubCache(cache.resolve(name.folder()));
  }

  /** Where a file's content is, once all of it is there and has been seen to be right. */
  Path blob(HubFile file) {
    return repository.resolve("blobs").resolve(file.digest());
  }

  /** Where it grows. */
  Path growing(HubFile file) {
    return repository.resolve("blobs").resolve(file.digest() + ".incomplete");
  }

  Path snapshot(String commit) {
    return repository.resolve("snapshots").resolve(commit);
  }

  /** Makes the folders. */
  void make() {
    try {
      Files.createDirectories(repository.resolve("blobs"));
      Files.createDirectories(repository.resolve("refs"));
    } catch (IOException e) {
      throw BadInputException.io(repository, e);
    }
  }

  boolean has(HubFile file) {
    try {
      return Files.isRegularFile(blob(file)) && Files.size(blob(file)) == file.bytes();
    } catch (IOException e) {
      throw BadInputException.io(blob(file), e);
    }
  }

  /** A file that has grown whole takes its place. */
  void keep(HubFile file) {
    try {
      Files.move(growing(file), blob(file), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw BadInputException.io(blob(file), e);
    }
  }

  /** Puts a link to a content where the commit has the file. */
  void link(String commit, HubFile file) {
    Path link = snapshot(commit).resolve(file.path());
    try {
      Files.createDirectories(link.getParent());
      Path target = link.getParent().relativize(blob(file));
      if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(target)) {
        return;
      }
      if (Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
        throw new BadInputException(link, "is there, and is not this file");
      }
      Files.createSymbolicLink(link, target);
    } catch (IOException e) {
      throw BadInputException.io(link, e);
    }
  }

  /** Notes which commit a branch or tag is. */
  void note(String revision, String commit) {
    if (!revision.equals(commit)) {
      Path note = repository.resolve("refs").resolve(revision);
      try {
        Files.createDirectories(note.getParent());
      } catch (IOException e) {
        throw BadInputException.io(note.getParent(), e);
      }
      AtomicFile.write(note, commit);
    }
  }
}
