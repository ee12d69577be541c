package org.ssasuite.leaderboards.report.extrapolation;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.ssasuite.core.extrapolation.LengthCurve;
import org.ssasuite.core.extrapolation.SafeLength;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.report.Source;
import org.ssasuite.core.run.RunFolder;
import org.ssasuite.core.run.SampleRecord;
import org.ssasuite.core.run.attention.WatchedRow;

/**
 * A result by length, with what its logs hold.
 *
 * @param runNumber of its run in the report, from 1
 * @param samples in the order of the log
 * @param watched where the attention of the rated tokens went; absent where nobody looked
 */
public record LengthResult(
    ReportedResult reported,
    int runNumber,
    LengthCurve curve,
    List<SampleRecord> samples,
    Optional<WatchedRow> watched) {
  public LengthResult {
    Objects.requireNonNull(reported);
    Objects.requireNonNull(curve);
    samples = List.copyOf(samples);
    Objects.requireNonNull(watched);
  }

  /**
   * Reads the samples of a result that has figures by length; absent if it has none.
   *
   * @throws org.ssasuite.core.BadInputException if the log cannot be read
   */
  public static Optional<LengthResult> read(
      ReportedResult reported, int runNumber, Optional<WatchedRow> watched) {
    return LengthCurve.of(reported.result())
        .map(
            curve ->
                new LengthResult(
                    reported,
                    runNumber,
                    curve,
                    RunFolder.readSamples(
                        Path.of(reported.run()),
                        reported.result().model(),
                        reported.result().task()),
                    watched));
  }

  String model() {
    return reported.model();
  }

  String mode() {
    return reported.mode();
  }

  /** How it reads positions. */
  String rope() {
    return rope(reported);
  }

  static String rope(ReportedResult reported) {
    return reported.result().model().facts().getOrDefault("rope", "");
  }

  Source source() {
    return reported.source();
  }

  /** In pictures. */
  String name(boolean severalRuns) {
    String own = model() + " " + mode();
    return severalRuns ? own + " " + rope() + " run " + runNumber : own;
  }

  /** Nats per token that count as nothing. */
  double margin() {
    return SafeLength.margin(reported.order());
  }

  /** What results must share to be of the same lengths of the same books. */
  List<Object> contest() {
    return List.of(
        reported.result().task(), reported.result().protocol(), reported.result().dataDigest());
  }
}
