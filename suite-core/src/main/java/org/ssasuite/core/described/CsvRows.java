package org.ssasuite.core.described;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;

/**
 * Rows of a CSV file by RFC 4180: commas, quotes that are doubled within quotes, line feeds within
 * quotes, the names of the fields in the first record. Records of one empty value are blank lines,
 * which are passed over, as by pandas. All values are texts.
 */
final class CsvRows {
  private static final CsvMapper MAPPER =
      CsvMapper.builder(
              CsvFactory.builder()
                  // A file's own limit bounds its strings already.
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
                  .build())
          .enable(CsvParser.Feature.WRAP_AS_ARRAY)
          .build();

  private CsvRows() {}

  /**
   * All rows behind the names.
   *
   * @throws BadInputException for quotes without an end, a name that is empty or there twice, and a
   *     record with more or fewer values than there are names
   */
  static List<Row> read(DataFile file) {
    List<Row> rows = new ArrayList<>();
    int number = 0;
    try (MappingIterator<String[]> records =
        MAPPER.readerFor(String[].class).readValues(file.json())) {
      List<String> names = List.of();
      while (records.hasNextValue()) {
        String[] record = records.nextValue();
        number++;
        if (names.isEmpty() && !isBlank(record)) {
          names = names(record, number, file);
        } else if (!isBlank(record)) {
          rows.add(row(record, names, "record " + number, file));
        }
      }
    } catch (JsonProcessingException e) {
      throw new BadInputException(
          file.path().toString(),
          "record " + (number + 1) + " is no CSV: a quote that does not end where its value ends",
          e);
    } catch (IOException e) {
      throw BadInputException.io(file.path(), e);
    }
    return rows;
  }

  private static boolean isBlank(String[] record) {
    return record.length == 1 && record[0].isEmpty();
  }

  private static List<String> names(String[] record, int number, DataFile file) {
    Set<String> seen = new HashSet<>();
    for (String name : record) {
      if (name.isEmpty() || !seen.add(name)) {
        throw new BadInputException(
            file.path(),
            "record "
                + number
                + ": "
                + (name.isEmpty() ? "a name is empty" : "name '" + name + "' is twice"));
      }
    }
    return List.of(record);
  }

  private static Row row(String[] record, List<String> names, String place, DataFile file) {
    if (record.length != names.size()) {
      throw new BadInputException(
          file.path(),
          place + " has " + record.length + " values, and there are " + names.size() + " names");
    }
    ObjectNode fields = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < record.length; i++) {
      fields.put(names.get(i), record[i]);
    }
    return new Row(file.path(), place, fields);
  }
}
