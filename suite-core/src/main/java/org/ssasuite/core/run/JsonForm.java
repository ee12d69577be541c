package org.ssasuite.core.run;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.deser.std.StdDelegatingDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdDelegatingSerializer;
import com.fasterxml.jackson.databind.type.TypeFactory;
import com.fasterxml.jackson.databind.util.Converter;
import java.util.function.Function;

/** A record that is written, and read, in the place of a type. */
final class JsonForm {
  private JsonForm() {}

  static <T, F> void add(
      SimpleModule module, Class<T> type, Class<F> form, Function<T, F> out, Function<F, T> in) {
    module.addSerializer(new StdDelegatingSerializer(type, new Between<>(type, form, out)));
    module.addDeserializer(type, new StdDelegatingDeserializer<>(new Between<>(form, type, in)));
  }

  private record Between<A, B>(Class<A> from, Class<B> to, Function<A, B> function)
      implements Converter<A, B> {
    @Override
    public B convert(A value) {
      return function.apply(value);
    }

    @Override
    public JavaType getInputType(TypeFactory types) {
      return types.constructType(from);
    }

    @Override
    public JavaType getOutputType(TypeFactory types) {
      return types.constructType(to);
    }
  }
}
