package org.ssasuite.leaderboards.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.run.RunSpec;
import org.ssasuite.core.run.Serving;
import org.ssasuite.core.task.Sample;
import org.ssasuite.core.task.Task;
import org.ssasuite.leaderboards.model.ModelShelf;
import org.ssasuite.runtime.EndpointNeeds;
import org.ssasuite.runtime.checkpoint.TokenizerFolder;
import org.ssasuite.runtime.endpoint.Abilities;
import org.ssasuite.runtime.endpoint.ApiKey;
import org.ssasuite.runtime.endpoint.CallPolicy;
import org.ssasuite.runtime.endpoint.EndpointAddress;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.Precision;
import org.ssasuite.runtime.engine.RuntimeOptions;

/** What a run can have of a model that a server computes, found out before anything runs. */
final class ServedRun {
  private ServedRun() {}

  /**
   * Whether models and what is said of a server belong together.
   *
   * @throws BadInputException if one is there without the other, or there are two servers
   */
  static void requireServing(List<String> models, Optional<Serving> serving) {
    List<String> addresses = models.stream().filter(EndpointAddress::is).toList();
    addresses.forEach(EndpointAddress::parse);
    if (addresses.size() > 1) {
      throw new BadInputException(
          "--model " + addresses.get(1), "is the second endpoint; a run takes one");
    }
    if (addresses.isEmpty() && serving.isPresent()) {
      throw new BadInputException(
          "--served " + serving.get().served(), "goes with --model http://HOST/v1");
    }
    if (!addresses.isEmpty() && serving.isEmpty()) {
      throw new BadInputException(
          "--model " + addresses.get(0), "needs --served: the model's name on that server");
    }
  }

  /** The model of an address, of which the server has not been asked yet. */
  static ServedModel model(String address, Serving serving, ModelShelf shelf) {
    return ServedModel.of(
        EndpointAddress.parse(address),
        serving.served(),
        TokenizerFolder.open(shelf.find(serving.tokenizer())));
  }

  /**
   * What no server shows or is told.
   *
   * @throws BadInputException that names the option
   */
  static void require(RunSpec spec, List<RunModel> models, RuntimeOptions options) {
    Optional<RunModel> served = models.stream().filter(ServedModel.class::isInstance).findFirst();
    if (served.isEmpty()) {
      return;
    }
    if (spec.observe().isPresent() || spec.attribution()) {
      throw refused("--observe", "an endpoint shows nothing of attention");
    }
    if (spec.rope().isPresent()) {
      throw refused("--rope " + spec.rope().get(), "an endpoint computes as its server was told");
    }
    boolean alone = models.size() == 1;
    if (alone && (options.device() != Device.CPU || options.precision() != Precision.FP32)) {
      throw refused(
          "--device " + options.device().text(), "an endpoint computes where its server does");
    }
  }

  private static BadInputException refused(String option, String fact) {
    return new BadInputException(option, fact);
  }

  /**
   * Looks at the servers of a plan, by a short text each, and at what its tasks ask of them.
   *
   * @throws BadInputException for a server whose answers cannot be believed, and one that cannot
   *     what a task asks for; names those tasks and the others
   */
  static RunPlan reached(RunPlan plan, Optional<ApiKey> key, CallPolicy policy) {
    List<PlannedModel> models = new ArrayList<>();
    for (PlannedModel planned : plan.models()) {
      models.add(
          planned.model() instanceof ServedModel served
              ? reached(planned, served, key, policy)
              : planned);
    }
    return plan.with(models);
  }

  private static PlannedModel reached(
      PlannedModel planned, ServedModel served, Optional<ApiKey> key, CallPolicy policy) {
    ServedModel reached = served.reach(key, policy);
    requireTasks(planned, reached.reached().orElseThrow().abilities());
    return new PlannedModel(reached, planned.modes(), planned.rope(), planned.tasks());
  }

  private static void requireTasks(PlannedModel planned, Abilities abilities) {
    Map<String, List<String>> lacks = new LinkedHashMap<>();
    List<String> others = new ArrayList<>();
    for (PlannedTask task : planned.tasks()) {
      String name = task.task().id().name();
      lack(task.task(), abilities)
          .ifPresentOrElse(
              fact -> lacks.computeIfAbsent(fact, any -> new ArrayList<>()).add(name),
              () -> others.add(name));
    }
    if (!lacks.isEmpty()) {
      List<String> facts = new ArrayList<>();
      lacks.forEach((fact, names) -> facts.add(String.join(", ", names) + ": " + fact));
      throw new BadInputException(
          "model " + planned.model().name(),
          String.join("; ", facts)
              + (others.isEmpty()
                  ? ""
                  : "; of the tasks asked for it can run " + String.join(", ", others)));
    }
  }

  /** By the first sample: those of a task ask the same kinds of questions. */
  private static <S extends Sample> Optional<String> lack(Task<S> task, Abilities abilities) {
    List<Request<?>> requests;
    try (Stream<S> samples = task.samples()) {
      requests = samples.limit(1).<Request<?>>flatMap(one -> task.requests(one).stream()).toList();
    }
    return requests.stream()
        .flatMap(
            request ->
                Stream.concat(
                    EndpointNeeds.of(request).lack(abilities).stream(), observed(request)))
        .findFirst();
  }

  private static Stream<String> observed(Request<?> request) {
    return request.observe().observations().stream()
        .filter(asked -> !asked.optional())
        .map(asked -> asked.name() + " is observed, and an endpoint shows nothing of attention");
  }
}
