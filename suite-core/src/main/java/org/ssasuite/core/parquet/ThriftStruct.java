package org.ssasuite.core.parquet;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A struct of Thrift's compact protocol: fields by their numbers. Whole numbers of any width are
 * {@code Long}, texts {@code byte[]}; a list holds such values.
 */
record ThriftStruct(Map<Integer, Object> fields, Spot spot) {
  ThriftStruct {
    fields = Map.copyOf(fields);
  }

  boolean has(int field) {
    return fields.containsKey(field);
  }

  /**
   * A field that must be there.
   *
   * @param name for messages
   */
  long whole(int field, String name) {
    return required(field, name, Long.class);
  }

  long whole(int field, String name, long otherwise) {
    return find(field, name, Long.class).orElse(otherwise);
  }

  /** The same where it must be from 0 to the largest int. */
  int count(int field, String name) {
    long value = whole(field, name);
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw spot.bad(name + " is " + value);
    }
    return (int) value;
  }

  boolean flag(int field, String name, boolean otherwise) {
    return find(field, name, Boolean.class).orElse(otherwise);
  }

  String text(int field, String name) {
    return new String(required(field, name, byte[].class), StandardCharsets.UTF_8);
  }

  ThriftStruct struct(int field, String name) {
    return required(field, name, ThriftStruct.class);
  }

  Optional<ThriftStruct> findStruct(int field, String name) {
    return find(field, name, ThriftStruct.class);
  }

  /** A list of structs that must be there. */
  List<ThriftStruct> structs(int field, String name) {
    return elements(field, name, ThriftStruct.class);
  }

  /** A list of texts that must be there. */
  List<String> texts(int field, String name) {
    return elements(field, name, byte[].class).stream()
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .toList();
  }

  private <T> List<T> elements(int field, String name, Class<T> type) {
    List<?> all = required(field, name, List.class);
    if (!all.stream().allMatch(type::isInstance)) {
      throw spot.bad(name + " is a list of something else");
    }
    return all.stream().<T>map(type::cast).toList();
  }

  private <T> T required(int field, String name, Class<T> type) {
    return find(field, name, type).orElseThrow(() -> spot.bad(name + " is missing"));
  }

  private <T> Optional<T> find(int field, String name, Class<T> type) {
    Object value = fields.get(field);
    if (value != null && !type.isInstance(value)) {
      throw spot.bad(name + " is of another type");
    }
    return Optional.ofNullable(value).map(type::cast);
  }
}
