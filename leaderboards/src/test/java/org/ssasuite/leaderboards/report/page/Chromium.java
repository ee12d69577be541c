package org.ssasuite.leaderboards.report.page;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A browser without a window, Debian's where it is installed.
 *
 * @param program its path
 */
record Chromium(Path program) {
  private static final long LONGEST_SECONDS = 120;

  /** Absent where there is none. */
  static Optional<Chromium> find() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .flatMap(folder -> Stream.of("chromium", "chromium-browser").map(Path.of(folder)::resolve))
        .filter(Files::isExecutable)
        .findFirst()
        .map(Chromium::new);
  }

  /** What a page has become after its scripts have run, console messages before it. */
  String dom(Path page, int width, int height, Path folder) throws IOException {
    Path out = folder.resolve("dom-" + width + ".txt");
    run(page, width, height, folder, out, "--dump-dom");
    return Files.readString(out);
  }

  /** A picture of the page. */
  Path screenshot(Path page, int width, int height, Path folder) throws IOException {
    Path picture = folder.resolve("page-" + width + ".png");
    run(page, width, height, folder, folder.resolve("shot.txt"), "--screenshot=" + picture);
    return picture;
  }

  private void run(Path page, int width, int height, Path folder, Path out, String action)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(program.toString(), "--headless=new"));
    command.addAll(List.of("--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run"));
    command.addAll(List.of("--disable-background-networking", "--enable-logging=stderr", "--v=0"));
    command.add("--user-data-dir=" + folder.resolve("profile"));
    command.add("--virtual-time-budget=10000");
    command.add("--window-size=" + width + "," + height);
    command.add(action);
    command.add(page.toUri().toString());
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .start();
    try {
      if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("the browser did not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
