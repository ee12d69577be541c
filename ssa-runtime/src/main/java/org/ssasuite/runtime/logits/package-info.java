/** Logits of a model row by row, and those that another program left in a file. */
package org.ssasuite.runtime.logits;
