package org.ssasuite.runtime.jinja;

import java.util.ArrayList;
import java.util.List;

/** Python's arithmetic; whole numbers have 64 bits here, and one that has more is a fault. */
enum Operator {
  ADD("+") {
    @Override
    Object of(Object a, Object b, Rendering rendering) {
      if (a instanceof Markup || b instanceof Markup) {
        return new Markup(rendering.made(part(a, this) + part(b, this)));
      }
      if (a instanceof String x && b instanceof String y) {
        rendering.makeText((long) x.length() + y.length());
        return x + y;
      }
      if (a instanceof Tuple x && b instanceof Tuple y) {
        return new Tuple(joined(x.items(), y.items(), rendering));
      }
      if (isList(a) && isList(b)) {
        return joined((List<?>) a, (List<?>) b, rendering);
      }
      return numbers(a, b);
    }

    private static String part(Object value, Operator operator) {
      if (value instanceof Markup markup) {
        return markup.text();
      }
      if (value instanceof String text) {
        return Markup.escaped(text);
      }
      throw operator.none(value, value);
    }

    @Override
    long whole(long a, long b) {
      return Math.addExact(a, b);
    }

    @Override
    double real(double a, double b) {
      return a + b;
    }
  },
  SUBTRACT("-") {
    @Override
    long whole(long a, long b) {
      return Math.subtractExact(a, b);
    }

    @Override
    double real(double a, double b) {
      return a - b;
    }
  },
  MULTIPLY("*") {
    @Override
    Object of(Object a, Object b, Rendering rendering) {
      if (Values.isWhole(a) && !Values.isNumber(b)) {
        return of(b, a, rendering);
      }
      if (Values.isWhole(b)) {
        int times = Math.max(0, Typed.whole("'*'", b));
        if (a instanceof String text) {
          rendering.makeText((long) text.length() * times);
          return text.repeat(times);
        }
        if (isList(a)) {
          return repeated((List<?>) a, times, rendering);
        }
        if (a instanceof Tuple tuple) {
          return new Tuple(repeated(tuple.items(), times, rendering));
        }
      }
      return numbers(a, b);
    }

    @Override
    long whole(long a, long b) {
      return Math.multiplyExact(a, b);
    }

    @Override
    double real(double a, double b) {
      return a * b;
    }
  },
  DIVIDE("/") {
    @Override
    Object of(Object a, Object b, Rendering rendering) {
      requireNumbers(a, b);
      return real(Values.number(a), divisor(b));
    }

    @Override
    double real(double a, double b) {
      return a / b;
    }
  },
  FLOOR_DIVIDE("//") {
    @Override
    long whole(long a, long b) {
      return Math.floorDiv(a, nonZero(b));
    }

    @Override
    double real(double a, double b) {
      double rest = REMAINDER.real(a, b);
      double quotient = (a - rest) / b;
      double floor = Math.floor(quotient);
      return quotient - floor > 0.5 ? floor + 1 : floor;
    }
  },
  REMAINDER("%") {
    @Override
    Object of(Object a, Object b, Rendering rendering) {
      return a instanceof String text ? TextFormat.percent(text, b, rendering) : numbers(a, b);
    }

    @Override
    long whole(long a, long b) {
      return Math.floorMod(a, nonZero(b));
    }

    @Override
    double real(double a, double b) {
      double rest = a % divisor(b);
      if (rest == 0) {
        return Math.copySign(0, b);
      }
      return rest < 0 == b < 0 ? rest : rest + b;
    }
  },
  POWER("**") {
    @Override
    long whole(long a, long b) {
      long power = 1;
      if (Math.abs(a) > 1 && b > Long.SIZE) {
        throw new ArithmeticException();
      }
      for (long i = 0; i < (Math.abs(a) > 1 ? b : b % 2 == 0 ? Math.min(b, 2) : 1); i++) {
        power = Math.multiplyExact(power, a);
      }
      return power;
    }

    @Override
    Object of(Object a, Object b, Rendering rendering) {
      requireNumbers(a, b);
      boolean whole = Values.isWhole(a) && Values.isWhole(b) && Values.whole(b) >= 0;
      return whole ? numbers(a, b) : powered(Values.number(a), Values.number(b));
    }

    private static double powered(double a, double b) {
      if ((a == 0 && b < 0) || (a < 0 && b != Math.rint(b))) {
        throw TemplateFault.of("a power that is no number");
      }
      double power = Math.pow(a, b);
      if (Double.isInfinite(power) && Double.isFinite(a) && Double.isFinite(b)) {
        throw TemplateFault.of("a power that is too large");
      }
      return power;
    }

    @Override
    double real(double a, double b) {
      return powered(a, b);
    }
  };

  private final String sign;

  Operator(String sign) {
    this.sign = sign;
  }

  Object of(Object a, Object b, Rendering rendering) {
    return numbers(a, b);
  }

  long whole(long a, long b) {
    throw new IllegalStateException(sign + " of whole numbers");
  }

  abstract double real(double a, double b);

  final Object numbers(Object a, Object b) {
    requireNumbers(a, b);
    if (!Values.isWhole(a) || !Values.isWhole(b)) {
      return real(Values.number(a), Values.number(b));
    }
    try {
      return whole(Values.whole(a), Values.whole(b));
    } catch (ArithmeticException e) {
      throw TemplateFault.of("a whole number of more than 63 bits");
    }
  }

  final void requireNumbers(Object a, Object b) {
    if (!Values.isNumber(a) || !Values.isNumber(b)) {
      throw none(a, b);
    }
  }

  final TemplateFault none(Object a, Object b) {
    if (a instanceof Undefined undefined) {
      return undefined.fault();
    }
    if (b instanceof Undefined undefined) {
      return undefined.fault();
    }
    return TemplateFault.of(
        "'" + sign + "' of '" + TypeName.of(a) + "' and '" + TypeName.of(b) + "'");
  }

  private static long nonZero(long divisor) {
    if (divisor == 0) {
      throw TemplateFault.of("a division by zero");
    }
    return divisor;
  }

  private static double divisor(Object value) {
    double divisor = Values.number(value);
    if (divisor == 0) {
      throw TemplateFault.of("a division by zero");
    }
    return divisor;
  }

  private static boolean isList(Object value) {
    return value instanceof List && !(value instanceof Range);
  }

  private static List<Object> joined(List<?> a, List<?> b, Rendering rendering) {
    rendering.spend((long) a.size() + b.size());
    List<Object> joined = new ArrayList<>(a);
    joined.addAll(b);
    return joined;
  }

  private static List<Object> repeated(List<?> items, int times, Rendering rendering) {
    rendering.spend((long) items.size() * times);
    List<Object> repeated = new ArrayList<>();
    for (int i = 0; i < times && !items.isEmpty(); i++) {
      repeated.addAll(items);
    }
    return repeated;
  }

  static Object signed(Object value, boolean minus) {
    if (!Values.isNumber(value)) {
      throw SUBTRACT.none(value, value);
    }
    if (Values.isWhole(value)) {
      return minus ? SUBTRACT.numbers(0L, value) : Values.whole(value);
    }
    return minus ? -Values.number(value) : Values.number(value);
  }
}
