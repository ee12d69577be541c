package org.ssasuite.runtime.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import org.junit.jupiter.api.Test;

class TokenizerLibraryTest {
  @Test
  void theJarHasABuildForEachMachineThatTheSuiteRunsOn() {
    assertThat(TokenizersLibrary.class.getResource(TokenizerLibrary.resource("Linux", "amd64")))
        .isNotNull();
    assertThat(TokenizersLibrary.class.getResource(TokenizerLibrary.resource("Linux", "aarch64")))
        .isNotNull();
  }

  @Test
  void aMachineWithoutABuildHasNoResource() {
    assertThat(TokenizersLibrary.class.getResource(TokenizerLibrary.resource("Linux", "riscv64")))
        .isNull();
  }
}
