package org.ssasuite.core.attribution;

import java.util.List;
import org.ssasuite.core.request.Generation;

/** What the answer to a sample's one request is found by. */
public interface Needles {
  /** At least one, of the request's prompt. */
  List<Needle> all();

  /** Of each needle whether its answer was found. The sample is right if all of them are. */
  List<Boolean> found(Generation answer);
}
