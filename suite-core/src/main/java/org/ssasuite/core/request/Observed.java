package org.ssasuite.core.request;

/** What came back of an {@link Observation}. Immutable. */
public interface Observed {}
