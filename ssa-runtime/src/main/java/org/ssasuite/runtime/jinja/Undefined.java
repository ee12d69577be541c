package org.ssasuite.runtime.jinja;

/**
 * What a name stands for that nothing was given for: empty and false, and of no other use.
 *
 * @param why what is said where more is asked of it
 */
record Undefined(String why) {
  static Undefined name(String name) {
    return new Undefined("'" + name + "' is undefined");
  }

  static Undefined part(Object of, Object key) {
    return new Undefined(
        "'" + TypeName.of(of) + "' has no '" + (key instanceof String s ? s : key) + "'");
  }

  TemplateFault fault() {
    return TemplateFault.of(why);
  }
}
