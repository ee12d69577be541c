package org.ssasuite.trainer.engine;

import java.util.function.DoubleSupplier;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;

/**
 * Frees what libtorch allocated between opening and closing, but for what is kept: that is the
 * enclosing scope's. Mutable; of one thread.
 */
public final class TensorScope implements AutoCloseable {
  private final PointerScope outer;
  private final PointerScope inner;

  /** Opens a scope inside of the innermost one that is open. */
  public TensorScope() {
    this.outer = PointerScope.getInnerScope();
    this.inner = new PointerScope();
  }

  /** Runs something of which nothing is kept. */
  @SuppressWarnings("try") // the scope works by being open
  public static void run(Runnable work) {
    try (TensorScope scope = new TensorScope()) {
      work.run();
    }
  }

  /** Computes a number, of which nothing else is kept. */
  @SuppressWarnings("try") // the scope works by being open
  public static double run(DoubleSupplier work) {
    try (TensorScope scope = new TensorScope()) {
      return work.getAsDouble();
    }
  }

  /** Lets a tensor live as long as the enclosing scope; without one, until it is closed. */
  public <P extends Pointer> P keep(P pointer) {
    if (outer == null) {
      pointer.retainReference();
    } else {
      outer.attach(pointer);
    }
    return pointer;
  }

  @Override
  public void close() {
    inner.close();
  }
}
