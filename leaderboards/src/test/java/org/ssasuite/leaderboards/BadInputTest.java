package org.ssasuite.leaderboards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.leaderboards.Terminal.Outcome;
import org.ssasuite.runtime.npy.NpyFile;
import org.ssasuite.runtime.npy.NpyFloats;
import org.ssasuite.runtime.npy.NpyInts;
import org.ssasuite.runtime.onnx.CudaProvider;

/** Wrong usage and bad input: status 2, one line that names what is wrong, nothing on stdout. */
class BadInputTest {
  @TempDir static Path shared;
  private static Path model;

  @TempDir Path folder;

  @BeforeAll
  static void writeModel() throws IOException {
    model = TinyModel.write(shared);
  }

  private static void refused(Outcome outcome, String fact) {
    assertThat(outcome.err()).contains(fact).doesNotContain("\tat ");
    assertThat(outcome.err().strip().lines()).hasSize(1);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.status()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "\"\"|Missing required subcommand",
        "teach|Unmatched argument",
        "run --chonk 5|Unknown options: '--chonk'",
        "run --chunk 0|--chunk: must be at least 1, not 0",
        "logprobs --model ssa-mini --mode full --ids a --chunk 0|--chunk: must be at least 1",
        "run --limit x|'x' is not an int",
        "run --limit 0|--limit: must be at least 1, not 0",
        "run --batch 0|--batch: must be at least 1",
        "run --threads 0|--threads: must be 1 to 1024, not 0",
        "run --threads 5000|--threads",
        "run --device tpu|--device tpu: is none of cpu, cuda",
        "run --precision bf16|--precision bf16: needs --device cuda",
        "run --precision int4|--precision int4: is none of fp32, fp16, bf16",
        "run --preset huge|'huge'",
        "run --suite glue|suite glue: is none of pg19, extrapolation, conformance, commonsense",
        "run --suite attention --tasks pg19|so it goes alone",
        "run --tasks mmlu|task mmlu: is none of pg19,",
        "run --tasks piqa --lengths 4k|--lengths: none of the tasks has a length; these do: pg19,",
        "run --tasks piqa --shots -1|--shots: must be at least 0, not -1",
        "run --tasks piqa --seeds 1,-2|--seeds: must be at least 0, not -2",
        "run --tasks piqa --seeds 1,x|'x' is not a long",
        "run --tasks piqa --shots 99|task piqa: draws 100 records for 99 shots",
        "run --tasks pg19 --shots 2|--shots: none of the tasks has shots; these do: piqa,",
        "run --seeds 2|--seeds: none of the tasks draws anything; these do: piqa,",
        "run --tasks pg19 --lengths 4m|length '4m'",
        "run --tasks pg19 --lengths 9999999k|length '9999999k'",
        "run --tasks pg19 --lengths 1|needs a window of 2 tokens",
        "run --model no-such|no such folder, and none of the embedded models fullattn-mini",
        "run --model ssa-mini --modes nsa|the model is no NSA model",
        "run --model ssa-mini --modes sparse:7x7|block size must be 8, 16, 32, 64 or 128",
        "run --model nsa-mini --modes full|model nsa-mini: attention mode 'full'",
        "run --model ssa-mini --rope ntk:4|rope scaling 'ntk:4'",
        "run --data no-such|no-such: no such folder",
        "report|Missing required parameter",
        "report no-such|results.json: no such file",
        "logprobs --model ssa-mini --mode full|Missing required argument",
        "logprobs --model ssa-mini --mode full --ids a --text b|mutually exclusive",
        "logprobs --model ssa-mini --mode full --text no-such|no-such: no such file",
        "generate --model ssa-mini --mode full --ids a|Missing required option: '--max-tokens=N'",
        "generate --model ssa-mini --mode full --ids a --max-tokens 0|--max-tokens: must be",
        "generate --model ssa-mini --mode full --text no-such --max-tokens 1|no-such: no such file",
        "samples --task pg19|task pg19: has no form in which samples could be shown",
        "samples --task mmlu|task mmlu: is none of pg19,",
        "samples --task piqa --shots -1|--shots: must be at least 0",
        "samples --task piqa --seed -1|--seed: must be at least 0",
        "samples --task piqa --count 0|--count: must be at least 1",
        "samples --task piqa --count 1 --fingerprint|leave --count out",
        "samples --task hellaswag|hellaswag_train.jsonl: no such file",
        "fuzz --n 0|--n: must be at least 1, not 0",
        "fuzz --reader csv|reader csv: is none of safetensors, safetensors-index, config,",
        "fuzz --case 3|--case: is of one reader",
        "op conv --in . --out .|operator conv: is none of attention",
        "op attention --in no-such --out .|no-such: no such folder",
        "op attention --in . --out . --isa sse|--isa sse: is none of",
        "train prepare --corpus no-such --tokenizer ssa-mini --out x|no-such: no such file",
        "train prepare --corpus . --tokenizer ssa-mini --out x|.: is a folder, not a file",
        "train prepare --corpus pom.xml --tokenizer no-such --out x|no-such/tokenizer.json: no",
        "train prepare --corpus pom.xml --tokenizer ssa-mini --out .|.: the folder is not empty",
        "train prepare --corpus pom.xml --tokenizer ssa-mini --end-token 4096 --out x|end token"
            + " 4096",
        "train prepare --corpus pom.xml --tokenizer ssa-mini --threads 0 --out x|--threads: must"
            + " be",
        "decontaminate --corpus no-such|no-such: no such file",
        "decontaminate --corpus pom.xml --suite glue|suite glue: is none of",
        "decontaminate --corpus pom.xml --data no-such|no-such: no such folder",
        "decontaminate --corpus pom.xml --out no-such/f|no-such/f: its folder does not exist",
        "model random --recipe no-such --seed 1 --out x|no-such: no such file",
        "model random --recipe ssa-mini --seed many --out x|'many'",
        "model round --model no-such --precision bf16 --out x|no such folder",
        "model round --model ssa-mini --precision fp64 --out x|is none of fp32, fp16, bf16",
      })
  void isOneLineAndStatusTwo(String words, String fact) {
    Object[] arguments = words.isEmpty() ? new Object[0] : words.split(" ");

    refused(Terminal.type(arguments), fact);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run",
        "bench",
        "logprobs --model ssa-mini --mode full --ids pom.xml",
        "op attention --in no-such --out x",
        "divergence --model ssa-mini --modes full --ids pom.xml"
      })
  void cudaWhereThereIsNoneSaysHowToGetIt(String words) {
    CudaProvider.Availability found = CudaProvider.find();
    assumeThat(found).isInstanceOf(CudaProvider.Absent.class);
    CudaProvider.Absent absent = (CudaProvider.Absent) found;

    refused(
        Terminal.type((Object[]) (words + " --device cuda").split(" ")),
        "--device cuda: " + absent.cause() + "; " + absent.remedy());
  }

  @Test
  void aSideOnCudaWhereThereIsNoneSaysHowToGetIt() {
    CudaProvider.Availability found = CudaProvider.find();
    assumeThat(found).isInstanceOf(CudaProvider.Absent.class);
    String words = "divergence --model ssa-mini --modes full --ids pom.xml --devices cpu,cuda";

    refused(
        Terminal.type((Object[]) words.split(" ")),
        "--device cuda: " + ((CudaProvider.Absent) found).cause());
  }

  @Test
  void runFolderWithABrokenManifestIsRefused() throws IOException {
    Files.writeString(folder.resolve("manifest.json"), "{}");

    refused(
        Terminal.type("run", "--model", model, "--tasks", "pg19", "--out", folder),
        folder.resolve("manifest.json") + ": has no schema");
  }

  @Test
  void runFolderWithResultsOnlyIsRefused() throws IOException {
    Files.writeString(folder.resolve("results.json"), "{}");

    refused(
        Terminal.type("run", "--model", model, "--tasks", "pg19", "--out", folder),
        folder + ": holds a run already (results.json), without its manifest");
  }

  @Test
  void runFolderInAFileIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");

    refused(
        Terminal.type("run", "--model", model, "--tasks", "pg19", "--out", file.resolve("run")),
        file.toString());
  }

  @Test
  void twoModelsOfOneNameAreRefused() throws IOException {
    Path other = folder.resolve("tiny");
    Files.createDirectories(other);
    try (var files = Files.list(model)) {
      for (Path file : files.toList()) {
        Files.copy(file, other.resolve(file.getFileName()));
      }
    }

    refused(
        Terminal.type("run", "--model", model, "--model", other, "--out", folder.resolve("r")),
        "has the same name as " + model);
  }

  @Test
  void modelWithoutTokenizerIsRefusedBeforeARun() throws IOException {
    Path bare = folder.resolve("bare");
    Files.createDirectories(bare);
    for (String file : List.of("config.json", "model.safetensors")) {
      Files.copy(model.resolve(file), bare.resolve(file));
    }
    Path out = folder.resolve("run");

    refused(
        Terminal.type("run", "--model", bare, "--tasks", "pg19", "--out", out),
        bare + ": has no tokenizer.json");
    assertThat(out).doesNotExist();
  }

  @Test
  void truncatedWeightsAreRefused() throws IOException {
    Path broken = folder.resolve("broken");
    Files.createDirectories(broken);
    Files.copy(model.resolve("config.json"), broken.resolve("config.json"));
    byte[] weights = Files.readAllBytes(model.resolve("model.safetensors"));
    Files.write(broken.resolve("model.safetensors"), Arrays.copyOf(weights, weights.length / 2));

    refused(
        Terminal.type("logprobs", "--model", broken, "--mode", "full", "--ids", "x"),
        "model.safetensors");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "1 2 4096|entry 2, 4096, is outside a vocabulary of 4096",
        "1 2 99999999999999999999|entry 2, 99999999999999999999, is outside",
        "1 -2|entry 1, '-2', is no token id",
        "1 2.0|entry 1, '2.0', is no token id",
        "1,2|entry 0, '1,2', is no token id",
        "\"\"|is empty: there is no token in it",
      })
  void wrongIdsAreRefused(String ids, String fact) throws IOException {
    Path file = Files.writeString(folder.resolve("ids.txt"), ids);

    refused(
        Terminal.type("logprobs", "--model", model, "--mode", "full", "--ids", file),
        file + ": " + fact);
  }

  @Test
  void textThatIsNotUtf8IsRefused() throws IOException {
    Path file = folder.resolve("text.txt");
    Files.write(file, "caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));

    refused(
        Terminal.type("logprobs", "--model", model, "--mode", "full", "--text", file),
        file + ": not UTF-8 at byte 3");
  }

  @Test
  void outputInAMissingFolderIsRefusedBeforeWeightsLoad() throws IOException {
    Path ids = Files.writeString(folder.resolve("ids.txt"), "1 2 3");
    Path out = folder.resolve("none/out.jsonl");

    refused(
        Terminal.type("logprobs", "--model", model, "--mode", "full", "--ids", ids, "--out", out),
        out + ": its folder does not exist");
  }

  @Test
  void unfinishedRunCannotBeReported() throws IOException {
    Files.writeString(folder.resolve("manifest.json"), "{}");

    refused(Terminal.type("report", folder), "results.json: no such file or folder");
  }

  @Test
  void truncatedResultsCannotBeReported() throws IOException {
    Files.writeString(folder.resolve("results.json"), "{\"schema\": \"ssasuite/results/1\"");

    refused(Terminal.type("report", folder), "results.json: truncated, or no JSON");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{",
        "{\"mode\": \"full\"}",
        "{\"mode\": \"sparse\", \"sequence_starts\": [0, 2]}",
        "{\"mode\": \"nsa\", \"sequence_starts\": [0, 2]}",
        "{\"mode\": \"nsa\", \"window\": 0, \"sequence_starts\": [0, 2]}",
        "{\"mode\": \"full\", \"sequence_starts\": [0, 3]}",
        "{\"mode\": \"full\", \"sequence_starts\": [1, 2]}",
        "{\"mode\": \"full\", \"sequence_starts\": [0, 2, 1, 2]}",
        "{\"mode\": \"full\", \"sequence_starts\": [0, 1.5, 2]}",
        "{\"mode\": \"full\", \"sequence_starts\": []}"
      })
  void wrongAttentionParametersAreRefused(String parameters) throws IOException {
    writeAttention(2, 2, 1, 32);
    Files.writeString(folder.resolve("params.json"), parameters);

    refused(
        Terminal.type("op", "attention", "--in", folder, "--out", folder.resolve("out")),
        folder.resolve("params.json").toString());
  }

  @Test
  void headDimensionWithoutKernelIsRefused() throws IOException {
    writeAttention(2, 2, 1, 24);

    refused(
        Terminal.type("op", "attention", "--in", folder, "--out", folder.resolve("out")),
        "head dimension 24; there are kernels for multiples of 16 from 16 to 256");
  }

  @Test
  void queryHeadsThatDoNotDivideAreRefused() throws IOException {
    writeAttention(2, 3, 2, 32);

    refused(
        Terminal.type("op", "attention", "--in", folder, "--out", folder.resolve("out")),
        "3 query heads cannot share 2 KV heads");
  }

  @Test
  void cosWithoutPositionsIsRefused() throws IOException {
    writeAttention(2, 2, 1, 32);
    NpyFile.write(folder.resolve("cos.npy"), new NpyFloats(List.of(4, 32), new float[128]));

    refused(
        Terminal.type("op", "attention", "--in", folder, "--out", folder.resolve("out")),
        "rotary needs cos, sin and positions");
  }

  @Test
  void targetOutsideTheVocabularyIsRefused() {
    NpyFile.write(folder.resolve("hidden.npy"), new NpyFloats(List.of(1, 4), new float[4]));
    NpyFile.write(folder.resolve("weight.npy"), new NpyFloats(List.of(3, 4), new float[12]));
    NpyFile.write(folder.resolve("targets.npy"), new NpyInts(List.of(1), new int[] {3}));

    refused(
        Terminal.type("op", "token_log_prob", "--in", folder, "--out", folder.resolve("out")),
        "targets.npy: element 0 is 3, outside 0 to 2");
  }

  private void writeAttention(int tokens, int queryHeads, int kvHeads, int headDim)
      throws IOException {
    NpyFloats q =
        new NpyFloats(
            List.of(tokens, queryHeads, headDim), new float[tokens * queryHeads * headDim]);
    NpyFloats k =
        new NpyFloats(List.of(tokens, kvHeads, headDim), new float[tokens * kvHeads * headDim]);
    NpyFile.write(folder.resolve("q.npy"), q);
    NpyFile.write(folder.resolve("k.npy"), k);
    NpyFile.write(folder.resolve("v.npy"), k);
    Files.writeString(
        folder.resolve("params.json"),
        "{\"mode\": \"full\", \"sequence_starts\": [0, " + tokens + "]}");
  }
}
