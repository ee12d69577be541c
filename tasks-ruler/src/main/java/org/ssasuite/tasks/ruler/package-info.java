/**
 * RULER's thirteen tasks, sample for sample as their references make them: drafts draw what a
 * prompt holds, generators find the size that fits a length, {@code SampleMaker} checks and {@code
 * SampleCache} keeps the samples, {@code RulerTask} asks and scores them.
 */
package org.ssasuite.tasks.ruler;
