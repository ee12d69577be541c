package org.ssasuite.trainer.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ssasuite.core.BadInputException;

class TrainSpecFileTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** SSA's recipe at 300M with other values: {@code key=value}, apart by blanks. */
  private static TrainSpec changed(String changes) throws JsonProcessingException {
    String text = TrainSpecFile.text(Recipes.recipe("ssa-300m"));
    ObjectNode tree = (ObjectNode) MAPPER.readTree(text);
    for (String change : changes.split(" ", -1)) {
      int equals = change.indexOf('=');
      String[] keys = change.substring(0, equals).split("\\.", -1);
      ObjectNode parent = tree;
      for (int i = 0; i < keys.length - 1; i++) {
        parent = (ObjectNode) parent.get(keys[i]);
      }
      String value = change.substring(equals + 1);
      if (value.isEmpty()) {
        parent.remove(keys[keys.length - 1]);
      } else {
        parent.set(keys[keys.length - 1], MAPPER.readTree(value));
      }
    }
    return TrainSpecFile.of("my.json", tree.toString());
  }

  /** SSA's paper, Table 3: every row that was trained. A change that changes nothing would fail. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "MoBA|variant=\"moba\" streams=null alignment=null",
        "FullRatio 1|streams.full_ratio=1",
        "FullRatio .75|streams.full_ratio=0.75",
        "FullRatio .25|streams.full_ratio=0.25",
        "FullRatio 0|streams.full_ratio=0",
        "train 8x16|attention.block_count=8",
        "train 16x32|attention.block_size=32",
        "train 16x64|attention.block_size=64",
        "random each layer|streams.choice=\"layer\"",
        "only full to sparse|alignment.directions=\"full_to_sparse\"",
        "only sparse to full|alignment.directions=\"sparse_to_full\"",
        "no alignment loss|alignment.directions=\"none\"",
        "alpha 5|alignment.weight=5",
        "alpha 20|alignment.weight=20",
        "L2 loss, alpha 5|alignment.norm=\"l2\" alignment.weight=5",
        "before the gate, as Algorithm 1|alignment.point=\"before_gate\"",
        "one masking for both streams|rows.masking=\"consistent\"",
        "no masking|rows.masking=\"none\"",
        "one draw a step|streams.choice=\"step\"",
      })
  void ablationsCanBeSaid(String ablation, String changes) throws JsonProcessingException {
    TrainSpec spec = changed(changes);

    assertThat(spec).as(ablation).isNotEqualTo(Recipes.recipe("ssa-300m"));
    assertThat(TrainSpecFile.of("again", TrainSpecFile.text(spec))).isEqualTo(spec);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "schema=\"ssasuite/recipe/2\"|schema is \"ssasuite/recipe/2\", not ssasuite/recipe/1",
        "schema=|schema is missing, not ssasuite/recipe/1",
        "batsch=3|batsch is no key of a recipe",
        "attention.blocksize=16|attention.blocksize is no key of a recipe",
        "attention.block_size=|attention.block_size is missing",
        "optimizer=|optimizer is missing",
        "seed=-1|seed is -1; it must lie between 0 and 4294967295",
        "seed=1.5|seed is 1.5; a whole number is needed",
        "model.hidden_size=\"x\"|model.hidden_size is \"x\"; a whole number is needed",
        "model.hidden_size=0|model.hidden_size is 0; it must lie between 1 and 268435456",
        "model.hidden_size=null|model.hidden_size is null; a whole number is needed",
        "model.num_key_value_heads=3|model.num_key_value_heads is 3; it must divide",
        "model.head_dim=24|model.head_dim is 24; it must be a multiple of 16",
        "model.eos_token_id=128256|model.eos_token_id is 128256; it must lie between",
        "model.tie_word_embeddings=1|model.tie_word_embeddings is 1; true or false is needed",
        "model.rope_scaling={\"factor\":0.5}|model.rope_scaling.",
        "variant=\"dense\"|variant is \"dense\"; known are full, moba, nsa, ssa",
        "variant=null|variant is null",
        "variant=\"full\"|streams is stated; it is for variant ssa, and this is full",
        "streams=null|streams is missing; it is for variant ssa, and this is ssa",
        "streams.full_ratio=1.1|streams.full_ratio is 1.1; it must lie between 0 and 1",
        "streams.choice=0|streams.choice is 0; ",
        "attention.window=128|attention.window is stated; it is for variant nsa",
        "attention.block_size=24|attention.block_size is 24; it must be 8, 16, 32, 64 or 128",
        "alignment.weight=-1|alignment.weight is -1.0; it must be 0 or more",
        "rows.tokens=16384|rows.tokens is 16384; max_position_embeddings is 8192",
        "rows=7|rows is 7; an object is needed",
        "batch.rows=1000000|batch.rows is 1000000; a micro-batch may have 268435456 tokens",
        "schedule.warmup_steps=20000|schedule.warmup_steps is 20000 of 15894 steps",
        "batch.steps= batch.tokens=5|batch.tokens is 5; a step takes 3145728",
        "batch.tokens=5|batch.tokens is no key of a recipe",
        "schedule.warmup_steps= schedule.warmup_share=2|schedule.warmup_share is 2; it must lie",
        "schedule.min_learning_rate=1|schedule.min_learning_rate is 1.0; the peak is 0.001",
        "schedule.peak_learning_rate=1e308|schedule.peak_learning_rate is 1.0E308; it must be at most",
        "schedule.peak_learning_rate=1e4|schedule.peak_learning_rate is 10000.0; it must be at most",
        "optimizer.weight_decay=1e31|optimizer.weight_decay is 1.0E31; it must be at most 1.0E30",
        "optimizer.beta2=1|optimizer.beta2 is 1.0; it must lie between 0 and 1, without 1",
        "optimizer.clip=0|optimizer.clip is 0.0; it must be above 0",
        "checkpoint_every=0|checkpoint_every is 0; it must be at least 1",
      })
  void impossibleRecipesNameFileAndKey(String changes, String fact) {
    assertThatThrownBy(() -> changed(changes))
        .isInstanceOf(BadInputException.class)
        .message()
        .startsWith("my.json: " + fact);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"[]|not a JSON object", "{|not JSON: it ends too early", "7|not a JSON object"})
  void otherThingsThanObjectsAreRefused(String text, String fact) {
    assertThatThrownBy(() -> TrainSpecFile.of("my.json", text))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("my.json: " + fact);
  }
}
