package org.ssasuite.trainer.engine;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** Tensors that outlive the scopes they were made in, until this is closed. Mutable. */
public final class TensorOwner implements AutoCloseable {
  private final List<Tensor> owned = new ArrayList<>();

  /** Takes a share in a tensor. */
  public Tensor own(Tensor tensor) {
    tensor.retainReference();
    owned.add(tensor);
    return tensor;
  }

  @Override
  public void close() {
    owned.forEach(Tensor::releaseReference);
    owned.clear();
  }
}
