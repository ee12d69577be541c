/** From gradients to new weights: learning rate, clipping, AdamW. */
package org.ssasuite.trainer.optimizer;
