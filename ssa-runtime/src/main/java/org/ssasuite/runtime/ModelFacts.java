package org.ssasuite.runtime;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.RandomBlocks;
import org.ssasuite.core.files.HashedFiles;
import org.ssasuite.core.run.Machine;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.checkpoint.RopeScaling;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.runtime.engine.Precision;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.gguf.GgufFile;
import org.ssasuite.runtime.graph.ModeCode;
import org.ssasuite.runtime.onnx.PagePool;
import org.ssasuite.runtime.tokenizer.TextTokenizer;

/**
 * What can change a model's results: its files, and how it is run. Made before it is loaded, once.
 *
 * @param files that it is made of
 * @param deviceName what the maker calls the processor or the GPU
 * @param isa the operators' instruction set, never {@link Isa#AUTO}; absent on a GPU
 * @param rope rotary scaling as {@code --rope} has it
 * @param rotary all that rotary angles are computed from
 * @param epsilon of the norms
 * @param layout sizes, gates and window in one line
 * @param weights what formats they lie in, of a GGUF file
 * @param tokenizer the digest of the one that a GGUF file brings; absent where its own file has one
 * @param specialTokens what the files say of them
 */
public record ModelFacts(
    HashedFiles files,
    Device device,
    String deviceName,
    Precision precision,
    Optional<Isa> isa,
    String rope,
    String rotary,
    double epsilon,
    String layout,
    long parameters,
    String specialTokens,
    Optional<String> weights,
    Optional<String> tokenizer) {
  /** How the names of facts begin that are digests of files. */
  public static final String FILE = "sha256:";

  public ModelFacts {
    Objects.requireNonNull(files);
    Objects.requireNonNull(device);
    Objects.requireNonNull(deviceName);
    Objects.requireNonNull(precision);
    Objects.requireNonNull(isa);
    Objects.requireNonNull(rope);
    Objects.requireNonNull(rotary);
    Objects.requireNonNull(layout);
    Objects.requireNonNull(specialTokens);
    Objects.requireNonNull(weights);
    Objects.requireNonNull(tokenizer);
  }

  /**
   * Reads every file of a model, for its digest.
   *
   * @param rope replaces what the config states; absent: that stays
   */
  public static ModelFacts of(
      Checkpoint checkpoint, RuntimeOptions options, Optional<RopeScaling> rope) {
    RopeScaling scaling = rope.orElse(checkpoint.config().ropeScaling());
    boolean cpu = options.device() == Device.CPU;
    return new ModelFacts(
        HashedFiles.read(checkpoint.files()),
        options.device(),
        cpu ? Machine.current().processor() : PagePool.cudaDevice().name(),
        options.precision(),
        cpu ? Optional.of(PagePool.resolved(options.isa())) : Optional.empty(),
        scaling.text(),
        rotary(checkpoint.config(), scaling),
        checkpoint.config().normEpsilon(),
        checkpoint.shape(),
        checkpoint.parameters(),
        checkpoint.specialTokens().text(),
        checkpoint.ggufFormats(),
        checkpoint.tokenizerFile().filter(GgufFile::isNamed).map(TextTokenizer::identity));
  }

  private static String rotary(ModelConfig config, RopeScaling scaling) {
    String part =
        config.turnedDim() == config.headDim()
            ? ""
            : ", %d of %d features".formatted(config.turnedDim(), config.headDim());
    return "theta " + config.ropeTheta() + ", " + scaling.parameters() + part;
  }

  /** The same in a mode, which may have facts of its own. */
  public Map<String, String> byName(AttentionMode mode) {
    Map<String, String> facts = byName();
    if (ModeCode.isDrawn(mode)) {
      facts.put("random_blocks", RandomBlocks.GENERATOR);
    }
    return facts;
  }

  /** By the names that manifests and results have for them. */
  public Map<String, String> byName() {
    Map<String, String> facts = new TreeMap<>();
    files.digests().forEach((file, digest) -> facts.put(FILE + file, digest));
    facts.put("device", device.text());
    facts.put("device_name", deviceName);
    facts.put("precision", precision.text());
    isa.ifPresent(one -> facts.put("isa", one.text()));
    facts.put("rope", rope);
    facts.put("rotary", rotary);
    facts.put("norm_epsilon", Double.toString(epsilon));
    facts.put("shape", layout);
    facts.put("parameters", Long.toString(parameters));
    facts.put("special_tokens", specialTokens);
    weights.ifPresent(formats -> facts.put("weights", formats));
    tokenizer.ifPresent(digest -> facts.put("tokenizer", digest));
    return facts;
  }
}
