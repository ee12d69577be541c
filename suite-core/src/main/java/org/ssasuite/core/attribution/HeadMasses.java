package org.ssasuite.core.attribution;

import java.util.ArrayList;
import java.util.List;

/**
 * A share of attention's mass per layer and query head, with the digits of an fp32 number: what is
 * counted is what is written.
 *
 * @param layers [layers][query heads]; at least one of each, as many heads in each layer
 */
public record HeadMasses(List<List<Double>> layers) {
  public HeadMasses {
    layers =
        layers.stream()
            .map(heads -> heads.stream().map(mass -> (double) mass.floatValue()).toList())
            .toList();
    if (layers.isEmpty()
        || layers.get(0).isEmpty()
        || layers.stream().anyMatch(heads -> !heads.stream().allMatch(Double::isFinite))) {
      throw new IllegalArgumentException("no mass per layer and head: " + layers);
    }
    int heads = layers.get(0).size();
    if (layers.stream().anyMatch(each -> each.size() != heads)) {
      throw new IllegalArgumentException("layers of different numbers of heads");
    }
  }

  /** Whether both are of as many layers and heads. */
  public boolean isLike(HeadMasses other) {
    return layers.size() == other.layers.size()
        && layers.get(0).size() == other.layers.get(0).size();
  }

  /** All heads, layer after layer. */
  public List<Double> all() {
    return layers.stream().flatMap(List::stream).toList();
  }

  /** From all heads, layer after layer. */
  static HeadMasses of(double[] all, int heads) {
    List<List<Double>> layers = new ArrayList<>();
    for (int from = 0; from < all.length; from += heads) {
      List<Double> layer = new ArrayList<>();
      for (int head = 0; head < heads; head++) {
        layer.add(all[from + head]);
      }
      layers.add(layer);
    }
    return new HeadMasses(layers);
  }
}
