/**
 * Which texts of evaluation suites stand in a training corpus: shingles of 13 words, found by a
 * rolling hash over an index of the suites, verified word by word.
 */
package org.ssasuite.trainer.overlap;
