package org.ssasuite.tasks.ruler;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.ssasuite.core.files.Digests;
import org.ssasuite.tasks.ruler.generator.RulerSample;
import org.ssasuite.tasks.ruler.generator.RulerVersion;

/**
 * The first samples of a task.
 *
 * @param digest SHA-256 of their lines as their reference writes them, a line feed behind each
 */
record SampleSet(List<RulerSample> samples, String digest) {
  SampleSet {
    samples = List.copyOf(samples);
    Objects.requireNonNull(digest);
  }

  static SampleSet of(List<RulerSample> samples, RulerVersion version, int length) {
    Stream<String> lines =
        samples.stream().map(sample -> SampleLine.of(sample, version, length) + "\n");
    return new SampleSet(samples, Digests.sha256(lines));
  }
}
