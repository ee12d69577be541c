package org.ssasuite.runtime.checkpoint;

import java.util.OptionalInt;

/**
 * What the configs of a family mean where they do not say it: transformers leaves out values that
 * are its own.
 *
 * <p>Source: the configuration classes of transformers 5.24.
 *
 * @param kvHeads absent: as many as query heads
 * @param headDim absent: the width by the query heads
 * @param trained {@code max_position_embeddings}
 * @param theta the base of rotary waves
 * @param epsilon of the norms
 * @param tied whether the vocabulary head is the embedding
 * @param endToken that ends a generation
 */
record FamilyDefaults(
    OptionalInt kvHeads,
    OptionalInt headDim,
    int trained,
    double theta,
    double epsilon,
    boolean tied,
    OptionalInt endToken) {
  static final FamilyDefaults LLAMA =
      new FamilyDefaults(
          OptionalInt.empty(), OptionalInt.empty(), 2_048, 10_000, 1e-6, false, OptionalInt.of(2));
  static final FamilyDefaults MISTRAL =
      new FamilyDefaults(
          OptionalInt.of(8), OptionalInt.empty(), 131_072, 10_000, 1e-6, false, OptionalInt.of(2));
  static final FamilyDefaults QWEN2 =
      new FamilyDefaults(
          OptionalInt.of(32),
          OptionalInt.empty(),
          32_768,
          10_000,
          1e-6,
          false,
          OptionalInt.empty());
  static final FamilyDefaults QWEN3 =
      new FamilyDefaults(
          OptionalInt.of(32),
          OptionalInt.of(128),
          32_768,
          10_000,
          1e-6,
          false,
          OptionalInt.empty());
  static final FamilyDefaults SMOLLM3 =
      new FamilyDefaults(
          OptionalInt.of(4),
          OptionalInt.empty(),
          32_768,
          2_000_000,
          1e-6,
          true,
          OptionalInt.of(128_001));
  static final FamilyDefaults PHI3 =
      new FamilyDefaults(
          OptionalInt.empty(),
          OptionalInt.empty(),
          4_096,
          10_000,
          1e-5,
          false,
          OptionalInt.of(32_000));

  /** Of MiniCPM's published configuration class. */
  static final FamilyDefaults MINICPM =
      new FamilyDefaults(
          OptionalInt.empty(), OptionalInt.empty(), 2_048, 10_000, 1e-6, true, OptionalInt.of(2));
}
