package org.ssasuite.leaderboards.run.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.ssasuite.core.BadInputException;

/**
 * Options out of YAML, event by event: no value is nested deeper than a list, so that nothing grows
 * beyond the file. Values are the texts that stand there ({@code 2k}, {@code 1e3}, {@code true}),
 * whatever type YAML's schema gives them.
 */
final class YamlOptions {
  private static final Set<String> NOTHING = Set.of("", "~", "null", "Null", "NULL");

  private final Path file;
  private final Iterator<Event> events;

  private YamlOptions(Path file, Iterator<Event> events) {
    this.file = file;
    this.events = events;
  }

  /**
   * Reads a text.
   *
   * @throws BadInputException if it is no YAML, or no mapping of names to values and lists
   */
  static List<OptionFile.Entry> of(Path file, String text) {
    LoadSettings settings =
        LoadSettings.builder().setCodePointLimit((int) OptionFile.MAX_BYTES).build();
    try {
      return new YamlOptions(file, new Parse(settings).parseString(text).iterator()).entries();
    } catch (MarkedYamlEngineException e) {
      throw new BadInputException(
          file.toString(), "not YAML: " + e.getProblem() + line(e.getProblemMark()), e);
    } catch (YamlEngineException e) {
      String first = e.getMessage() == null ? "" : e.getMessage().split("\\R", 2)[0];
      throw new BadInputException(file.toString(), "not YAML: " + first, e);
    }
  }

  private static String line(Optional<Mark> mark) {
    return mark.map(at -> " in line " + (at.getLine() + 1)).orElse("");
  }

  private List<OptionFile.Entry> entries() {
    List<OptionFile.Entry> entries = new ArrayList<>();
    Event first = next(Event.ID.StreamStart);
    if (first.getEventId() == Event.ID.StreamEnd) {
      return entries;
    }
    Event root = next(Event.ID.DocumentStart);
    if (!(root instanceof MappingStartEvent mapping)) {
      throw bad(root, "no mapping of options, as 'suite: ruler'");
    }
    requirePlain(mapping, mapping.getTag());
    for (Event event = events.next();
        event.getEventId() != Event.ID.MappingEnd;
        event = events.next()) {
      if (!(event instanceof ScalarEvent name)) {
        throw bad(event, "the name of an option is needed");
      }
      requirePlain(name, name.getTag());
      entries.add(entry(name.getValue()));
    }
    next(Event.ID.DocumentEnd);
    return entries;
  }

  /** The event behind one that has to be there; the first document's start is one's own. */
  private Event next(Event.ID passed) {
    Event event = events.next();
    while (event.getEventId() == passed) {
      event = events.next();
    }
    if (passed == Event.ID.DocumentEnd && event.getEventId() != Event.ID.StreamEnd) {
      throw bad(event, "a second document");
    }
    return event;
  }

  private OptionFile.Entry entry(String name) {
    Event event = events.next();
    List<String> values = new ArrayList<>();
    if (!(event instanceof SequenceStartEvent list)) {
      values.add(scalar(name, event));
      return new OptionFile.Entry(name, values, false);
    }
    requirePlain(list, list.getTag());
    for (Event item = events.next();
        item.getEventId() != Event.ID.SequenceEnd;
        item = events.next()) {
      values.add(scalar(name, item));
    }
    return new OptionFile.Entry(name, values, true);
  }

  private String scalar(String name, Event event) {
    if (event instanceof ScalarEvent scalar) {
      requirePlain(scalar, scalar.getTag());
      if (scalar.isPlain() && NOTHING.contains(scalar.getValue())) {
        throw OptionFile.noScalar(file, name, "nothing");
      }
      return scalar.getValue();
    }
    if (event.getEventId() == Event.ID.Alias) {
      throw bad(event, "an alias, which is not read here");
    }
    throw OptionFile.noScalar(file, name, "nested" + line(event.getStartMark()));
  }

  private void requirePlain(NodeEvent event, Optional<String> tag) {
    if (event.getAnchor().isPresent() || tag.isPresent()) {
      throw bad(event, "an anchor or a tag, which are not read here");
    }
  }

  private BadInputException bad(Event event, String what) {
    return new BadInputException(
        file,
        event.getStartMark().map(at -> "line " + (at.getLine() + 1) + ": ").orElse("") + what);
  }
}
