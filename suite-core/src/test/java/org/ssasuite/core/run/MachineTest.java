package org.ssasuite.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineTest {
  @TempDir Path folder;

  @Test
  void processorIsTheFirstModelNameOfTheList() throws IOException {
    Path list =
        Files.writeString(
            folder.resolve("cpuinfo"),
            """
            processor\t: 0
            model\t\t: 85
            model name\t: Fast CPU @ 2.5GHz

            processor\t: 1
            model name\t: Slow CPU
            """);
    assertThat(Machine.processorName(list)).contains("Fast CPU @ 2.5GHz");
  }

  @Test
  void aListWithoutModelNamesNamesNone() throws IOException {
    Path list = Files.writeString(folder.resolve("cpuinfo"), "processor\t: 0\n");
    assertThat(Machine.processorName(list)).isEmpty();
  }

  @Test
  void noListNamesNone() {
    assertThat(Machine.processorName(folder.resolve("missing"))).isEmpty();
  }

  @Test
  void thisMachineHasProcessors() {
    assertThat(Machine.current().processors()).isPositive();
  }
}
