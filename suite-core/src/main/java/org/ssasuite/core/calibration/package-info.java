/**
 * Models without an engine, whose every answer is known beforehand: what a task must say about an
 * oracle, about a model that knows nothing, about one that says nothing.
 */
package org.ssasuite.core.calibration;
