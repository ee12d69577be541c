/** Pretraining of the SSA family. Holds no program yet. */
package org.ssasuite.trainer;
