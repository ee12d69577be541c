package org.ssasuite.leaderboards.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import org.ssasuite.core.run.Machine;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.onnx.OnnxSession;
import org.ssasuite.runtime.onnx.PagePool;

/** A bench for machines: all digits, what is absent is left out. */
final class BenchJson {
  private static final String SCHEMA = "ssasuite/bench/1";

  private BenchJson() {}

  static String of(BenchReport report) {
    JsonMapper mapper = JsonMapper.builder().addModule(new Jdk8Module()).build();
    BenchPlan plan = report.plan();
    ObjectNode document = mapper.createObjectNode().put("schema", SCHEMA);
    report.commit().ifPresent(commit -> document.put("commit", commit));
    document.set("machine", mapper.valueToTree(Machine.current()));
    document.put("onnxruntime", OnnxSession.version());
    document.put("device", plan.engine().options().device().text());
    if (plan.engine().options().device() == Device.CUDA) {
      document.put("cuda", PagePool.cudaDevice().text());
    }
    document.put("precision", plan.engine().options().precision().text());
    document.put("threads", plan.engine().options().threads());
    document.put("chunk", plan.engine().scheduling().chunkTokens());
    document.put("new_tokens", plan.newTokens());
    document.put("repeats", plan.repeats());
    put(document.putObject("yardsticks"), report.yardsticks());
    ArrayNode rows = document.putArray("rows");
    report.rows().forEach(row -> put(rows.addObject(), report, row));
    try {
      return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(document) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of numbers and texts is always JSON", e);
    }
  }

  private static void put(ObjectNode document, Yardsticks yardsticks) {
    document.put("matmul_rows", yardsticks.matrixRows());
    document.put("matmul_gflop_per_second", yardsticks.matrixProduct());
    document.put("copy_gigabytes_per_second", yardsticks.copy());
    ArrayNode kernels = document.putArray("kernels");
    for (Yardsticks.Kernel kernel : yardsticks.kernels()) {
      ObjectNode entry = kernels.addObject();
      entry.put("model", kernel.model()).put("operator", kernel.operator());
      entry.put("shape", kernel.shape());
      entry.put("gflop_per_second", kernel.rate());
      entry.put("of_matmul", kernel.rate() / yardsticks.matrixProduct());
    }
  }

  private static void put(ObjectNode entry, BenchReport report, SpeedRow row) {
    SpeedRow.Case what = row.what();
    ColdReading cold = row.cold();
    entry.put("model", what.model()).put("mode", what.mode().text());
    entry.put("length", what.length()).put("batch", what.batch());
    put(entry.putObject("first_token_millis"), row.firstToken());
    entry.put("prefill_tokens_per_second", row.prefillTokensPerSecond());
    put(entry.putObject("step_millis"), row.step());
    entry.put("decode_tokens_per_second", row.decodeTokensPerSecond());
    cold.overIdleBytes().ifPresent(bytes -> entry.put("peak_over_idle_bytes", bytes));
    cold.deviceBytes().ifPresent(bytes -> entry.put("device_bytes", bytes));
    entry.put("weight_bytes", what.weightBytes(report.plan().engine().options().precision()));
    entry.put("cache_bytes", cold.cache().bytes());
    entry.put("selections_proved", cold.cache().proved());
    entry.put("selections_exact", cold.cache().exact());
    ObjectNode operators = entry.putObject("prefill_operator_millis");
    cold.prefill()
        .microsByOperator()
        .forEach((operator, micros) -> operators.put(operator, micros / 1e3));
  }

  private static void put(ObjectNode entry, Timings timings) {
    entry.put("median", timings.medianMillis());
    entry.put("least", timings.shortestMillis()).put("most", timings.longestMillis());
    entry.put("readings", timings.nanos().size());
  }
}
