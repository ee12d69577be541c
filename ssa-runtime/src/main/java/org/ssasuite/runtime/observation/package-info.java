/**
 * Observations on their way from a request to the operators and back. One kind is one entry of
 * {@link org.ssasuite.runtime.observation.Watchers}: what it asks of the operators and the shape
 * that they give is its {@link org.ssasuite.runtime.observation.Probe}; how the pieces of chunks,
 * heads and sequences become one value is its {@link org.ssasuite.runtime.observation.Watch}.
 */
package org.ssasuite.runtime.observation;
