package org.ssasuite.leaderboards.doctor;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.BlockSparse;
import org.ssasuite.core.attention.Full;
import org.ssasuite.core.attention.SelectionRule;
import org.ssasuite.core.attention.ThreeBranch;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.operator.AttentionInputs;
import org.ssasuite.runtime.operator.AttentionOutputs;
import org.ssasuite.runtime.operator.OperatorSession;
import org.ssasuite.runtime.oracle.AttentionOracle;
import org.ssasuite.runtime.random.RandomStreams;

/** Puts the attention operator to a small case in each kind of mode, against the fp64 formula. */
final class SelfCheck {
  private static final int TOKENS = 83;
  private static final int QUERY_HEADS = 4;
  private static final int KV_HEADS = 2;
  private static final int HEAD_DIM = 32;

  /** Of float32 sums over at most 83 products of unit-scale values; a wrong formula is far off. */
  private static final double TOLERANCE = 1e-4;

  private static final List<AttentionMode> MODES =
      List.of(new Full(), new BlockSparse(8, 3, SelectionRule.EXACT), new ThreeBranch(8, 2, 16));

  private SelfCheck() {}

  static Finding run(RuntimeOptions options, String name) {
    StringBuilder facts = new StringBuilder();
    boolean well = true;
    try (OperatorSession session = OperatorSession.open(options)) {
      for (AttentionMode mode : MODES) {
        AttentionInputs inputs = inputs(mode);
        AttentionOutputs outputs = session.attention(inputs);
        AttentionOracle oracle = new AttentionOracle(inputs);
        Optional<String> wrongChoice = oracle.explain(outputs.selected());
        if (wrongChoice.isPresent()) {
          return bad(name, mode.text() + ": " + wrongChoice.get());
        }
        double worst = worst(outputs.out(), oracle.out(outputs.selected()));
        well &= worst <= TOLERANCE;
        facts
            .append(facts.length() == 0 ? "" : ", ")
            .append(mode.text())
            .append(String.format(Locale.ROOT, " within %.1e", worst));
      }
    }
    return well
        ? Finding.well(name, "attention agrees with the fp64 formula: " + facts)
        : bad(name, facts.toString());
  }

  private static Finding bad(String name, String facts) {
    return Finding.bad(
        name,
        "attention is off the fp64 formula: " + facts,
        "rebuild with 'mvn clean package -DskipTests'; if that does not help, report it");
  }

  private static AttentionInputs inputs(AttentionMode mode) {
    RandomStreams streams = new RandomStreams(1);
    return new AttentionInputs(
        TOKENS,
        QUERY_HEADS,
        KV_HEADS,
        HEAD_DIM,
        streams.named("q").normals(TOKENS * QUERY_HEADS * HEAD_DIM, 1),
        streams.named("k").normals(TOKENS * KV_HEADS * HEAD_DIM, 1),
        streams.named("v").normals(TOKENS * KV_HEADS * HEAD_DIM, 1),
        Optional.empty(),
        Optional.empty(),
        new int[] {0, 0, 50, TOKENS},
        mode);
  }

  /** Not a number compares as infinitely far off. */
  private static double worst(float[] found, double[] expected) {
    double worst = found.length == expected.length ? 0 : Double.POSITIVE_INFINITY;
    for (int i = 0; i < Math.min(found.length, expected.length); i++) {
      double off = Math.abs(found[i] - expected[i]);
      worst = Double.isNaN(off) ? Double.POSITIVE_INFINITY : Math.max(worst, off);
    }
    return worst;
  }
}
