package org.ssasuite.runtime.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.checkpoint.ModelLayout;
import org.ssasuite.runtime.checkpoint.TinyCheckpoint;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.runtime.engine.Precision;

/**
 * The graphs of Llamas and SSA models are, byte for byte, those of commit 9825355, before other
 * families were computed: SHA-256 of what that commit wrote.
 */
class FrozenGraphTest {
  @ParameterizedTest
  @CsvSource({
    "llama-nsa, cpu, a7fcc0ab8f95b56b42d5960c7335da1ba148563b2eeaa84c0a9b295ca40aaa3e",
    "llama-nsa, cpu headless, 3d5fa7a37985a48d4f3539f095d6aed5665f2eccb9a4f77e6f8596bf9416def2",
    "llama-nsa, standalone, a08b234d2d3393f47b3ef9f4031e5d1cc1fd4db023b8dfe3207af43fe6488742",
    "llama-nsa, cuda, 0af8b33cdfd313fce77e34228e0a643140c3818c5e894c7e25a3bac1dec5cbde",
    "llama-nsa, cuda headless, 89d3dfe74540245a6ebd2bb3b59ce5bbfb9706fc9153475069ba0ca710513b51",
    "llama, cpu, f6823fefd71d4ad6578275e79f52298c1fa5723cdd095c6da4dbadb4c05f379a",
    "llama, cpu headless, 1709ef4c6893cae1061fc67a2817270a38eaf58339ba85c949388193a2f9d652",
    "llama, standalone, 406844a5c82912e92491c7441412a780825d9010cca2d480125e09a58077db50",
    "llama, cuda, f9674e66ad848da5b84062cae9060be71a4e623353f6d3f4678309d2176315bd",
    "llama, cuda headless, 5cb7dc11762ba9151a3236e18900a5f5b0ad85fff356e6b57b5e04178cab4e2d",
  })
  void aGraphIsWrittenAsItWas(String family, String kind, String digest) {
    boolean ssa = family.equals("llama-nsa");
    ModelConfig config =
        ModelConfig.of(
            Path.of("config.json"),
            TinyCheckpoint.config().put("model_type", family).put("tie_word_embeddings", ssa));
    ModelLayout layout = ModelLayout.of(config.sizes(), ssa);
    byte[] graph =
        switch (kind) {
          case "cpu" -> ModelGraph.write(config, layout, Isa.AUTO, 7);
          case "cpu headless" -> ModelGraph.writeHeadless(config, layout, Isa.AUTO, 7, true);
          case "standalone" -> ModelGraph.standalone(config, layout, "weights.bin", 96).model();
          case "cuda" -> CudaGraph.write(config, layout, Precision.BF16, 7);
          default -> CudaGraph.writeHeadless(config, layout, Precision.FP32, 7, true);
        };
    assertThat(sha256(graph)).isEqualTo(digest);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
