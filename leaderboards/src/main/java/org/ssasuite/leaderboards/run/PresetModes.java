package org.ssasuite.leaderboards.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.catalogue.TaskOrder;

/**
 * Modes of a preset for models of several kinds: each model runs in those that it has. Modes that a
 * user names are another matter: each model has to have all of them.
 */
final class PresetModes {
  private PresetModes() {}

  /**
   * Those that a model has.
   *
   * @throws BadInputException if it has none
   */
  static List<AttentionMode> of(List<String> modes, RunModel model) {
    List<AttentionMode> own = modes.stream().flatMap(text -> find(text, model).stream()).toList();
    if (own.isEmpty()) {
      throw new BadInputException(
          "model " + model.name(), "has none of the preset's modes: " + String.join(", ", modes));
    }
    return own;
  }

  private static Optional<AttentionMode> find(String text, RunModel model) {
    try {
      return Optional.of(model.mode(text));
    } catch (BadInputException e) {
      return Optional.empty();
    }
  }

  /** Of the models that come with the suite those that have a mode of the preset. */
  static List<RunModel> having(
      List<String> modes, String preset, List<RunModel> models, List<String> notes) {
    if (!PaperPresets.hasModes(preset, modes)) {
      return models;
    }
    List<RunModel> kept = new ArrayList<>();
    for (RunModel model : models) {
      if (modes.stream().anyMatch(text -> find(text, model).isPresent())) {
        kept.add(model);
      } else {
        notes.add("model " + model.name() + " has no mode of preset " + preset + "; left out");
      }
    }
    return kept;
  }

  /** What a preset has that not every run can, a line each. */
  static List<String> notes(List<String> modes, String preset, List<TaskOrder> asked) {
    List<String> notes = new ArrayList<>();
    if (PaperPresets.hasModes(preset, modes) && modes.size() > 1) {
      notes.add("each model runs in those of these modes that it has: " + String.join(", ", modes));
    }
    boolean stands =
        asked.stream().anyMatch(order -> order.task().equals(PaperPresets.HELLASWAG_STAND_IN));
    if (stands && preset.equals(Preset.SSA_TABLE1.text())) {
      notes.add(
          "the data have no hellaswag/hellaswag_train.jsonl to draw shots from: "
              + PaperPresets.HELLASWAG_STAND_IN
              + " stands in for hellaswag");
    }
    return notes;
  }
}
