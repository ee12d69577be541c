package org.ssasuite.core.run;

import java.util.List;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Observe;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.testing.LikeToys;
import org.ssasuite.core.testing.ToySample;
import org.ssasuite.core.testing.ToyTask;

/** The toy task before much white space. */
record LongToys(int count, int spaces) implements LikeToys {
  @Override
  public ToyTask toys() {
    return ToyTask.of(count);
  }

  @Override
  public List<Request<?>> requests(ToySample sample) {
    Generate own = (Generate) toys().requests(sample).get(0);
    String prompt = own.prompt() + " ".repeat(spaces);
    return List.of(new Generate(prompt, 4, own.stops(), Observe.nothing()));
  }
}
