package org.ssasuite.core.parquet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.io.IOException;
import java.util.Arrays;
import org.ssasuite.core.BadInputException;

/**
 * A column's values in a row group, with the levels that say which list and which field each
 * belongs to. Holds one page. Mutable.
 *
 * <p>Source: {@code README.md} of apache/parquet-format, nested encoding and data pages.
 */
final class ColumnReader {
  private final SchemaNode column;
  private final ValueKind kind;
  private final Spot spot;
  private final Pages pages;
  private final Codec codec;
  private final Allowance allowance;
  private final boolean nulls;
  private long left;
  private int leftOfPage;
  private BitRuns repetitions;
  private BitRuns definitions;
  private Values values;
  private JsonNode[] dictionary;

  private int repetition;
  private int definition = -1;
  private JsonNode value = NullNode.instance;

  /**
   * Of a column whose type has been seen to be read.
   *
   * @param nulls whether nothing but nulls may be in it
   */
  ColumnReader(
      SchemaNode column,
      ValueKind kind,
      boolean nulls,
      Footer.Chunk chunk,
      Pages pages,
      Spot spot,
      Allowance allowance) {
    this.column = column;
    this.kind = kind;
    this.nulls = nulls;
    this.pages = pages;
    this.spot = spot;
    this.allowance = allowance;
    this.codec = Codec.of(chunk.codec(), spot);
    this.left = chunk.values();
    if (left < 0) {
      throw spot.bad("states " + left + " values");
    }
    advance();
  }

  Spot spot() {
    return spot;
  }

  /** Of the next value; 0 where a row begins, and behind the last one. */
  int repetition() {
    return repetition;
  }

  /** Of the next value; −1 behind the last one. */
  int definition() {
    return definition;
  }

  boolean atEnd() {
    return definition < 0;
  }

  /** The next value, null where it or a list that it would be in is not there. */
  JsonNode next() {
    if (atEnd()) {
      throw spot.bad("has fewer values than there are rows");
    }
    JsonNode next = value;
    advance();
    return next;
  }

  private void advance() {
    if (left == 0) {
      repetition = 0;
      definition = -1;
      return;
    }
    while (leftOfPage == 0) {
      openPage();
    }
    left--;
    leftOfPage--;
    repetition = repetitions == null ? 0 : repetitions.next();
    definition = definitions == null ? 0 : definitions.next();
    if (repetition < 0
        || repetition > column.repeats()
        || definition < 0
        || definition > column.definition()) {
      throw spot.bad("a page has levels that its type has not");
    }
    boolean there = definition == column.definition();
    if (there && nulls) {
      throw spot.bad("has a value where there are none");
    }
    value = there ? values.next() : NullNode.instance;
  }

  private void openPage() {
    try {
      Pages.Page page = pages.next();
      switch (page.header().kind()) {
        case DICTIONARY -> readDictionary(page);
        case DATA -> openData(page);
        case DATA_2 -> openSecondForm(page);
        case INDEX -> {
          // Nothing is looked for by it.
        }
      }
    } catch (IOException e) {
      throw BadInputException.io(spot.file(), e);
    }
  }

  private void readDictionary(Pages.Page page) {
    int encoding = page.header().encoding();
    int count = page.header().values();
    if (dictionary != null || (encoding != Values.PLAIN && encoding != Values.PLAIN_DICTIONARY)) {
      throw spot.bad(
          dictionary != null
              ? "has two dictionaries"
              : "has its dictionary in " + Values.name(encoding));
    }
    allowance.values(count);
    Values entries = Values.of(Values.PLAIN, kind, unpacked(page), count, allowance);
    JsonNode[] read = new JsonNode[count];
    for (int i = 0; i < count; i++) {
      read[i] = entries.next();
    }
    dictionary = read;
  }

  /** Levels and values were packed together. */
  private void openData(Pages.Page page) {
    begin(page.header());
    Cursor in = unpacked(page);
    repetitions = levels(page.header(), 4, column.repeats(), in);
    definitions = levels(page.header(), 3, column.definition(), in);
    values = values(page.header(), in);
  }

  private BitRuns levels(PageHeader header, int field, int most, Cursor in) {
    if (most == 0) {
      return null;
    }
    int encoding = header.own().count(field, "the encoding of a page's levels");
    if (encoding != Values.RUNS) {
      throw spot.bad("has its levels in " + Values.name(encoding) + ", which is not read");
    }
    return BitRuns.levels(in.split(in.fourBytes()), most);
  }

  /** Levels stand unpacked before the values. */
  private void openSecondForm(Pages.Page page) {
    begin(page.header());
    ThriftStruct own = page.header().own();
    int ofRepetitions = own.count(6, "the size of a page's levels");
    int ofDefinitions = own.count(5, "the size of a page's levels");
    long ofLevels = (long) ofRepetitions + ofDefinitions;
    if (ofLevels > page.stored().length || ofLevels > page.header().unpacked()) {
      throw spot.bad("a page's levels reach beyond it");
    }
    Cursor levels = new Cursor(page.stored(), spot);
    repetitions =
        column.repeats() == 0
            ? null
            : BitRuns.levels(levels.split(ofRepetitions), column.repeats());
    if (column.repeats() == 0) {
      levels.skip(ofRepetitions);
    }
    definitions =
        column.definition() == 0
            ? null
            : BitRuns.levels(levels.split(ofDefinitions), column.definition());
    byte[] body = Arrays.copyOfRange(page.stored(), (int) ofLevels, page.stored().length);
    Codec of = own.flag(7, "whether a page is packed", true) ? codec : Codec.UNCOMPRESSED;
    byte[] unpacked = of.unpacked(body, page.header().unpacked() - (int) ofLevels, spot);
    values = values(page.header(), new Cursor(unpacked, spot));
  }

  private void begin(PageHeader header) {
    leftOfPage = header.values();
    if (leftOfPage > left) {
      throw spot.bad("has more values than it states");
    }
    allowance.values(leftOfPage);
  }

  private Values values(PageHeader header, Cursor in) {
    int encoding = header.encoding();
    if (encoding == Values.DICTIONARY || encoding == Values.PLAIN_DICTIONARY) {
      if (dictionary == null) {
        throw spot.bad("refers to a dictionary that is not there");
      }
      return Values.of(dictionary, in);
    }
    return Values.of(encoding, kind, in, header.values(), allowance);
  }

  private Cursor unpacked(Pages.Page page) {
    return new Cursor(codec.unpacked(page.stored(), page.header().unpacked(), spot), spot);
  }
}
