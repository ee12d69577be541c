package org.ssasuite.leaderboards.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.ModelBudget;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.leaderboards.model.ModeOfModel;
import org.ssasuite.runtime.SsaModel;
import org.ssasuite.runtime.chat.ChatTemplates;
import org.ssasuite.runtime.checkpoint.RopeScaling;
import org.ssasuite.runtime.engine.Engine;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.tokenizer.EncodedTexts;

/** A model of a run, of which small files have been read. */
sealed interface RunModel permits LocalModel, ServedModel {
  /** Short, as in tables. */
  String name();

  /** The same under another name. */
  RunModel named(String other);

  /** The folder with its tokenizer, at least. */
  Path folder();

  /** Where it is, in messages. */
  String place();

  Path tokenizerFile();

  /** Length that it was trained on, if its folder says so. */
  OptionalInt trainedTokens();

  /**
   * Its chat templates.
   *
   * @throws BadInputException if a file of them cannot be read
   */
  ChatTemplates chats();

  /** Whether a file names a token that begins texts. */
  boolean begins();

  /** The modes that it has by itself. */
  List<AttentionMode> modes();

  ModelBudget budget();

  /**
   * A mode by its text form.
   *
   * @throws BadInputException that names the model, if it has no such mode
   */
  default AttentionMode mode(String text) {
    return ModeOfModel.parse(text, name(), budget());
  }

  /**
   * What can change its results; reads all of its files.
   *
   * @param rope replaces what its config states
   */
  Prepared prepared(RuntimeOptions options, Optional<RopeScaling> rope);

  /** A model whose files have been read for their digests. */
  interface Prepared {
    /** By the names that manifests and results have for them. */
    Map<String, String> facts(AttentionMode mode);

    /** Nothing heavy happens before it is asked. */
    Opened open(Engine engine, EncodedTexts texts);
  }

  /** A model for all its modes. Mutable, one owner, closed once. */
  interface Opened extends AutoCloseable {
    /** As it is asked for the first time. */
    LanguageModel in(AttentionMode mode);

    /** How many samples are to be asked together at least. */
    default int leastTogether() {
      return 1;
    }

    /** The model itself, where it is computed here. */
    SsaModel loaded();

    @Override
    void close();
  }
}
