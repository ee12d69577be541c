/** A run's state on disk: weights as Hugging Face has them, the optimiser's state, the manifest. */
package org.ssasuite.trainer.checkpoint;
