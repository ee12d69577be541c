package org.ssasuite.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.testing.Golden;

/** Rotary waves are transformers' to fp32, from configs as it writes them. */
class RopeScalingTest {
  private static final Path FILE = Path.of("config.json");

  /** What fp32 may lose on the way to a frequency: a power, a quotient, a ramp. */
  private static final double RELATIVE = 1e-6;

  static List<Vector> vectors() {
    return Golden.vectors("rotary.jsonl.xz").stream().map(Vector::new).toList();
  }

  /** Named, so that a failure says which case it is. */
  record Vector(JsonNode json) {
    @Override
    public String toString() {
      return json.required("name").asText();
    }

    ModelConfig config() {
      ObjectNode config = TinyCheckpoint.config().put("model_type", "llama");
      config.remove("rope_theta");
      config.setAll((ObjectNode) json.required("config"));
      return ModelConfig.of(FILE, config);
    }
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void frequenciesAreThoseOfTransformers(Vector vector) {
    ModelConfig config = vector.config();
    RopeScaling scaling = config.ropeScaling();
    JsonNode frequencies = vector.json().required("frequencies");
    assertThat(frequencies).hasSize(config.headDim() / 2);
    for (int pair = 0; pair < frequencies.size(); pair++) {
      double wanted = frequencies.get(pair).doubleValue();
      assertThat(scaling.frequency(pair, config.headDim(), config.ropeTheta()))
          .as("pair %d", pair)
          .isCloseTo(wanted, within(RELATIVE * wanted));
    }
    double amplitude = vector.json().required("amplitude").doubleValue();
    assertThat(scaling.amplitude()).isCloseTo(amplitude, within(RELATIVE * amplitude));
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void tablesAreThoseOfTransformers(Vector vector) {
    ModelConfig config = vector.config();
    JsonNode positions = vector.json().required("positions");
    int half = config.headDim() / 2;
    for (int row = 0; row < positions.size(); row++) {
      int position = positions.get(row).intValue();
      RotaryTable table =
          RotaryTable.of(position, 1, config.headDim(), config.ropeTheta(), config.ropeScaling());
      // An angle in fp32 is as far off as its size allows.
      double tolerance = 1e-6 + 2e-7 * position;
      for (int i = 0; i < half; i++) {
        double cos = vector.json().required("cos").get(row * half + i).doubleValue();
        double sin = vector.json().required("sin").get(row * half + i).doubleValue();
        assertThat((double) table.cos()[i]).isCloseTo(cos, within(tolerance));
        assertThat((double) table.sin()[half + i]).isCloseTo(sin, within(tolerance));
      }
    }
  }

  @Test
  void whatIsAskedForIsStretchedFromTheTrainedLength() {
    assertThat(RopeScaling.parse("linear:2.5", 512)).isEqualTo(new RopeScaling.Linear(2.5));
    assertThat(RopeScaling.parse("llama3:4", 512)).isEqualTo(new RopeScaling.Llama3(4, 1, 4, 512));
    assertThat(RopeScaling.parse("yarn:4", 512))
        .isEqualTo(new RopeScaling.Yarn(4, 512, 32, 1, true, 0.1 * Math.log(4) + 1));
    assertThat(RopeScaling.parse("yarn:4", 512).text()).isEqualTo("yarn:4");
    assertThat(RopeScaling.parse("linear:2.5", 512).text()).isEqualTo("linear:2.5");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "yarn | not default or linear:FACTOR or llama3:FACTOR or yarn:FACTOR",
        "dynamic:2 | not default or linear:FACTOR or llama3:FACTOR or yarn:FACTOR",
        "linear:-1 | not default or linear:FACTOR or llama3:FACTOR or yarn:FACTOR",
        "linear:0.5 | factor 0.5 of linear rope scaling",
        "yarn:0 | factor 0.0 of yarn rope scaling",
      })
  void anythingElseIsRefused(String text, String fact) {
    assertThatThrownBy(() -> RopeScaling.parse(text, 512))
        .isInstanceOf(BadInputException.class)
        .hasMessage("rope scaling '" + text + "': " + fact);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'rope_type': 'linear'} | 'factor' is missing",
        "{'rope_type': 'linear', 'factor': 4, 'beta_fast': 32} | 'beta_fast' in 'rope_scaling' is 32, which is not known here",
        "{'rope_type': 'linear', 'factor': 4, 'attention_factor': 2} | 'attention_factor' is 2; known is 1",
        "{'rope_type': 'yarn', 'original_max_position_embeddings': 64} | 'factor' is missing",
        "{'rope_type': 'yarn', 'factor': 4, 'beta_fast': 1, 'beta_slow': 2} | yarn rope scaling between 1.0 and 2.0 turns in 256 tokens",
        "{'rope_type': 'yarn', 'factor': 4, 'truncate': 1} | 'truncate' is 1; true or false is needed",
        "{'rope_type': 'dynamic', 'factor': 4, 'original_max_position_embeddings': 64} | 'original_max_position_embeddings' is 64, and 'max_position_embeddings' 256, from which dynamic scaling counts",
        "{'rope_type': 'dynamic', 'factor': 4, 'alpha': 1000} | 'alpha' in 'rope_scaling' is 1000, which is not known here",
        "{'rope_type': 'longrope', 'short_factor': [1, 2], 'long_factor': [1]} | 'long_factor' is [1]; 16 positive numbers are needed",
        "{'rope_type': 'longrope'} | 'long_factor' is missing",
        "{'rope_type': 'su'} | 'rope_type' is 'su'; known are default, linear, llama3, yarn, dynamic, longrope",
      })
  void aScalingThatIsNotComputedIsRefusedByName(String rope, String fact)
      throws JsonProcessingException {
    ObjectNode config = TinyCheckpoint.config();
    config.set("rope_scaling", new ObjectMapper().readTree(rope.replace('\'', '"')));
    assertThatThrownBy(() -> ModelConfig.of(FILE, config))
        .isInstanceOf(BadInputException.class)
        .hasMessage("config.json: " + fact);
  }

  @Test
  void wavesThatDependOnTheWholeTextHaveALimit() {
    assertThat(new RopeScaling.Dynamic(4, 512).limit().orElseThrow().tokens()).isEqualTo(512);
    assertThat(new RopeScaling.LongRope(List.of(1.0), 64, 1).limit().orElseThrow().tokens())
        .isEqualTo(64);
    assertThat(RopeScaling.parse("yarn:4", 512).limit()).isEmpty();
  }
}
