package org.ssasuite.runtime.jinja;

/** What two values can be asked together. */
enum Comparator {
  EQUAL {
    @Override
    boolean holds(Object a, Object b, Rendering rendering) {
      return Values.equal(a, b);
    }
  },
  UNEQUAL {
    @Override
    boolean holds(Object a, Object b, Rendering rendering) {
      return !Values.equal(a, b);
    }
  },
  LESS {
    @Override
    boolean holds(Object a, Object b, Rendering rendering) {
      return Values.compare(a, b) < 0;
    }
  },
  LESS_OR_EQUAL {
    @Override
    boolean holds(Object a, Object b, Rendering rendering) {
      return Values.compare(a, b) <= 0;
    }
  },
  GREATER {
    @Override
    boolean holds(Object a, Object b, Rendering rendering) {
      return Values.compare(a, b) > 0;
    }
  },
  GREATER_OR_EQUAL {
    @Override
    boolean holds(Object a, Object b, Rendering rendering) {
      return Values.compare(a, b) >= 0;
    }
  },
  IN {
    @Override
    boolean holds(Object a, Object b, Rendering rendering) {
      return Values.contains(b, a, rendering);
    }
  },
  NOT_IN {
    @Override
    boolean holds(Object a, Object b, Rendering rendering) {
      return !Values.contains(b, a, rendering);
    }
  };

  abstract boolean holds(Object a, Object b, Rendering rendering);
}
