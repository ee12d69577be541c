package org.ssasuite.leaderboards.stats;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.Full;
import org.ssasuite.runtime.statistics.BlockBudget;
import org.ssasuite.runtime.statistics.HeadStatistics;
import org.ssasuite.runtime.statistics.QueryRange;
import org.ssasuite.runtime.statistics.StatisticColumns;
import org.ssasuite.runtime.statistics.StatisticGroup;
import org.ssasuite.runtime.statistics.StatisticsRequest;
import org.ssasuite.runtime.statistics.TextStatistics;

/** The output: a mean per statistic, layer and query head. Numbers are read back as they were. */
final class StatsJson {
  private static final String SCHEMA = "ssasuite/stats/1";

  private final String model;
  private final TextStatistics statistics;

  private StatsJson(String model, TextStatistics statistics) {
    this.model = model;
    this.statistics = statistics;
  }

  /**
   * The whole document, ended by a line feed.
   *
   * @param model its name, for the message too
   * @throws BadInputException if the model gives something that is no number
   */
  static String of(String model, TextStatistics statistics) {
    return new StatsJson(model, statistics).text();
  }

  private String text() {
    JsonMapper mapper = JsonMapper.builder().build();
    ObjectNode document = mapper.createObjectNode();
    document.put("schema", SCHEMA).put("model", model);
    document.put("mode", statistics.columns().mode().text());
    document.put("tokens", statistics.tokens());
    put(document, statistics.queries());
    ArrayNode budgets = document.putArray("budgets");
    asked().budgets().forEach(budget -> budgets.add(budget.text()));
    put(document.putArray("layers"), statistics.layers());
    ArrayNode buckets = document.putArray("buckets");
    for (TextStatistics.Bucket bucket : statistics.buckets()) {
      ObjectNode object = buckets.addObject();
      put(object, bucket.queries());
      put(object.putArray("layers"), bucket.layers());
    }
    try {
      return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(document) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of numbers and texts is always JSON", e);
    }
  }

  private StatisticsRequest asked() {
    return statistics.columns().asked();
  }

  private boolean has(StatisticGroup group) {
    return asked().groups().contains(group);
  }

  private static void put(ObjectNode object, QueryRange queries) {
    object.putArray("queries").add(queries.from()).add(queries.to());
  }

  private void put(ArrayNode array, List<HeadStatistics> layers) {
    for (HeadStatistics layer : layers) {
      ObjectNode object = array.addObject();
      if (layer.columns().compressed() && has(StatisticGroup.SINKS)) {
        putBranch(object.putObject("selected"), layer, 0);
        putBranch(object.putObject("window"), layer, 1);
        putCompressed(object.putObject("compressed"), layer);
      } else if (has(StatisticGroup.SINKS)) {
        putBranch(object, layer, 0);
      }
      if (layer.columns().mode() instanceof Full) {
        putBudgets(object, layer);
      }
      putGates(object, layer);
      object.put("activation_max", finite("activation_max", layer.residual().largest()));
      object.put("activation_median", finite("activation_median", layer.residual().meanMedian()));
    }
  }

  private void putBranch(ObjectNode to, HeadStatistics layer, int branch) {
    for (int i = 0; i < StatisticColumns.FIRST.size(); i++) {
      int which = i;
      String name = "first_" + StatisticColumns.FIRST.get(i);
      put(to, name, layer, head -> layer.first(branch, which, head));
      put(to, name + "_value", layer, head -> layer.firstValue(branch, which, head));
    }
    for (int i = 0; i < StatisticColumns.LAST.size(); i++) {
      int which = i;
      String name = "last_" + StatisticColumns.LAST.get(i);
      put(to, name, layer, head -> layer.last(branch, which, head));
    }
    ArrayNode masses = to.putArray("key_mass");
    for (int head = 0; head < layer.heads(); head++) {
      ArrayNode keys = masses.addArray();
      for (int key = 0; key < StatisticColumns.FIRST_KEYS; key++) {
        keys.add(finite("key_mass", layer.keyMass(branch, key, head)));
      }
    }
    put(to, "entropy_bits", layer, head -> layer.entropyBits(branch, head));
    putOptional(to, "entropy_normalised", layer, head -> layer.entropyNormalised(branch, head));
    put(to, "effective_keys", layer, head -> layer.effectiveKeys(branch, head));
  }

  private void putCompressed(ObjectNode to, HeadStatistics layer) {
    put(to, "entropy_bits", layer, layer::compressedEntropyBits);
    putOptional(to, "entropy_normalised", layer, layer::compressedEntropyNormalised);
  }

  private void putBudgets(ObjectNode to, HeadStatistics layer) {
    if (has(StatisticGroup.CAPTURE)) {
      putBudgets(to, "captured", layer, layer::captured);
      putBudgets(to, "captured_best", layer, layer::capturedBest);
    }
    if (has(StatisticGroup.ERROR)) {
      putBudgets(to, "output_error", layer, layer::outputError);
      putBudgets(to, "error_bound", layer, layer::errorBound);
    }
  }

  private interface OfBudget {
    double value(int budget, int head);
  }

  private void putBudgets(ObjectNode to, String name, HeadStatistics layer, OfBudget of) {
    ObjectNode object = to.putObject(name);
    List<BlockBudget> budgets = asked().budgets();
    for (int i = 0; i < budgets.size(); i++) {
      int budget = i;
      put(object, budgets.get(i).text(), layer, head -> of.value(budget, head));
    }
  }

  /** Null in a model without gates. */
  private void putGates(ObjectNode to, HeadStatistics layer) {
    if (layer.gates(0).isEmpty()) {
      to.putNull("gates");
      return;
    }
    ArrayNode gates = to.putArray("gates");
    for (int head = 0; head < layer.heads(); head++) {
      ArrayNode three = gates.addArray();
      for (double gate : layer.gates(head).orElseThrow()) {
        three.add(finite("gates", gate));
      }
    }
  }

  private void put(ObjectNode to, String name, HeadStatistics layer, IntToDoubleFunction ofHead) {
    putOptional(to, name, layer, head -> OptionalDouble.of(ofHead.applyAsDouble(head)));
  }

  /** Null is a mean over no query. */
  private void putOptional(
      ObjectNode to, String name, HeadStatistics layer, IntFunction<OptionalDouble> ofHead) {
    ArrayNode heads = to.putArray(name);
    for (int head = 0; head < layer.heads(); head++) {
      OptionalDouble value = ofHead.apply(head);
      if (value.isPresent()) {
        heads.add(finite(name, value.getAsDouble()));
      } else {
        heads.addNull();
      }
    }
  }

  private double finite(String name, double value) {
    if (!Double.isFinite(value)) {
      throw new BadInputException("model " + model, "its " + name + " is " + value);
    }
    return value;
  }
}
