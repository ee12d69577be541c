package org.ssasuite.core.testing;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.run.Machine;
import org.ssasuite.core.run.RunManifest;
import org.ssasuite.core.run.RunSpec;

/** What a run that was never made has been asked. */
public final class MadeUpRun {
  private MadeUpRun() {}

  /**
   * Of model m on the CPU, with nothing planned.
   *
   * @param schema the manifest's
   */
  public static RunManifest manifest(String schema, List<TaskOrder> orders) {
    RunSpec spec =
        new RunSpec(
            "custom",
            List.of("m"),
            List.of(),
            orders,
            Optional.empty(),
            Optional.empty(),
            "cpu",
            "fp32",
            1,
            2,
            4096,
            true,
            Optional.empty(),
            false);
    return new RunManifest(
        schema,
        spec,
        "0.1",
        Optional.of("abc"),
        new Machine("Linux", "amd64", "a processor", 2, "17"),
        List.of(),
        Map.of(),
        Map.of(),
        List.of(),
        0);
  }
}
