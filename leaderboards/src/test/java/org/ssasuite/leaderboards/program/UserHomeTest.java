package org.ssasuite.leaderboards.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserHomeTest {
  @TempDir Path folder;

  @Test
  void javasAnswerIsTakenWhereItCanBeWritten() {
    assertThat(UserHome.usable(folder.toString(), Map.of("HOME", "/"))).contains(folder);
  }

  @Test
  void aUserWithoutANameHasTheHomeOfTheEnvironment() {
    assertThat(UserHome.usable("?", Map.of("HOME", folder.toString()))).contains(folder);
  }

  @Test
  void withoutAHomeTheCacheFolderHasToDo() {
    String missing = folder.resolve("missing").toString();
    Map<String, String> environment = Map.of("HOME", missing, "XDG_CACHE_HOME", folder.toString());

    assertThat(UserHome.usable("/nowhere", environment)).contains(folder);
  }

  @Test
  void aFolderWithinTheWorkingFolderIsNoHome() {
    assertThat(UserHome.usable("?", Map.of("HOME", "src"))).isEmpty();
  }
}
