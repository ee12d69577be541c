/** A training run: its loop, its log, its folder, what it measures of itself. */
package org.ssasuite.trainer.run;
