package org.ssasuite.leaderboards.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Every reader of the suite that is given files by others. A new one is a line here. */
final class FuzzedReaders {
  private static final String WEIGHTS = "model.safetensors";
  private static final String CONFIG = "config.json";

  private static final Seed NAMED_TOKENS =
      JsonSeed.of(
          "{\"tokenizer_class\": \"LlamaTokenizerFast\", \"bos_token\": {\"content\": \"<s>\","
              + " \"lstrip\": false}, \"eos_token\": \"</s>\", \"model_max_length\": 1e30}");

  private static final Seed LISTS =
      JsonLinesSeed.of(
          "{\"position\": 0, \"top\": [{\"id\": 3, \"logprob\": -0.25}]}\n"
              + "{\"7\": {\"logprob\": -1.5, \"rank\": 1, \"decoded_token\": \" a\"},"
              + " \"2\": {\"logprob\": -1.75, \"rank\": 2, \"decoded_token\": \"b\"}}\n"
              + "{\"position\": 2, \"top\": [{\"id\": 15, \"logprob\": -1},"
              + " {\"id\": 0, \"logprob\": -2.5}]}\n");

  private FuzzedReaders() {}

  static List<FuzzedReader> all() {
    return Stream.of(
            models(),
            GgufReadings.all(),
            ChatReadings.all(),
            data(),
            DescribedReadings.all(),
            runs(),
            OptionReadings.all(),
            PairReadings.all(),
            training(),
            EndpointReadings.all(),
            HubReadings.all(),
            PublishedReadings.all(),
            others())
        .flatMap(List::stream)
        .map(FuzzedReader::withOtherKinds)
        .toList();
  }

  private static List<FuzzedReader> models() {
    byte[] config = SeedFile.bytes(CONFIG);
    byte[] weights = SeedFile.weights();
    Seed tokenizers =
        Seed.oneOf(
            Stream.of("bpe", "unigram", "wordpiece", "wordlevel")
                .<Seed>map(kind -> SeedFile.json("tokenizer-" + kind + ".json"))
                .toList());
    Map<String, byte[]> shards =
        Map.of(
            CONFIG,
            config,
            "model-00001-of-00002.safetensors",
            weights,
            "model-00002-of-00002.safetensors",
            weights);
    return List.of(
        new FuzzedReader(
            "safetensors",
            WEIGHTS,
            SafetensorsSeed.of(weights),
            Map.of(CONFIG, config),
            ModelReadings::weights),
        new FuzzedReader(
            "safetensors-index",
            WEIGHTS + ".index.json",
            JsonSeed.of(SeedFile.index()),
            shards,
            ModelReadings::weights),
        new FuzzedReader(
            "config",
            CONFIG,
            SeedFile.json(CONFIG),
            Map.of(WEIGHTS, weights),
            ModelReadings::config),
        new FuzzedReader(
            "tensors",
            WEIGHTS,
            new AddedTensors(weights),
            Map.of(CONFIG, config),
            ModelReadings::tensors),
        new FuzzedReader(
            "config-keys",
            CONFIG,
            new ForeignKeys(config),
            Map.of(WEIGHTS, weights),
            ModelReadings::keys),
        FuzzedReader.alone("recipe", "recipe.json", SeedFile.json(CONFIG), ModelReadings::recipe),
        FuzzedReader.alone(
            "tokenizer", "tokenizer.json", Seed.orPacked(tokenizers), ModelReadings::tokenizer),
        FuzzedReader.alone(
            "tokenizer-grammar",
            "tokenizer.json",
            new TokenizerGrammar(),
            ModelReadings::tokenizerOfTheGrammar),
        FuzzedReader.alone(
            "tokenizer-config", "tokenizer_config.json", NAMED_TOKENS, ModelReadings::special),
        FuzzedReader.alone(
            "special-tokens-map", "special_tokens_map.json", NAMED_TOKENS, ModelReadings::special),
        FuzzedReader.alone(
            "generation-config",
            "generation_config.json",
            JsonSeed.of("{\"bos_token_id\": 1, \"eos_token_id\": [2, 5], \"do_sample\": false}"),
            ModelReadings::special));
  }

  private static List<FuzzedReader> data() {
    return List.of(
        DataReadings.documents("pg19", "pg19/beginnings.jsonl", lines("pg19.jsonl")),
        DataReadings.longBooks(),
        DataReadings.documents(
            "wikitext2",
            "wikitext2/wiki.test.raw",
            Seed.orPacked(new TextSeed(SeedFile.text("wikitext2.raw")))),
        DataReadings.questions("piqa", "piqa/valid.jsonl", "piqa/train.jsonl", "piqa.jsonl"),
        DataReadings.published("arc_easy", "arc/ARC-Easy-test.jsonl", "arc-hub.jsonl"),
        DataReadings.published("arc_challenge", "arc/ARC-Challenge-Test.jsonl", "arc-ai2.jsonl"),
        DataReadings.published("hellaswag", "hellaswag/hellaswag_val.jsonl", "hellaswag-hub.jsonl"),
        DataReadings.labels(),
        DataReadings.questions(
            "arc_easy", "arc/ARC-Easy-test.jsonl", "arc/ARC-Easy-train.jsonl", "arc.jsonl"),
        DataReadings.questions(
            "hellaswag",
            "hellaswag/hellaswag_val.jsonl",
            "hellaswag/hellaswag_train.jsonl",
            "hellaswag.jsonl"),
        DataReadings.questions(
            "winogrande", "winogrande/dev.jsonl", "winogrande/train_xl.jsonl", "winogrande.jsonl"),
        DataReadings.items("longbench", "qasper", "longbench/qasper.jsonl", "longbench.jsonl"),
        DataReadings.items(
            "longbench_v2", "longbench_v2", "longbench_v2/short.jsonl", "longbench_v2.jsonl"),
        DataReadings.predictions(),
        DataReadings.ruler("ruler-squad", "qa_1", "squad.json", "squad.json"),
        DataReadings.ruler("ruler-hotpotqa", "qa_2", "hotpotqa.json", "hotpotqa.json"),
        DataReadings.ruler("ruler-essays", "niah_single_2", "essays.json", "essays.json"));
  }

  private static List<FuzzedReader> runs() {
    String log = RunReadings.LOG;
    Map<String, byte[]> finished = SeedRun.finished();
    return List.of(
        FuzzedReader.alone(
            "results",
            "results.json",
            bothVersions("results.json", finished),
            RunReadings::results),
        FuzzedReader.alone(
            "manifest",
            "manifest.json",
            bothVersions("manifest.json", finished),
            RunReadings::manifest),
        FuzzedReader.alone(
            "samples", log, SeedFile.jsonLines("samples.jsonl"), RunReadings::samples),
        FuzzedReader.alone(
            "statistics",
            RunReadings.STATISTICS,
            JsonLinesSeed.of(new String(finished.get(SeedRun.STATISTICS), StandardCharsets.UTF_8)),
            RunReadings::statistics),
        FuzzedReader.alone(
            "attribution",
            RunReadings.ATTRIBUTION,
            JsonLinesSeed.of(new String(finished.get(SeedRun.ATTRIBUTION), StandardCharsets.UTF_8)),
            RunReadings::attribution),
        FuzzedReader.alone("unit", "4-6", new UnitSeed(), UnitSeed::read),
        FuzzedReader.alone(
            "baseline",
            "baseline.json",
            bothVersions("baseline.json", finished),
            RunReadings::baseline));
  }

  /** A file as the first version wrote it, and as it is written now. */
  private static Seed bothVersions(String name, Map<String, byte[]> finished) {
    String now = new String(finished.get(name), StandardCharsets.UTF_8);
    return Seed.oneOf(List.of(SeedFile.json(name), JsonSeed.of(now)));
  }

  private static List<FuzzedReader> training() {
    return List.of(
        FuzzedReader.alone(
            "train-recipe",
            "recipe.json",
            SeedFile.json("train-recipe.json"),
            TrainReadings::recipe),
        new FuzzedReader(
            "token-shards",
            "data.json",
            SeedFile.json("data.json"),
            TrainReadings.shards(),
            TrainReadings::shards),
        FuzzedReader.alone("corpus", "corpus.jsonl", lines("pg19.jsonl"), TrainReadings::corpus));
  }

  private static List<FuzzedReader> others() {
    return List.of(
        FuzzedReader.alone("npy", "q.npy", new NpySeed(SeedFile.npy()), OtherReadings::npy),
        FuzzedReader.alone(
            "logits-npy", "b.npy", new NpySeed(SeedFile.npy()), OtherReadings::logits),
        FuzzedReader.alone(
            "logits-safetensors",
            "b.safetensors",
            SafetensorsSeed.of(SeedFile.logits()),
            OtherReadings::logits),
        FuzzedReader.alone("logits-lists", "b.jsonl", Seed.orPacked(LISTS), OtherReadings::lists),
        FuzzedReader.alone(
            "params", "params.json", SeedFile.json("params.json"), OtherReadings::params),
        FuzzedReader.passage(
            "ids",
            "ids.txt",
            Seed.orPacked(new TextSeed(SeedFile.text("ids.txt"))),
            OtherReadings::ids),
        FuzzedReader.passage(
            "text",
            "text.txt",
            Seed.orPacked(new TextSeed(SeedFile.text("text.txt"))),
            OtherReadings::text));
  }

  private static Seed lines(String name) {
    return Seed.orPacked(SeedFile.jsonLines(name));
  }
}
