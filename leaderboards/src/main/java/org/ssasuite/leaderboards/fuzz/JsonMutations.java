package org.ssasuite.leaderboards.fuzz;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.ssasuite.leaderboards.fuzz.JsonPiece.Place;

/** Ways to spoil a JSON text by its structure. */
final class JsonMutations {
  /** Repeating stops here: what matters is that a reader's tables grow, not that a disk fills. */
  private static final int MAX_GROWN_CHARACTERS = 4 << 20;

  private static final int MAX_NAME_CHARACTERS = 60;

  private static final List<String> BREAKS =
      List.of(",", ",,", ":", "]", "}", " 1", " /* x */", " // x\n", " # x\n", ";", "\u0000", "\"");

  private JsonMutations() {}

  private interface Operation {
    /** Changes the tree; gives what was done. */
    String apply(RandomGenerator random, JsonPiece root);
  }

  private static final List<Operation> OPERATIONS =
      List.of(
          JsonMutations::replace,
          JsonMutations::replace,
          JsonMutations::nudge,
          JsonMutations::nudge,
          JsonMutations::remove,
          JsonMutations::twice,
          JsonMutations::rename,
          JsonMutations::insert,
          JsonMutations::swap,
          JsonMutations::borrow,
          JsonMutations::wrap,
          JsonMutations::repeat,
          JsonMutations::breakSyntax);

  /**
   * Spoils a tree in one to three places.
   *
   * @param root a container that holds something
   */
  static String spoil(RandomGenerator random, JsonPiece root) {
    int times = random.nextInt(4) > 0 ? 1 : 2 + random.nextInt(2);
    StringBuilder what = new StringBuilder();
    for (int i = 0; i < times && root.size() > 0; i++) {
      Operation operation = OPERATIONS.get(random.nextInt(OPERATIONS.size()));
      what.append(i == 0 ? "" : "; ").append(operation.apply(random, root));
    }
    return what.toString();
  }

  private static String replace(RandomGenerator random, JsonPiece root) {
    Place place = root.pick(random);
    String value = OddValues.any(random);
    place.put(JsonPiece.raw(value));
    return shown(place.name()) + " = " + shown(value);
  }

  /** A value of the same type that is a little or very different. */
  private static String nudge(RandomGenerator random, JsonPiece root) {
    Place place = root.pick(random);
    for (int i = 0; i < 20 && place.value().isContainer(); i++) {
      place = root.pick(random);
    }
    String value = place.value().text();
    String other;
    try {
      other = nudged(random, new BigDecimal(value));
    } catch (NumberFormatException e) {
      other = value.startsWith("\"") ? nudged(random, value) : OddValues.any(random);
    }
    place.put(JsonPiece.raw(other));
    return shown(place.name()) + ": " + shown(value) + " -> " + shown(other);
  }

  private static String nudged(RandomGenerator random, BigDecimal value) {
    if (value.scale() > 1_000 || value.scale() < -1_000) {
      return value.negate().toString();
    }
    return switch (random.nextInt(9)) {
      case 0 -> value.add(BigDecimal.ONE).toPlainString();
      case 1 -> value.subtract(BigDecimal.ONE).toPlainString();
      case 2 -> value.negate().toPlainString();
      case 3 -> value.multiply(BigDecimal.valueOf(2)).toPlainString();
      case 4 -> value.add(new BigDecimal(BigInteger.TWO.pow(32))).toPlainString();
      case 5 -> value.add(new BigDecimal(BigInteger.TWO.pow(64))).toPlainString();
      case 6 -> value.add(new BigDecimal("0.5")).toPlainString();
      case 7 -> '"' + value.toPlainString() + '"';
      default -> value.multiply(new BigDecimal(1 + random.nextInt(1 << 20))).toPlainString();
    };
  }

  private static String nudged(RandomGenerator random, String quoted) {
    int inner = Math.max(0, quoted.length() - 2);
    int at = 1 + random.nextInt(inner + 1);
    return switch (random.nextInt(6)) {
      case 0 -> quoted.substring(0, at) + '"';
      case 1 -> quoted.substring(0, at) + OddValues.text(random) + quoted.substring(at);
      case 2 -> quoted.toUpperCase(Locale.ROOT);
      case 3 -> '"' + OddValues.text(random) + '"';
      case 4 -> quoted.substring(0, quoted.length() - 1);
      default -> quoted.substring(1);
    };
  }

  private static String remove(RandomGenerator random, JsonPiece root) {
    Place place = root.pick(random);
    String name = place.name();
    place.container().remove(place.index());
    return shown(name) + " removed";
  }

  private static String twice(RandomGenerator random, JsonPiece root) {
    Place place = root.pick(random);
    JsonPiece second =
        random.nextBoolean() ? place.value().copy() : JsonPiece.raw(OddValues.any(random));
    String key = place.container().key(place.index());
    place.container().insert(random.nextInt(place.container().size() + 1), key, second);
    return shown(place.name()) + " twice";
  }

  private static String rename(RandomGenerator random, JsonPiece root) {
    Place place = root.pick(random);
    for (int i = 0; i < 20 && !place.container().isObject(); i++) {
      place = root.pick(random);
    }
    if (!place.container().isObject()) {
      return remove(random, root);
    }
    String name = place.name();
    int other = random.nextInt(place.container().size());
    String key =
        switch (random.nextInt(4)) {
          case 0 -> '"' + OddValues.text(random) + '"';
          case 1 -> place.container().key(other);
          case 2 -> '"' + "k".repeat(1 << random.nextInt(18)) + '"';
          default -> nudged(random, name);
        };
    place.container().rename(place.index(), key);
    return shown(name) + " renamed to " + shown(key);
  }

  private static String insert(RandomGenerator random, JsonPiece root) {
    JsonPiece container = root.pick(random).container();
    String key = container.isObject() ? '"' + OddValues.text(random) + '"' : "";
    String value = OddValues.any(random);
    container.insert(random.nextInt(container.size() + 1), key, JsonPiece.raw(value));
    return shown(key) + " added, " + shown(value);
  }

  private static String swap(RandomGenerator random, JsonPiece root) {
    Place one = root.pick(random);
    int other = random.nextInt(one.container().size());
    JsonPiece value = one.value();
    one.put(one.container().value(other));
    one.container().replace(other, value);
    return shown(one.name()) + " exchanged with its neighbour " + other;
  }

  private static String borrow(RandomGenerator random, JsonPiece root) {
    Place to = root.pick(random);
    Place from = root.pick(random);
    to.put(from.value().copy());
    return shown(to.name()) + " = what " + shown(from.name()) + " has";
  }

  private static String wrap(RandomGenerator random, JsonPiece root) {
    Place place = root.pick(random);
    place.put(JsonPiece.raw(OddValues.nested(random, place.value().text())));
    return shown(place.name()) + " nested";
  }

  private static String repeat(RandomGenerator random, JsonPiece root) {
    Place place = root.pick(random);
    int length = place.value().text().length() + place.name().length() + 4;
    int room = Math.max(0, MAX_GROWN_CHARACTERS - root.text().length());
    int times = Math.min(1 << (1 + random.nextInt(14)), room / length);
    boolean object = place.container().isObject();
    String key = place.container().key(place.index());
    // A leaf, so that what comes after this does not work on all of them at once.
    JsonPiece value = JsonPiece.raw(place.value().text());
    for (int i = 0; i < times; i++) {
      String name = object ? key.substring(0, key.length() - 1) + i + '"' : "";
      place.container().add(name, value);
    }
    return shown(place.name()) + " " + times + " times more";
  }

  private static String breakSyntax(RandomGenerator random, JsonPiece root) {
    Place place = root.pick(random);
    String mark = BREAKS.get(random.nextInt(BREAKS.size()));
    String value = place.value().text();
    place.put(JsonPiece.raw(random.nextInt(3) > 0 ? value + mark : mark + value));
    return shown(mark) + " at " + shown(place.name());
  }

  /** Short, and of one line of plain characters. */
  static String shown(String text) {
    return shown(text, MAX_NAME_CHARACTERS);
  }

  /** The same with more of it. */
  static String shownLong(String text) {
    return shown(text, 10 * MAX_NAME_CHARACTERS);
  }

  private static String shown(String text, int most) {
    String head =
        text.length() <= most ? text : text.substring(0, most) + "… (" + text.length() + ")";
    return head.replaceAll("[^\\x20-\\x7e…]", "?");
  }
}
