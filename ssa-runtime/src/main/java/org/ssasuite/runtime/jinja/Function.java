package org.ssasuite.runtime.jinja;

/** Something that a template can call. */
interface Function {
  Object call(Arguments arguments, Rendering rendering);
}
