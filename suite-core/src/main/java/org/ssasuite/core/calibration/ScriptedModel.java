package org.ssasuite.core.calibration;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.request.Observation;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.request.Work;

/**
 * A model that answers each request by a script. Whatever the script returns or throws is what the
 * caller gets, so it can play a broken model too.
 */
public final class ScriptedModel implements LanguageModel {
  private final ModelCard card;
  private final Set<Class<? extends Observation<?>>> observable;
  private final Function<Request<?>, Response> script;

  /** A model that observes nothing, under the name "scripted". */
  public ScriptedModel(Function<Request<?>, Response> script) {
    this(new ModelCard("scripted", "full", OptionalInt.empty(), Map.of()), Set.of(), script);
  }

  /**
   * A model with a card of its own.
   *
   * @param observable kinds of observation that the script makes when asked
   */
  public ScriptedModel(
      ModelCard card,
      Set<Class<? extends Observation<?>>> observable,
      Function<Request<?>, Response> script) {
    this.card = Objects.requireNonNull(card);
    this.observable = Set.copyOf(observable);
    this.script = Objects.requireNonNull(script);
  }

  @Override
  public ModelCard card() {
    return card;
  }

  @Override
  public boolean observes(Observation<?> asked) {
    return observable.contains(asked.getClass());
  }

  @Override
  public List<Response> answer(List<Request<?>> requests) {
    return requests.stream().map(script).toList();
  }

  @Override
  public Work work() {
    return Work.NONE;
  }

  @Override
  public void close() {}
}
