package org.ssasuite.runtime.operator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.StreamSupport;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.ModelBudget;
import org.ssasuite.core.testing.Golden;
import org.ssasuite.runtime.random.RandomStreams;

/** What PyTorch in fp64 makes of attention inputs that a formula gives. */
@SuppressWarnings("ArrayRecordComponent") // test data, never compared as a record
public record GoldenAttention(String name, AttentionInputs inputs, double[] out, int[] selected) {

  /** All cases of the file. */
  public static List<GoldenAttention> all() {
    return Golden.vectors("attention.jsonl.xz").stream().map(GoldenAttention::of).toList();
  }

  private static GoldenAttention of(JsonNode line) {
    int tokens = line.required("tokens").intValue();
    int queryHeads = line.required("query_heads").intValue();
    int kvHeads = line.required("kv_heads").intValue();
    int headDim = line.required("head_dim").intValue();
    double scale = line.required("scale").doubleValue();
    RandomStreams streams = new RandomStreams(line.required("seed").longValue());
    int[] starts = ints(line.required("sequence_starts"));
    AttentionInputs inputs =
        new AttentionInputs(
            tokens,
            queryHeads,
            kvHeads,
            headDim,
            streams.named("q").normals(tokens * queryHeads * headDim, scale),
            streams.named("k").normals(tokens * kvHeads * headDim, scale),
            streams.named("v").normals(tokens * kvHeads * headDim, scale),
            line.required("gates").booleanValue()
                ? Optional.of(streams.named("gates").units(tokens * queryHeads * 3))
                : Optional.empty(),
            line.required("rotary").isNull()
                ? Optional.empty()
                : Optional.of(
                    rotary(
                        line.required("rotary").required("theta").doubleValue(), headDim, starts)),
            starts,
            mode(line));
    return new GoldenAttention(
        line.required("name").textValue(),
        inputs,
        StreamSupport.stream(line.required("out").spliterator(), false)
            .mapToDouble(JsonNode::doubleValue)
            .toArray(),
        line.has("selected") ? ints(line.required("selected")) : new int[0]);
  }

  private static AttentionMode mode(JsonNode line) {
    OptionalInt window =
        line.has("window")
            ? OptionalInt.of(line.required("window").intValue())
            : OptionalInt.empty();
    return AttentionMode.parse(
        line.required("mode").textValue(), new ModelBudget(Optional.empty(), window));
  }

  /** Positions that start again in every sequence, and the table for them. */
  static Rotary rotary(double theta, int headDim, int[] starts) {
    int tokens = starts[starts.length - 1];
    int[] positions = new int[tokens];
    for (int s = 0; s + 1 < starts.length; s++) {
      for (int t = starts[s]; t < starts[s + 1]; t++) {
        positions[t] = t - starts[s];
      }
    }
    float[] cos = new float[tokens * headDim];
    float[] sin = new float[tokens * headDim];
    for (int p = 0; p < tokens; p++) {
      for (int d = 0; d < headDim; d++) {
        double angle = p * Math.pow(theta, -2.0 * (d % (headDim / 2)) / headDim);
        cos[p * headDim + d] = (float) Math.cos(angle);
        sin[p * headDim + d] = (float) Math.sin(angle);
      }
    }
    return new Rotary(tokens, cos, sin, positions);
  }

  private static int[] ints(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::intValue).toArray();
  }

  @Override
  public String toString() {
    return name;
  }
}
