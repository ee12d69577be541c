package org.ssasuite.leaderboards.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.run.Machine;
import org.ssasuite.core.run.RunManifest;
import org.ssasuite.core.task.Task;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.leaderboards.program.Version;
import org.ssasuite.runtime.RuntimeOptions;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.onnx.OnnxSession;
import org.ssasuite.runtime.onnx.OperatorLibrary;

/** Where a run's numbers come from. */
final class Provenance {
  private static final long MILLIS_PER_SECOND = 1000;

  private Provenance() {}

  /** Reads every file of every model, for its digest. */
  static RunManifest manifest(RunPlan plan, Home home) {
    List<ModelCard> models = new ArrayList<>();
    for (PlannedModel model : plan.models()) {
      Map<String, String> facts = facts(model, plan.engine().options());
      model.modes().forEach(mode -> models.add(card(model.checkpoint(), mode, facts)));
    }
    Map<String, String> data = new TreeMap<>();
    for (PlannedTask planned : plan.tasks()) {
      Task<?> task = planned.task();
      data.put(task.id().name(), task.dataDigest());
    }
    return new RunManifest(
        RunManifest.SCHEMA,
        plan.spec(),
        Version.text(),
        home.commit(),
        Machine.current(),
        models,
        data,
        Map.of(
            "operators",
            "sha256:" + Digests.sha256(OperatorLibrary.find().require()),
            "onnxruntime",
            OnnxSession.version()),
        System.currentTimeMillis() / MILLIS_PER_SECOND);
  }

  private static ModelCard card(
      Checkpoint checkpoint, AttentionMode mode, Map<String, String> facts) {
    return new ModelCard(
        checkpoint.name(), mode.text(), OptionalInt.of(checkpoint.config().trainedTokens()), facts);
  }

  /** The same as the loaded model's, before it is loaded. */
  private static Map<String, String> facts(PlannedModel model, RuntimeOptions options) {
    Checkpoint checkpoint = model.checkpoint();
    Map<String, String> facts = new TreeMap<>();
    checkpoint.digests().forEach((file, digest) -> facts.put("sha256:" + file, digest));
    facts.put("device", options.device().name().toLowerCase(Locale.ROOT));
    facts.put("precision", options.precision().name().toLowerCase(Locale.ROOT));
    facts.put("isa", options.isa().text());
    facts.put("rope", model.rope().orElse(checkpoint.config().ropeScaling()).text());
    facts.put("shape", checkpoint.shape());
    facts.put("parameters", Long.toString(checkpoint.parameters()));
    return facts;
  }
}
